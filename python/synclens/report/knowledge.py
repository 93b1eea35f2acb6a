"""Entries of the catalogue for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from rich.text import Text

from synclens.site import address, page

from .phrases import note
from .terminal import STYLE, Sheet, console


def render(
    items: Iterable[Mapping[str, Any]],
    file: IO[str] | None = None,
    *,
    width: int | None = None,
    shipped: bool = True,
) -> None:
    """Prints what `synclens.explain` gives; what is not `shipped` has no page in the documentation."""
    sheet = Sheet(console(file, width))
    for number, item in enumerate(items):
        if number:
            sheet.line()
        sheet.line(Text.assemble((f"{item['kind']} {item['id']}", "bold"), f"  {sheet.plain(item['title'])}"))
        {"cause": _cause, "rule": _rule}.get(item["kind"], _entry)(sheet, item)
        for reference in item["reference"]:
            sheet.document(reference["title"], reference["url"])
        if shipped and item["kind"] != "build" and (url := address(page(item["kind"], item["id"]))):
            sheet.document("The same in the documentation", url)


def _cause(sheet: Sheet, cause: Mapping[str, Any]) -> None:
    sheet.wrapped("Severity", cause["severity"], STYLE[cause["severity"]])
    sheet.wrapped("Touches", cause["scope"])
    sheet.wrapped("Known by", cause["confidence"])
    sheet.wrapped("Why", cause["why"])
    for step in cause["fix"]:
        _step(sheet, step)


def _step(sheet: Sheet, step: Mapping[str, Any]) -> None:
    words = f"{step['text']} {note(step)}".strip() + _when(step["when"])
    sheet.wrapped("Verify" if step["verify"] else "Do", words)
    if step["command"]:
        sheet.verbatim(step["command"])


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


def _rule(sheet: Sheet, rule: Mapping[str, Any]) -> None:
    if rule["cause"]:
        sheet.wrapped("Cause", rule["cause"])
    sheet.wrapped("Says", rule["summary"])
    sheet.wrapped("Known by", rule["confidence"])
    for name, value in rule["match"].items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        sheet.wrapped("Matches", f"{name}: {shown}")
    for name, value in rule["builds"].items():
        sheet.wrapped("Builds", f"{name} {value}")


def _entry(sheet: Sheet, entry: Mapping[str, Any]) -> None:
    if entry["aliases"]:
        sheet.wrapped("Also", ", ".join(entry["aliases"]))
    if entry["providers"]:
        sheet.wrapped("Source", ", ".join(entry["providers"]))
    sheet.wrapped("Means", entry["text"])
    if entry["action"]:
        sheet.wrapped("Do", entry["action"])
    if entry["causes"]:
        sheet.wrapped("Causes", ", ".join(entry["causes"]))
    sheet.wrapped("Known by", f"{entry['confidence']}: {entry['source']}")
