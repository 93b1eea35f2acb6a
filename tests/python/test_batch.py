"""Many bundles: what counts as one, that none stops the others, and that the same comes out however it is run."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor

import jsonschema
import pytest

import logs
import synclens
from synclens.batch import bundles, helpers, lines, scan
from synclens.report import json as report_json

# A helper whose analysis does to some bundles what a hostile one may do to any.
POISON = helpers._START.replace(
    "main()",
    "import os, time, synclens.case as case; true = case.analyze; "
    "deeds = {'crash': lambda: os.kill(os.getpid(), 11), 'memory': lambda: os.kill(os.getpid(), 9), "
    "'exit': lambda: os._exit(7), 'hang': lambda: time.sleep(60), 'fault': lambda: 1 / 0, 'talk': lambda: print('x')}; "
    "case.analyze = lambda s, o: ([deed() for word, deed in deeds.items() if word in s[0]], true(s, o))[1]; main()",
)


@pytest.fixture
def folder(tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    for name, content in (("a", logs.denied()), ("b", logs.healthy()), ("c", logs.denied()), ("d", b"nothing")):
        (many / name).mkdir()
        (many / name / "log.xml").write_bytes(content)
    return many


def names(found):
    return [b.name.rsplit("/", 1)[-1] for b in found]


def run(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "synclens", "analyze", *map(str, arguments)],
        capture_output=True,
        timeout=120,
        check=False,
        **more,
    )


def test_what_counts_as_a_bundle(folder, tmp_path):
    assert names(bundles.find([folder])) == ["a", "b", "c", "d"]
    assert names(bundles.find([folder / "a", folder / "b"])) == ["a", "b"]  # a log lies in each
    collected = tmp_path / "MECLOG" / "EVENTLOG"
    collected.mkdir(parents=True)
    assert names(bundles.find([tmp_path / "MECLOG"])) == ["MECLOG"]  # the collector's folder
    assert names(bundles.find([folder / "a"], split=True)) == ["log.xml"]
    assert names(bundles.find([folder / "d"])) == ["log.xml"]  # nothing readable lies in it
    assert names(bundles.find([tmp_path / "missing", folder / "a" / "log.xml"])) == ["missing", "log.xml"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert names(bundles.find([empty])) == ["empty"]
    (folder / "z-link").symlink_to("/etc")
    os.mkfifo(folder / "z-pipe")
    found = bundles.find([folder])
    assert [bool(b.refused) for b in found] == [False] * 4 + [True] * 2
    with pytest.raises(TypeError, match="give paths"):
        bundles.find([b"bytes"])


def test_the_same_for_any_number_of_workers_and_any_executor(folder):
    def rows(**how):
        return [s.to_dict() for s in synclens.scan(folder, **how)]

    alone = rows(jobs=1)
    assert [(r["bundle"].rsplit("/", 1)[-1], r["outcome"], r["verdict"]["status"]) for r in alone] == [
        ("a", "analysed", "failing"),
        ("b", "analysed", "healthy"),
        ("c", "analysed", "failing"),
        ("d", "unreadable", "unknown"),
    ]
    assert rows(jobs=3) == alone
    with ThreadPoolExecutor(2) as threads:
        assert rows(executor=threads) == alone
    for row in alone:
        jsonschema.validate(row, report_json.schema())


def test_a_scan_gives_what_open_gives(folder):
    first = next(iter(synclens.scan(folder / "a", tz="Europe/Berlin", since="2026-03-10T01:00")))
    case = synclens.open(folder / "a", tz="Europe/Berlin", since="2026-03-10T01:00")
    assert first.case.to_dict() == case.to_dict()
    assert len(first.case.events) == len(case.events)
    assert first.to_dict()["options"] == {"tz": "Europe/Berlin", "since": "2026-03-10T01:00"}


def test_a_poisoned_bundle_stops_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr(helpers, "_START", POISON)
    deeds = ["1-well", "2-crash", "3-well", "4-memory", "5-hang", "6-exit", "7-fault", "8-talk", "9-well"]
    for name in deeds:
        (tmp_path / name).mkdir()
        (tmp_path / name / "log.xml").write_bytes(logs.healthy())
    found = list(synclens.scan(tmp_path, jobs=2, timeout=4))
    assert [s.outcome == "analysed" for s in found] == [n.endswith(("well", "talk")) for n in deeds]
    errors = {s.bundle.rsplit("-", 1)[-1]: s.error for s in found}
    assert errors["crash"] == "its process crashed (SIGSEGV)"
    assert errors["memory"] == "its process was killed (SIGKILL), most likely for want of memory"
    assert errors["hang"] == "given up after 4 seconds"
    assert errors["exit"] == "its process ended with exit code 7"
    assert errors["fault"] == "ZeroDivisionError: division by zero"
    for scanned in found:
        jsonschema.validate(scanned.to_dict(), report_json.schema())
    hung = next(s for s in found if "hang" in s.bundle)
    assert hung.case.verdict.status == "unknown"
    assert "given up" in hung.case.verdict.summary


def test_an_executor_that_breaks_is_survived(folder):
    alone = [s.to_dict() for s in synclens.scan(folder, jobs=1)]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        future = processes.submit(os._exit, 1)
        assert [s.to_dict() for s in synclens.scan(folder, executor=processes)] == alone
        assert future.exception() is not None
        assert [s.to_dict() for s in synclens.scan(folder, executor=processes)] == alone  # broken from the beginning


def test_an_executor_that_loses_a_task_loses_one_bundle(folder):
    class Losing(ThreadPoolExecutor):
        def submit(self, run, /, *arguments):
            if arguments[0]["path"].endswith("b"):
                lost = Future()
                lost.set_exception(ConnectionError("worker lost"))
                return lost
            return super().submit(run, *arguments)

    with Losing(2) as executor:
        found = list(synclens.scan(folder, executor=executor))
    assert [(s.outcome, s.error) for s in found][1] == ("failed", "ConnectionError: worker lost")
    assert [s.outcome for s in found] == ["analysed", "failed", "analysed", "unreadable"]


def test_a_scan_that_nobody_waits_for_ends(folder):
    found = synclens.scan(folder, jobs=2)
    next(found)
    began = time.monotonic()
    found.close()
    assert time.monotonic() - began < 20


def test_wrong_use_is_said_at_once(folder):
    for wrong in ({"jobs": 0}, {"timeout": 0}):
        with pytest.raises(ValueError, match="must be"):
            synclens.scan(folder, **wrong)
    with pytest.raises(synclens.CatalogueError):
        synclens.scan(folder, rules=["/nowhere"])
    with pytest.raises(synclens.SynclensError):
        synclens.scan(folder, tz="Nowhere/City")


# -- the command


def test_a_line_per_bundle(folder):
    done = run(folder, "--format", "jsonl", "--jobs", "2")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["bundle"] for r in rows] == [f"{folder}/{n}" for n in "abcd"]
    assert done.returncode == 4  # one is unreadable
    assert b"4 bundles: 2 failing, 1 unknown, 1 healthy; 1 unreadable" in done.stderr
    assert run(folder / "a", folder / "b", "--each").returncode == 0
    assert run(folder, "--each", "--fail-on", "high").returncode == 1
    assert run(folder / "d", "--each").returncode == 3


def test_lines_of_text(folder):
    done = run(folder, "--each")
    said = done.stdout.decode().splitlines()
    assert [line.split()[0] for line in said] == ["verdict", "failing", "healthy", "failing", "unknown"]
    assert "may not read password hashes" in said[1]


@pytest.mark.parametrize("cut", ["half a line", "no line", "all lines"])
def test_an_interrupted_run_goes_on(folder, tmp_path, cut):
    whole, half = tmp_path / "whole.jsonl", tmp_path / "half.jsonl"
    assert run(folder, "--format", "jsonl", "-o", whole).returncode == 4
    content = whole.read_bytes()
    kept = {"half a line": content[: content.index(b"\n") + 100], "no line": content[:50], "all lines": content}[cut]
    half.write_bytes(kept)
    refused = run(folder, "--format", "jsonl", "-o", half)
    assert refused.returncode == 2
    assert half.read_bytes() == kept
    done = run(folder, "--format", "jsonl", "-o", half, "--resume")
    assert done.returncode == 4
    assert half.read_bytes() == content
    other = run(folder, "--format", "jsonl", "-o", half, "--resume", "--tz", "Asia/Tokyo")
    assert other.returncode == 2
    assert b"other options" in other.stderr
    assert half.read_bytes() == content


def test_what_failed_is_tried_again(folder, tmp_path):
    whole, again = tmp_path / "whole.jsonl", tmp_path / "again.jsonl"
    assert run(folder, "--format", "jsonl", "-o", whole).returncode == 4
    rows = [json.loads(line) for line in whole.read_bytes().splitlines()]
    rows[1] |= {"outcome": "failed", "error": "given up after 1 seconds"}
    again.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"bundle": "half')
    done = run(folder, "--format", "jsonl", "-o", again, "--resume")
    assert done.returncode == 4
    assert b"1 bundle failed before and will be tried again" in done.stderr
    assert b"going on: 3 of 4" in done.stderr
    found = [json.loads(line) for line in again.read_bytes().splitlines()]
    assert [row["bundle"].rsplit("/")[-1] for row in found] == ["a", "c", "d", "b"]
    assert sorted(again.read_bytes().splitlines()) == sorted(whole.read_bytes().splitlines())
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_ctrl_c_keeps_whole_lines(folder, tmp_path):
    for number in range(60):
        (folder / f"e{number:02}").mkdir()
        (folder / f"e{number:02}" / "log.xml").write_bytes(logs.healthy())
    out = tmp_path / "out.jsonl"
    command = [
        sys.executable,
        "-m",
        "synclens",
        "analyze",
        str(folder),
        "--format",
        "jsonl",
        "--jobs",
        "1",
        "-o",
        str(out),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + 60
        while (not out.exists() or out.stat().st_size == 0) and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=60)[1].decode()
    assert running.returncode == 130, said
    assert "interrupted after" in said
    assert "--resume goes on" in said
    done = out.read_bytes()
    assert done.endswith(b"\n")
    assert 0 < done.count(b"\n") < 64
    assert run(folder, "--format", "jsonl", "-o", out, "--resume").returncode == 4
    assert out.read_bytes().count(b"\n") == 64


def test_a_full_disk_is_one_sentence(folder):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    for form in ("jsonl", "text"):
        done = run(folder, "--each", "--format", form, "-o", "/dev/full")
        said = done.stderr.decode()
        assert done.returncode == 2
        assert "cannot write /dev/full: no space left on device" in said
        assert "Traceback" not in said


def test_a_reader_that_leaves_ends_the_run(folder):
    for number in range(30):  # more than are done before the reader has left
        (folder / f"e{number:02}").mkdir()
        (folder / f"e{number:02}" / "log.xml").write_bytes(logs.healthy())
    command = f"{sys.executable} -m synclens analyze {folder} --format jsonl | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


def test_text_goes_to_a_file_whole(folder, tmp_path):
    out = tmp_path / "overview.txt"
    assert run(folder, "--each", "-o", out).returncode == 4
    assert len(out.read_text("utf-8").splitlines()) == 5
    assert run(folder, "--each", "-o", out).returncode == 2
    assert run(folder, "--each", "-o", out, "--force").returncode == 4


def test_a_file_that_is_no_batch_is_left_alone(folder, tmp_path):
    out = tmp_path / "notes.txt"
    out.write_text("my notes\n")
    done = run(folder, "--format", "jsonl", "-o", out, "--resume")
    assert done.returncode == 2
    assert b"line 1 is no line of a batch" in done.stderr
    assert out.read_text() == "my notes\n"


def test_pages_with_an_index(folder, tmp_path):
    out = tmp_path / "pages"
    done = run(folder, "--each", "--format", "html", "--jobs", "1", "-o", out)
    assert done.returncode == 4, done.stderr
    index = (out / "index.html").read_text("utf-8")
    pages = sorted(p.name for p in out.glob("*.html") if p.name != "index.html")
    assert len(pages) == 4
    assert all(f'href="{page}"' in index for page in pages)
    assert "replication-permission-missing" in index
    assert "<script" not in index
    lines_before = (out / "bundles.jsonl").read_bytes()
    assert run(folder, "--each", "--format", "html", "--jobs", "1", "-o", out).returncode == 2  # not empty
    (out / "bundles.jsonl").write_bytes(lines_before[: lines_before.index(b"\n") + 1])
    assert run(folder, "--each", "--format", "html", "--jobs", "1", "-o", out, "--resume").returncode == 4
    assert (out / "bundles.jsonl").read_bytes() == lines_before
    assert (out / "index.html").read_text("utf-8") == index


def test_names_have_no_effect_on_the_index(tmp_path):
    name = "<script>alert(1)</script>{{ 7*7 }}\x1b[31m\u202ex"
    (tmp_path / name.replace("/", "_")).mkdir()
    (tmp_path / name.replace("/", "_") / "log.xml").write_bytes(logs.healthy())
    out = tmp_path / "out" / "pages"
    done = run(tmp_path, "--each", "--format", "html", "--jobs", "1", "-o", out)
    index = (out / "index.html").read_text("utf-8")
    assert done.returncode == 0, done.stderr
    assert "<script" not in index
    assert "{{ 7*7 }}" in index
    assert "\x1b" not in index
    assert "\u202e" not in index


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--each", "--format", "md"], "not md"),
        (["--each", "--format", "html"], "-o DIR"),
        (["--format", "jsonl", "--resume"], "--resume needs"),
        (["--jobs", "2"], "--jobs is for many bundles"),
        (["--each", "-"], "stdin"),
    ],
)
def test_wrong_use_is_one_sentence(folder, arguments, words):
    done = run(folder, *arguments)
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_the_length_of_whole_lines(tmp_path):
    file = tmp_path / "lines"
    for content, whole in ((b"", 0), (b"abc", 0), (b"a\nb", 2), (b"a\n" + b"x" * 200_000, 2), (b"a\nb\n", 4)):
        file.write_bytes(content)
        with file.open("rb") as opened:
            assert lines.whole_length(opened) == whole


def test_bundles_of_one_name_are_counted():
    twice = [bundles.Bundle("a"), bundles.Bundle("b"), bundles.Bundle("a")]
    assert [b.path for b in lines.left_over(twice, ["a"])] == ["b", "a"]


def test_a_task_and_its_answer_are_plain_data(folder):
    import dataclasses
    import pickle

    from synclens.case import Options

    task = {"path": str(folder / "b"), "options": dataclasses.asdict(Options()), "page": False, "timeout": 60}
    run_there = pickle.loads(pickle.dumps(scan.scan_one))  # by name: the module is imported where it runs
    answer = run_there(pickle.loads(pickle.dumps(task)))
    assert answer["raw"]["verdict"]["status"] == "healthy"
    assert json.loads(json.dumps(answer)) == answer
