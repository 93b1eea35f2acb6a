"""Entries of the catalogue for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from rich.text import Text

from .text import STYLE, Report, console


def render(items: Iterable[Mapping[str, Any]], file: IO[str] | None = None, *, width: int | None = None) -> None:
    """Prints what `synclens.explain` gives."""
    report = Report(console(file, width))
    for number, item in enumerate(items):
        if number:
            report.line()
        report.line(Text.assemble((f"{item['kind']} {item['id']}", "bold"), f"  {report.plain(item['title'])}"))
        {"cause": _cause, "rule": _rule}.get(item["kind"], _entry)(report, item)
        for reference in item["reference"]:
            report.wrapped("Document", reference["title"])
            report.verbatim(reference["url"], "underline")


def _cause(report: Report, cause: Mapping[str, Any]) -> None:
    report.wrapped("Severity", cause["severity"], STYLE[cause["severity"]])
    report.wrapped("Touches", cause["scope"])
    report.wrapped("Known by", cause["confidence"])
    report.wrapped("Why", cause["why"])
    for step in cause["fix"]:
        report.step({**step, "text": step["text"] + _when(step["when"])})


def _when(when: Mapping[str, str]) -> str:
    parts = []
    if "identity" in when:
        parts.append(f"the connector signs in as {when['identity']}")
    if "build_from" in when:
        parts.append(f"the build is {when['build_from']} or later")
    if "build_below" in when:
        parts.append(f"the build is before {when['build_below']}")
    if "field" in when:
        parts.append(f"{when['field']} is {when.get('equals', 'given')}")
    return f" [when {' and '.join(parts)}]" if parts else ""


def _rule(report: Report, rule: Mapping[str, Any]) -> None:
    if rule["cause"]:
        report.wrapped("Cause", rule["cause"])
    report.wrapped("Says", rule["summary"])
    report.wrapped("Known by", rule["confidence"])
    for name, value in rule["match"].items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        report.wrapped("Matches", f"{name}: {shown}")
    for name, value in rule["builds"].items():
        report.wrapped("Builds", f"{name} {value}")


def _entry(report: Report, entry: Mapping[str, Any]) -> None:
    if entry["aliases"]:
        report.wrapped("Also", ", ".join(entry["aliases"]))
    if entry["providers"]:
        report.wrapped("Source", ", ".join(entry["providers"]))
    report.wrapped("Means", entry["text"])
    if entry["action"]:
        report.wrapped("Do", entry["action"])
    if entry["causes"]:
        report.wrapped("Causes", ", ".join(entry["causes"]))
    report.wrapped("Known by", f"{entry['confidence']}: {entry['source']}")
