"""One line of JSON per bundle, in a file that an interrupted run leaves behind and another goes on with."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from .bundles import Bundle


class CannotResume(Exception):
    """A file that this run may not go on with; says why."""


class Lines:
    """A file of lines. Each line is written whole and at once, so that a stop leaves at most one half line."""

    def __init__(self, path: str | os.PathLike[str], *, resume: bool = False) -> None:
        """Begins a file, or with `resume` goes on with one that is there, whose half last line is cut off."""
        self.path = Path(path)
        mode = "r+b" if resume and self.path.exists() else "wb"
        self._file: IO[bytes] = self.path.open(mode, buffering=0)
        if resume:
            self._file.seek(whole_length(self._file))
            if self._file.seekable():
                self._file.truncate()

    def write(self, line: Mapping[str, Any]) -> None:
        """Adds a line and hands it to the system. Raises OSError; what got there is a half line that `resume` cuts."""
        from synclens.report.json import dumps

        rest = memoryview(dumps(line).encode() + b"\n")
        while rest:
            rest = rest[self._file.write(rest) :]

    def close(self) -> None:
        self._file.close()


def whole_length(file: IO[bytes]) -> int:
    """How many bytes of a file are whole lines."""
    size = file.seek(0, os.SEEK_END)
    while size > 0:
        start = max(0, size - (1 << 16))
        file.seek(start)
        at = file.read(size - start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        size = start
    return 0


def read(path: str | os.PathLike[str], tool: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The whole lines of an earlier run. Raises CannotResume where another version or other options wrote them."""
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                kept = json.loads(line)
                made = (kept["bundle"], kept["tool"], kept["options"], kept["outcome"], kept["verdict"])
            except (ValueError, KeyError, TypeError):
                raise CannotResume(f"line {number} is no line of a batch") from None
            if made[1] != tool:
                raise CannotResume(
                    f"it was written by synclens {made[1].get('version')} with catalogue {made[1].get('catalogue')}"
                )
            if made[2] != options:
                raise CannotResume(f"it was written with other options: {json.dumps(made[2])}")
            yield kept


def drop_failed(path: str | os.PathLike[str]) -> None:
    """Takes the lines of failed bundles out of a file that was read before: their next lines stand at its end.

    The file is replaced as a whole, so that a stop in the middle loses nothing.
    """
    from synclens import files

    with Path(path).open("rb") as old, files.whole(path, True) as new:
        for line in old:
            if line.endswith(b"\n") and json.loads(line)["outcome"] != "failed":
                new.write(line)


def left_over(bundles: Iterable[Bundle], done: Iterable[str]) -> list[Bundle]:
    """The bundles without a line, in their order."""
    counts = Counter(done)
    left = []
    for bundle in bundles:
        if counts[bundle.name]:
            counts[bundle.name] -= 1
        else:
            left.append(bundle)
    return left
