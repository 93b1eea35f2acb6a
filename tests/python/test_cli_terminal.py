"""What records and dump do on a terminal: say that they work, and let no text of the input steer it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from datetime import datetime

import pytest

import logs
from makers.event import UTC, Event
from makers.evtx_writer import encode_evtx

STEERING = "a\x9b31m \u202egnp.exe\u202c \u2066x\u2069 é 日本"


def on_terminal(*arguments, stdin=subprocess.DEVNULL, stderr=None, feed=None):
    """Runs a command with a terminal as stdout and stderr unless given; what the terminal got, and the exit code."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "synclens", *map(str, arguments)],
        stdin=stdin,
        stdout=theirs,
        stderr=theirs if stderr is None else stderr,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    ) as run:
        os.close(theirs)
        if feed is not None:
            threading.Thread(target=feed, daemon=True).start()
        said = b""
        try:
            while part := os.read(ours, 65536):
                said += part
        except OSError:
            pass  # the other end was closed
        os.close(ours)
    return said, run.returncode


@pytest.fixture
def evtx(tmp_path):
    event = Event("Directory Synchronization", 611, datetime(2026, 3, 10, tzinfo=UTC), [STEERING], level=2)
    path = tmp_path / "Application.evtx"
    path.write_bytes(encode_evtx([event]))
    return path


@pytest.mark.parametrize("form", ["xml", "jsonl"])
def test_a_dump_steers_no_terminal_and_a_pipe_gets_its_bytes(evtx, form):
    seen, code = on_terminal("dump", evtx, "--format", form)
    text = seen.decode()
    assert code == 0
    for character in "\x9b\u202e\u202c\u2066\u2069":
        assert character not in text
        assert f"\\u{ord(character):04x}" in text
    assert "é 日本" in text
    piped = subprocess.run([sys.executable, "-m", "synclens", "dump", evtx, "--format", form], capture_output=True)
    assert STEERING in piped.stdout.decode()


def slow_pipe(tmp_path):
    """A named pipe, and what fills it in two halves that are more than a second apart."""
    path = tmp_path / "slow.xml"
    os.mkfifo(path)
    content = logs.denied() + b" " * 200_000

    def feed():
        with path.open("wb") as pipe:
            pipe.write(content[:150_000])
            pipe.flush()
            threading.Event().wait(1.5)
            pipe.write(content[150_000:])

    return path, feed


def test_records_into_a_file_say_that_they_are_read(tmp_path):
    path, feed = slow_pipe(tmp_path)
    said, code = on_terminal("records", path, "--format", "jsonl", "-o", tmp_path / "out.jsonl", feed=feed)
    assert code == 0
    assert b"reading " in said and b"slow.xml" in said and said.endswith(b"\r\x1b[2K")
    assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") == 50


def test_records_on_the_terminal_itself_have_no_line_between_them(tmp_path):
    path, feed = slow_pipe(tmp_path)
    said, code = on_terminal("records", path, feed=feed)
    assert code == 0
    assert b"reading " not in said


def test_records_into_a_pipe_say_nothing(tmp_path):
    path, feed = slow_pipe(tmp_path)
    said, code = on_terminal("records", path, stderr=subprocess.PIPE, feed=feed)
    assert code == 0
    assert b"reading " not in said


def test_a_dump_into_a_file_says_that_it_reads(tmp_path):
    event = Event("Directory Synchronization", 611, datetime(2026, 3, 10, tzinfo=UTC), ["text"], level=2)
    content = encode_evtx([event])
    theirs, ours = os.pipe()

    def feed():
        with os.fdopen(ours, "wb", buffering=0) as pipe:
            pipe.write(content[:5000])
            threading.Event().wait(1.5)
            pipe.write(content[5000:])

    with os.fdopen(theirs, "rb") as stdin:
        said, code = on_terminal("dump", "-", "-o", tmp_path / "out.xml", stdin=stdin, feed=feed)
    assert code == 0
    assert b"reading -" in said and said.endswith(b"\r\x1b[2K")
    assert b"<EventID" in (tmp_path / "out.xml").read_bytes()
