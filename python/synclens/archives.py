"""read: archives as streams: zip, tar and its compressions, gzip, bzip2, xz; nested ones too."""

from __future__ import annotations

import io
import stat
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from .bundle import FLAGS, LimitReached, Member, Peeked, Readable, Unread
from .names import climbs, clock_time, shown_name

if TYPE_CHECKING:
    import zipfile

    from .bundle import Budget, Item, _Walker

RATIO_FROM = 256 << 20
DIRECTORY_BYTES = 64 << 20
COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}


def packing(head: bytes) -> str | None:
    """How a file is packed, by its first bytes; None for what is no archive that we open."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    for magic, name in COMPRESSED.items():
        if head.startswith(magic):
            return name
    if head[257:262] == b"ustar" or _old_tar(head):
        return "tar"
    return None


def _old_tar(head: bytes) -> bool:
    """A tar header without a magic: known by its checksum."""
    block = head[:512]
    if len(block) < 512 or not block[0]:
        return False
    try:
        stated = int(block[148:156].strip(b" \0") or b"-", 8)
    except ValueError:
        return False
    return stated == sum(block) - sum(block[148:156]) + 8 * 32


def words(error: BaseException) -> str:
    """An error of reading an archive as a part of a sentence."""
    text = str(error) or type(error).__name__
    if isinstance(error, EOFError):
        return "the archive ends too early"
    if isinstance(error, zlib.error):
        return f"damaged compressed data ({text})"
    return text[:300]


def enter(
    walker: _Walker, how: str, file: Readable, peeked: Peeked, name: str, depth: int, given: bool
) -> Iterator[Item]:
    """The members of an archive. Damage ends the archive, with an `Unread` that says so; never the walk."""
    limits = walker.budget.limits
    if depth >= limits.depth:
        reason = f"an archive inside {depth} archives: not opened; raise the limit with {FLAGS['depth']}"
        yield Unread(name, "archive", reason, True, given)
        return
    try:
        if how == "zip":
            yield from _zip(walker, _seekable(file, peeked, depth, limits.memory), name, depth)
        elif how == "tar":
            yield from _tar(walker, peeked, name, depth)
        else:
            yield from _compressed(walker, how, peeked, name, depth)
    except LimitReached as limit:
        yield Unread(name, "archive", str(limit), True, given)
    except (GeneratorExit, MemoryError):
        raise
    except Exception as error:  # any of a dozen types, by archive library and Python version
        yield Unread(name, "archive", f"the {how} archive is damaged: {words(error)}", True, given)


class _Counted(io.RawIOBase):
    """Bytes that come out of an archive, counted against the limits."""

    def __init__(self, inner: Readable, budget: Budget, packed: _Input | int) -> None:
        self._inner = inner
        self._budget = budget
        self._packed = packed
        self._out = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if size < 0 or size > DIRECTORY_BYTES:
            size = DIRECTORY_BYTES
        got = self._inner.read(size)
        self._out += len(got)
        self._budget.spend(len(got))
        packed = self._packed if isinstance(self._packed, int) else self._packed.taken
        if self._out > RATIO_FROM and self._out > self._budget.limits.ratio * max(packed, 1):
            detail = f"stopped: unpacks to more than {self._budget.limits.ratio} times its size"
            raise self._budget.stop("ratio", detail)
        return got

    def readall(self) -> bytes:
        return b"".join(iter(lambda: self.read(1 << 20), b""))


class _Input(io.RawIOBase):
    """Packed bytes, counted, so that the ratio is known while a stream is unpacked."""

    def __init__(self, inner: Readable) -> None:
        self._inner = inner
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        got = self._inner.read(size)
        self.taken += len(got)
        return got

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        got = self.read(len(view))
        view[: len(got)] = got
        return len(got)


class _Directory:
    """A seekable file for zipfile, which reads the whole directory at once: larger ones are refused."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek = file.seek
        self.tell = file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if size > DIRECTORY_BYTES:
            raise ValueError(f"its directory claims {size:,} bytes")
        return self._file.read(size)


def _seekable(file: Readable, peeked: Peeked, depth: int, most: int) -> BinaryIO:
    """The file itself where it lies on disk or in memory, else (a member, a pipe) all of it, held in memory."""
    seekable = getattr(file, "seekable", None)
    if depth == 0 and seekable is not None and seekable():
        return cast(BinaryIO, file)
    held = io.BytesIO()
    while part := peeked.read(1 << 20):
        if held.tell() + len(part) > most:
            raise LimitReached("memory", f"an inner zip of more than {most:,} bytes is not held in memory")
        held.write(part)
    return held


