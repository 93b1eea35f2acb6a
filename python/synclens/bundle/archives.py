"""read: what is packed how, by its first bytes, and the way into it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from .items import Item, Readable, Unread
from .limits import FLAGS, LimitReached
from .unpack import Counted, Taken, Unpacked, is_of_the_system, words

if TYPE_CHECKING:
    from .walk import Peeked, Walker

COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"MSCF\0\0\0\0": "a cabinet (.cab)",
    b"MSWIM\0\0\0": "a Windows image (.wim)",
    b"\x1f\x9d": "a file packed by compress (.Z)",
    b"\x04\x22\x4d\x18": "a file packed by LZ4",
    b"LZIP": "a file packed by lzip",
}
DOCUMENTS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an Outlook message or old Office file: save what is in it as files",
    b"%PDF-": "a PDF: export the log itself, as .evtx, XML, CSV or text",
    b"\x89PNG": "a picture: export the log itself, as .evtx, XML, CSV or text",
    b"\xff\xd8\xff": "a picture: export the log itself, as .evtx, XML, CSV or text",
}
TAIL = 22 + 65_535 + 20
"""Where a zip's end record may stand: its own size, the longest comment, the locator of zip64."""


def packing(head: bytes) -> str | None:
    """How a file is packed, by its first bytes; None for what is no archive that we open."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04")):
        return "zip"
    for magic, name in COMPRESSED.items():
        if head.startswith(magic):
            return name
    if head[:512].strip(b"\0"):
        from .tars import is_header

        if is_header(head[:512]) or head[257:262] == b"ustar":  # with a wrong checksum: its first header is damaged
            return "tar"
    return None


def other(head: bytes) -> str | None:
    """What is wrapped in a way that we do not open, in words."""
    return next((words for magic, words in OTHERS.items() if head.startswith(magic)), None)


def document(head: bytes) -> str | None:
    """What is no log but may hold or show one, and what to do."""
    return next((words for magic, words in DOCUMENTS.items() if head.startswith(magic)), None)


def has_zip_at_its_end(file: Readable) -> bool:
    """Whether a seekable file (a self-extracting program, say) is a zip behind something else. Keeps its place."""
    seekable = getattr(file, "seekable", None)
    if seekable is None or not seekable():
        return False
    stream = cast(BinaryIO, file)
    place = stream.tell()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - TAIL))
    tail = stream.read(TAIL)
    stream.seek(place)
    at = tail.rfind(b"PK\x05\x06")
    return at >= 0 and len(tail) - at >= 22 and int.from_bytes(tail[at + 20 : at + 22], "little") <= len(tail) - at - 22


def enter(
    walker: Walker, how: str, file: Readable, peeked: Peeked, name: str, depth: int, given: bool
) -> Iterator[Item]:
    """The members of an archive. Damage ends the archive, with an `Unread` that says so; never the walk."""
    budget = walker.budget
    if depth >= budget.limits.depth:
        reason = f"an archive inside {depth} archives: not opened; raise the limit with {FLAGS['depth']}"
        yield Unread(name, "archive", reason, True, given)
        return
    try:
        if how == "zip":
            yield from _zip(walker, file, peeked, name, depth)
        elif how == "tar":
            from . import tars

            yield from tars.members(walker, peeked, name, depth, counted=False)
        else:
            yield from _compressed(walker, how, peeked, name, depth)
    except LimitReached as limit:
        yield Unread(name, "archive", str(limit), True, given)
    except ImportError as missing:
        yield Unread(name, "archive", str(missing), True, given)
    except (GeneratorExit, MemoryError):
        raise
    except Exception as error:  # any of a dozen types, by archive library and Python version
        wrong = "cannot be read" if is_of_the_system(error) else "is damaged"
        yield Unread(name, "archive", f"the {how} archive {wrong}: {words(error)}", True, given)


def guarded(walker: Walker, stream: Readable, name: str, time: str | None, depth: int) -> Iterator[Item]:
    """A member, after which the walk ends when a limit of the whole walk was reached while it was read."""
    yield from walker.stream(stream, name, time, depth + 1)
    if walker.budget.reached is not None:
        raise walker.budget.reached


def _zip(walker: Walker, file: Readable, peeked: Peeked, name: str, depth: int) -> Iterator[Item]:
    """A zip is read from its end: as it lies on disk or in memory; a member or a pipe is held in memory."""
    from . import zips

    seekable = getattr(file, "seekable", None)
    if depth == 0 and seekable is not None and seekable():
        yield from zips.members(walker, cast(BinaryIO, file), name, depth)
        return
    held = io.BytesIO()
    size = 0
    try:
        while part := peeked.read(1 << 20):
            walker.budget.hold(len(part), "an inner zip")
            size += len(part)
            held.write(part)
        yield from zips.members(walker, held, name, depth)
    finally:
        walker.budget.let_go(size)


def _compressed(walker: Walker, how: str, stream: Readable, name: str, depth: int) -> Iterator[Item]:
    from .walk import Peeked

    packed = Taken(stream)
    unpacked = Counted(Unpacked(how, packed, walker.budget), walker.budget, packed)
    peeked = Peeked(unpacked)
    if packing(peeked.head) == "tar":
        from . import tars

        yield from tars.members(walker, peeked, name, depth, counted=True)
    else:
        yield from guarded(walker, peeked, f"{name}/{_without_suffix(name)}", None, depth)


def _without_suffix(name: str) -> str:
    inner = name.rsplit("/", 1)[-1]
    return inner.rsplit(".", 1)[0] if "." in inner else inner
