"""read: the walk through what a customer sent.

A source is a path, bytes, a binary file object, a folder, or a list of them. The walk goes through folders and
archives, nested ones too, and gives one item per file: a `Member` to read, or an `Unread` with the reason why it
was left alone. Nothing is unpacked to disk; archive members are streams that must be read before the next item.
"""

from __future__ import annotations

import io
import os
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

from . import _core
from .names import collected_from_name, shown_name

if TYPE_CHECKING:
    from os import PathLike

HEAD = 65_536

Source: TypeAlias = "str | PathLike[str] | bytes | bytearray | memoryview | BinaryIO"


class Readable(Protocol):
    """What a member is read from: as much as one call gives, b"" at the end."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one walk. At a limit the walk ends; what was read until then counts."""

    bytes: int = 64 << 30
    """Bytes that come out of archives, all together."""
    ratio: int = 250
    """How many times larger than its packed form a member may be (above 256 MiB)."""
    members: int = 200_000
    """Files, in folders and archives."""
    depth: int = 6
    """Archives inside archives."""
    folders: int = 64
    """Folders inside folders."""
    seconds: float = 3600.0
    """Time for the whole walk, the reading of its members included."""
    memory: int = 512 << 20
    """Bytes of an inner archive that has to be held in memory."""


FLAGS = {
    "bytes": "--max-bytes",
    "ratio": "--max-ratio",
    "members": "--max-members",
    "depth": "--max-depth",
    "folders": "--max-depth",
    "seconds": "--max-seconds",
    "memory": "--max-memory",
}


