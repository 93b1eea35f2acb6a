"""read: zip archives, by their directory. One that cannot be trusted is read member by member: torn_zip.py."""

from __future__ import annotations

import copy
import io
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from .archives import guarded
from .items import Item, Readable, Unread
from .limits import LimitReached
from .names import SECOND, climbs, clock_time, shown_name
from .unpack import BY_HAND, EARLY, OVERLAPS, Counted, Unpacked, words

if TYPE_CHECKING:
    import zipfile

    from .limits import Budget
    from .walk import Walker

DIRECTORY_BYTES = 32 << 20
LISTED_BYTES = 700
"""What zipfile and the walk keep in memory of each file that a zip lists, measured."""
METHODS = {
    1: "Shrink", 6: "Implode", 10: "DCL Implode", 96: "JPEG", 97: "WavPack", 98: "PPMd", 99: "AES"
}  # fmt: skip
OWN = {9: "deflate64", 20: "zstd", 93: "zstd", 95: "xz"}
"""Methods that zipfile does not know (of every Python), and what reads them."""
LIBRARY = (0, 8, 12, 14)
EMPTY_ZIP = 22  # bytes of an end record and nothing else
EMPTY_PACKED = 32
"""Bytes that nothing may take when it is packed: Java, for one, deflates its folders. No log is as small."""
ENCRYPTED = "encrypted: unpack it with its password first"
CLIMBS = f"its name leaves the archive: not read; {BY_HAND}"
AS_FOLDER = f"named as a folder, but with content: not read; {BY_HAND}"
AGAIN = f"a second file of the same name: only the first is read; {BY_HAND}"


def refused_name(shown: str, reason: str) -> str:
    """A second file of one name gets a name of its own: what is said of it is not said of the first."""
    return shown + SECOND if reason == AGAIN else shown


class _Directory:
    """A seekable file for zipfile, which reads the whole directory at once: absurd ones are refused before."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file = file
        self._budget = budget
        self._entries = budget.limits.members - budget.members
        self.held = 0
        self.opening = True
        self.seek = file.seek
        self.tell = file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if self.opening and size > DIRECTORY_BYTES:
            raise LimitReached("memory", f"its directory claims {size:,} bytes")
        got = self._file.read(size)
        if self.opening:
            listed = got.count(b"PK\x01\x02")
            if listed > self._entries:
                raise LimitReached("members", f"its directory lists more than {self._entries:,} files")
            self._budget.hold(listed * LISTED_BYTES, f"a list of {listed:,} files")
            self.held += listed * LISTED_BYTES
        return got

    def let_go(self) -> None:
        self._budget.let_go(self.held)
        self.held = 0


def members(walker: Walker, file: BinaryIO, name: str, depth: int) -> Iterator[Item]:
    directory = _Directory(file, walker.budget)
    try:
        yield from _members(walker, file, directory, name, depth)
    finally:
        directory.let_go()


def _members(walker: Walker, file: BinaryIO, directory: _Directory, name: str, depth: int) -> Iterator[Item]:
    import zipfile

    from . import torn_zip, zip_gaps

    try:
        archive = zipfile.ZipFile(cast(BinaryIO, directory))
    except MemoryError:
        raise
    except LimitReached as limit:
        yield from torn_zip.members(walker, file, name, depth, str(limit))
        return
    except Exception as error:  # BadZipFile, struct.error, UnicodeDecodeError, NotImplementedError, ...
        yield from torn_zip.members(walker, file, name, depth, _torn(error))
        return
    directory.opening = False
    with archive:
        entries = sorted(archive.infolist(), key=lambda i: i.header_offset)
        if not entries:
            if file.seek(0, io.SEEK_END) > EMPTY_ZIP:
                yield from torn_zip.members(walker, file, name, depth, "the zip is damaged: its list of files is empty")
            else:
                yield Unread(name, "archive", "a zip without a file", False, depth == 0)
            return
        end = archive.start_dir
        after = [entry.header_offset for entry in entries[1:]] + [end]
        seen: set[str] = set()
        for info, following in zip(entries, after, strict=True):
            inner = member_name(info).replace("\\", "/")
            shown = f"{name}/{shown_name(inner)}"
            if _is_folder(info, inner) and not info.file_size and info.compress_size <= EMPTY_PACKED:
                continue
            overlaps = info.header_offset + 30 + info.compress_size > following
            if reason := _refusal(info, inner, inner in seen, overlaps):
                walker.budget.count()
                yield Unread(refused_name(shown, reason), "unknown", reason, True)
                continue
            seen.add(inner)
            try:
                member = _opened(walker, archive, file, info)
            except Exception as error:  # BadZipFile, struct.error, ...
                walker.budget.count()
                yield Unread(shown, "unknown", words(error), True)
                continue
            counted = Counted(member, walker.budget, info.compress_size)
            yield from guarded(walker, counted, shown, stamp(info.date_time, walker.tz), depth)
        for sentence in zip_gaps.outside(file, entries, end, walker.budget):
            yield Unread(name, "archive", sentence, True, depth == 0)


def _torn(error: Exception) -> str:
    text = str(error)
    if "File is not a zip file" in text:
        return "the zip is damaged or was cut off: the list of files at its end is missing. Ask for it again"
    if "multiple disks" in text:
        return "one part of a zip in several parts: join them first"
    return f"the zip is damaged: its list of files cannot be read ({words(error)})"


def _is_folder(info: zipfile.ZipInfo, name: str) -> bool:
    return name.endswith("/") or stat.S_IFMT(info.external_attr >> 16) == stat.S_IFDIR


def _refusal(info: zipfile.ZipInfo, name: str, again: bool, overlaps: bool) -> str | None:
    method = info.compress_type
    if info.flag_bits & 0x1:
        return ENCRYPTED
    if climbs(name):
        return CLIMBS
    if _is_folder(info, name):
        return AS_FOLDER
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return f"a link or device: not followed; {BY_HAND}"
    if again:
        return AGAIN
    if overlaps:
        return OVERLAPS
    if method not in LIBRARY and method not in OWN:
        return unknown_method(method)
    return None


def unknown_method(method: int) -> str:
    known = METHODS.get(method)
    return f"packed by {known or 'an unknown method'} (method {method}), which synclens does not open: unpack it first"


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 without saying so; the rest is the old OEM code page."""
    name = info.orig_filename
    if not info.flag_bits & 0x800 and not name.isascii():
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:  # a Python that has looked into the extra field itself
            return info.filename
        name = decoded_name(raw, info.extra)
    return name.split("\0", 1)[0]


