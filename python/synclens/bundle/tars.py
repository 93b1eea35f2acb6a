"""read: tar archives as streams: ustar, pax, GNU and the old kind.

Own code, since the standard library's reader lets a header claim as much memory and time as it likes (a pax header of
gigabytes, a sparse file of 2^60 zeros, maps without end). Here a header is 512 bytes, what extends it is bounded, and
sparse files are left alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .archives import guarded
from .items import Item, Readable, Unread
from .names import climbs, should_be_read, shown_name
from .unpack import BY_HAND, EARLY, STEP, Counted
from .zips import AGAIN, AS_FOLDER, CLIMBS, refused_name

if TYPE_CHECKING:
    from .limits import Budget
    from .walk import Walker

BLOCK = 512
EXTENDED_BYTES = 1 << 20
"""A pax header or long name above this is absurd: names have at most some thousand bytes."""
LINKS = {b"1": "a hard link", b"2": "a link", b"3": "a device", b"4": "a device", b"6": "a pipe"}
NO_END = "it ends without a tar's end mark: files behind may be missing"
FILES = (b"0", b"\0", b"7")
FOLDER = b"5"
"""What it states as its size is the room that the folder may take: no content follows."""
DUMPED, LABEL = b"D", b"V"
"""A folder of GNU's incremental archives, with the names that it held, and the label of a volume, without content."""


def is_header(block: bytes) -> bool:
    """Whether a block is a tar header: its checksum says so (the oldest kind has no other sign)."""
    if len(block) < BLOCK or not block[0]:
        return False
    stated = _octal(block[148:156])
    if stated is None:
        return False
    rest = block[:148] + b" " * 8 + block[156:]
    return stated == sum(rest) or stated == sum(rest) - 256 * sum(1 for byte in rest if byte > 127)


def _octal(field: bytes) -> int | None:
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else None


