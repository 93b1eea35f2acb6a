"""Whoever reads our output may leave before its end: `| head` is no error."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def until_reader_leaves() -> Iterator[None]:
    """A closed pipe ends the printing, not the command: its exit code still says what was found."""
    try:
        yield
    except (BrokenPipeError, SystemExit) as error:
        if not is_one(error):
            raise
        leave()


def is_one(error: BaseException) -> bool:
    """Whether this is how writing to a closed pipe ends; rich makes it an end of the program."""
    return isinstance(error, BrokenPipeError) or isinstance(error.__context__, BrokenPipeError)


def leave() -> None:
    """Whoever read our output has left: nothing more to say, and no complaint at exit either."""
    with contextlib.suppress(io.UnsupportedOperation):  # of a stdout that never was open
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