def decoded_name(raw: bytes, extra: bytes) -> str:
    """A name that is not marked as UTF-8: Info-ZIP's Unicode name where it belongs to it, else UTF-8, else cp437."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if kind == 0x7075 and len(body) > 5 and body[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            raw = body[5:]
            break
        at += 4 + size
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def stamp(clock: tuple[int, ...], tz: str) -> str | None:
    """When a member was written, by the clock of who packed it; None for the zip format's zero."""
    if clock <= (1980, 1, 2):
        return None
    return clock_time("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*clock), tz)


def _opened(walker: Walker, archive: zipfile.ZipFile, file: BinaryIO, info: zipfile.ZipInfo) -> Readable:
    most = walker.budget.limits.memory
    if info.compress_type == 14 and (size := _lzma_dictionary(file, info)) > most:
        raise LimitReached("memory", f"its dictionary claims {size:,} bytes")
    raw = copy.copy(info)
    del raw.CRC  # zipfile would drop the last bytes with the error; Checked gives them first
    how = OWN.get(info.compress_type)
    if how is None:
        return Checked(cast(Readable, archive.open(raw)), info.file_size, info.CRC)
    raw.compress_type = 0
    raw.file_size = info.compress_size
    unpacked = Unpacked(how, cast(Readable, archive.open(raw)), walker.budget, several=False)
    return Checked(unpacked, info.file_size, info.CRC)


def _lzma_dictionary(file: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Bytes of memory that an LZMA member asks for, out of the five bytes of its properties."""
    file.seek(info.header_offset)
    header = file.read(30)
    file.seek(info.header_offset + 30 + sum(struct.unpack_from("<HH", header, 26)))
    return int(struct.unpack_from("<I", file.read(9), 5)[0])


class Checked:
    """A member's bytes with its stated size and checksum looked at when it ends."""

    def __init__(self, inner: Readable, size: int | None, crc: int | None) -> None:
        self._inner = inner
        self._size = size
        self._expected = crc
        self._crc = 0
        self._read = 0

    def read(self, size: int = -1, /) -> bytes:
        got = self._inner.read(size)
        self._crc = zlib.crc32(got, self._crc)
        self._read += len(got)
        if self._size is not None and self._read > self._size:
            raise ValueError(f"it is longer than the {self._size:,} bytes that it claims")
        if not got and size != 0:
            if self._size is not None and self._read != self._size:
                raise EOFError(EARLY)
            if self._expected is not None and self._crc != self._expected:
                raise ValueError("its checksum is wrong: it was damaged after it was packed")
        return got
