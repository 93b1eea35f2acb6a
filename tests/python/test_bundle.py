"""The walk through what a customer sent."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logs
from packing import content_of, seen, tarred, zipped
from synclens.bundle import Limits, Member, Unread, walk

XML = logs.healthy()


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


def test_a_lone_file_is_read_from_its_path(put):
    path = put("log.xml", XML)
    (item,) = walk([path])
    assert (item.name, item.path, item.kind, item.given) == (str(path), str(path), "event_xml", True)
    assert item.collected is None


def test_bytes_and_file_objects():
    assert list(seen(XML).values()) == [XML]
    assert list(seen(io.BytesIO(XML)).values()) == [XML]


@pytest.mark.parametrize(
    ("name", "packed", "inside"),
    [
        ("a.zip", zipped({"x/log.xml": XML}), "a.zip/x/log.xml"),
        ("a.tar", tarred({"x/log.xml": XML}), "a.tar/x/log.xml"),
        ("a.tar.gz", tarred({"x/log.xml": XML}, "w:gz"), "a.tar.gz/x/log.xml"),
        ("a.tar.bz2", tarred({"x/log.xml": XML}, "w:bz2"), "a.tar.bz2/x/log.xml"),
        ("a.tar.xz", tarred({"x/log.xml": XML}, "w:xz"), "a.tar.xz/x/log.xml"),
        ("log.xml.gz", gzip.compress(XML), "log.xml.gz/log.xml"),
        ("log.xml.bz2", bz2.compress(XML), "log.xml.bz2/log.xml"),
        ("log.xml.xz", lzma.compress(XML), "log.xml.xz/log.xml"),
        ("b.zip", zipped({"a.zip": zipped({"log.xml": XML})}), "b.zip/a.zip/log.xml"),
        ("b.tgz", tarred({"a.zip": zipped({"log.xml": XML})}, "w:gz"), "b.tgz/a.zip/log.xml"),
        ("b.zip", zipped({"a.tgz": tarred({"log.xml": XML}, "w:gz")}), "b.zip/a.tgz/log.xml"),
        ("wrong.name", zipped({"log.bin": XML}), "wrong.name/log.bin"),
        ("slashes.zip", zipped({"MECLOG\\x\\log.xml": XML}), "slashes.zip/MECLOG/x/log.xml"),
    ],
)
def test_archives_are_known_by_content_and_members_by_their_way(put, tmp_path, monkeypatch, name, packed, inside):
    monkeypatch.chdir(tmp_path)
    put(name, packed)
    assert seen(name) == {inside: XML}


def test_folders_go_by_name_and_nothing_is_lost(put, tmp_path):
    put("in/b.xml", XML)
    put("in/a/c.zip", zipped({"d.xml": XML, "note.bin": b"\x01\x02hello"}))
    put("in/empty.txt", b"")
    found = seen(tmp_path / "in")
    base = str(tmp_path / "in")
    assert [n.removeprefix(base) for n in found] == ["/a/c.zip/d.xml", "/a/c.zip/note.bin", "/b.xml", "/empty.txt"]
    assert found[base + "/empty.txt"] == ("the file is empty", False)
    assert found[base + "/a/c.zip/note.bin"][1] is False


def test_what_is_missing_is_a_problem(tmp_path):
    assert seen(tmp_path / "nope") == {str(tmp_path / "nope"): ("no such file or folder", True)}


def test_links_and_pipes_in_a_folder_are_named_and_never_opened(put, tmp_path):
    put("in/log.xml", XML)
    os.symlink("/etc/passwd", tmp_path / "in/link")
    os.symlink(tmp_path / "in", tmp_path / "in/loop")
    os.mkfifo(tmp_path / "in/pipe")
    found = seen(tmp_path / "in")
    for name, word in (("link", "link"), ("loop", "link"), ("pipe", "pipe")):
        reason, problem = found[f"{tmp_path}/in/{name}"]
        assert word in reason
        assert not problem


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("make", [zipped, tarred, lambda m: tarred(m, "w:gz"), lambda m: gzip.compress(m["a.xml"])])
def test_a_truncated_archive_is_a_problem_and_never_an_exception(make, keep):
    noise = os.urandom(50_000)
    packed = make({"a.xml": XML + noise, "b.xml": XML + noise})
    problems = 0
    for item in walk([packed[: int(len(packed) * keep)]]):
        if isinstance(item, Unread):
            problems += item.is_problem
            continue
        try:
            content_of(item)
        except Exception:
            problems += 1
    assert problems


def test_closed_kinds_are_left_closed_unless_asked_for(tmp_path):
    hive = b"regf" + bytes(508)
    packed = zipped({"REG_HKLM_SYSTEM.hiv": hive, "log.xml": XML})
    found = seen(packed)
    assert "left closed" in found["source 1/REG_HKLM_SYSTEM.hiv"][0]
    assert found["source 1/REG_HKLM_SYSTEM.hiv"][1] is False


def test_an_evtx_that_is_none_is_a_problem():
    reason, problem = seen(zipped({"Application.evtx": b"garbage" * 100}))["source 1/Application.evtx"]
    assert problem
    assert ".evtx" in reason


@pytest.mark.parametrize(
    ("name", "tz", "collected"),
    [
        ("MECLOG/20260311-000500/CONFIG/MEC/log.xml", "UTC", "2026-03-11T00:05:00Z"),
        ("MECLOG/20260311-000500/CONFIG/MEC/log.xml", "Europe/Berlin", "2026-03-10T23:05:00Z"),
        ("20260101-000000/20260311_000500-log.xml", "UTC", "2026-03-11T00:05:00Z"),
        ("MECLOG/20261311-000500/log.xml", "UTC", "2026-01-02T03:04:06Z"),
        ("MECLOG/log.xml", "UTC", "2026-01-02T03:04:06Z"),
        ("MECLOG/log.xml", "+02:00", "2026-01-02T01:04:06Z"),
        ("MECLOG/120260311-0005001/log.xml", "UTC", "2026-01-02T03:04:06Z"),
    ],
)
def test_when_a_member_was_collected(name, tz, collected):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), XML)
    (item,) = walk([out.getvalue()], tz=tz)
    assert item.collected == collected


def test_the_time_of_a_tar_member_is_utc_and_that_of_a_lone_file_is_nothing(put):
    (item,) = walk([tarred({"log.xml": XML}, mtime=1_767_323_046)], tz="Europe/Berlin")
    assert item.collected == "2026-01-02T03:04:06Z"
    (item,) = walk([put("log.xml", XML)])
    assert item.collected is None
    (item,) = walk([put("20260311-000500/log.xml", XML)])
    assert item.collected == "2026-03-11T00:05:00Z"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutants_of_archives_never_raise(data):
    base = data.draw(
        st.sampled_from([zipped({"a.xml": XML[:2000], "b.gz": gzip.compress(XML[:999])}), tarred({"a.xml": XML[:600]})])
    )
    mutant = bytearray(base)
    for _ in range(data.draw(st.integers(1, 8))):
        mutant[data.draw(st.integers(0, len(mutant) - 1))] = data.draw(st.integers(0, 255))
    for item in walk([bytes(mutant)], limits=Limits(bytes=1 << 20, seconds=20)):
        if isinstance(item, Member):
            try:
                content_of(item)
            except MemoryError:
                raise
            except Exception as error:
                assert str(error) is not None


def test_nothing_is_written(put, tmp_path):
    """Python's own audit events of a whole analysis: no file is opened for writing, no folder is made."""
    inner = zipped({"log.xml": XML, "again.tgz": tarred({"log.xml": XML}, "w:gz")})
    path = put("bundle.zip", zipped({"MECLOG/log.xml": XML, "in.zip": inner, "x.xz": lzma.compress(XML)}))
    code = """
import os, sys
seen = []
def look(event, arguments):
    flags = arguments[2] if event == "open" and isinstance(arguments[2], int) else 0
    if event in ("os.mkdir", "os.rename", "os.link", "os.symlink", "tempfile.mkstemp", "tempfile.mkdtemp",
                 "socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.fork", "shutil.copyfile") or (
        flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and arguments[0] != os.devnull):
        seen.append((event, str(arguments)[:200]))
sys.dont_write_bytecode = True
sys.addaudithook(look)
from synclens.cli import run
code = run(["analyze", sys.argv[1], "--format", "json"])
print(seen, file=sys.stderr)
sys.exit(bool(seen) or code)
"""
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"kind": "event_xml"') == 4
    assert [p.name for p in tmp_path.iterdir()] == ["bundle.zip"]
