"""read: what is left closed on purpose: it is sensitive, large, and says nothing of password hash sync."""

from __future__ import annotations

import re

from synclens import _core

CHANNEL = "Security"
_WRITTEN = CHANNEL.encode("utf-16-le")
_NAMED = re.compile(r"(?:^|[/\\]|_)security\.evtx$", re.IGNORECASE)


def is_security_log(name: str, head: bytes) -> bool:
    """Whether an event log is Windows' Security log: by its name, or by the channel of the first record in `head`."""
    if _NAMED.search(name):
        return True
    if _WRITTEN not in head:
        return False
    reader = _core.EventReader()
    reader.add_bytes(head, "head")
    table = reader.finish()
    return len(table) > 0 and table.slice(0, 1).values("channel")[0] == CHANNEL


def why(head: bytes) -> str:
    """The sentence for a file of the kind `closed`."""
    if head.startswith((b"ElfFile\0", b"ElfChnk\0")):
        return "a Security log, left closed on purpose; --open-closed (open_closed=True) reads it"
    return "a registry hive or export, a network capture or a trace: left closed, synclens has no use for it"