def _zip(walker: _Walker, file: BinaryIO, name: str, depth: int) -> Iterator[Item]:
    import zipfile

    seen: set[str] = set()
    with zipfile.ZipFile(cast(BinaryIO, _Directory(file))) as archive:
        for info in sorted(archive.infolist(), key=lambda i: i.header_offset):
            if info.is_dir() or info.filename.endswith("\\"):
                continue
            inner = shown_name(info.filename).replace("\\", "/")
            shown = f"{name}/{inner}"
            if reason := _zip_refusal(info, inner in seen):
                walker.budget.count()
                yield Unread(shown, "unknown", reason, True)
                continue
            seen.add(inner)
            try:
                member = archive.open(info)
            except Exception as error:  # NotImplementedError, BadZipFile, struct.error, ...
                walker.budget.count()
                yield Unread(shown, "unknown", words(error), True)
                continue
            with member:
                counted = _Counted(cast(Readable, member), walker.budget, info.compress_size)
                time = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*info.date_time)
                stamped = clock_time(time, walker.tz) if info.date_time > (1980, 1, 2) else None
                yield from _guarded(walker, counted, shown, stamped, depth)


def _zip_refusal(info: zipfile.ZipInfo, again: bool) -> str | None:
    mode = info.external_attr >> 16
    if info.flag_bits & 0x1:
        return "encrypted: unpack it with its password first"
    if climbs(info.filename):
        return "its name leaves the archive: not read"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "a link or device: not followed"
    return "a second file of the same name: only the first is read" if again else None


def _guarded(walker: _Walker, stream: Readable, name: str, time: str | None, depth: int) -> Iterator[Item]:
    """A member, after which the walk ends when a limit was reached while it was read."""
    yield from walker.stream(stream, name, time, depth + 1)
    if walker.budget.reached is not None:
        raise walker.budget.reached


def _tar(walker: _Walker, stream: Readable, name: str, depth: int) -> Iterator[Item]:
    import tarfile

    seen: set[str] = set()
    counted = _Counted(stream, walker.budget, 1 << 62)
    with tarfile.open(fileobj=cast(BinaryIO, counted), mode="r|", errorlevel=1) as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # tarfile keeps them all; a stream needs none
            shown = f"{name}/{shown_name(info.name)}"
            if info.isdir():
                continue
            if climbs(info.name):
                reason: str | None = "its name leaves the archive: not read"
            elif not info.isreg():
                reason = "a link, pipe or device: not followed"
            else:
                reason = "a second file of the same name: only the first is read" if info.name in seen else None
            member = archive.extractfile(info) if reason is None else None
            if reason is not None or member is None:
                walker.budget.count()
                yield Unread(shown, "unknown", reason or "not a file", bool(reason and "link" not in reason))
                continue
            seen.add(info.name)
            time = _unix_time(info.mtime)
            yield from _guarded(walker, cast(Readable, member), shown, time, depth)


def _unix_time(seconds: float) -> str | None:
    import datetime

    try:
        moment = datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if seconds > 0 else None


def _compressed(walker: _Walker, how: str, stream: Readable, name: str, depth: int) -> Iterator[Item]:
    packed = _Input(stream)
    unpacked = _Counted(_decompressor(how, packed), walker.budget, packed)
    peeked = Peeked(unpacked)
    if packing(peeked.head) == "tar":
        yield from _tar(walker, peeked, name, depth)
    else:
        inner = name.rsplit("/", 1)[-1]
        inner = inner.rsplit(".", 1)[0] if "." in inner else inner
        yield from _guarded(walker, peeked, f"{name}/{inner}", None, depth)


def _decompressor(how: str, packed: _Input) -> Readable:
    if how == "gzip":
        import gzip

        return cast(Readable, gzip.GzipFile(fileobj=packed))
    if how == "bzip2":
        import bz2

        return cast(Readable, bz2.BZ2File(cast(BinaryIO, packed)))
    import lzma

    return cast(Readable, lzma.LZMAFile(cast(BinaryIO, packed)))


__all__ = ["Member", "enter", "packing", "words"]