@dataclass(frozen=True, slots=True)
class Member:
    """A file to read: `path` where it is one of the disk, else `stream` at its beginning."""

    name: str
    kind: str
    collected: str | None
    path: str | None = None
    stream: Readable | None = None
    given: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is not read, and why. A problem is something that should have been read."""

    name: str
    kind: str
    reason: str
    is_problem: bool
    given: bool = False


Item: TypeAlias = Member | Unread


class LimitReached(Exception):
    """Ends the walk (or one archive of it)."""

    def __init__(self, limit: str, detail: str) -> None:
        super().__init__(f"{detail}; raise the limit with {FLAGS[limit]} if the source is to be trusted")
        self.limit = limit


class Budget:
    """What is left of the limits of one walk."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.seconds
        self.bytes = 0
        self.members = 0
        self.reached: LimitReached | None = None

    def stop(self, limit: str, detail: str) -> LimitReached:
        self.reached = LimitReached(limit, detail)
        return self.reached

    def look_at_clock(self) -> None:
        if time.monotonic() > self.deadline:
            raise self.stop("seconds", f"stopped after {self.limits.seconds:g} seconds")

    def spend(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self.limits.bytes:
            raise self.stop("bytes", f"stopped: more than {self.limits.bytes:,} bytes came out of archives")
        self.look_at_clock()

    def count(self) -> None:
        self.members += 1
        if self.members > self.limits.members:
            raise self.stop("members", f"stopped: more than {self.limits.members:,} files")
        self.look_at_clock()


class Peeked:
    """A stream whose first bytes were looked at. Damage behind the first bytes is raised when they have been read."""

    def __init__(self, stream: Readable, size: int = HEAD) -> None:
        self._stream = stream
        self._failed: Exception | None = None
        parts: list[bytes] = []
        missing = size
        try:
            while missing > 0 and (part := stream.read(min(missing, 4096))):
                parts.append(part)
                missing -= len(part)
        except LimitReached:
            raise
        except Exception as error:
            if not parts:
                raise
            self._failed = error
        self.head = b"".join(parts)
        self._kept = self.head

    def read(self, size: int = -1, /) -> bytes:
        if self._kept:
            size = len(self._kept) if size < 0 else size
            part, self._kept = self._kept[:size], self._kept[size:]
            return part
        if self._failed is not None:
            raise self._failed
        return self._stream.read(size)


def walk(
    sources: Iterable[Source], *, tz: str = "UTC", limits: Limits | None = None, open_closed: bool = False
) -> Iterator[Item]:
    """All files of all sources, in the order given and by name inside folders. Never raises for what it finds."""
    budget = Budget(limits or Limits())
    walker = _Walker(budget, tz, open_closed)
    for number, source in enumerate(sources, 1):
        try:
            yield from walker.source(source, number)
        except LimitReached as limit:
            yield Unread(_name_of(source, number), "unknown", str(limit), True, given=True)
        if budget.reached is not None:
            return


def as_list(source: Source | Iterable[Source]) -> list[Source]:
    """One source or several as a list."""
    if isinstance(source, (str, bytes, bytearray, memoryview, os.PathLike)) or hasattr(source, "read"):
        return [source]  # type: ignore[list-item]
    return list(source)


def _name_of(source: Source, number: int) -> str:
    if isinstance(source, (str, os.PathLike)):
        return shown_name(os.fspath(source))
    name = getattr(source, "name", None)
    return shown_name(name) if isinstance(name, str) else f"source {number}"


class _Walker:
    def __init__(self, budget: Budget, tz: str, open_closed: bool) -> None:
        self.budget = budget
        self.tz = tz
        self.open_closed = open_closed

    def source(self, source: Source, number: int) -> Iterator[Item]:
        name = _name_of(source, number)
        if isinstance(source, (bytes, bytearray, memoryview)):
            yield from self.stream(io.BytesIO(source), name, None, 0, given=True)
        elif isinstance(source, (str, os.PathLike)):
            yield from self._path(Path(os.fspath(source)), name, 0, given=True)
        else:
            yield from self.stream(source, name, None, 0, given=True)

    def _path(self, path: Path, name: str, folders: int, given: bool = False) -> Iterator[Item]:
        try:
            mode = path.stat().st_mode if given else path.lstat().st_mode
        except (OSError, ValueError) as error:
            yield Unread(name, "unknown", _words(error), True, given)
            return
        if stat.S_ISDIR(mode):
            yield from self._folder(path, name, folders, given)
        elif stat.S_ISREG(mode) or (given and stat.S_ISFIFO(mode)):
            yield from self._file(path, name, given)
        else:
            yield Unread(name, "unknown", f"{_node(mode)}: not followed", given, given)

    def _folder(self, path: Path, name: str, folders: int, given: bool) -> Iterator[Item]:
        if folders >= self.budget.limits.folders:
            reason = f"folders inside {folders} folders: not entered; raise the limit with {FLAGS['folders']}"
            yield Unread(name, "unknown", reason, True)
            return
        try:
            entries = sorted(path.iterdir())
        except OSError as error:
            yield Unread(name, "unknown", _words(error), True, given)
            return
        for entry in entries:
            yield from self._path(entry, f"{name.rstrip('/')}/{shown_name(entry.name)}", folders + 1)

    def _file(self, path: Path, name: str, given: bool) -> Iterator[Item]:
        try:
            with path.open("rb") as file:
                yield from self.stream(file, name, None, 0, given=given, path=os.fspath(path))
        except OSError as error:
            yield Unread(name, "unknown", _words(error), True, given)

    def stream(
        self,
        file: Readable,
        name: str,
        member_time: str | None,
        depth: int,
        *,
        given: bool = False,
        path: str | None = None,
    ) -> Iterator[Item]:
        """One file: an archive is entered, the rest is a member or left alone. `member_time` is the archive's word."""
        from . import archives

        self.budget.count()
        try:
            peeked = Peeked(file)
        except LimitReached:
            raise
        except Exception as error:  # a member that cannot even begin: damage, never the end of the walk
            yield Unread(name, "unknown", archives.words(error), True, given)
            return
        packing = archives.packing(peeked.head)
        if packing is not None:
            yield from archives.enter(self, packing, file, peeked, name, depth, given)
            return
        kind = _core.sniff(peeked.head, name)
        collected = collected_from_name(name, self.tz) or member_time
        if kind == "closed" and not self.open_closed:
            yield Unread(name, kind, "left closed on purpose (--open-closed reads Security logs)", False, given)
        elif kind in ("unknown", "empty", "archive"):
            should = name.lower().endswith(".evtx") or kind == "archive"
            yield Unread(name, kind, _describe(kind, peeked.head, should), should or given, given)
        elif path is not None:
            yield Member(name, kind, collected, path=path, given=given)
        else:
            yield Member(name, kind, collected, stream=peeked, given=given)


def _describe(kind: str, head: bytes, should: bool) -> str:
    if not head:
        return "the file is empty"
    if kind == "empty":
        return "nothing but white space or zeros"
    if kind == "archive":
        return "an archive of a kind that synclens does not open: unpack it first"
    if should:
        return "named .evtx, but it has no event log header and no chunk"
    return "not an event log, export, sync log or settings text that synclens knows"


def _words(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)


def _node(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a link"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"
