"""How a run tells that it works, and how it ends when it is made to end: nothing half done is left behind."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time

import pytest

import logs


def started(*arguments, stderr=subprocess.PIPE):
    return subprocess.Popen(
        [sys.executable, "-m", "synclens", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


def waits_for(condition, what: str):
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.05)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_leaves_no_half_file(tmp_path, name):
    with started("records", "-", "--format", "jsonl", "-o", tmp_path / "out.jsonl") as run:
        run.stdin.write(logs.denied()[:-200])
        run.stdin.flush()
        waits_for(lambda: list(tmp_path.iterdir()), "it has not begun to write")
        run.send_signal(getattr(signal, name))
        assert run.wait(30) == 130
        assert run.stderr.read().strip() == b"synclens: interrupted"
    assert list(tmp_path.iterdir()) == []


HEARS = """
import signal, threading, time
from synclens.cli.standard_input import standard_input

def later():
    time.sleep(0.5)
    signal.raise_signal(signal.SIGINT)  # to this thread, so that no read() of the first is woken

threading.Thread(target=later).start()
file = standard_input()
print(file.read(3), flush=True)
try:
    file.read(10)
except KeyboardInterrupt:
    print("heard")
"""


def test_a_signal_is_heard_while_no_input_comes():
    command = [sys.executable, "-c", HEARS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        run.stdin.write(b"abc")
        run.stdin.flush()
        assert run.wait(30) == 0
        assert run.stdout.read().split() == [b"b'abc'", b"heard"]


@pytest.fixture
def slow(tmp_path):
    """A named pipe, and a log long enough to be known by its beginning."""
    os.mkfifo(tmp_path / "slow.xml")
    return tmp_path / "slow.xml", logs.denied() + b" " * 200_000


def test_progress_on_a_terminal_is_taken_away_again(slow):
    ours, theirs = pty.openpty()
    path, content = slow
    said = b""
    with started("analyze", path, "--format", "json", stderr=theirs) as run:
        os.close(theirs)
        with path.open("wb") as pipe:
            pipe.write(content[:150_000])
            while b" 1 s" not in said:
                said += os.read(ours, 4096)
            pipe.write(content[150_000:])
        assert run.stdout.read().startswith(b"{")
        assert run.wait(30) == 0
    try:
        while part := os.read(ours, 4096):
            said += part
    except OSError:
        pass
    os.close(ours)
    assert b"reading " in said and said.endswith(b"\r\x1b[2K")


def test_no_progress_into_a_pipe(slow):
    path, content = slow
    with started("analyze", path, "--format", "json") as run:
        with path.open("wb") as pipe:
            pipe.write(content[:150_000])
            time.sleep(1.2)
            pipe.write(content[150_000:])
        out, complaints = run.communicate()
    assert (run.returncode, complaints) == (0, b"") and out.startswith(b"{")


def test_a_terminal_that_lacks_letters_gets_them_as_escapes(tmp_path):
    path = tmp_path / "log.xml"
    path.write_bytes(logs.denied())
    command = [sys.executable, "-m", "synclens", "analyze", str(path)]
    done = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True)
    assert done.returncode == 0 and done.stdout.isascii() and b"FAILING" in done.stdout


@pytest.mark.parametrize("options", [["--max-seconds", "nan"], ["--each", "--timeout", "nan"]])
def test_what_is_no_number_is_no_limit(tmp_path, options):
    (tmp_path / "log.xml").write_bytes(logs.denied())
    with started("analyze", tmp_path, *options) as run:
        said = run.communicate()[1]
    assert run.returncode == 2 and b"must be a number" in said


def closed(descriptor: int, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "synclens", *map(str, arguments)],
        capture_output=True,
        preexec_fn=lambda: os.close(descriptor),
    )


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.xml"
    path.write_bytes(logs.denied())
    return path


@pytest.mark.parametrize("verb", [["analyze"], ["analyze", "--each"], ["records", "--format", "jsonl"], ["explain"]])
def test_a_closed_stdout_is_one_sentence_and_exit_2(log, verb):
    done = closed(1, *verb, "8453" if verb == ["explain"] else log)
    assert (done.returncode, done.stderr) == (2, b"synclens: cannot write to stdout: it is closed\n")


def test_a_closed_stdout_is_not_missed_beside_a_file(log, tmp_path):
    done = closed(1, "analyze", log, "-o", tmp_path / "out.txt")
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "out.txt").read_bytes().startswith(b"FAILING")


@pytest.mark.parametrize("verb", ["analyze", "dump"])
def test_a_closed_stdin_is_one_sentence_and_exit_2(verb):
    done = closed(0, verb, "-")
    assert (done.returncode, done.stderr) == (2, b"Error: stdin is closed: nothing can be read from it.\n")


def test_a_closed_stderr_changes_nothing(log):
    done = closed(2, "analyze", log)
    assert done.returncode == 0 and done.stdout.startswith(b"FAILING")
    assert closed(2, "analyze", log.with_name("nope")).returncode == 3


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_our_own_is_one_sentence_and_never_taken_for_a_finding(monkeypatch, capsys, debug):
    from synclens import cli

    def fails(*_, **__):
        raise KeyError("\x1b[2Jwhat nobody has thought of")

    monkeypatch.setattr(cli.group, "main", fails)
    monkeypatch.setenv(cli.DEBUG, "1" if debug else "")
    assert cli.run(["analyze", "x"]) == 2
    said = capsys.readouterr().err
    assert "a fault of synclens itself, please report it (KeyError: " in said.splitlines()[-1]
    assert ("Traceback" in said) == debug
    assert debug or "\x1b" not in said


def test_an_interrupt_while_modules_are_imported_is_no_traceback():
    program = (
        "import builtins\n"
        "found = builtins.__import__\n"
        "def slow(name, *more):\n"
        "    if name == 'click': raise KeyboardInterrupt\n"
        "    return found(name, *more)\n"
        "builtins.__import__ = slow\n"
        "from synclens.__main__ import main\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert (done.returncode, done.stderr) == (130, b"synclens: interrupted\n")


@pytest.mark.parametrize("verb", [["analyze"], ["analyze", "--each"], ["records"], ["dump"], ["user", "x"]])
def test_an_empty_path_is_not_the_current_folder(log, verb):
    """As of a variable that is not set."""
    command = [sys.executable, "-m", "synclens", *verb, ""]
    done = subprocess.run(command, capture_output=True, cwd=log.parent)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.splitlines()[-1] == b"Error: a path is empty: was a variable not set?"
    done = subprocess.run([*command[:-1], log, "-o", ""], capture_output=True, cwd=log.parent)
    assert done.returncode == 2 and b"the name of the output" in done.stderr


def test_an_empty_path_in_python_is_not_the_current_folder(log, monkeypatch):
    import synclens

    monkeypatch.chdir(log.parent)
    with pytest.raises(synclens.UnsupportedInput, match="'': an empty path"):
        synclens.open("")
    with pytest.raises(ValueError, match="an empty path"):
        list(synclens.scan([""]))
    assert synclens.open(".").verdict.status == "failing"
