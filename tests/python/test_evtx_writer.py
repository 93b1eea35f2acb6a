"""The EVTX writer of the samples, read back by readers that share nothing with it."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "samples"))

from makers import binxml as bx  # noqa: E402
from makers.binxml import Element, Instance, Slot, Template  # noqa: E402
from makers.event import UTC, Event, number  # noqa: E402
from makers.event_templates import NAMESPACE, manifest  # noqa: E402
from makers.evtx_writer import CHUNK, DIRTY, FILE_HEADER, TooLarge, encode_evtx, write_evtx  # noqa: E402
from makers.windows_text import event_xml  # noqa: E402

T0 = datetime(2026, 11, 3, 14, 21, 36, 123456, tzinfo=UTC)


def sample_events(clef: str = "\U0001d11e") -> list[Event]:
    """Classic and manifest events of several computers, enough for several chunks. The clef takes two UTF-16 units."""
    events: list[Event] = []
    for n in range(400):
        time = T0 + timedelta(minutes=2 * n)
        events.append(
            Event(
                "Directory Synchronization",
                611,
                time,
                [f'Zeile {n}: ümlaut, <forest-info> & "quotes" {clef}' + " x" * n],
                level=2,
            )
        )
        if n % 9 == 0:
            events.append(
                Event(
                    "Service Control Manager",
                    7036,
                    time,
                    [("param1", "Microsoft Azure AD Sync"), ("param2", "stopped")],
                    channel="System",
                    computer="other.contoso.com",
                    qualifiers=16384,
                    keywords=0x8080000000000000,
                    provider_guid="555908d1-a6d7-4695-8e1e-26931d2012f4",
                    binary=b"A\0D\0",
                    process_id=712,
                    thread_id=9,
                )
            )
        if n % 50 == 0:
            events.append(
                Event(
                    "ADSync",
                    6100,
                    time,
                    ["contoso.com", "", "Export", "0"],
                    level=3,
                    user_sid="S-1-5-18",
                    activity_id="aabbccdd-0011-2233-4455-66778899aabb",
                )
            )
            events.append(Event("ADSync", 2001, time, []))
    return number(events, 500)


def tree(xml: str) -> tuple:
    """Comparable form. An empty element and one without text are the same, and so are both kinds of line end.
    The wheel indents the end tag of an empty element, prints microseconds and bare upper-case GUIDs, and shows the
    empty Binary of a NULL slot."""

    def plain(name: str, value: str) -> str:
        return value.strip("{}").lower() if name in ("Guid", "ActivityID") else re.sub(r"(\.\d{6})0Z\Z", r"\1Z", value)

    def form(element: ET.Element) -> tuple:
        text = "" if len(element) else (element.text or "").replace("\r\n", "\n")
        text = re.sub(r"\A\n *\Z", "", text)
        attributes = {name: plain(name, value) for name, value in element.attrib.items()}
        shown = [child for child in element if not (child.tag.endswith("}Binary") and not (child.text or "").strip())]
        return element.tag, tuple(sorted(attributes.items())), text, tuple(form(child) for child in shown)

    return form(ET.fromstring(xml))


def missing(tool: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{tool} is missing")
    pytest.skip(f"{tool} is not installed")


def by_wheel(data: bytes) -> list[str]:
    if importlib.util.find_spec("evtx") is None:
        missing("the evtx wheel")
    import evtx

    return [record["data"] for record in evtx.PyEvtxParser(io.BytesIO(data)).records()]


# -- the file's own arithmetic


def chunks_of(data: bytes) -> list[bytes]:
    assert (len(data) - FILE_HEADER) % CHUNK == 0
    return [data[at : at + CHUNK] for at in range(FILE_HEADER, len(data), CHUNK)]


def records_of(chunk: bytes) -> list[tuple[int, int, int]]:
    """(offset, size, id) of each record, walked by size."""
    out, at, free = [], 512, struct.unpack_from("<I", chunk, 48)[0]
    while at < free:
        signature, size, identifier = struct.unpack_from("<IIQ", chunk, at)
        assert signature == 0x2A2A and size % 8 == 0
        assert struct.unpack_from("<I", chunk, at + size - 4)[0] == size
        assert chunk[at + 24 : at + 28] == b"\x0f\x01\x01\x00"
        out.append((at, size, identifier))
        at += size
    assert at == free
    return out


def test_headers_checksums_and_ids_are_right():
    events = sample_events()
    data = encode_evtx(events, flags=DIRTY)
    chunks = chunks_of(data)
    assert len(chunks) > 5
    assert data[:8] == b"ElfFile\0"
    first, last, following = struct.unpack_from("<QQQ", data, 8)
    assert (first, last, following) == (0, len(chunks) - 1, events[-1].record_id + 1)
    assert struct.unpack_from("<H", data, 42)[0] == len(chunks)
    assert struct.unpack_from("<II", data, 120) == (DIRTY, zlib.crc32(data[:120]))
    seen, numbers = [], 1
    for chunk in chunks:
        records = records_of(chunk)
        ids = [identifier for _, _, identifier in records]
        first_number, last_number, first_id, last_id, size, last_offset, free, crc = struct.unpack_from(
            "<QQQQIIII", chunk, 8
        )
        assert (first_number, last_number) == (numbers, numbers + len(ids) - 1)
        assert (first_id, last_id, size, last_offset) == (ids[0], ids[-1], 128, records[-1][0])
        assert crc == zlib.crc32(chunk[512:free])
        assert struct.unpack_from("<I", chunk, 124)[0] == zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120]))
        assert not any(chunk[free:])
        numbers += len(ids)
        seen += ids
    assert seen == [event.record_id for event in events]


def test_names_and_templates_stand_once_a_chunk_and_are_in_the_tables():
    for chunk in chunks_of(encode_evtx(sample_events())):
        names = set()
        for bucket in range(64):
            at = struct.unpack_from("<I", chunk, 128 + 4 * bucket)[0]
            while at:
                following, digest, length = struct.unpack_from("<IHH", chunk, at)
                name = chunk[at + 8 : at + 8 + 2 * length].decode("utf-16-le")
                assert digest == bx.name_hash(name) and digest % 64 == bucket and name not in names
                assert following < at  # a new name goes before the bucket's older ones
                assert chunk[at + 8 + 2 * length : at + 10 + 2 * length] == b"\0\0"
                names.add(name)
                at = following
        assert {"Event", "System", "Provider", "EventData", "Data"} <= names
        guids = set()
        for bucket in range(32):
            at = struct.unpack_from("<I", chunk, 384 + 4 * bucket)[0]
            while at:
                following, guid, size = struct.unpack_from("<I16sI", chunk, at)
                assert (
                    guid not in guids and chunk[at + 24 : at + 28] == b"\x0f\x01\x01\x00" and chunk[at + 23 + size] == 0
                )
                guids.add(guid)
                at = following
        assert len(guids) >= 2


def test_the_name_hash_is_windows_own():
    """Values read in a log that Windows wrote."""
    assert (bx.name_hash("Event"), bx.name_hash("System"), bx.name_hash("Guid")) == (0x0CBA, 0x546F, 0x1529)


def test_only_the_first_use_carries_the_definition():
    events = number([Event("P", 1, T0, ["same"]) for _ in range(2)])
    first, second = records_of(chunks_of(encode_evtx(events))[0])
    assert first[1] > second[1] + 1000


# -- independent readers


def test_the_wheel_reads_every_word_back():
    events = sample_events()
    read = by_wheel(encode_evtx(events))
    assert len(read) == len(events)
    for xml, event in zip(read, events, strict=True):
        assert tree(xml) == tree(event_xml(event))


def test_evtx_dump_reads_every_word_back(tmp_path):
    tool = shutil.which("evtx_dump")
    if not tool or b"EVTX Parser" not in subprocess.run([tool, "--version"], capture_output=True).stdout:
        pytest.skip("evtx_dump is not installed, or it is python-evtx's program of that name")
    events = sample_events()
    write_evtx(tmp_path / "log.evtx", events)
    out = subprocess.run([tool, "-t", "1", str(tmp_path / "log.evtx")], capture_output=True, check=True).stdout.decode(
        "utf-8"
    )
    read = re.findall(r"<Event .*?</Event>", out, re.S)
    assert [tree(xml) for xml in read] == [tree(event_xml(event)) for event in events]


def test_libevtx_reads_every_word_back(tmp_path):
    tool = shutil.which("evtxexport")
    if not tool:
        missing("evtxexport of libevtx-utils")
    events = sample_events(clef="")  # libevtx 20181227 spoils surrogate pairs, in Windows' own logs too
    write_evtx(tmp_path / "log.evtx", events)
    done = subprocess.run([tool, str(tmp_path / "log.evtx")], capture_output=True, check=True)
    assert b"nable to" not in done.stderr
    blocks = done.stdout.decode("utf-8").split("Event number")[1:]
    assert len(blocks) == len(events)
    for block, event in zip(blocks, events, strict=True):
        assert f"({event.id})" in block and f": {event.record_id}\n" in block and f": {event.computer}\n" in block
        strings = re.findall(r"^String: \d+\t*: (.*)$", block, re.M)
        words = [item if isinstance(item, str) else item[1] for item in event.data] or [""]
        blob = [event.binary.hex().upper()] if event.binary else []
        assert strings == words + blob


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(min_codepoint=0x20, exclude_categories=("Cs",), exclude_characters="\x7f\ufffe\uffff"),
                max_size=300,
            ),
            min_size=1,
            max_size=6,
        ),
        min_size=1,
        max_size=40,
    )
)
def test_any_texts_come_back(texts):
    events = number([Event("ADSync", 6100, T0, data) for data in texts])
    for xml, data in zip(by_wheel(encode_evtx(events)), texts, strict=True):
        read = [re.sub(r"\A\n *\Z", "", item.text or "") for item in ET.fromstring(xml).iter("{" + NAMESPACE + "}Data")]
        assert read == data


# -- what Windows seldom writes


def test_records_without_templates():
    events = number(
        [
            Event("ADSync", 6100, T0, ["a", "", "b & c"], template=False),
            Event("X", 1, T0, [("Name", "v")], template=False),
        ]
    )
    for xml, event in zip(by_wheel(encode_evtx(events)), events, strict=True):
        assert tree(xml) == tree(event_xml(event))


def test_arrays_of_other_types():
    shape = Template(
        Element(
            "EventData",
            content=(
                Element("Numbers", content=(Slot(0, bx.ARRAY | bx.UINT32, optional=False),)),
                Element("Guids", content=(Slot(1, bx.ARRAY | bx.GUID, optional=False),)),
            ),
        )
    )
    guid = "00112233-4455-6677-8899-aabbccddeeff"
    event = Event("P", 1, T0, body=[Instance(shape, [bx.array(bx.UINT32, [1, 2**32 - 1]), bx.array(bx.GUID, [guid])])])
    (xml,) = by_wheel(encode_evtx(number([event])))
    data = ET.fromstring(xml).find("{" + NAMESPACE + "}EventData")
    text = "".join(data.itertext())
    assert "4294967295" in text and guid in text.lower()


def test_two_instances_in_one_value():
    """The second fragment follows the first one's end, as in forwarded events with processing errors."""
    shape = manifest((("Name", bx.STRING),), False)
    event = Event("P", 1, T0, body=[Instance(shape, [bx.string("one")]), Instance(shape, [bx.string("two")])])
    data = encode_evtx(number([event, Event("P", 2, T0, ["after"])]))
    assert len(records_of(chunks_of(data)[0])) == 2
    read = by_wheel(data)
    # the wheel shows the first instance only
    assert len(read) == 2 and "one" in read[0] and "after" in read[1]


