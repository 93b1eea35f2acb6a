"""Disks that fill, memory that ends, signals: one sentence, the right exit code, no half file."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import logs
from makers.evtx_writer import encode_evtx
from makers.scenarios_domain import one_log
from synclens import files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and devices of Linux")

SYNCLENS = [sys.executable, "-m", "synclens"]


@pytest.fixture(scope="module")
def evtx(tmp_path_factory) -> Path:
    from makers.event import number

    path = tmp_path_factory.mktemp("faults") / "Application.evtx"
    path.write_bytes(encode_evtx(number(one_log().application)))
    return path


@pytest.fixture(scope="module")
def large(evtx) -> Path:
    """The same log with its chunks two hundred times: long enough to be interrupted."""
    path = evtx.with_name("large.evtx")
    whole = evtx.read_bytes()
    with path.open("wb") as file:
        file.write(whole[:4096])
        for _ in range(200):
            file.write(whole[4096:])
    return path


def run(*arguments, **more):
    return subprocess.run([*SYNCLENS, *map(str, arguments)], stderr=subprocess.PIPE, check=False, timeout=120, **more)


@pytest.mark.parametrize("verb", [("dump",), ("records", "--format", "csv"), ("analyze", "--format", "json")])
def test_a_full_disk_is_one_sentence_and_exit_2(evtx, verb):
    with open("/dev/full", "wb") as full:
        done = run(verb[0], evtx, *verb[1:], stdout=full)
    words = done.stderr.decode()
    assert done.returncode == 2, words
    assert "no space left" in words and "Traceback" not in words


@pytest.mark.parametrize(
    "verb",
    [("dump",), ("records", "--format", "csv"), ("records", "--format", "parquet"), ("analyze", "--format", "html")],
)
def test_a_disk_that_fills_leaves_no_half_file(evtx, tmp_path, verb):
    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    folder = tmp_path / "out"
    folder.mkdir()
    done = run(verb[0], evtx, *verb[1:], "-o", folder / "answer", preexec_fn=small_files)
    words = done.stderr.decode()
    assert done.returncode == 2, words
    assert "Traceback" not in words and "cannot write" in words
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("verb", [("dump",), ("records", "--format", "jsonl")])
@pytest.mark.parametrize("signal_, code", [(signal.SIGINT, 130)])
def test_an_interrupt_leaves_no_half_file(large, tmp_path, verb, signal_, code):
    folder = tmp_path / "out"
    folder.mkdir()
    process = subprocess.Popen([*SYNCLENS, verb[0], large, *verb[1:], "-o", folder / "answer"], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list(folder.iterdir()) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal_)
    _, words = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("too quick to be interrupted here")
    assert process.returncode == code, words
    assert b"Traceback" not in words
    assert list(folder.iterdir()) == []


def test_an_interrupt_as_the_file_is_made_leaves_nothing(tmp_path, monkeypatch):
    made = os.open

    def interrupted(path, flags, *mode, **more):
        os.close(made(path, flags, *mode, **more))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt), files.whole(tmp_path / "answer"):
        pytest.fail("was not made")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["dump", "analyze", "records"])
def test_a_reader_that_leaves_is_no_error(large, evtx, verb):
    path = large if verb == "dump" else evtx
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = run(verb, path, stdout=writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_memory_that_ends_is_one_sentence(tmp_path):
    path = tmp_path / "big.xml"
    path.write_bytes(logs.xml([logs.event(m, 656, "x" * 4000 + str(m), record=m) for m in range(1, 3000)]))

    program = (
        "import sys, synclens.cli, synclens.cli.analyze, synclens.case, synclens.bundle, synclens.report.json\n"
        "import resource\n"
        "pages = int(open('/proc/self/statm').read().split()[0])\n"
        "resource.setrlimit(resource.RLIMIT_AS, (pages * 4096 + (2 << 20),) * 2)\n"
        "sys.exit(synclens.cli.run(['analyze', sys.argv[1], '--format', 'json']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=False, timeout=120)
    words = done.stderr.decode()
    assert done.returncode == 3, words
    assert "memory" in words and "Traceback" not in words
