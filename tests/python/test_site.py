"""The documentation site: it builds without a broken link, loads nothing from outside, has a page for everything of the
catalogue, and every line that it tells a reader to type runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import make
import synclens
from synclens import catalogue

SOURCES = Path(__file__).resolve().parents[2] / "python" / "docs"
PAGES = sorted((SOURCES / "pages").rglob("*.md"))
TAUGHT = [page for page in PAGES if page.name == "tutorial.md" or page.parent.name == "howto"]
ADDRESS = {"href": {"link"}, "src": {"script", "img", "iframe", "source"}}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    built = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", SOURCES / "mkdocs.yml", "-d", built]
    home = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, env=home)
    assert done.returncode == 0, done.stderr + done.stdout
    return built


class Loads(HTMLParser):
    """What a page loads, and the words in it."""

    def __init__(self):
        super().__init__()
        self.loads, self.links, self.words = [], set(), []

    def handle_starttag(self, tag, attrs):
        stated = dict(attrs)
        for name, tags in ADDRESS.items():
            if tag in tags and stated.get(name) and stated.get("rel") not in ("canonical", "next", "prev"):
                self.loads.append(stated[name])
        if tag == "a" and stated.get("href"):
            self.links.add(stated["href"])

    def handle_data(self, data):
        self.words.append(data)


def read(page: Path) -> Loads:
    found = Loads()
    found.feed(page.read_text("utf-8"))
    return found


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")


def test_nothing_is_loaded_from_outside(site):
    for page in [
        *site.glob("*.html"),
        *site.glob("howto/*.html"),
        *site.glob("reference/*.html"),
        *site.glob("catalogue/*.html"),
    ]:
        assert not [address for address in read(page).loads if re.match(r"(https?:)?//", address)], page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", style.read_text("utf-8")), style


def test_every_cause_has_a_page_with_what_to_type_and_where_it_stands(site):
    for cause in catalogue.load(with_entries=True).causes():
        page = read(site / "catalogue" / "causes" / f"{slug(cause['id'])}.html")
        words = " ".join("".join(page.words).split())
        assert " ".join(cause["why"].split()) in words, cause["id"]
        for step in cause["fix"]:
            assert " ".join((step["command"] or step["text"]).split()) in words, cause["id"]
        assert {reference["url"] for reference in cause["reference"]} <= page.links, cause["id"]


def test_every_rule_event_and_word_has_a_page(site):
    shipped = catalogue.load(with_entries=True)
    for rule in shipped.rules():
        page = read(site / "catalogue" / "rules" / f"{slug(rule['id'])}.html")
        if rule["cause"]:
            assert f"../causes/{slug(rule['cause'])}.html" in page.links
        assert {reference["url"] for reference in rule["reference"]} <= page.links
    places = {"event": "events", "code": "codes", "topic": "topics"}
    for entry in shipped.entries():
        page = read(site / "catalogue" / places.get(entry["kind"], "words") / f"{slug(entry['id'])}.html")
        assert " ".join(entry["text"].split()) in " ".join("".join(page.words).split()), entry["id"]
        assert {reference["url"] for reference in entry["reference"]} <= page.links, entry["id"]


def test_no_two_things_share_a_page():
    shipped = catalogue.load(with_entries=True)
    for things in (shipped.causes(), shipped.rules()):
        assert len({slug(thing["id"]) for thing in things}) == len(things)


def test_what_findings_name_leads_to_a_page(site):
    case = synclens.open(make.SAMPLES["user-problems"]()["MECLOG.zip"])
    assert case.findings
    for finding in case.findings:
        page = read(site / "catalogue" / "causes" / f"{slug(finding.cause)}.html")
        assert {reference.url for reference in finding.references} <= page.links
        assert finding.rule is None or (site / "catalogue" / "rules" / f"{slug(finding.rule)}.html").is_file()


def test_the_reference_has_every_public_name(site):
    words = (site / "reference" / "python.html").read_text("utf-8")
    for name in set(synclens.__all__) - {"__version__"}:
        assert name in words, name
    assert "&gt;&gt;&gt; " in words  # examples as code, not as quotations
    assert "<blockquote>" not in words


def test_the_command_line_is_there(site):
    words = "".join(read(site / "reference" / "command-line.html").words)
    for option in ("--each", "--resume", "--fail-on", "--recover", "rules", "explain"):
        assert option in words, option


# -- what a reader is told to type


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with what the pages speak of."""
    folder = tmp_path_factory.mktemp("desk")
    broken = make.SAMPLES["emea-permission"]()["MECLOG.zip"]
    (folder / "MECLOG.zip").write_bytes(broken)
    (folder / "many").mkdir()
    (folder / "many" / "one.zip").write_bytes(broken)
    (folder / "many" / "two.zip").write_bytes(make.SAMPLES["healthy"]()["MECLOG.zip"])
    (folder / "my-rules").mkdir()
    (own,) = blocks(SOURCES / "pages" / "howto" / "rules.md", "toml")
    (folder / "my-rules" / "own.toml").write_text(own)
    return folder


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.S | re.M)


@pytest.mark.parametrize("page", TAUGHT, ids=lambda p: p.stem)
def test_every_line_that_is_taught_runs(page, desk, tmp_path):
    desk = shutil.copytree(desk, tmp_path / "desk")
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "synclens", line
        done = subprocess.run(
            [sys.executable, "-m", "synclens", *arguments], cwd=desk, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        assert done.stdout or "-o" in arguments or done.stderr, line
    script = "\n".join(blocks(page, "python"))
    done = subprocess.run([sys.executable, "-c", script], cwd=desk, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert lines or script