def test_null_values_remove_what_encloses_them():
    event = Event("P", 1, T0, ["x"], qualifiers=None)
    (xml,) = by_wheel(encode_evtx(number([event])))
    system = ET.fromstring(xml).find("{" + NAMESPACE + "}System")
    assert system.find("{" + NAMESPACE + "}EventID").attrib == {}
    assert system.find("{" + NAMESPACE + "}Security").attrib == {}


# -- limits


def test_an_empty_log_is_a_header():
    data = encode_evtx([])
    assert len(data) == FILE_HEADER and struct.unpack_from("<H", data, 42)[0] == 0


def test_a_record_may_fill_a_chunk_but_not_more():
    big = "x" * 31_000
    assert len(chunks_of(encode_evtx(number([Event("P", 1, T0, [big]) for _ in range(3)])))) == 3
    with pytest.raises(TooLarge):
        encode_evtx(number([Event("P", 1, T0, ["x" * 40_000])]))


def test_a_record_that_did_not_fit_leaves_no_names_behind():
    """Its names are those of the next chunk: the closed chunk's tables must not point past its end."""
    odd = Event("P", 2, T0, [("Unusual", "y" * 20_000)])
    data = encode_evtx(number([Event("P", 1, T0, ["x" * 15_000]), odd]))
    first, second = chunks_of(data)
    free = struct.unpack_from("<I", first, 48)[0]
    assert all(head < free for head in struct.unpack_from("<96I", first, 128))
    assert "Unusual".encode("utf-16-le") in second and "Unusual".encode("utf-16-le") not in first
    assert len(by_wheel(data)) == 2


def test_the_same_events_give_the_same_bytes():
    assert encode_evtx(sample_events()) == encode_evtx(sample_events())
