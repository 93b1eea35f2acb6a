"""One event as the makers pass it around: what Windows would have been told, not how a file writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from makers.binxml import Instance, Value

UTC = UTC
CLASSIC = 0x80000000000000
LEVEL_WORDS = {0: "Information", 1: "Critical", 2: "Error", 3: "Warning", 4: "Information", 5: "Verbose"}
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def filetime(time: datetime) -> int:
    """100 ns steps since 1601, exact (a float would lose the last digits)."""
    return (time - _EPOCH) // _MICROSECOND * 10


def system_time(time: datetime, ticks: int = 0) -> str:
    """SystemTime as Windows prints it: seven digits, the last one given by `ticks`."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + f"{ticks}Z"


@dataclass
class Event:
    """`data` is a list of strings (classic: one unnamed string array) or of (name, value) pairs (manifest events).
    A value may be a str, an int (written as UInt32) or a binxml.Value. `body` overrides `data` with template
    instances of one's own. `message` is the sentence Windows would render; by default the data, line by line."""

    provider: str
    id: int
    time: datetime
    data: Sequence[str] | Sequence[tuple[str, str | int | Value]] = field(default_factory=list)
    level: int = 4
    qualifiers: int | None = 0
    channel: str = "Application"
    computer: str = "aadc01.contoso.com"
    record_id: int = 0
    task: int = 0
    opcode: int = 0
    version: int = 0
    keywords: int = CLASSIC
    provider_guid: str | None = None
    user_sid: str | None = None
    activity_id: str | None = None
    process_id: int = 0
    thread_id: int = 0
    task_word: str = "None"
    message: str | None = None
    binary: bytes | None = None
    body: list[Instance] | None = None
    template: bool = True

    @property
    def text(self) -> str:
        if self.message is not None:
            return self.message
        return "\r\n".join(item if isinstance(item, str) else str(item[1]) for item in self.data)


def number(events: list[Event], first: int = 1) -> list[Event]:
    """Sorts by time (stable) and gives record ids, as the log would have."""
    events = sorted(events, key=lambda event: event.time)
    for record_id, event in enumerate(events, first):
        event.record_id = record_id
    return events
