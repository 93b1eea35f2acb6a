"""What the walk gives, handed to the core: members to read, and what was left."""

from __future__ import annotations

import re
from typing import Any

from . import _core
from .bundle import Member, Unread

AGAIN = " (again)"
"""How the name of a second file of one name ends in what the walk gives."""
_LOG_NAMED = re.compile(r"\.(?:evtx|zip|tar|tgz|gz|bz2|xz|zst)$|application[^/]*\.(?:xml|csv|txt)$")


def feed(reader: _core.Analyzer | _core.EventReader, item: Member, hashes: dict[str, str] | None = None) -> str:
    """Has a reader of the core read a member; what fails to be read is counted, never raised."""
    try:
        if hashes is not None:
            return _feed_hashed(reader, item, hashes)
        if item.path is not None:
            return reader.add_path(item.path, item.name, item.collected)
        if item.data is not None:
            return reader.add_bytes(item.data, item.name, item.collected)
        return reader.add_stream(item.stream, item.name, item.collected)
    except (OSError, _core.LimitExceeded, _core.DamagedInput, _core.UnsupportedInput) as error:
        reader.add_unread(item.name, item.kind, str(error), True)
        return item.kind


def _feed_hashed(reader: _core.Analyzer | _core.EventReader, item: Member, hashes: dict[str, str]) -> str:
    import hashlib
    from contextlib import nullcontext, suppress
    from pathlib import Path

    from .bundle.limits import LimitReached

    digest = hashlib.sha256()

    class Hashing:
        def __init__(self, inner: Any) -> None:
            self.inner = inner
            self.failed = False

        def read(self, size: int = -1, /) -> bytes:
            try:
                part: bytes = self.inner.read(size)
            except BaseException:
                self.failed = True
                raise
            digest.update(part)
            return part

    with Path(item.path).open("rb") if item.path is not None else nullcontext(item.stream) as file:
        stream = Hashing(file)
        kind = reader.add_stream(stream, item.name, item.collected)
        with suppress(ValueError, OSError, EOFError, LimitReached):  # damage that the core has met too, and named
            while not stream.failed and stream.read(1 << 20):  # what the core did not need
                pass
    if not stream.failed:  # the digest of a part would be taken for that of the whole
        hashes[item.name] = digest.hexdigest()
    return kind


def may_be_log(item: Unread) -> bool:
    """Whether an event log may be missing with what was left: then nothing is healthy. A file that was seen not to be
    one, or whose name says what it is, is none; an archive, a folder, what is behind a limit may hold any."""
    name = item.name.rsplit("/", 1)[-1].lower()
    first = name.removesuffix(AGAIN)
    if not item.is_problem or (first.endswith(".evtx") and "security" in first):
        return False
    return item.lost or item.kind == "archive" or first != name or _LOG_NAMED.search(name) is not None
