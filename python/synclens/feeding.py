"""What the walk gives, handed to the core: members to read, and what was left."""

from __future__ import annotations

import re
from typing import Any

from . import _core
from .bundle import Member, Unread, closed
from .bundle.names import SECOND, should_be_read

_OTHER_NAMED = (  # compiled when a file is left
    r"\.(?:blg|cap|config|dll|dmp|docx?|etl|exe|gif|hiv|html?|ini|jpe?g|json|md|msi|pcap|pcapng|pdf|png|ps1|psm1|reg)$"
)


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
    """Whether an event log may be missing with what was left: then nothing is healthy."""
    name = item.name.rsplit("/", 1)[-1].lower().removesuffix(SECOND)
    if not item.is_problem or (name.endswith(".evtx") and "security" in name) or closed.is_named(name):
        return False
    if item.lost or item.kind == "archive" or should_be_read(name):
        return True
    return item.lost is None and not re.search(_OTHER_NAMED, name)
