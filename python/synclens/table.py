"""Tables of records: a sequence for Python, an Arrow producer for data tools, a table to look at for a notebook."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, overload

from . import _core

if TYPE_CHECKING:
    from os import PathLike

    import duckdb
    import pandas
    import polars

T = TypeVar("T")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Tabular:
    """What every table can be given to: each with one call, none of them a dependency."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        raise NotImplementedError

    def to_polars(self) -> polars.DataFrame:
        """A Polars data frame (needs polars, no pyarrow)."""
        try:
            import polars
        except ImportError:
            raise not_installed("polars") from None
        return polars.DataFrame(self)

    def to_duckdb(self, connection: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyRelation:
        """A relation of DuckDB to go on with: `.filter(...)`, `.aggregate(...)`, `.query("it", "select ...")`."""
        try:
            import duckdb
        except ImportError:
            raise not_installed("duckdb") from None
        rows = self  # noqa: F841  DuckDB finds it by this name
        return (connection or duckdb.default_connection()).sql("from rows")

    def to_parquet(self, path: str | PathLike[str], *, force: bool = False) -> None:
        """Writes a Parquet file (needs polars or pyarrow); it appears whole or not at all.

        Raises FileExistsError unless `force` is set.
        """
        from . import files
        from .report import tables

        with files.whole(path, force) as file:
            tables.write_parquet(self, file)


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column of a table. `kind` is that of the core's SmallTable; times are ISO 8601 in the records."""

    name: str
    kind: Any = "text"
    of: Callable[[T], Any] | None = None

    def values(self, rows: Iterable[T]) -> list[Any]:
        """The column's values, times in microseconds since 1970."""
        found = list(map(self.of or attrgetter(self.name), rows))
        return list(map(microseconds, found)) if self.kind == "time" else found


class Table(Tabular, Generic[T]):
    """Records in their order. An index gives a record, a slice or `where` a smaller table.

    Any Arrow consumer takes a table as it is: `pl.DataFrame(table)`, `duckdb.sql("from table")`, `pa.table(table)`.

    >>> case.findings.where(severity="high")[0].cause
    'replication-permission-missing'
    >>> case.findings.to_polars().select("scope_name", "count").rows()
    [('emea.contoso.com', 605)]
    >>> import duckdb
    >>> users = case.users
    >>> duckdb.sql("select status, count(*) as n from users group by status order by n desc").fetchall()[0]
    ('Success', 152)
    """

    columns: ClassVar[tuple[Column[Any], ...]] = ()
    noun: ClassVar[str] = "rows"

    def __init__(self, rows: Iterable[T] = ()) -> None:
        self._rows = tuple(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self._rows)

    def __contains__(self, row: object) -> bool:
        return row in self._rows

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> T | Self:
        if isinstance(index, slice):
            return type(self)(self._rows[index])
        if not -len(self) <= index < len(self):
            raise IndexError(f"there are {len(self)} {self.noun}; none has the index {index}")
        return self._rows[index]

    def where(self, **values: Any) -> Self:
        """The records whose attributes have the values stated: `case.findings.where(status="ongoing")`.

        Raises AttributeError for an attribute that the records lack.
        """
        return type(self)(row for row in self._rows if all(getattr(row, n) == v for n, v in values.items()))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Table):
            return self._rows == other._rows
        return self._rows == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._rows)

    @cached_property
    def _arrow(self) -> _core.SmallTable:
        return _core.SmallTable([(c.name, c.kind, c.values(self._rows)) for c in self.columns])

    def __arrow_c_schema__(self) -> object:
        return self._arrow.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._arrow.__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame with nullable types, UTC times, and lists and records as Python has them."""
        try:
            import pandas
        except ImportError:
            raise not_installed("pandas") from None
        frame: dict[str, Any] = {}
        for column in self.columns:
            values = column.values(self._rows)
            if column.kind == "time":
                whole = [pandas.NaT.value if value is None else value for value in values]
                frame[column.name] = pandas.Series(whole, dtype="int64").astype("datetime64[us]").dt.tz_localize("UTC")
            elif column.kind in _PANDAS:
                frame[column.name] = pandas.Series(values, dtype=_PANDAS[column.kind])
            else:
                plain = [as_plain(value, column.kind) for value in values]
                frame[column.name] = pandas.Series(plain, dtype=object)
        return pandas.DataFrame(frame)

    def __repr__(self) -> str:
        from .report.notebook import lines

        return lines(self)

    def _repr_html_(self) -> str:
        from .report.notebook import table

        return table(self)


_PANDAS = {"integer": "Int64", "natural": "UInt64", "truth": "boolean", "text": object}


def as_plain(value: Any, kind: Any) -> Any:
    """A nested value as lists and dicts."""
    if value is None or isinstance(kind, str):
        return value
    if kind[0] == "list":
        return [as_plain(item, kind[1]) for item in value]
    return {name: as_plain(part, sort) for (name, sort), part in zip(kind[1], value, strict=True)}


def microseconds(iso: str | None) -> int | None:
    """Microseconds since 1970 of a time of the JSON contract; None where there is none."""
    if not iso:
        return None
    try:
        return (datetime.datetime.fromisoformat(iso) - _EPOCH) // datetime.timedelta(microseconds=1)
    except (ValueError, OverflowError, TypeError):
        return None


def not_installed(package: str, extra: str | None = None) -> ImportError:
    """The one sentence for an extra that is not installed."""
    return ImportError(f"this needs {package}: pip install 'synclens[{extra or package}]'", name=package)
