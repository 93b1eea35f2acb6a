#!/usr/bin/env python3
"""Makes the first inputs of every fuzz target out of the makers of the samples: small, one thing each.

python tests/fuzz/seeds.py build/fuzz/seeds
"""

from __future__ import annotations

import struct
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from gzip import compress
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "samples"))

from makers import binxml as bx
from makers import lone_files
from makers import phs_text as say
from makers import settings_text as settings
from makers import windows_text as text
from makers.bundle import run_history
from makers.customers import CONTOSO
from makers.event import Event
from makers.evtx_writer import CHUNK_HEADER, FILE_HEADER, encode_evtx
from makers.log import PHS, at
from makers.site import person

ROOT = Path(__file__).resolve().parents[2]
WHEN = at("2026-11-03 14:21:36")
ANA = person(0, "contoso.com")


def events() -> list[Event]:
    """One event of each shape that a record can have."""
    denied = (
        say.head_611("emea.contoso.com", "dc1.emea.contoso.com", "10.1.1.5") + text.NL + say.drs_details(8453, "no")
    )
    typed = [
        ("Text", "a<b>&\"'\u20ac\U0001f600"),
        ("Count", 7),
        ("Id", bx.guid("b891884f-051e-4a83-95af-2544101c9083")),
        ("Sid", bx.sid("S-1-5-21-1-2-3-500")),
        ("Size", bx.number(bx.HEX64, 1 << 40)),
        ("When", bx.number(bx.FILETIME, 132000000000000000)),
        ("List", bx.array(bx.STRING, ["one", "two", ""])),
        ("Numbers", bx.array(bx.UINT32, [1, 2, 3])),
    ]
    return [
        Event(PHS, 611, WHEN, [denied], level=2, record_id=1),
        Event(PHS, 654, WHEN, ["Ping end. TrackingID : 6f0e0000-0000-4000-8000-000000000001"], record_id=2),
        Event(PHS, 656, WHEN, [say.request(ANA, "11/03/2026 14:21:36")], record_id=3),
        Event(PHS, 657, WHEN, [say.result(ANA)], record_id=4),
        Event("Service Control Manager", 7036, WHEN, typed, channel="System", record_id=5, user_sid="S-1-5-18",
              activity_id="b891884f-051e-4a83-95af-2544101c9083", binary=b"\x01\x02"),
        Event("ADSync", 6900, WHEN, ["plain"], template=False, record_id=6),
    ]  # fmt: skip


def chunk_of(log: list[Event]) -> bytes:
    whole = encode_evtx(log)[FILE_HEADER:]
    return whole[: struct.unpack_from("<I", whole, 48)[0]]


def bodies(chunk: bytes) -> bytes:
    """The records' BinXML, each behind its length: made_chunk.hpp puts the same chunk together again."""
    out, offset = b"", CHUNK_HEADER
    while offset + 28 <= len(chunk):
        size = struct.unpack_from("<I", chunk, offset + 4)[0]
        out += struct.pack("<H", size - 28) + chunk[offset + 24 : offset + size - 4]
        offset += size
    return out


def logs() -> list[list[Event]]:
    every = events()
    return [[event] for event in every] + [every[1:3]]


def records() -> Iterator[bytes]:
    for log in logs():
        for choice in (0, 2, 4, 18, 20, 34, 36, 37):
            yield bodies(chunk_of(log)) + bytes([choice])
    yield chunk_of(events()[1:3]) + bytes([8 | 1])


def evtx() -> Iterator[bytes]:
    for log in logs():
        for choice in (0, 4, 2 | 4, 8, 8 | 16):
            yield bodies(chunk_of(log)) + bytes([choice])
    whole = chunk_of(events()[1:3])
    yield whole + b"\x01"
    yield whole + b"\x05"
    yield encode_evtx(events()[:1])[: FILE_HEADER + len(whole)] + b"\x01"


def with_choices(texts: list[bytes], choices: tuple[int, ...] = (0, 3, 0x80, 0x83)) -> Iterator[bytes]:
    for one in texts:
        for choice in choices:
            yield one + bytes([choice])