def _number(field: bytes) -> int | None:
    """A size or time: octal, or base 256 where its first bit is set. None where it is neither or negative."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    return 0 if not field.strip(b" \0") else _octal(field)


class _Blocks:
    """The archive's bytes, forward."""

    def __init__(self, stream: Readable, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self.at = 0

    def read(self, size: int) -> bytes:
        got = self._stream.read(min(size, STEP))
        self.at += len(got)
        return got

    def exactly(self, size: int) -> bytes:
        """As many bytes, or fewer at the end of the archive."""
        parts = []
        while size and (part := self.read(size)):
            parts.append(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def skip(self, size: int) -> None:
        while size:
            self._budget.look_at_clock()
            part = self.read(size)
            if not part:
                raise EOFError(EARLY)
            size -= len(part)


class _Content:
    """One member's bytes."""

    def __init__(self, blocks: _Blocks, size: int) -> None:
        self._blocks = blocks
        self.left = size

    def read(self, size: int = -1, /) -> bytes:
        if not self.left or not size:
            return b""
        got = self._blocks.read(min(self.left, STEP if size < 0 else size))
        if not got:
            raise EOFError(EARLY)
        self.left -= len(got)
        return got


class _Extended:
    """What pax headers and GNU's long names say of the member behind them."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.size: int | None = None
        self.time: float | None = None
        self.sparse = False

    def take(self, records: bytes) -> None:
        """The records "length key=value" of a pax header; raises ValueError for what is none."""
        at = 0
        while at < len(records) and records[at : at + 1] != b"\0":
            space = records.find(b" ", at, at + 20)
            digits = records[at:space] if space > at else b""
            if not digits.isdigit():
                raise ValueError("a pax header is damaged")
            end = at + int(digits)
            key, equals, value = records[space + 1 : end - 1].partition(b"=")
            if end <= space + 1 or end > len(records) or not equals:
                raise ValueError("a pax header is damaged")
            self._set(key, value)
            at = end

    def _set(self, key: bytes, value: bytes) -> None:
        if key == b"path":
            self.name = _text(value)
        elif key == b"size" and value.isdigit() and len(value) < 20:
            self.size = int(value)
        elif key == b"mtime":
            try:
                self.time = float(value)
            except ValueError:
                self.time = None
        elif key.startswith(b"GNU.sparse."):
            self.sparse = True
            if key == b"GNU.sparse.name":
                self.name = _text(value)


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


class _Damage:
    """What of an archive is no member, from a bad header to the next good one. Said once for all places: a header of
    512 bytes each would give more lines than the archive has members."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._places = 0
        self._bytes = 0

    def add(self, at: int, size: int) -> None:
        self._first = at if self._first is None else self._first
        self._places += 1
        self._bytes += size

    def said(self) -> str | None:
        if self._first is None:
            return None
        places = f" in {self._places:,} places" if self._places > 1 else ""
        return f"the tar archive is damaged from byte {self._first:,} on: {self._bytes:,} bytes{places} are no member"


def members(walker: Walker, stream: Readable, name: str, depth: int, *, counted: bool) -> Iterator[Item]:
    """The members of a tar. `counted`: the stream counts against the limits already."""
    damage = _Damage()
    try:
        yield from _members(walker, stream, name, depth, counted, damage)
    except MemoryError:
        raise
    except Exception:
        if said := damage.said():
            yield Unread(name, "archive", said, True, not depth)
        raise
    if said := damage.said():
        yield Unread(name, "archive", said, True, not depth)


def _members(walker: Walker, stream: Readable, name: str, depth: int, counted: bool, damage: _Damage) -> Iterator[Item]:
    blocks = _Blocks(stream, walker.budget)
    seen: set[str] = set()
    extended = _Extended()
    lost: int | None = None
    """Where what is no member begins. It ends at a good header: zeros are none, and any content has some."""
    end = 0
    while True:
        block = blocks.exactly(BLOCK)
        if lost is None and len(block) == BLOCK and not block.strip(b"\0"):
            block = blocks.exactly(BLOCK)
            if not block.strip(b"\0"):
                break
            lost = blocks.at - len(block) - BLOCK
        if not is_header(block):
            if lost is None:
                lost = end = blocks.at - len(block)
            if block.strip(b"\0"):
                end = blocks.at
            walker.budget.look_at_clock()
            if len(block) == BLOCK:
                continue
            if end > lost:
                damage.add(lost, end - lost)
            else:
                yield Unread(name, "archive", NO_END, True, not depth)
            return
        if lost is not None:
            damage.add(lost, blocks.at - BLOCK - lost)
            lost, extended = None, _Extended()
        kind = block[156:157]
        size = _number(block[124:136])
        if size is None or size >= 1 << 60:
            raise ValueError(f"the header at byte {blocks.at - BLOCK:,} claims an impossible size")
        if kind in (b"x", b"g", b"X", b"L", b"K"):
            _extend(blocks, extended, kind, size)
            continue
        size = extended.size if extended.size is not None else size
        inner = extended.name if extended.name is not None else _header_name(block)
        shown = f"{name}/{shown_name(inner)}"
        if kind == b"S":
            _skip_sparse_map(blocks, block)
        holds = 0 if kind in LINKS or kind == FOLDER else size
        padding = -holds % BLOCK
        reason = _refusal(kind, inner, inner in seen, extended.sparse, holds)
        if kind == DUMPED and reason == AS_FOLDER and holds <= EXTENDED_BYTES:
            listed = blocks.exactly(holds)
            holds -= len(listed)
            reason = None if _is_list_of_names(listed) else reason
        if reason:
            walker.budget.count()
            yield Unread(refused_name(shown, reason), "unknown", reason, kind not in LINKS or should_be_read(inner))
        elif kind in FILES and not inner.endswith("/"):
            seen.add(inner)
            content = _Content(blocks, size)
            member = content if counted else Counted(content, walker.budget, size)
            time = extended.time if extended.time is not None else _number(block[136:148])
            yield from guarded(walker, member, shown, _unix_time(time), depth)
            holds = content.left
        blocks.skip(holds + padding)
        extended = _Extended()
    yield from _behind(walker, blocks, name, depth)


def _header_name(block: bytes) -> str:
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345]:
        name = f"{_text(block[345:500])}/{name}"
    return name


def _extend(blocks: _Blocks, extended: _Extended, kind: bytes, size: int) -> None:
    if size > EXTENDED_BYTES:
        raise ValueError(f"the header at byte {blocks.at - BLOCK:,} is followed by {size:,} bytes of names and times")
    data = blocks.exactly(size)
    if len(data) < size:
        raise EOFError(EARLY)
    blocks.skip(-size % BLOCK)
    if kind == b"L":
        extended.name = _text(data)
    elif kind in (b"x", b"X"):
        extended.take(data)


def _refusal(kind: bytes, name: str, again: bool, sparse: bool, holds: int) -> str | None:
    if climbs(name):
        return CLIMBS
    if kind in LINKS:
        return f"{LINKS[kind]}: not followed" + (f"; {BY_HAND}" if should_be_read(name) else "")
    if sparse or kind == b"S":
        return f"a sparse file: not read; pack it again without --sparse, or {BY_HAND}"
    if kind == b"M":
        return f"a part of a file that begins in another archive: not read; {BY_HAND}"
    if kind in (FOLDER, DUMPED, LABEL) or (kind in FILES and name.endswith("/")):
        return AS_FOLDER if holds else None
    if kind not in FILES:
        return "of a kind that tar does not define: not read"
    return AGAIN if again else None


def _is_list_of_names(content: bytes) -> bool:
    """Whether a folder of an incremental archive holds what it should: a letter and a name each, ended by zeros."""
    names = content.rstrip(b"\0").split(b"\0")
    return content.endswith(b"\0") and all(
        name[:1] in (b"", b"D", b"N", b"R", b"S", b"T", b"X", b"Y") for name in names
    )


def _skip_sparse_map(blocks: _Blocks, header: bytes) -> None:
    """GNU's old sparse files: more of the map may follow the header."""
    more = header[482]
    while more:
        block = blocks.exactly(BLOCK)
        if len(block) < BLOCK:
            raise EOFError(EARLY)
        more = block[504]


def _behind(walker: Walker, blocks: _Blocks, name: str, depth: int) -> Iterator[Item]:
    """To the end of the stream: its checksum is looked at there, and nothing may hide behind the end mark."""
    at = blocks.at
    hidden = False
    while part := blocks.read(STEP):
        walker.budget.look_at_clock()
        hidden = hidden or bool(part.strip(b"\0"))
    if hidden:
        yield Unread(
            name, "archive", f"more data behind the archive's end mark at byte {at:,}: not read", True, not depth
        )


def _unix_time(seconds: float | None) -> str | None:
    if seconds is None or not 0 < seconds < 1e11:
        return None
    try:
        moment = datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
