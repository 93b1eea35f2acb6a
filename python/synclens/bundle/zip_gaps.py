"""read: what a zip holds outside its list of files. Another program, or the one that wrote it, may show it as files.

Looked for are signs of files that the list does not name (two zips glued together, a list that lost some), and data
behind the end. What stands between the members otherwise (sizes behind a member, padding, a program in front) is not.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from .archives import TAIL
from .unpack import STEP

if TYPE_CHECKING:
    import zipfile

    from .limits import Budget

LOCAL, END = b"PK\x03\x04", b"PK\x05\x06"
LOCAL_BYTES, END_BYTES = 30, 22


def outside(file: BinaryIO, entries: list[zipfile.ZipInfo], directory: int, budget: Budget) -> Iterator[str]:
    """Sentences on what the list does not name. `entries` in the order of the file, `directory`: where it begins."""
    at = 0
    for begin, end in _places(file, entries, directory):
        if (found := _sign(file, at, begin, budget)) is not None:
            yield f"from byte {found:,} on it holds files that its list does not name: not read"
            break
        at = max(at, end)
    if (behind := _behind(file)) is not None:
        yield f"more data behind the archive's end at byte {behind:,}: not read"


def _places(file: BinaryIO, entries: list[zipfile.ZipInfo], directory: int) -> Iterator[tuple[int, int]]:
    """Where the members begin and where their packed bytes end, without those that are not where the list says; then
    the list itself."""
    for entry in entries:
        file.seek(entry.header_offset)
        header = file.read(LOCAL_BYTES)
        if len(header) == LOCAL_BYTES and header.startswith(LOCAL):
            names = sum(struct.unpack_from("<HH", header, 26))
            yield entry.header_offset, entry.header_offset + LOCAL_BYTES + names + entry.compress_size
    yield directory, directory


def _sign(file: BinaryIO, at: int, end: int, budget: Budget) -> int | None:
    """Where in a gap a file begins; None where none does."""
    budget.look_at_clock()
    if end - at < LOCAL_BYTES:
        return None
    file.seek(at)
    kept = b""
    while at < end and (part := file.read(min(STEP, end - at))):
        budget.look_at_clock()
        at += len(part)
        part = kept + part
        if (found := part.find(LOCAL)) >= 0:
            return at - len(part) + found
        kept = part[-len(LOCAL) + 1 :]
    return None


def _behind(file: BinaryIO) -> int | None:
    """Where data begin behind the end record and its comment, which zipfile looks for in the same way."""
    size = file.seek(0, 2)
    start = max(0, size - TAIL)
    file.seek(start)
    tail = file.read(TAIL)
    if tail[-END_BYTES:].startswith(END) and tail.endswith(b"\0\0"):
        return None
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_BYTES:
        return None
    behind = at + END_BYTES + int.from_bytes(tail[at + 20 : at + 22], "little")
    return start + behind if tail[behind:].strip(b"\0 \t\r\n") else None
