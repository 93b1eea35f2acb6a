"""The marks of the timeline, gathered into rows of runs: what a chart draws and a ticket prints."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .neutral import neutral
from .phrases import KIND_WORDS, clipped

HOUR = 3_600_000
DAY = 24 * HOUR
MOST_STEPS = 120
MOST_ROWS = 28
MOST_GAPS = 200
MOST_NAME = 32
STEPS = (HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY)
# Nothing seen, no log covers it, then how much of the time something was seen.
MARKS = "·░▁▂▃▄▅▆▇█"
PLAIN_MARKS = ".?-+#"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(slots=True)
class Run:
    """Neighbouring steps in which something was seen; times in milliseconds since 1970, UTC."""

    start: int
    end: int
    marks: int


@dataclass(slots=True)
class Row:
    """One kind of mark in one lane."""

    lane: str
    kind: str
    first: int
    last: int
    marks: int = 0
    text: str = ""
    runs: list[Run] = field(default_factory=list)
    steps: dict[int, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The kind in words."""
        return KIND_WORDS.get(self.kind, self.kind)

    @property
    def label(self) -> str:
        """Lane and kind."""
        return f"{self.lane} · {self.words}"


@dataclass(slots=True)
class Timeline:
    """Rows, gaps of coverage and the beginning of trouble, on one common axis."""

    start: int
    end: int
    step: int
    rows: list[Row]
    gaps: list[tuple[int, int, str]]
    since: int | None
    left_out: int
    marks: int
    status: str = "broken"


def gather(raw: Mapping[str, Any]) -> Timeline | None:
    """The timeline of a diagnosis; None where no mark has a time."""
    seen: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    names: dict[str, str] = {}
    taken: dict[str, int] = {}
    for mark in raw.get("timeline") or ():
        time = millis(mark["time"])
        if time is not None:
            if mark["lane"] not in names:
                names[mark["lane"]] = _named(mark["lane"], taken)
            lane = names[mark["lane"]]
            seen[lane, clipped(neutral(mark["kind"]), MOST_NAME)].append((time, mark["text"]))
    if not seen:
        return None
    since = millis(raw["verdict"]["since"])
    logs = raw["coverage"]["logs"]
    edges = [t for log in logs for t in (millis(log["first_time"]), millis(log["last_time"])) if t is not None]
    edges += [time for marks in seen.values() for time, _ in marks]
    edges += [since] if since is not None else []
    start, end = min(edges), max(edges)
    step = step_of(end - start)
    start -= start % step
    end += step - end % step
    rows = [_row(lane, kind, sorted(marks), step) for (lane, kind), marks in seen.items()]
    rows.sort(key=_order_of(rows))
    return Timeline(
        start=start,
        end=end,
        step=step,
        rows=rows[:MOST_ROWS],
        gaps=_gaps(raw["coverage"]["gaps"], start, end),
        since=since,
        left_out=max(0, len(rows) - MOST_ROWS),
        marks=sum(row.marks for row in rows),
        status=raw["verdict"]["status"],
    )


def _named(lane: str, taken: dict[str, int]) -> str:
    """A lane's name: both ends of a long one, and a number where two would look alike."""
    plain = neutral(lane) or "unnamed"
    if len(plain) > MOST_NAME:
        plain = f"{plain[: MOST_NAME // 2]}…{plain[1 - MOST_NAME // 2 :]}"
    name = plain
    while name in taken:
        taken[plain] += 1
        name = f"{plain} ({taken[plain]})"
    taken[name] = 1
    return name


def step_of(length: int) -> int:
    """The length of a step: never below an hour, for marks of one hour may stand for many records."""
    for step in STEPS:
        if length <= step * MOST_STEPS:
            return step
    return -(-length // (MOST_STEPS * DAY)) * DAY


def _row(lane: str, kind: str, marks: list[tuple[int, str]], step: int) -> Row:
    row = Row(lane, kind, marks[0][0], marks[-1][0], len(marks), marks[-1][1])
    for time, _ in marks:
        at = time - time % step
        row.steps[at] = row.steps.get(at, 0) + 1
    for at, number in row.steps.items():
        if row.runs and row.runs[-1].end == at:
            row.runs[-1].end = at + step
            row.runs[-1].marks += number
        else:
            row.runs.append(Run(at, at + step, number))
    return row


def _order_of(rows: list[Row]) -> Any:
    """Lanes with errors first, then by name, the server's and the tenant's own last; errors first in a lane."""
    troubled = {row.lane for row in rows if row.kind == "error"}
    kinds = list(KIND_WORDS)

    def order(row: Row) -> tuple[bool, bool, str, int, str]:
        place = kinds.index(row.kind) if row.kind in kinds else len(kinds)
        return row.lane not in troubled, row.lane in ("server", "tenant"), row.lane, place, row.kind

    return order


def _gaps(gaps: list[Mapping[str, Any]], start: int, end: int) -> list[tuple[int, int, str]]:
    found = []
    for gap in gaps[:MOST_GAPS]:
        since, until = millis(gap["from"]), millis(gap["to"])
        since = start if since is None else max(start, since)
        until = end if until is None else min(end, until)
        if since < until:
            found.append((since, until, neutral(gap["reason"])))
    return found


def strip(row: Row, timeline: Timeline, width: int = 48, marks: str = MARKS) -> str:
    """A row as characters: how much of each stretch of time something was seen in, a dot where nothing was, a shade
    where no log covers the time.

    `marks` are the characters: nothing, not covered, then from the least to the most.
    """
    length = max(1, timeline.end - timeline.start)
    seen = [0.0] * width
    for at, number in row.steps.items():
        hours = min(number * HOUR, timeline.step)  # a mark stands for an hour
        for cell, share in _shares(at - timeline.start, timeline.step, length, width):
            seen[cell] += share * hours
    cells = [marks[0]] * width
    for since, until, _ in timeline.gaps:
        for cell in range(*_cells(since - timeline.start, until - timeline.start, length, width)):
            cells[cell] = marks[1]
    levels = marks[2:]
    for cell, time in enumerate(seen):
        if time > 0:
            level = -(-time * width * len(levels) // length) - 1
            cells[cell] = levels[max(0, min(len(levels) - 1, int(level)))]
    return "".join(cells)


def _shares(start: int, size: int, length: int, width: int) -> list[tuple[int, float]]:
    """The cells that a stretch lies in, each with its share of it."""
    first, last = start * width / length, (start + size) * width / length
    cells = range(int(first), min(width, max(int(first) + 1, math.ceil(last))))
    return [(cell, (min(last, cell + 1) - max(first, cell)) / (last - first)) for cell in cells]


def _cells(start: int, end: int, length: int, width: int) -> tuple[int, int]:
    """The cells that lie wholly in a stretch, from and to."""
    return -(-start * width // length), min(width, end * width // length)


def millis(iso: str | None) -> int | None:
    """Milliseconds since 1970 of a time of the JSON contract."""
    if not iso:
        return None
    try:
        return (datetime.datetime.fromisoformat(iso) - EPOCH) // datetime.timedelta(milliseconds=1)
    except (ValueError, OverflowError, TypeError):
        return None


def moment_of(time: int) -> str:
    """Such a time for people."""
    return (EPOCH + datetime.timedelta(milliseconds=time)).strftime("%Y-%m-%d %H:%M UTC")
