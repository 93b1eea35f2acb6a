"""read: sources that can be read once only (pipes, file objects), kept in memory for a second reading."""

from __future__ import annotations

import os
import select
import stat
import time
from pathlib import Path
from typing import cast

from .items import Given, Readable, Source, Unread, is_memory
from .limits import FLAGS, Limits
from .walk import name_of

TURN = 3600.0
"""Seconds of one wait: no system waits as long as a number can say."""


class Pipe:
    """A named pipe, read as a stream. Waits for whoever writes into it, until the deadline (time.monotonic)."""

    def __init__(self, path: str | os.PathLike[str], deadline: float) -> None:
        self._deadline = deadline
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))

    def __enter__(self) -> Pipe:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def read(self, size: int = -1, /) -> bytes:
        ready: object = None
        while not ready and (left := self._deadline - time.monotonic()) > 0:
            turn = min(left, TURN)
            ready = self._poll(turn) if hasattr(select, "poll") else select.select([self._file], [], [], turn)[0]
        if not ready:
            raise TimeoutError("nobody wrote into this pipe in the time allowed; " + FLAGS["seconds"] + " allows more")
        return os.read(self._file, 1 << 20 if size < 0 else size)

    def _poll(self, left: float) -> bool:
        """Unlike select, poll does not take a pipe that nobody has opened yet for one that ended."""
        poll = select.poll()
        poll.register(self._file, select.POLLIN | select.POLLHUP)
        return bool(poll.poll(left * 1000))


class NamedBytes(bytes):
    """Bytes of a file object or pipe, with its name."""

    name: str | None

    def __new__(cls, data: bytes, name: object) -> NamedBytes:
        made = super().__new__(cls, data)
        made.name = name if isinstance(name, str) else None
        return made


def held(source: Source, number: int, limits: Limits) -> Given:
    """A source that can be read again; an `Unread` for one that is too large to be held or cannot be read."""
    if is_memory(source):
        return source
    name = name_of(source, number)
    try:
        if not isinstance(source, (str, os.PathLike)):
            return _whole(cast(Readable, source), getattr(source, "name", None), name, limits)
        path = Path(os.fspath(source))
        if not stat.S_ISFIFO(path.stat().st_mode):
            return source
        with Pipe(path, time.monotonic() + limits.seconds) as pipe:
            return _whole(pipe, os.fspath(path), name, limits)
    except TimeoutError as error:
        return Unread(name, "unknown", str(error), True, True, lost=True)
    except (OSError, ValueError):
        if isinstance(source, (str, os.PathLike)):
            return source  # the walk says what is wrong with a path
        raise


def _whole(stream: Readable, name: object, shown: str, limits: Limits) -> Given:
    parts: list[bytes] = []
    size = 0
    while part := stream.read(1 << 20):
        if not isinstance(part, bytes):
            raise TypeError("open the file in binary mode")
        parts.append(part)
        size += len(part)
        if size > limits.memory:
            reason = (
                f"a stream of more than {limits.memory:,} bytes is not held in memory: give its path, or allow more"
            )
            return Unread(shown, "unknown", f"{reason} with {FLAGS['memory']}", True, True, lost=True)
    return NamedBytes(b"".join(parts), name)
