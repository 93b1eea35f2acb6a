"""read: the walk through what a customer sent.

A source is a path, bytes, a binary file object, a folder, or a list of them. The walk goes through folders and
archives, nested ones too, and gives one item per file: a `Member` to read, or an `Unread` with the reason why it
was left alone. Nothing is unpacked to disk; archive members are streams that must be read before the next item.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from synclens import _core

from . import archives, closed
from .items import Given, Item, Member, MemoryFile, Readable, Source, Unread, is_memory
from .limits import FLAGS, Budget, LimitReached, Limits
from .names import collected_from_name, should_be_read, shown_name
from .unpack import Taken, words

HEAD = 65_536
MOUNT_POINT = 0xA0000003
"""Windows' junctions: folders to lstat, links in truth."""


class Peeked:
    """A stream whose first bytes were looked at. What fails behind the first of them is raised when they were read."""

    def __init__(self, stream: Readable, size: int = HEAD) -> None:
        self._stream = stream
        self.failed: Exception | None = None
        parts: list[bytes] = []
        missing = size
        try:
            while missing > 0 and (part := stream.read(min(missing, 16_384))):
                parts.append(part)
                missing -= len(part)
        except Exception as error:  # damage, or a limit
            if not parts:
                raise
            self.failed = error
        self.head = b"".join(parts)
        self._kept = self.head

    def read(self, size: int = -1, /) -> bytes:
        if self._kept:
            size = len(self._kept) if size < 0 else size
            part, self._kept = self._kept[:size], self._kept[size:]
            return part
        if self.failed is not None:
            raise self.failed
        return self._stream.read(size)


def walk(
    sources: Iterable[Given], *, tz: str = "UTC", limits: Limits | None = None, open_closed: bool = False
) -> Iterator[Item]:
    """All files of all sources, in the order given and by name inside folders. Never raises for what it finds."""
    budget = Budget(limits or Limits())
    walker = Walker(budget, tz, open_closed)
    for number, source in enumerate(sources, 1):
        if isinstance(source, Unread):
            yield source
            continue
        try:
            yield from walker.source(source, number)
        except LimitReached as limit:
            yield Unread(name_of(source, number), "unknown", str(limit), True, given=True, lost=True)
        if budget.reached is not None:
            return


def name_of(source: Source, number: int) -> str:
    """How a source is called in all that is said of it."""
    if isinstance(source, (str, os.PathLike)):
        return shown_name(os.fspath(source)) or "''"
    name = getattr(source, "name", None)
    return shown_name(name) if isinstance(name, str) else f"source {number}"