def event_xml() -> Iterator[bytes]:
    every = events()
    made = [text.event_xml(event).encode() for event in every]
    yield from with_choices([*made, text.viewer_xml(every[:1]), text.wevtutil_xml(every[3:5])])
    yield from with_choices([b"<!DOCTYPE a [<!ENTITY b 'c'>]><Event>&b;</Event>", b"<Events>" + b"<a>" * 70])


def tables() -> Iterator[bytes]:
    some = events()[:2]
    yield from with_choices([text.viewer_csv(some), text.winevent_csv(some), text.eventlog_csv(some)])
    yield from with_choices(list(lone_files.tables().values()), (0x40, 0x43, 0xC0, 0xC3))


def event_text() -> Iterator[bytes]:
    some = events()[:2]
    yield from with_choices([text.viewer_txt(some), text.format_list(some), text.pasted_text(some)])


def clixml() -> Iterator[bytes]:
    yield from with_choices([text.clixml(events()[:1]), text.clixml(events()[3:5])])


def cmdlets() -> list[bytes]:
    made = [
        settings.scheduler(CONTOSO, WHEN),
        settings.global_settings(CONTOSO, WHEN),
        settings.company_feature(CONTOSO),
        settings.password_sync(CONTOSO),
        settings.partition_state(CONTOSO, WHEN, {"contoso.com": WHEN - timedelta(hours=3)}, {}),
        settings.connectors(CONTOSO),
        settings.rules(CONTOSO),
        settings.credential(CONTOSO),
        settings.lineage(ANA, CONTOSO),
    ]
    return [one.encode() for one in made] + list(lone_files.transcripts().values())


def settings_texts() -> Iterator[bytes]:
    yield from with_choices(cmdlets(), (0, 3, 0x83))
    yield settings.connector_xml(CONTOSO.connectors[0]).encode() + b"\x10"
    yield b"\r\n".join(run_history(CONTOSO, WHEN).splitlines()[:4]) + b"\x20"


def catalogue() -> Iterator[bytes]:
    for file in sorted((ROOT / "python/synclens/catalogue").glob("*.toml")):
        tables = file.read_text("utf-8").split("\n\n")
        for table in tables[:: max(1, len(tables) // 2)]:
            yield table[:2000].encode()
        yield "\n\n".join(tables[:2])[:2000].encode()


def sources() -> Iterator[bytes]:
    """Whole sources of every kind, for the target that sniffs."""
    some = events()
    texts = [text.event_xml(some[0]).encode(), text.viewer_csv(some[:2]), text.viewer_txt(some[:2])]
    texts += [text.format_list(some[2:4]), text.clixml(some[:1]), *lone_files.tables().values(), *cmdlets()]
    for one in texts:
        yield one + b"\x00"
        yield one + b"\x14"
    yield chunk_of(some) + b"\x00"
    yield chunk_of(some) + b"\x18"


def archives() -> Iterator[bytes]:
    inner = {"a/EVENTLOG/X_Application.evtx": chunk_of(events()[:1]), "b.txt": cmdlets()[0], "../c.txt": b"x"}
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        out = BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in inner.items():
                archive.writestr(zipfile.ZipInfo(name), content, method)
        yield out.getvalue()
        nested = BytesIO()
        with zipfile.ZipFile(nested, "w") as archive:
            archive.writestr("inner.zip", out.getvalue())
        yield nested.getvalue()
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in inner.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    yield out.getvalue()
    yield compress(out.getvalue(), mtime=0)
    yield compress(cmdlets()[0], mtime=0)


TARGETS = {
    "evtx_records": records,
    "evtx": evtx,
    "event_xml": event_xml,
    "table": tables,
    "event_text": event_text,
    "clixml": clixml,
    "settings": settings_texts,
    "catalogue": catalogue,
    "analyze": sources,
    "bundle": archives,
}


def main(folder: Path) -> None:
    for target, make in TARGETS.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(make()):
            (folder / target / f"seed-{number:03}").write_bytes(seed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
