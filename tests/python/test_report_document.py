"""Reports on their way to a file: whole or not at all, and one sentence when it cannot be."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys

import pytest

import hostile
import logs
import synclens
from synclens import files
from synclens.report.document import FORMATS, TABLES

HEADS = {
    "text": "FAILING", "json": '{\n  "schema_version": 1', "html": "<!DOCTYPE html>", "csv": "order,severity,",
    "md": "# Password hash synchronization: failing", "sarif": '{\n  "$schema"',
}  # fmt: skip


@pytest.fixture(scope="module")
def case():
    return synclens.open(logs.denied())


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "in" / "log.xml"
    path.parent.mkdir()
    path.write_bytes(logs.denied())
    return path


def run(*arguments, **how):
    return subprocess.run(
        [sys.executable, "-m", "synclens", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        **how,
    )


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_to_stdout_and_to_a_file(log, tmp_path, form):
    printed = run("analyze", log, "--format", form)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout.startswith(HEADS[form])
    out = tmp_path / f"report.{form}"
    kept = run("analyze", log, "--format", form, "-o", out)
    assert (kept.returncode, kept.stdout, kept.stderr) == (0, "", "")
    assert out.read_bytes().decode().startswith(HEADS[form])
    assert names(tmp_path) == ["in", f"report.{form}"]


def test_the_table_of_users(log):
    assert (
        run("analyze", log, "--format", "csv", "--table", "users").stdout
        == "user,anchor,status,last_request,last_result,cause\n"
    )


def test_the_table_of_events_is_that_of_records(log, case):
    said = run("analyze", log, "--format", "csv", "--table", "events")
    assert said.returncode == 0
    assert said.stdout == run("records", log, "--explain", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(case.report().render("csv", table="events"), newline="")))
    assert len(rows) == len(case.events)
    assert {row["cause"] for row in rows if row["event_id"] == "611"} == {"replication-permission-missing"}


def test_the_events_of_one_user(tmp_path):
    rows = [
        (
            1,
            656,
            "Password Change Request - Anchor : AAA==, Dn : CN=Eva [1],DC=contoso,DC=com, Change Date : 03/10/2026",
        ),
        (2, 657, "Password Change Result - Anchor : AAA==, Dn : CN=Eva [1],DC=contoso,DC=com, Result : Success."),
        (3, 656, "Password Change Request - Anchor : BBB==, Dn : CN=Max,DC=contoso,DC=com, Change Date : 03/10/2026"),
        (4, 654, "Provision credentials ping end. TrackingID : 6f0e0000-0000-4000-8000-000000000001"),
    ]
    path = tmp_path / "log.xml"
    path.write_bytes(logs.xml([logs.event(m, i, t, record=n) for n, (m, i, t) in enumerate(rows, 1)]))

    def found(who: str) -> list[str]:
        said = run("analyze", path, "--format", "csv", "--table", "events", "--user", who)
        assert said.returncode == 0
        return [row["record_id"] for row in csv.DictReader(io.StringIO(said.stdout, newline=""))]

    assert found("eva") == found("AAA==") == ["1", "2"]
    assert found("contoso") == ["1", "2", "3"]
    assert found("nobody") == []


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("r.html", "html"),
        ("R.HTM", "html"),
        ("r.md", "md"),
        ("r.csv", "csv"),
        ("r.sarif", "sarif"),
        ("r.json", "json"),
        ("r.txt", "text"),
    ],
)
def test_the_name_says_the_format(case, tmp_path, name, form):
    case.report().save(tmp_path / name)
    assert (tmp_path / name).read_bytes().decode().startswith(HEADS[form])


def test_a_stated_format_wins(case, tmp_path):
    case.report().save(tmp_path / "ticket.txt", format="md")
    assert (tmp_path / "ticket.txt").read_text("utf-8").startswith("# Password")
    case.report().save(tmp_path / "users.csv", table="users")
    assert (tmp_path / "users.csv").read_text().startswith("user,")


def test_wrong_names_and_formats_are_refused(case, tmp_path):
    with pytest.raises(ValueError, match="says no format"):
        case.report().save(tmp_path / "report")
    with pytest.raises(ValueError, match="no format 'pdf'"):
        case.report().render("pdf")
    with pytest.raises(ValueError, match="no table 'checks'"):
        case.report().render("csv", table="checks")
    assert names(tmp_path) == []


def test_save_replaces_only_when_told(case, tmp_path):
    out = tmp_path / "r.md"
    out.write_text("mine")
    with pytest.raises(FileExistsError):
        case.report().save(out)
    assert out.read_text() == "mine"
    case.report().save(out, force=True)
    assert out.read_text("utf-8").startswith("# Password")
    with pytest.raises(IsADirectoryError):
        case.report().save(tmp_path, format="md")
    with pytest.raises(FileNotFoundError):
        case.report().save(tmp_path / "nowhere" / "r.md")
    assert names(tmp_path) == ["r.md"]


@pytest.mark.parametrize("form", ["html", "md", "csv", "sarif"])
def test_an_existing_file_needs_force(log, tmp_path, form):
    out = tmp_path / "report"
    out.write_text("mine")
    refused = run("analyze", log, "--format", form, "-o", out)
    assert refused.returncode == 2 and "exists; --force replaces it." in refused.stderr
    assert out.read_text() == "mine"
    assert run("analyze", log, "--format", form, "-o", out, "--force").returncode == 0
    assert out.read_text("utf-8").startswith(HEADS[form])


def test_a_folder_and_a_missing_folder(log, tmp_path):
    folder = run("analyze", log, "--format", "html", "-o", tmp_path)
    assert folder.returncode == 2 and "is a folder; name a file in it." in folder.stderr
    missing = run("analyze", log, "--format", "html", "-o", tmp_path / "a" / "b.html")
    assert missing.returncode == 2 and "make it first." in missing.stderr
    assert names(tmp_path) == ["in"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_one_sentence(log, form):
    to_file = run("analyze", log, "--format", form, "-o", "/dev/full")
    assert to_file.returncode == 2
    assert to_file.stderr == "Error: cannot write /dev/full: no space left on device.\n"
    with open("/dev/full", "wb") as full:
        to_stdout = subprocess.run(
            [sys.executable, "-m", "synclens", "analyze", log, "--format", form],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert to_stdout.returncode == 2
    assert to_stdout.stderr == "synclens: cannot write to stdout: no space left on device\n"


@pytest.mark.parametrize("form", FORMATS)
def test_a_closed_pipe_is_no_complaint(log, form):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "synclens", "analyze", log, "--format", form],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def without(tmp_path, *modules):
    """An environment in which some modules cannot be imported."""
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text(
        f"import sys\nfor name in {modules!r}:\n    sys.modules[name] = None\n"
        "import importlib.util as u\nreal = u.find_spec\n"
        f"u.find_spec = lambda name, package=None: None if name in {modules!r} else real(name, package)\n"
    )
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(blocked), *filter(None, [os.environ.get("PYTHONPATH")])])}


def test_without_jinja_one_sentence_before_any_work(log, tmp_path):
    out = tmp_path / "r.html"
    done = run("analyze", log, "--format", "html", "-o", out, env=without(tmp_path, "jinja2"))
    assert done.returncode == 2 and "pip install 'synclens[report]'" in done.stderr and "Traceback" not in done.stderr
    assert not out.exists()


def test_without_the_drawing_extra_the_page_is_there_all_the_same(log, tmp_path):
    done = run("analyze", log, "--format", "html", env=without(tmp_path, "altair", "vl_convert"))
    assert done.returncode == 0 and done.stdout.startswith("<!DOCTYPE html>")
    assert done.stderr.count("\n") == 1 and "pip install 'synclens[report]'" in done.stderr


def test_an_interruption_leaves_no_half_file(tmp_path):
    with pytest.raises(KeyboardInterrupt), files.whole(tmp_path / "r") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_name_that_is_taken_in_the_meantime_is_not_replaced(tmp_path):
    with pytest.raises(FileExistsError), files.whole(tmp_path / "r", force=False) as file:
        file.write(b"ours")
        (tmp_path / "r").write_text("theirs")
    assert (tmp_path / "r").read_text() == "theirs"
    assert names(tmp_path) == ["r"]


def test_a_link_keeps_being_one_and_rights_are_the_usual(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with files.whole(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "new"
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o666 & ~mask
    assert names(tmp_path) == ["link", "real"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("attack", hostile.ATTACKS[-5:])
def test_no_format_steers_a_terminal(form, attack):
    from synclens.report.document import Report

    for table in ("findings", "users"):
        words = Report(hostile.poisoned(attack)).render(form, table=table)
        assert not [c for c in hostile.CONTROLS if c in words]
        words.encode()


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """A case out of a log whose every field attacks, in a file whose name does too."""
    path = tmp_path_factory.mktemp("attacked") / "=cmd|x <img src=x onerror=pwned7331()> \u202e {{7*7}} \x1b[2J.csv"
    path.write_bytes(hostile.export())
    return synclens.open(path)


def test_the_attacks_arrive(attacked):
    said = json.dumps(attacked.to_dict())
    assert sum(json.dumps(attack)[1:-1] in said for attack in hostile.ATTACKS) > len(hostile.ATTACKS) // 2
    assert attacked.verdict.status == "degraded" and len(attacked.users) > 10 and attacked.to_dict()["unclassified"]


@pytest.mark.parametrize(
    ("form", "table"), [*((form, "findings") for form in FORMATS), *(("csv", table) for table in TABLES[1:])]
)
def test_a_log_that_attacks_steers_nothing(attacked, form, table):
    words = attacked.report().render(form, table=table)
    words.encode()
    assert not [c for c in hostile.CONTROLS if c in words]
    if form == "csv":
        for row in csv.reader(io.StringIO(words, newline="")):
            assert not [cell for cell in row if re.match(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]", cell)]


def test_what_is_narrowed_to_a_user_is_so_in_every_format(log):
    done = run("analyze", log, "--format", "json", "--user", "nobody")
    assert json.loads(done.stdout)["users"] == [] and "no user like nobody" in done.stderr
    assert "Users (0)" in run("analyze", log, "--format", "html", "--user", "nobody").stdout