class Walker:
    """One walk: what it may spend, and how it reads."""

    def __init__(self, budget: Budget, tz: str, open_closed: bool) -> None:
        self.budget = budget
        self.tz = tz
        self.open_closed = open_closed

    def source(self, source: Source, number: int) -> Iterator[Item]:
        name = name_of(source, number)
        if is_memory(source):
            with io.BytesIO(source) if isinstance(source, bytes) else io.BufferedReader(MemoryFile(source)) as file:
                self.budget.packed += file.seek(0, io.SEEK_END)
                file.seek(0)
                yield from self.stream(file, name, None, 0, given=True, data=source)
        elif source == "":  # pathlib takes it for the current folder
            yield Unread(name, "unknown", "an empty path", True, given=True, lost=True)
        elif isinstance(source, (str, os.PathLike)):
            yield from self._path(Path(os.fspath(source)), name, given=True)
        else:
            yield from self._object(cast(BinaryIO, source), name)

    def _object(self, file: BinaryIO, name: str) -> Iterator[Item]:
        seekable = getattr(file, "seekable", None)
        if seekable is None or not seekable():
            yield from self.stream(Taken(file, self.budget), name, None, 0, given=True)
            return
        place = file.tell()
        self.budget.packed += file.seek(0, io.SEEK_END)
        file.seek(place)
        yield from self.stream(file, name, None, 0, given=True)

    def _path(self, path: Path, name: str, given: bool = False) -> Iterator[Item]:
        """A file, or a folder and all below it: on a stack of our own, since Python's ends before folders do."""
        todo = [(path, name, 0, given)]
        while todo:
            path, name, folders, given = todo.pop()
            try:
                status = path.stat() if given else path.lstat()
            except (OSError, ValueError) as error:
                yield Unread(name, "unknown", words(error), True, given, lost=given or None)
                continue
            if getattr(status, "st_reparse_tag", 0) == MOUNT_POINT and not given:
                yield _not_followed(name, "a link")
            elif not stat.S_ISDIR(status.st_mode):
                yield from self._no_folder(path, name, status.st_mode, given)
            elif folders >= self.budget.limits.folders:
                reason = f"folders inside {folders} folders: not entered; raise the limit with {FLAGS['folders']}"
                yield Unread(name, "unknown", reason, True, lost=True)
            else:
                try:
                    entries = sorted(path.iterdir(), reverse=True)
                except OSError as error:
                    yield Unread(name, "unknown", words(error), True, given, lost=True)
                    continue
                base = name.rstrip("/")
                todo += [(entry, f"{base}/{shown_name(entry.name)}", folders + 1, False) for entry in entries]

    def _no_folder(self, path: Path, name: str, mode: int, given: bool) -> Iterator[Item]:
        if stat.S_ISREG(mode):
            yield from self._file(path, name, given)
        elif given and stat.S_ISFIFO(mode):
            from .held import Pipe

            with Pipe(path, self.budget.deadline) as pipe:
                yield from self._guarded(Taken(pipe, self.budget), name)
        elif given:
            yield Unread(name, "unknown", f"{_node(mode)}: not followed", True, True)
        else:
            yield _not_followed(name, _node(mode))

    def _file(self, path: Path, name: str, given: bool) -> Iterator[Item]:
        try:
            with path.open("rb") as file:
                self.budget.packed += os.fstat(file.fileno()).st_size
                text = os.fspath(path)
                encodable = shown_name(text) == text  # the core takes names in UTF-8 only; others as a stream
                yield from self.stream(file, name, None, 0, given=given, path=text if encodable else None)
        except OSError as error:
            yield Unread(name, "unknown", words(error), True, given, lost=given or None)

    def _guarded(self, file: Readable, name: str) -> Iterator[Item]:
        try:
            yield from self.stream(file, name, None, 0, given=True)
        except OSError as error:
            yield Unread(name, "unknown", words(error), True, True, lost=True)

    def stream(
        self,
        file: Readable,
        name: str,
        member_time: str | None,
        depth: int,
        *,
        given: bool = False,
        path: str | None = None,
        data: object = None,
    ) -> Iterator[Item]:
        """One file: an archive is entered, the rest is a member or left alone. `member_time` is the archive's word."""
        self.budget.count()
        try:
            peeked = Peeked(file)
        except LimitReached as limit:
            if self.budget.reached is not None:
                raise
            yield Unread(name, "unknown", str(limit), True, given, lost=True)
            return
        except Exception as error:  # a member that cannot even begin: damage, never the end of the walk
            yield Unread(name, "unknown", words(error), True, given)
            return
        packing = archives.packing(peeked.head)
        if packing is not None:
            yield from archives.enter(self, packing, file, peeked, name, depth, given)
            return
        kind = _core.sniff(peeked.head, name)
        collected = collected_from_name(name, self.tz) or member_time
        if kind in closed.EVENTS and not self.open_closed and closed.is_security_log(name, peeked.head):
            yield Unread(name, "closed", closed.SECURITY, False, given)
        elif kind == "closed":
            yield Unread(name, kind, closed.why(peeked.head), False, given)
        elif kind == "unknown" and depth == 0 and archives.has_zip_at_its_end(file):
            yield from archives.enter(self, "zip", file, peeked, name, depth, given)
        elif kind in ("unknown", "empty") and peeked.failed is not None:  # so little of it that nothing can be seen
            yield Unread(name, kind, words(peeked.failed), True, given)
        elif kind in ("unknown", "empty", "archive"):
            other = archives.other(peeked.head)
            cut = kind == "unknown" and _EVENTS.search(peeked.head[:4096].replace(b"\0", b"")) is not None
            should = should_be_read(name) or kind == "archive" or other is not None or cut
            reason = _CUT if cut else _describe(kind, name, peeked.head, other)
            yield Unread(name, "archive" if other is not None else kind, reason, should or given, given, lost=cut)
        elif path is not None:
            yield Member(name, kind, collected, path=path, given=given)
        else:
            yield Member(name, kind, collected, stream=peeked, given=given, data=data)


# The elements that an export of an event log consists of; in UTF-16 without its NULs.
_EVENTS = re.compile(rb"<Events?(?:[\s>]|$)")
_CUT = "begins like an exported event log, but nothing of it can be read: damaged or cut"


def _describe(kind: str, name: str, head: bytes, other: str | None) -> str:
    if not head:
        return "the file is empty"
    if kind == "empty":
        return "nothing but white space or zeros"
    if other is not None:
        return f"{other}, which synclens does not open: unpack it first and give what was in it"
    if kind == "archive":
        return "an archive of a kind that synclens does not open: unpack it first and give what was in it"
    lower = name.lower()
    if document := archives.document(head):
        return document
    if lower.endswith(".evtx"):
        return "named .evtx, but it has no event log header and no chunk"
    if should_be_read(name):
        return f"named {lower[lower.rindex('.') :]}, but it does not begin like one: damaged, or named wrongly"
    return "not an event log, export, sync log or settings text that synclens knows"


def _not_followed(name: str, node: str) -> Unread:
    """A link or pipe of a folder. One with the name of a log or archive was meant to be read."""
    meant = should_be_read(name)
    advice = "; give it by itself if it is meant" if meant and node in ("a link", "a pipe") else ""
    return Unread(name, "unknown", f"{node}: not followed{advice}", meant)


def _node(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a link"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


__all__ = ["Peeked", "Walker", "name_of", "walk"]
