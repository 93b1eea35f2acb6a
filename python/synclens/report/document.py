"""A report that is kept: one diagnosis in any of the formats."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from synclens import files

if TYPE_CHECKING:
    from os import PathLike

    from synclens.events import Events

FORMATS = ("text", "json", "html", "md", "csv", "sarif")
TABLES = ("findings", "users", "events")
_SUFFIXES = {
    ".txt": "text", ".json": "json", ".html": "html", ".htm": "html", ".md": "md", ".csv": "csv", ".sarif": "sarif",
}  # fmt: skip


class Report:
    """What `case.report()` gives.

    >>> case.report().save("report.md")
    >>> print(case.report().render("csv").splitlines()[0][:30])
    order,severity,status,title,sc
    """

    def __init__(self, raw: Mapping[str, Any], events: Callable[[], Events] | None = None) -> None:
        self._raw = raw
        self._events = events

    def render(self, form: str = "text", *, table: str = "findings") -> str:
        """The report as text, json, html, md, csv (of the findings, the users or the events) or sarif.

        Raises ValueError for another format or table, SynclensError where an extra is missing.
        """
        if form not in FORMATS:
            raise ValueError(f"no format {form!r}; there are {', '.join(FORMATS)}")
        if table not in TABLES:
            raise ValueError(f"no table {table!r}; there are {', '.join(TABLES)}")
        if form == "text":
            from . import text

            words = io.StringIO()
            text.render(self._raw, words, width=100)
            return words.getvalue()
        if form == "json":
            from . import json

            return json.render(self._raw)
        if form == "csv" and table == "events":
            from . import tables

            if self._events is None:
                raise ValueError("a diagnosis without its case has no events")
            rows = io.BytesIO()
            tables.write(self._events(), "csv", rows, is_terminal=False)
            return rows.getvalue().decode()
        if form == "csv":
            from . import csv

            return csv.render(self._raw, table)
        from importlib import import_module

        module = import_module(f".{'markdown' if form == 'md' else form}", __package__)
        rendered: str = module.render(self._raw)
        return rendered

    def save(
        self, path: str | PathLike[str], *, format: str | None = None, table: str = "findings", force: bool = False
    ) -> None:
        """Writes the report; the suffix of the name says the format unless `format` does.

        The file appears whole or not at all. Raises FileExistsError unless `force` is set, IsADirectoryError,
        FileNotFoundError where the folder is missing, and ValueError for a name that says no format.
        """
        form = format or _SUFFIXES.get(PurePath(path).suffix.lower())
        if form is None:
            raise ValueError(f"{path}: the name says no format; end it in {', '.join(_SUFFIXES)} or give format=")
        files.check(path, force)
        content = self.render(form, table=table).encode()
        with files.whole(path, force) as file:
            file.write(content)

    def __repr__(self) -> str:
        return f"<Report {self._raw['verdict']['status']}: {', '.join(FORMATS)}>"
