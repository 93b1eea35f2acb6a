"""The events of a case as a lazy table: nothing is read before rows or their number are asked for."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from . import _core, catalogue
from .bundle import Unread, walk
from .bundle.items import Given
from .table import Tabular

if TYPE_CHECKING:
    import pandas

    from .case import Options

COLUMNS = tuple(name for name, _ in _core.EVENT_COLUMNS)
LEVELS = {"critical": 1, "error": 2, "warning": 3, "information": 4, "info": 4, "verbose": 5}


@dataclass(frozen=True, slots=True)
class Event:
    """One event, however it was exported. None where the source does not say.

    `time` is ISO 8601 in UTC with all of Windows' 100 ns; `data` are the values in order with their names.
    """

    source: str
    record_id: int | None
    time: str | None
    provider: str | None
    provider_guid: str | None
    event_id: int | None
    version: int | None
    qualifiers: int | None
    level: int | None
    level_text: str | None
    task: int | None
    opcode: int | None
    keywords: int | None
    channel: str | None
    computer: str | None
    user_sid: str | None
    process_id: int | None
    thread_id: int | None
    activity_id: str | None
    related_activity_id: str | None
    message: str | None
    data: tuple[tuple[str | None, str], ...]
    binary: str | None
    state: str
    offset: int | None
    chunk: int | None
    line: int | None
    filetime: int | None
    rule: str | None
    cause: str | None
    reason: str | None

    @property
    def text(self) -> str:
        """The message where there is one, else the data values, one per line: what the rules look at."""
        return self.message if self.message else "\n".join(value for _, value in self.data)

    def to_dict(self) -> dict[str, Any]:
        """What the source says as a dict, without what it does not say."""
        row = {name: value for name in COLUMNS if (value := getattr(self, name)) is not None}
        row["data"] = [{"name": name, "value": value} for name, value in self.data]
        return row


class Events(Tabular):
    """A table of events.

    `filter` gives another lazy table, a slice a table over the same memory, an index one `Event`.
    Any Arrow consumer takes it as it is: `pl.DataFrame(events)`, `duckdb.sql("from events")`, `pa.table(events)`.

    >>> failures = case.events.filter(ids=[611])
    >>> failures[0].time, failures[0].record_id
    ('2026-11-03T14:21:36Z', 187397)
    >>> failures.to_polars()["time"].max().isoformat()
    '2026-11-04T10:29:36+00:00'
    """

    def __init__(
        self,
        sources: tuple[Given, ...],
        options: Options,
        wanted: dict[str, Any] | None = None,
        *,
        causes: tuple[str, ...] = (),
        explain: bool = False,
        columns: tuple[str, ...] | None = None,
        time: str = "us",
        table: _core.EventTable | None = None,
    ) -> None:
        self._sources = sources
        self._options = options
        self._wanted = wanted or {}
        self._causes = causes
        self._explain = explain or bool(causes)
        self._columns = columns
        self._time = time
        self._count: int | None = None
        self._problems: list[dict[str, Any]] = []
        self.left: list[Unread] = []
        self.members = 0
        self.on_source: Callable[[str], object] | None = None  # told what is read next
        if table is not None:
            self._table = table

    def _like(self, **changed: Any) -> Events:
        """The same events but for what is changed."""
        now: dict[str, Any] = {
            "wanted": self._wanted,
            "causes": self._causes,
            "explain": self._explain,
            "columns": self._columns,
            "time": self._time,
        }
        return Events(self._sources, self._options, **(now | changed))

    def filter(
        self,
        *,
        provider: str | Iterable[str] | None = None,
        ids: int | Iterable[int] | None = None,
        levels: int | str | Iterable[int | str] | None = None,
        channel: str | Iterable[str] | None = None,
        computer: str | Iterable[str] | None = None,
        since: str | datetime.datetime | None = None,
        until: str | datetime.datetime | None = None,
        first_record: int | None = None,
        last_record: int | None = None,
        text: str | None = None,
        cause: str | Iterable[str] | None = None,
    ) -> Events:
        r"""The events that meet every condition stated.

        Names take no notice of case and may end in '*'; a level is a number or Windows' English word; `text` is an
        RE2 pattern over `Event.text`; times without a zone are read in the case's; events without a time pass;
        record numbers are from `first_record` to `last_record`, both included.
        `cause` keeps what the catalogue explains by that cause. Conditions of several calls all hold.

        >>> hour = case.events.filter(since="2026-11-03T14:00", until="2026-11-03T15:00")
        >>> len(hour.filter(levels="error", text=r"RPC Error \d+"))
        20
        """
        wanted = dict(self._wanted)
        for name, values in (
            ("providers", _texts(provider)),
            ("channels", _texts(channel)),
            ("computers", _texts(computer)),
            ("ids", None if ids is None else [ids] if isinstance(ids, int) else list(ids)),
            ("levels", _levels(levels)),
        ):
            if values is not None:
                wanted[name] = _both(wanted.get(name), values)
        for name, moment in (("since", since), ("until", until)):
            if moment is not None:
                utc = _core.to_utc(moment if isinstance(moment, str) else moment.isoformat(), self._options.tz)
                pick = max if name == "since" else min
                wanted[name] = utc if name not in wanted else pick(wanted[name], utc)
        for name, number in (("first_record", first_record), ("last_record", last_record)):
            if number is not None:
                if not 0 <= number < 1 << 64:
                    raise ValueError(f"no record number {number}: they are 0 to 2**64 - 1")
                narrower = max if name == "first_record" else min
                wanted[name] = narrower(wanted.get(name, number), number)
        if text is not None:
            if "text" in wanted:
                raise ValueError("the events are already filtered by text: join both into one pattern")
            wanted["text"] = text
        causes = self._causes if cause is None else tuple(_both(self._causes or None, _texts(cause) or []))
        if any(values == [] for values in wanted.values()) or (cause is not None and not causes):
            return self._like(wanted=wanted, causes=causes, table=_core.EventTable(self._columns, self._time))
        return self._like(wanted=wanted, causes=causes)

    def explained(self) -> Events:
        """The same events with the columns `rule` and `cause` filled from the catalogue."""
        return self._like(explain=True)

    def select(self, *columns: str) -> Events:
        """The same events with these columns only, in this order: what is not asked for is not read.

        An `Event` of such a table has None for everything else (and no data).
        """
        unknown = [name for name in columns if name not in COLUMNS]
        if unknown:
            raise ValueError(f"no column {unknown[0]!r}: there are {', '.join(COLUMNS)}")
        if not columns or len(set(columns)) != len(columns):
            raise ValueError("name at least one column, and none twice")
        return self._like(columns=columns)

    def with_time(self, unit: str) -> Events:
        """The same events with the column `time` in another unit: "us" (the default), "ns" or "ticks".

        Microseconds and nanoseconds are UTC timestamps (nanoseconds reach from 1677 to 2262, null outside); ticks are
        Windows' own FILETIME numbers, 100 ns since 1601.
        """
        if unit not in ("us", "ns", "ticks"):
            raise ValueError(f"no unit {unit!r}: there are us, ns, ticks")
        return self._like(time=unit)

    def batches(self) -> Iterator[Events]:
        """The events source by source, so that only one source is in memory at a time."""
        if "_table" in self.__dict__:  # read before, or empty whatever the sources hold
            if len(self._table):
                yield self
            return
        reader = self._reader()
        count = 0
        for _ in self._read(reader):
            table = reader.finish()
            count += len(table)
            if len(table):
                yield self._over(table)
        self._count = count

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What could not be read, each with its source."""
        len(self)
        return self._problems

    @cached_property
    def _table(self) -> _core.EventTable:
        reader = self._reader()
        for _ in self._read(reader):
            pass
        self._count = reader.count()
        return reader.finish()

    def _counted(self) -> int:
        """How many events there are, found without keeping any."""
        if self._count is None:
            if "_table" in self.__dict__:
                self._count = len(self._table)
            else:
                reader = self._reader(count_only=True)
                for _ in self._read(reader):
                    pass
                self._count = reader.count()
        return self._count

    def _read(self, reader: _core.EventReader) -> Iterator[None]:
        """Has the reader read every member, one per step."""
        from .feeding import feed

        options = self._options
        self.left = []
        self.members = 0
        for item in walk(self._sources, tz=options.tz, limits=options.limits, open_closed=options.open_closed):
            if self.on_source is not None:
                self.on_source(item.name)
            if isinstance(item, Unread):
                self.left.append(item)
                reader.add_unread(item.name, item.kind, item.reason, item.is_problem)
            else:
                feed(reader, item)
                self.members += 1
                yield
        self._problems = reader.problems()

    def _reader(self, count_only: bool = False) -> _core.EventReader:
        options = self._options
        wanted = dict(self._wanted)
        for name, moment in (("since", options.since), ("until", options.until)):
            if moment and name not in wanted:
                wanted[name] = moment
        return _core.EventReader(
            wanted,
            tz=options.tz,
            recover=options.recover,
            open_closed=options.open_closed,
            catalogue=catalogue.load(options.rules) if self._explain else None,
            causes=list(self._causes),
            columns=self._columns,
            time=self._time,
            threads=options.threads or default_threads(),
            count_only=count_only,
        )

    def _over(self, table: _core.EventTable) -> Events:
        return self._like(table=table)

    def __len__(self) -> int:
        return self._counted()

    def __iter__(self) -> Iterator[Event]:
        table = self._table
        for index in range(len(table)):
            yield _event(table, index)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> Events: ...
    def __getitem__(self, index: int | slice) -> Event | Events:
        size = len(self._table)
        if isinstance(index, slice):
            first, last, step = index.indices(size)
            if step != 1:
                raise ValueError("events are sliced in steps of one; use to_pandas() or to_polars() for more")
            return self._over(self._table.slice(first, max(first, last)))
        at = index + size if index < 0 else index
        if not 0 <= at < size:
            raise IndexError(f"there are {size} events; no event {index}")
        return _event(self._table, at)

    def __arrow_c_schema__(self) -> object:
        return _core.EventTable(self._columns, self._time).__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame with nullable integers, categories for names and UTC times (needs no pyarrow).

        `data` holds a tuple of (name, value) pairs per row, made when it is looked at.
        """
        from .frames import to_pandas

        return to_pandas(self._table, self._time)

    def __repr__(self) -> str:
        if "_table" not in self.__dict__ and self._count is None:
            asked = ", ".join(f"{k}={v!r}" for k, v in self._wanted.items())
            return f"<Events of {len(self._sources)} sources{': ' + asked if asked else ''}; not read yet>"
        return _rows(self)

    def _repr_html_(self) -> str:
        from .report.notebook import events

        return events(self)


def _rows(events: Events, most: int = 10) -> str:
    """The first events as plain lines, with their number."""
    from .report.neutral import neutral

    lines = [f"<Events: {len(events)}>"]
    for event in events[:most]:
        time = (event.time or "")[:19].replace("T", " ").ljust(19)
        number = "" if event.event_id is None else event.event_id
        head = f"{time}  {number:>6}  {neutral(event.provider or '')[:24]:24}"
        lines.append(f"{head}  {neutral(event.text)[:50]}".rstrip())
    if len(events) > most:
        lines.append(f"... {len(events) - most} more")
    return "\n".join(lines)


def _texts(values: str | Iterable[str] | None) -> list[str] | None:
    if values is None:
        return None
    return [values] if isinstance(values, str) else list(values)


def _levels(values: int | str | Iterable[int | str] | None) -> list[int] | None:
    if values is None:
        return None
    numbers = []
    for value in [values] if isinstance(values, (int, str)) else values:
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        if isinstance(value, str):
            if value.lower() not in LEVELS:
                raise ValueError(f"no level {value!r}: give a number or one of {', '.join(LEVELS)}")
            value = LEVELS[value.lower()]
        if not 0 <= value <= 255:
            raise ValueError(f"no level {value}: levels are 0 to 255")
        numbers.append(value)
    return numbers


def _both(before: Iterable[Any] | None, now: list[Any]) -> list[Any]:
    """What two conditions on one column leave over."""
    if before is None:
        return now
    fold = {_folded(value) for value in now}
    return [value for value in before if _folded(value) in fold]


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _event(table: _core.EventTable, index: int) -> Event:
    row = list(table.row(index))
    if row[_DATA] is None:
        row[_DATA] = ()
    return Event(*row)


def default_threads() -> int:
    """One for each processor that this process may use, but not more than eight: each holds a few MiB."""
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


_DATA = COLUMNS.index("data")
assert tuple(field.name for field in dataclasses.fields(Event)) == COLUMNS
