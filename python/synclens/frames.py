"""Tables of events as data frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _core
from .table import not_installed

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas

NUMBERS = {"u8": "u1", "u16": "u2", "u32": "u4", "u64": "u8", "i64": "i8"}


def to_pandas(table: _core.EventTable, time: str) -> pandas.DataFrame:
    """Nullable integers, categories for names, UTC times, and `data` that is made when a row is looked at."""
    try:
        import numpy
        import pandas
    except ImportError:
        raise not_installed("pandas") from None
    from .event_data import EventDataArray

    rows = len(table)
    kinds = dict(_core.EVENT_COLUMNS)
    texts = _texts_of(table)
    columns: dict[str, Any] = {}
    for name in table.columns:
        kind = kinds[name]
        if kind == "items":
            columns[name] = EventDataArray.of(table)
        elif kind == "text":
            columns[name] = texts(name) if table.count(name) else numpy.full(rows, None, dtype=object)
        elif kind == "name":
            codes = numpy.empty(rows, dtype="i4")
            table.fill(name, codes)
            columns[name] = pandas.Categorical.from_codes(codes, categories=table.dictionary(name))
        elif kind == "time" and time != "ticks":
            values = numpy.empty(rows, dtype="i8")
            table.fill(name, values)
            columns[name] = pandas.DatetimeIndex(values.view(f"M8[{time}]")).tz_localize("UTC")
        else:
            values = numpy.empty(rows, dtype=NUMBERS.get(kind, "i8"))
            gaps = numpy.empty(rows, dtype=bool)
            table.fill(name, values, gaps)
            columns[name] = pandas.arrays.IntegerArray(values, gaps)
    return pandas.DataFrame(columns, copy=False)


def _texts_of(table: _core.EventTable) -> Callable[[str], Any]:
    """What gives a column of texts: as the strings of pandas where it keeps them in Arrow's layout, which ours have."""
    import numpy
    import pandas

    usual = pandas.Series(["a text"]).dtype
    if getattr(usual, "storage", "") == "pyarrow":
        import pyarrow

        if hasattr(pyarrow.RecordBatchReader, "from_stream"):
            arrow = pyarrow.RecordBatchReader.from_stream(table).read_all()
            return lambda name: pandas.array(arrow.column(name), dtype=usual)
    return lambda name: numpy.array(table.values(name), dtype=object)
