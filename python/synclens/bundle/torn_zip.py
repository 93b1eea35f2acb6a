"""read: a zip without its directory (cut off on its way, or with an absurd one): its members one after the other.

Only what stands in front of each member is used. The reader goes forward and holds one member's window.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from .archives import guarded
from .items import Item, Readable, Unread
from .names import climbs, shown_name
from .unpack import EARLY, STEP, Counted, Taken, Unpacked
from .zips import AGAIN, CLIMBS, ENCRYPTED, OWN, Checked, decoded_name, refused_name, stamp, unknown_method

if TYPE_CHECKING:
    from .walk import Walker

LOCAL, SPANNED = b"PK\x03\x04", (b"PK\x07\x08", b"PK00")
ENDS = (b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x08")
DESCRIPTOR = b"PK\x07\x08"
ZIP64 = 0xFFFFFFFF


class _Rewindable:
    """The file, forward, with a few bytes that can be given back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._kept = b""
        self.at = 0

    def read(self, size: int = -1, /) -> bytes:
        if not self._kept:
            got = self._file.read(STEP if size < 0 else min(size, STEP))
        else:
            got, self._kept = self._kept[:size], self._kept[size:]
        self.at += len(got)
        return got

    def exactly(self, size: int) -> bytes:
        """As many bytes, or fewer at the end of the file."""
        parts = [self.read(size)]
        missing = size - len(parts[0])
        while missing and (part := self.read(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def give_back(self, data: bytes) -> None:
        self._kept = data + self._kept
        self.at -= len(data)


class _Bounded:
    """So many packed bytes of the file and no more."""

    def __init__(self, file: _Rewindable, size: int) -> None:
        self._file = file
        self.left = size

    def read(self, size: int = -1, /) -> bytes:
        got = self._file.read(min(self.left, STEP if size < 0 else size)) if self.left else b""
        if self.left and not got:
            raise EOFError(EARLY)
        self.left -= len(got)
        return got


class _Header:
    """What stands in front of a member."""

    def __init__(self, file: _Rewindable) -> None:
        block = file.exactly(26)
        if len(block) < 26:
            raise EOFError(EARLY)
        (_, self.flags, self.method, time, date, self.crc, self.packed, self.size, name, extra) = struct.unpack(
            "<HHHHHIIIHH", block
        )
        raw, self.extra = file.exactly(name), file.exactly(extra)
        if len(self.extra) < extra or len(raw) < name:
            raise EOFError(EARLY)
        named = raw.decode("utf-8", "replace") if self.flags & 0x800 else decoded_name(raw, self.extra)
        self.name = named.split("\0", 1)[0].replace("\\", "/")
        self.clock = (1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2)
        self.described = bool(self.flags & 0x8)
        if ZIP64 in (self.packed, self.size):
            self._take_zip64()

    def _take_zip64(self) -> None:
        at = 0
        while at + 4 <= len(self.extra):
            kind, size = struct.unpack_from("<HH", self.extra, at)
            if kind == 1 and size >= 16 and at + 20 <= len(self.extra):
                self.size, self.packed = struct.unpack_from("<QQ", self.extra, at + 4)
                return
            at += 4 + size


def members(walker: Walker, source: BinaryIO, name: str, depth: int, why: str) -> Iterator[Item]:
    """The members in front of the damage, then an `Unread` for the archive with the reason `why`."""
    source.seek(0)
    file = _Rewindable(source)
    seen: set[str] = set()
    read = 0
    ending = ""
    while (signature := file.exactly(4)) not in ENDS:
        if signature in SPANNED and not seen:
            continue
        if signature != LOCAL:
            ending = f"; what follows at byte {file.at - len(signature):,} is no member" if signature else ""
            break
        try:
            header = _Header(file)
        except EOFError:
            break
        if not header.name:
            ending = f"; what follows at byte {file.at:,} is no member"
            break
        shown = f"{name}/{shown_name(header.name)}"
        if header.name.endswith("/") and not header.packed and not header.described:
            continue
        reason = _refusal(header, header.name in seen)
        if reason is not None:
            walker.budget.count()
            yield Unread(refused_name(shown, reason), "unknown", reason, True)
            if header.described and not header.packed:
                ending = f"; where {shown_name(header.name)} ends is stated only in the list"
                break
            if not _skipped(file, header.packed):
                break
            continue
        seen.add(header.name)
        member = _Member(walker, file, header)
        yield from guarded(walker, member, shown, stamp(header.clock, walker.tz), depth)
        if not member.finish():
            ending = f"; {shown_name(header.name)} is incomplete"
            break
        read += 1
    yield Unread(name, "archive", f"{why}. {_read(read)}{ending}", True, not depth)


def _read(files: int) -> str:
    if files == 0:
        return "No file in it could be read"
    return f"{files} file{' in front of that was' if files == 1 else 's in front of that were'} read"


def _refusal(header: _Header, again: bool) -> str | None:
    if header.flags & 0x1:
        return ENCRYPTED
    if climbs(header.name):
        return CLIMBS
    if again:
        return AGAIN
    if header.method not in (0, 8) and header.method not in OWN:
        return unknown_method(header.method)
    if header.method == 0 and header.described and not header.packed:
        return "how long it is was stated only in the archive's list: not read"
    return None


def _skipped(file: _Rewindable, size: int) -> bool:
    while size and (part := file.read(min(size, STEP))):
        size -= len(part)
    return not size


class _Member:
    """A member's bytes; `finish` goes to the one behind it."""

    def __init__(self, walker: Walker, file: _Rewindable, header: _Header) -> None:
        self._file = file
        self._header = header
        known = not header.described or bool(header.packed)
        self._bounded = _Bounded(file, header.packed) if known else None
        packed = Taken(self._bounded if self._bounded is not None else file)
        how = "deflate" if header.method == 8 else OWN.get(header.method)
        self._unpacked = None
        self._failed = False
        inner: Readable = packed
        if how is not None:
            try:
                inner = self._unpacked = Unpacked(how, packed, walker.budget, several=False)
            except ImportError as missing:
                inner = _Missing(missing)
        checked = Checked(inner, header.size, header.crc) if not header.described else inner
        self._counted = Counted(checked, walker.budget, packed)

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._counted.read(size)
        except Exception:
            self._failed = True
            raise

    def finish(self) -> bool:
        """Goes behind the member; False where nobody knows where that is."""
        if self._bounded is not None:
            return _skipped(self._file, self._bounded.left) and self._described()
        if self._failed:
            return False
        try:
            while self.read(STEP):
                pass
        except Exception:
            return False
        assert self._unpacked is not None
        self._file.give_back(self._unpacked.rest)
        return self._described()

    def _described(self) -> bool:
        """Goes behind the data descriptor: 12 or 20 bytes, with or without a signature before them."""
        if not self._header.described:
            return True
        block = self._file.exactly(28)
        marked = 4 if block.startswith(DESCRIPTOR) else 0
        for size in (12 + marked, 20 + marked):
            if block[size : size + 4] in (LOCAL, *ENDS) or len(block) == size:
                self._file.give_back(block[size:])
                return True
        return False


class _Missing:
    """A member whose decompressor is not installed: says so when it is read."""

    def __init__(self, error: ImportError) -> None:
        self._error = error

    def read(self, size: int = -1, /) -> bytes:
        raise ValueError(str(self._error))
