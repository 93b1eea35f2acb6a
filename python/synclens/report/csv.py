"""Findings and users as CSV for a spreadsheet: UTF-8, CR LF, one header row, nothing that acts as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from synclens.site import address

from .json import dumps
from .neutral import neutral
from .phrases import first_command

FINDINGS = (
    "order", "severity", "status", "title", "scope_kind", "scope_name", "summary", "why", "first_command",
    "first_seen", "last_seen", "recovered_at", "count", "cause", "rule", "confidence", "password_sync", "reference",
    "evidence", "fields", "id", "page",
)  # fmt: skip
USERS = ("user", "anchor", "status", "last_request", "last_result", "cause")

# What a spreadsheet takes for the beginning of a formula, in both widths.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]")
# A spreadsheet that splits at semicolons would see a cell begin here.
_INNER = re.compile(r'(;["\'\s]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])')


def render(raw: Mapping[str, Any], table: str = "findings") -> str:
    """One table of a diagnosis: "findings" or "users". The events, which are not in it, are written by `tables`."""
    if table == "users":
        return _written(USERS, map(_user, raw["users"]))
    return _written(FINDINGS, (_finding(n, f) for n, f in enumerate(raw["findings"], 1)))


def cell(value: Any) -> str:
    """A value that no spreadsheet takes for a formula and that steers no terminal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    words = _INNER.sub(r"\1'", neutral(value))
    return "'" + words if FORMULA.match(words) else words


def one_line(command: str) -> str:
    """A command of several lines as one: a line feed in a cell begins a new row where the separator is another."""
    return re.sub(r"(?<![|{(,`;])\s*\n\s*", "; ", command.replace("\r\n", "\n").strip()).replace("\n", " ")


def _written(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    columns = list(columns)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row[name]) for name in columns])
    return out.getvalue()


def _finding(order: int, finding: Mapping[str, Any]) -> dict[str, Any]:
    step = first_command([{**finding, "status": "ongoing", "password_sync": True}])
    evidence = finding["evidence"][:1]
    return {
        **{name: finding.get(name) for name in FINDINGS},
        "order": order,
        "scope_kind": finding["scope"]["kind"],
        "scope_name": finding["scope"]["name"],
        "first_command": one_line(step[1]["command"]) if step else None,
        "reference": finding["references"][0]["url"] if finding["references"] else None,
        "evidence": f"{evidence[0]['source']}: {evidence[0]['excerpt']}" if evidence else None,
        "fields": dumps(finding["fields"]),
        "page": address(finding.get("page")) or finding.get("page"),
        "password_sync": finding.get("password_sync", True),
    }


def _user(user: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: user.get(name) for name in USERS}, "user": user["dn"] or user["anchor"] or "unnamed"}
