"""read: what the walk takes and gives."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeAlias

if TYPE_CHECKING:
    import mmap
    from os import PathLike

Source: TypeAlias = "str | PathLike[str] | bytes | bytearray | memoryview | mmap.mmap | BinaryIO"


class Readable(Protocol):
    """What a member is read from: as much as one call gives, b"" at the end."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Member:
    """A file to read: `path` where it is one of the disk, `data` where all of it is in memory, else `stream` at its
    beginning (there too with `data`)."""

    name: str
    kind: str
    collected: str | None
    path: str | None = None
    stream: Readable | None = None
    given: bool = False
    data: object = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is not read, and why. A problem is something that should have been read.

    `lost` says whether an event log may be lost with it: None where nobody has seen what is in it and its name must
    tell, True where not even that can (a folder, what is behind a limit), False where it was seen to be none.
    """

    name: str
    kind: str
    reason: str
    is_problem: bool
    given: bool = False
    lost: bool | None = None


Item: TypeAlias = Member | Unread
Given: TypeAlias = "Source | Unread"
"""A source, or one that was found unreadable before the walk."""


def as_list(source: Source | Iterable[Source]) -> list[Source]:
    """One source or several as a list."""
    if isinstance(source, (str, bytes, bytearray, memoryview, os.PathLike)) or hasattr(source, "read"):
        return [source]  # type: ignore[list-item]
    return list(source)


def is_memory(source: object) -> bool:
    """Whether a source is bytes that are in memory already: bytes, bytearray, memoryview, mmap."""
    return isinstance(source, (bytes, bytearray, memoryview)) or type(source).__module__ == "mmap"


class MemoryFile(io.RawIOBase):
    """Reads a block of memory that somebody else owns, without a copy of the whole. Raises TypeError for a
    memoryview that is not in one piece."""

    def __init__(self, source: object) -> None:
        self._view = memoryview(source).cast("B")  # type: ignore[arg-type]
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = (0, self._at, len(self._view))[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, into: Any, /) -> int:
        part = self._view[self._at : self._at + len(into)]
        into[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._view.release()
        super().close()
