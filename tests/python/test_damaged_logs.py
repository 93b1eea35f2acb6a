"""What a log has lost or kept by chance never makes a verdict better."""

from __future__ import annotations

import struct
import zlib
from datetime import timedelta

import pytest

import logs
import synclens
from makers.event import Event, number
from makers.evtx_writer import CHUNK, FILE_HEADER, encode_evtx, file_header

CHUNK_HEADER = 512


def heartbeats(first: int, last: int) -> list[Event]:
    return [
        Event("Directory Synchronization", event_id, logs.START + timedelta(minutes=minute), [text])
        for minute, event_id, text in logs.pings(first, last)
    ]


def others(first: int, last: int) -> list[Event]:
    return [
        Event("ESENT", 102, logs.START + timedelta(minutes=minute), ["svchost (1234) started"])
        for minute in range(first, last, 5)
    ]


def chunks_of(events: list[Event], first_record: int) -> list[bytes]:
    file = encode_evtx(number(events, first_record))
    return [file[at : at + CHUNK] for at in range(FILE_HEADER, len(file), CHUNK)]


def file_of(chunks: list[bytes]) -> bytes:
    last = int.from_bytes(chunks[-1][32:40], "little")
    return file_header(len(chunks), last + 1) + b"".join(chunks)


def ending_after(chunk: bytes, record: int) -> bytes:
    """The chunk as if the records behind that one were remains of an older use of its place."""
    at, last = CHUNK_HEADER, 0
    while int.from_bytes(chunk[at + 8 : at + 16], "little") <= record:
        last, at = at, at + int.from_bytes(chunk[at + 4 : at + 8], "little")
    out = bytearray(chunk)
    first = int.from_bytes(chunk[24:32], "little")
    struct.pack_into("<QQQQ", out, 8, 1, record - first + 1, first, record)
    struct.pack_into("<IIII", out, 40, 128, last, at, zlib.crc32(out[CHUNK_HEADER:at]))
    struct.pack_into("<I", out, 124, zlib.crc32(out[128:CHUNK_HEADER], zlib.crc32(out[:120])))
    return bytes(out)


@pytest.mark.parametrize("lost", ["cut off", "zeroed"])
def test_a_log_that_lost_its_last_chunk_at_its_border_is_not_healthy(lost):
    chunks = chunks_of(sorted(heartbeats(0, 3000) + others(0, 3000), key=lambda event: event.time), 1)
    assert len(chunks) > 2
    whole = file_of(chunks)
    assert synclens.open(whole).verdict.status == "healthy"
    broken = whole[:-CHUNK] + (bytes(CHUNK) if lost == "zeroed" else b"")
    case = synclens.open(broken)
    assert case.verdict.status == "unknown"
    assert case.is_partial
    assert ["1 of the chunks" in problem["what"] for problem in case.inputs[0].problems] == [True]


def test_signs_of_life_in_slack_end_no_silence():
    beats = chunks_of(heartbeats(0, 600), 1)
    assert len(beats) == 1
    live = ending_after(beats[0], 10)  # the fifth ping's end, at 02:00; what follows is slack
    log = file_of([live, *chunks_of(others(120, 720), 11)])
    plain, recovered = synclens.open(log), synclens.open(log, recover=True)
    states = [event.record_id for event in recovered.events if event.state == "slack"]
    assert states == list(range(11, 41))
    for case in (plain, recovered):
        assert case.verdict.status == "failing"
        assert [(finding.cause, finding.status) for finding in case.findings] == [("channel-silent", "ongoing")]
        assert case.verdict.since == "2026-03-10T02:00:06Z"


def test_a_fault_in_slack_is_shown_with_recovery_only():
    fault = Event("Directory Synchronization", 611, logs.START + timedelta(minutes=700), [logs.DENIED], level=2)
    beats = chunks_of([*heartbeats(0, 690), fault], 1)
    assert len(beats) == 1
    log = file_of([ending_after(beats[0], 46)])
    assert synclens.open(log).verdict.status == "healthy"
    recovered = synclens.open(log, recover=True)
    assert [finding.cause for finding in recovered.findings] == ["replication-permission-missing"]
    assert recovered.verdict.status != "healthy"
