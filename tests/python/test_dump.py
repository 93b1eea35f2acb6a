"""`synclens dump`: what its options say of sound and of damaged logs, on standard error, beside the same records."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "samples"))

from makers.event import Event
from makers.evtx_writer import encode_evtx

HEADER, CHUNK = 4096, 65536


def dump(*arguments, stdin=None):
    command = [sys.executable, "-m", "synclens", "dump", *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def sound():
    """Several chunks of records, each with a text that is found in no other."""
    at = datetime(2026, 3, 10, tzinfo=UTC)
    events = [
        Event("ADSync", 6100 + n % 7, at + timedelta(seconds=n), [f"text of {n} " + "x" * 300], record_id=n + 1)
        for n in range(400)
    ]
    log = encode_evtx(events)
    assert len(log) >= HEADER + 3 * CHUNK
    return bytes(log)


@pytest.fixture
def put(tmp_path):
    def write(content, name="log.evtx"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def account_of(errors):
    found = re.search(r": (\d+) bytes = (\d+) read \+ (\d+) skipped; (\d+) chunks; (.*)", errors)
    assert found, errors
    size, read, skipped, chunks = map(int, found.groups()[:4])
    return size, read, skipped, chunks, found.group(5)


def test_verify_accounts_for_every_byte_of_a_sound_log(sound, put):
    code, printed, errors = dump(put(sound), "--verify", "--format", "jsonl")
    size, read, skipped, chunks, sums = account_of(errors)
    assert (code, size, read, skipped) == (0, len(sound), len(sound), 0)
    assert chunks == (len(sound) - HEADER) // CHUNK
    assert sums == f"{1 + 2 * chunks} checksums, 0 wrong"
    assert len(printed.splitlines()) == 400


def test_verify_finds_a_bit_that_no_reader_would_miss(sound, put):
    turned = bytearray(sound)
    place = turned.index("text of 7 ".encode("utf-16-le"))
    turned[place] ^= 1  # "uext of 7": a record like any other
    code, printed, errors = dump(put(turned))
    assert (code, errors) == (0, "")
    assert "uext of 7 " in printed
    code, again, errors = dump(put(turned), "--verify")
    assert code == 4
    assert again == printed
    assert "the checksum of the chunk's records is not that of their bytes" in errors
    assert account_of(errors)[4].endswith(", 1 wrong")


def test_verify_names_what_was_skipped(sound, put):
    broken = bytearray(sound)
    broken[HEADER + CHUNK : HEADER + CHUNK + 8] = b"\xff" * 8
    code, printed, errors = dump(put(broken), "--verify")
    size, read, skipped, _, _ = account_of(errors)
    assert code == 4
    assert size == len(broken) == read + skipped
    assert skipped == CHUNK
    assert f"skipped {CHUNK} bytes at offset {HEADER + CHUNK}, chunk 1: chunk without its signature" in errors
    assert 0 < printed.count("<Event ") < 400


def test_hash_is_that_of_the_file_from_disk_and_from_stdin(sound, put):
    digest = hashlib.sha256(sound).hexdigest()
    path = put(sound)
    assert f"{path}: SHA-256 {digest}" in dump(path, "--hash")[2]
    code, printed, errors = dump("-", "--hash", stdin=sound)
    assert (code, errors.strip()) == (0, f"synclens: -: SHA-256 {digest}")
    assert printed == dump(path)[1]


def test_recover_marks_each_record_and_leaves_the_others_as_they_were(sound, put):
    broken = bytearray(sound)
    broken[HEADER + CHUNK : HEADER + CHUNK + 8] = b"\xff" * 8
    path = put(broken)
    _, plain, _ = dump(path, "--format", "jsonl")
    code, more, _ = dump(path, "--format", "jsonl", "--recover")
    assert code == 4
    rows = [json.loads(line) for line in more.splitlines()]
    states = [row["Event"].pop("Recovery", row.pop("Recovery", None))["state"] for row in rows]
    assert len(rows) == 400
    intact = [row for row, state in zip(rows, states, strict=True) if state == "intact"]
    assert intact == [json.loads(line) for line in plain.splitlines()]
    assert 0 < states.count("damaged_chunk") == 400 - len(intact)


def test_recover_of_a_sound_log_finds_nothing_more(sound, put):
    path = put(sound)
    code, printed, errors = dump(path, "--recover")
    assert (code, errors) == (0, "")
    assert printed.count("<Recovery ") == printed.count("state='intact'") == 400
    assert re.sub(r"<Recovery [^>]*/>", "", printed) == dump(path)[1]


def test_a_log_with_bytes_between_its_chunks_loses_no_record(sound, put):
    moved = sound[: HEADER + CHUNK] + b"copied badly" + sound[HEADER + CHUNK :]
    code, printed, errors = dump(put(moved), "--format", "jsonl")
    assert code == 4
    assert len(printed.splitlines()) == 400
    assert "bytes before a chunk that is not where it should be" in errors


def test_threads_change_no_byte(sound, put):
    path = put(sound)
    assert dump(path, "--threads", "3") == dump(path)
