"""read: what the walk takes and gives."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

if TYPE_CHECKING:
    from os import PathLike

Source: TypeAlias = "str | PathLike[str] | bytes | bytearray | memoryview | BinaryIO"


class Readable(Protocol):
    """What a member is read from: as much as one call gives, b"" at the end."""

    def read(self, size: int = -1, /) -> bytes: ...


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
Given: TypeAlias = "Source | Unread"
"""A source, or one that was found unreadable before the walk."""


def as_list(source: Source | Iterable[Source]) -> list[Source]:
    """One source or several as a list."""
    if isinstance(source, (str, bytes, bytearray, memoryview, os.PathLike)) or hasattr(source, "read"):
        return [source]  # type: ignore[list-item]
    return list(source)
