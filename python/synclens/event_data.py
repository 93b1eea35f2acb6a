"""The column `data` in pandas: the values stay in the core's memory until a row is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy
from pandas.api.extensions import ExtensionArray, ExtensionDtype, register_extension_dtype, take

from . import _core

Pairs = tuple[tuple[str | None, str], ...]


@register_extension_dtype
class EventDataDtype(ExtensionDtype):
    """Rows of (name, value) pairs in the order of the event."""

    name = "event_data"
    type = tuple
    na_value = None

    @classmethod
    def construct_array_type(cls) -> Any:
        return EventDataArray


class EventDataArray(ExtensionArray):
    """An array of tuples of (name, value) pairs; `astype(object)` makes all of them at once.

    Rows are numbers into a table (-1: none); rows that come from elsewhere are kept as they are.
    """

    def __init__(self, table: _core.EventTable | None, rows: Any, loose: Any = None) -> None:
        self._table = table
        self._rows = rows
        self._loose = loose

    @classmethod
    def of(cls, table: _core.EventTable) -> EventDataArray:
        """All rows of a table."""
        return cls(table, numpy.arange(len(table), dtype="i8"))

    @classmethod
    def _from_sequence(cls, scalars: Iterable[Any], *, dtype: Any = None, copy: bool = False) -> EventDataArray:
        values = list(scalars)
        loose = numpy.empty(len(values), dtype=object)
        for at, value in enumerate(values):
            if value is not None and not isinstance(value, (tuple, list)) and value == value:  # NaN is no value
                raise TypeError(f"no pairs of name and value: {value!r}")
            loose[at] = tuple(value) if isinstance(value, (tuple, list)) else None
        return cls(None, None, loose)

    @classmethod
    def _from_factorized(cls, values: Any, original: EventDataArray) -> EventDataArray:
        return cls._from_sequence(values)

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[EventDataArray]) -> EventDataArray:
        tables = {id(part._table) for part in to_concat}
        if len(tables) == 1 and to_concat[0]._loose is None:
            return cls(to_concat[0]._table, numpy.concatenate([part._rows for part in to_concat]))
        return cls(None, None, numpy.concatenate([part._objects() for part in to_concat]))

    @property
    def dtype(self) -> EventDataDtype:
        return EventDataDtype()

    @property
    def nbytes(self) -> int:
        return int((self._rows if self._loose is None else self._loose).nbytes)

    def __len__(self) -> int:
        return len(self._rows if self._loose is None else self._loose)

    def _at(self, row: int) -> Pairs | None:
        if row < 0 or self._table is None:
            return None
        found: Pairs = self._table.data(row)
        return found

    def _objects(self) -> Any:
        if self._loose is not None:
            return self._loose
        made = numpy.empty(len(self._rows), dtype=object)
        for at, row in enumerate(self._rows.tolist()):
            made[at] = self._at(row)
        return made

    def __getitem__(self, item: Any) -> Any:
        from pandas.api.indexers import check_array_indexer

        item = check_array_indexer(self, item)
        if isinstance(item, (int, numpy.integer)):
            return self._loose[item] if self._loose is not None else self._at(int(self._rows[item]))
        if self._loose is not None:
            return EventDataArray(None, None, self._loose[item])
        return EventDataArray(self._table, self._rows[item])

    def __setitem__(self, key: Any, value: Any) -> None:
        self._loose = self._objects()
        self._table = self._rows = None
        if isinstance(key, (int, numpy.integer)):
            self._loose[key] = value
            return
        several = isinstance(value, (list, numpy.ndarray, EventDataArray))
        for number, at in enumerate(numpy.arange(len(self._loose))[key]):
            self._loose[at] = value[number] if several else value

    def isna(self) -> Any:
        if self._loose is None:
            return self._rows < 0
        return numpy.fromiter((value is None for value in self._loose), dtype=bool, count=len(self._loose))

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> EventDataArray:
        if self._loose is None:
            fill = -1 if allow_fill else None
            return EventDataArray(self._table, take(self._rows, indices, allow_fill=allow_fill, fill_value=fill))
        return EventDataArray(None, None, take(self._loose, indices, allow_fill=allow_fill, fill_value=None))

    def copy(self) -> EventDataArray:
        if self._loose is None:
            return EventDataArray(self._table, self._rows.copy())
        return EventDataArray(None, None, self._loose.copy())

    def __eq__(self, other: object) -> Any:
        theirs = other._objects() if isinstance(other, EventDataArray) else other
        if isinstance(theirs, numpy.ndarray):
            return self._objects() == theirs
        return numpy.fromiter((value == other for value in self._objects()), dtype=bool, count=len(self))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        objects = self._objects()
        return objects.copy() if copy and self._loose is not None else objects

    def __reduce__(self) -> tuple[Any, ...]:
        return (_loose, (self._objects(),))

    def __arrow_array__(self, type: Any = None) -> Any:
        import pyarrow

        pair = pyarrow.struct([("name", pyarrow.string()), ("value", pyarrow.string())])
        rows = [None if row is None else [{"name": k, "value": v} for k, v in row] for row in self._objects()]
        return pyarrow.array(rows, type=type or pyarrow.list_(pair))

    def _explode(self) -> tuple[Any, Any]:
        """One row for each pair, as for a column of lists."""
        objects = self._objects()
        counts = numpy.fromiter((max(1, len(row or ())) for row in objects), dtype="u8", count=len(objects))
        flat = numpy.empty(int(counts.sum()), dtype=object)
        at = 0
        for row in objects:
            for pair in row or (None,):
                flat[at] = pair
                at += 1
        return flat, counts


def _loose(objects: Any) -> EventDataArray:
    return EventDataArray(None, None, objects)
