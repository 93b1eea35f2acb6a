"""Standard input."""

from __future__ import annotations

import io
import os
import select
import sys
from typing import TYPE_CHECKING, BinaryIO, cast

import click

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_LOOK_UP = 0.2  # seconds


def standard_input() -> BinaryIO:
    """What is read for '-'. From a pipe or a terminal its reader hears signals."""
    if sys.stdin is None:
        raise click.ClickException("stdin is closed: nothing can be read from it.")
    file = cast(BinaryIO, sys.stdin.buffer)
    if file.seekable() or sys.platform == "win32":
        return file
    return io.BufferedReader(_Waiting(file.fileno()), 1 << 16)


class _Waiting(io.RawIOBase):
    # A signal that comes just before read() waits, or to another thread, would be heard when the next bytes come: on
    # a pipe that may be never. So it is waited for input in short turns.
    name = "<stdin>"

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def readinto(self, into: WriteableBuffer) -> int:
        view = memoryview(into).cast("B")
        while not select.select([self._descriptor], [], [], _LOOK_UP)[0]:
            pass
        data = os.read(self._descriptor, len(view))
        view[: len(data)] = data
        return len(data)
