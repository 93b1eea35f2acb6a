"""Events as a table for a terminal, JSON Lines, CSV and Parquet."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from typing import IO, TYPE_CHECKING, Any

from .csv import FORMULA
from .json import dumps
from .neutral import neutral, neutral_lines

if TYPE_CHECKING:
    from synclens.events import Event, Events

LEVEL_WORDS = {1: "critical", 2: "error", 3: "warning", 4: "info", 5: "verbose"}


def write(events: Events, form: str, file: IO[bytes], *, is_terminal: bool) -> None:
    """Writes events in one of the formats, source by source; Parquet needs all of them at once."""
    if form == "parquet":
        write_parquet(events, file)
        return
    if form == "csv":
        file.write(_csv_line(_columns()))
    width = max(20, shutil.get_terminal_size((160, 24)).columns) if is_terminal else 0
    if form == "table":
        file.write((_table_head(width) + "\n").encode())
    for batch in events.batches():
        for event in batch:
            if form == "jsonl":
                file.write((dumps(event.to_dict()) + "\n").encode())
            elif form == "csv":
                file.write(_csv_line(_csv_cells(event)))
            else:
                file.write((_table_line(event, width) + "\n").encode())


def _table_head(width: int) -> str:
    return _joined("time (UTC)", "level", "id", "provider", "text", width)


def _table_line(event: Event, width: int) -> str:
    time = (event.time or "")[:19].replace("T", " ")
    level = LEVEL_WORDS.get(event.level or 0) or neutral(event.level_text or "")[:8]
    number = "" if event.event_id is None else str(event.event_id)
    text = neutral(event.text[: 4 * width] if width else event.text)
    return _joined(time, level, number, neutral(event.provider or "")[:24], text, width)


def _joined(time: str, level: str, number: str, provider: str, text: str, width: int) -> str:
    """One line; a narrow terminal gets fewer columns, so that something of the text is seen."""
    if 0 < width < 40:
        line = f"{time[5:16]:11} {number:>5} {text}"
    elif 0 < width < 70:
        line = f"{time:19} {number:>6} {text}"
    else:
        line = f"{time:19}  {level:8}  {number:>6}  {provider:24}  {text}"
    return line[:width].rstrip() if width else line.rstrip()


def _columns() -> list[str]:
    from synclens.events import COLUMNS

    return [*COLUMNS, "text"]


def _csv_cells(event: Event) -> list[Any]:
    row: list[Any] = []
    for name in _columns():
        value = getattr(event, name)
        if name == "data":
            value = dumps([{"name": k, "value": v} for k, v in value])
        row.append(harmless(value) if isinstance(value, str) else value)
    return row


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula and that steers no terminal; its lines are kept."""
    words = neutral_lines(cell)
    return "'" + words if FORMULA.match(words) else words


def _csv_line(cells: list[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(["" if c is None else c for c in cells])
    return line.getvalue().encode()


def write_parquet(table: Any, file: IO[bytes]) -> None:
    """Writes an Arrow producer as Parquet. Raises SynclensError with neither polars nor pyarrow, OSError where the file
    cannot be written."""
    try:
        import polars
    except ImportError:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise _core_error("Parquet needs polars or pyarrow: pip install 'synclens[polars]'") from None
        pyarrow.parquet.write_table(pyarrow.table(table), file)
        return
    try:
        polars.DataFrame(table).write_parquet(file)
    except polars.exceptions.PolarsError as error:  # has the system's error in its words only
        if (code := re.search(r"\(os error (\d+)\)", str(error))) is None:
            raise
        raise OSError(int(code[1]), os.strerror(int(code[1]))) from error


def _core_error(words: str) -> Exception:
    from synclens import SynclensError

    return SynclensError(words)
