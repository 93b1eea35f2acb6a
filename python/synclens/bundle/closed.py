"""read: what is left closed on purpose: it is sensitive, large, and says nothing of password hash sync."""

from __future__ import annotations

import re

from synclens import _core

CHANNEL = "Security"
EVENTS = ("evtx", "event_xml", "clixml", "event_table", "event_text")
"""The kinds that hold events, and so may be those of this channel."""
_WRITTEN = tuple(CHANNEL.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_NAMED = re.compile(r"(?:^|[/\\]|_)security\.(?:evtx|xml|csv|txt)$", re.IGNORECASE)


def is_named(name: str) -> bool:
    """Whether a file is named as Windows' Security log or an export of it."""
    return _NAMED.search(name) is not None


def is_security_log(name: str, head: bytes) -> bool:
    """Whether events, in a log or exported, are those of Windows' Security log: by the file's name, or by the channel
    that all events in `head` have which state one (an export may be of several logs)."""
    if is_named(name):
        return True
    if not any(written in head for written in _WRITTEN):
        return False
    reader = _core.EventReader()
    reader.add_bytes(head, "head")
    table = reader.finish()
    return {channel for channel in table.values("channel") if channel} == {CHANNEL}


SECURITY = "a Security log, left closed on purpose; --open-closed (open_closed=True) reads it"


def why(head: bytes) -> str:
    """The sentence for what is of the kind `closed` by itself."""
    if head.startswith((b"ElfFile\0", b"ElfChnk\0")):
        return SECURITY
    return "a registry hive or export, a network capture or a trace: left closed, synclens has no use for it"
