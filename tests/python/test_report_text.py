"""The text for a terminal: what fits its width, what it may show, and what is summed up."""

from __future__ import annotations

import copy
import io
import os
import pty
import re
import subprocess
import sys

import pytest

import hostile
import logs
import synclens
from synclens.report import terminal, text, timeline


@pytest.fixture(scope="module")
def raw():
    return hostile.diagnosis()


def printed(raw, width: int = 80) -> list[str]:
    out = io.StringIO()
    text.render(raw, out, width=width)
    return out.getvalue().splitlines()


# What Python needs to start, also with a sanitizer's runtime in it.
KEPT = ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV", "LD_PRELOAD", "ASAN_OPTIONS")


def on_a_terminal(path, **environment: str) -> str:
    """What `synclens analyze` sends to a terminal."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name in KEPT}
    done = subprocess.Popen(
        [sys.executable, "-m", "synclens", "analyze", str(path)],
        stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        env={**plain, "TERM": "xterm-256color", "LANG": "C.UTF-8", **environment},
    )  # fmt: skip
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert done.wait() == 0
    return said.decode()


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.xml"
    path.write_bytes(logs.denied())
    return path


def test_the_answer_stands_first(raw):
    lines = printed(raw)
    assert lines[0] == "FAILING"
    assert " ".join(lines[1:3]).startswith(raw["verdict"]["summary"][:70])
    assert "For whom: domain contoso.com" in lines
    order = [lines.index(next(line for line in lines if line.startswith(head)))
             for head in ("FAILING", "Timeline", "What to mend", "Checks", "What the logs cover")]  # fmt: skip
    assert order == sorted(order)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 200])
def test_everything_but_commands_and_addresses_fits(width):
    raw = hostile.poisoned("a few plain words and https://example.invalid/a/long/address")
    verbatim = {
        line.strip() for f in raw["findings"] for step in f["fix"] for line in (step["command"] or "").split("\n")
    }
    verbatim |= {reference["url"] for f in raw["findings"] for reference in f["references"]}
    for line in printed(raw, width):
        assert len(line) <= width or line.strip() in verbatim, line


def test_a_wide_terminal_gets_wider_tables(raw):
    changed = copy.deepcopy(raw)
    user = {
        "anchor": None,
        "status": "Failed",
        "last_request": None,
        "last_result": "2026-03-10T01:00:00Z",
        "cause": "x",
        "history": [],
    }
    changed["users"] = [{**user, "dn": f"CN=User {n}," + "OU=Unit," * 10 + "DC=contoso,DC=com"} for n in range(30)]
    wide = printed(changed, 180)
    at = wide.index(next(line for line in wide if line.startswith("   Status")))
    assert "DC=contoso,DC=com" in wide[at + 1] and len(wide[at + 1]) > 110
    assert "and 10 more in --format csv --table users" in "\n".join(wide)


def test_users_with_one_cause_are_mended_together(raw):
    changed = copy.deepcopy(raw)
    finding = {**raw["findings"][0], "cause": "result-missing", "severity": "low"}
    changed["findings"] += [
        {**finding, "id": str(n), "scope": {"kind": "user", "name": f"CN=User {n}"}} for n in range(1000)
    ]
    lines = printed(changed)
    assert len(lines) < 300
    assert "1000 users: CN=User 0;" in "\n".join(lines) and "and 995 more" in "\n".join(lines)


def test_many_findings_are_cut_with_their_number(raw):
    changed = copy.deepcopy(raw)
    scopes = [{"kind": "domain", "name": f"d{n}.example"} for n in range(60)]
    changed["findings"] = [{**raw["findings"][0], "id": str(n), "scope": scope} for n, scope in enumerate(scopes)]
    said = "\n".join(printed(changed))
    assert said.count("For whom  ") == text.MOST_FULL
    assert "and 30 more in --format json" in said


def test_colours_only_where_they_are_wanted(log):
    assert "\x1b[1;31mFAILING" in on_a_terminal(log)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", on_a_terminal(log, NO_COLOR="1"))
    assert "\x1b" not in on_a_terminal(log, TERM="dumb")


def test_links_only_where_the_terminal_shows_them(log):
    url = synclens.open(log).findings[0].references[0].url
    linked, plain = on_a_terminal(log, TERM_PROGRAM="iTerm.app"), on_a_terminal(log)
    assert f";{url}\x1b\\" in linked and "\x1b]8;" not in plain and url in plain
    assert terminal.shows_links({"VTE_VERSION": "6003"}) and terminal.shows_links({"WT_SESSION": "x"})
    assert not terminal.shows_links({"VTE_VERSION": "4000"}) and not terminal.shows_links({})
    assert not terminal.shows_links({"WT_SESSION": "x", "TMUX": "/tmp/x"})


@pytest.mark.parametrize("attack", hostile.ATTACKS)
def test_nothing_in_the_input_steers_a_terminal_that_shows_links(attack, monkeypatch):
    monkeypatch.setenv("TERM_PROGRAM", "iTerm.app")
    out = io.StringIO()
    from rich.console import Console

    shown = Console(file=out, force_terminal=True, color_system="truecolor", markup=False, emoji=False, width=100)
    text.Report(shown).print(hostile.poisoned(attack))
    said = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;id=\d+;https?://[^\x1b]*\x1b\\|\x1b\]8;;\x1b\\", "", out.getvalue())
    assert not [c for c in hostile.CONTROLS if c in said]
    said.encode()


def test_a_strip_says_how_much_of_the_time_and_what_is_not_covered():
    hour = timeline.HOUR
    line = timeline.Timeline(0, 8 * hour, hour, [], [(6 * hour, 8 * hour, "off")], None, 0, 3)
    row = timeline.Row("x", "error", 0, 3 * hour, 3, "", [], {0: 1, hour: 1, 3 * hour: 1})
    assert timeline.strip(row, line, 8) == "██·█··░░"
    assert timeline.strip(row, line, 4) == "█▄·░"
    assert timeline.strip(row, line, 8, timeline.PLAIN_MARKS) == "##.#..??"
    assert len(timeline.strip(row, line, 100)) == 100
    assert set(timeline.strip(row, line, 100)) >= {"█", "·", "░"}


def test_a_terminal_without_unicode_gets_plain_marks(log):
    said = re.sub(r"\x1b\[[0-9;]*m", "", on_a_terminal(log, PYTHONIOENCODING="ascii:backslashreplace"))
    assert "█" not in said and re.search(r"errors +[#+-]", said)


def test_checks_that_pass_are_put_together(raw):
    changed = copy.deepcopy(raw)
    changed["checks"] = [
        {
            "id": "domain-reachable",
            "title": "T",
            "status": status,
            "why": why,
            "scope": {"kind": "domain", "name": name},
        }
        for status, why, name in (("pass", "a", "a.example"), ("pass", "b", "b.example"), ("fail", "c", "c.example"))
    ]
    lines = printed(changed)
    at = lines.index("Checks")
    assert lines[at + 1 : at + 3] == ["   fail      T (c.example): c", "   pass      T (a.example, b.example)"]
