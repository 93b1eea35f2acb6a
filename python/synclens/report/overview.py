"""Many bundles at a glance: a line each for a terminal, and a page of bundles by findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import phrases
from .neutral import neutral

GRAVITY = ("failing", "degraded", "unknown", "healthy")
SEVERITIES = ("critical", "high", "medium", "low", "info")
MOST_BUNDLES = 5_000
MOST_NAMES = 200
NAME = 32


@dataclass(frozen=True, slots=True)
class Row:
    """What an overview says of one bundle. `page` is the file name of its own report."""

    bundle: str
    outcome: str
    error: str | None
    status: str
    since: str | None
    summary: str
    findings: tuple[Mapping[str, Any], ...]
    page: str | None = None

    @property
    def first(self) -> str:
        """What to mend first, or why there is nothing to say."""
        if self.outcome in ("failed", "unreadable"):
            return f"{self.outcome}: {self.error}"
        current = phrases.parted(self.findings)[0]
        if not current:
            return "" if self.status == "healthy" else self.summary
        more = f" (and {len(current) - 1} more)" if len(current) > 1 else ""
        where = f", {phrases.who(current[0]['scope'])}" if current[0]["scope"]["name"] else ""
        return f"{current[0]['title']}{where}{more}"


def row(line: Mapping[str, Any], page: str | None = None) -> Row:
    """The row of a bundle's line."""
    verdict = line["verdict"]
    kept = ("cause", "title", "severity", "status", "scope", "password_sync")
    return Row(
        bundle=line["bundle"],
        outcome=line["outcome"],
        error=line["error"],
        status=verdict["status"],
        since=verdict["since"],
        summary=verdict["summary"],
        findings=tuple({name: f.get(name, True) for name in kept} for f in line["findings"]),
        page=page,
    )


def head(widest: int) -> str:
    """The head of the lines for a terminal."""
    return f"{'verdict':8}  {'since (UTC)':16}  {'bundle':{min(widest, NAME)}}  what to mend first"


def text(row: Row, widest: int, width: int = 0) -> str:
    """A bundle as one line, cut to a width where one is given."""
    name = neutral(row.bundle)
    if width and len(name) > NAME:
        name = "…" + name[1 - NAME :]
    since = (row.since or "")[:16].replace("T", " ")
    line = f"{row.status:8}  {since:16}  {name:{min(widest, NAME)}}  {neutral(row.first)}"
    return (phrases.clipped(line, width) if width else line).rstrip()


def counts(rows: Sequence[Row]) -> str:
    """How many bundles there are, by verdict and outcome."""
    parts = [f"{number} {status}" for status in GRAVITY if (number := sum(r.status == status for r in rows))]
    ends = [
        f"{number} {outcome}"
        for outcome in ("partial", "unreadable", "failed")
        if (number := sum(r.outcome == outcome for r in rows))
    ]
    head = f"{len(rows)} bundle{'' if len(rows) == 1 else 's'}: {', '.join(parts) or 'none'}"
    return head + (f"; {', '.join(ends)}" if ends else "")


def causes(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Every cause that was found with the bundles that have it, what breaks the most of them now first."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for finding in row.findings:
            entry = found.setdefault(
                finding["cause"],
                {
                    "cause": finding["cause"],
                    "title": finding["title"],
                    "severity": finding["severity"],
                    "password_sync": finding["password_sync"],
                    "now": {},
                    "before": {},
                },
            )
            entry["now" if finding["status"] == "ongoing" else "before"][id(row)] = row
    for entry in found.values():
        now = entry["now"]
        entry["before"] = [row for key, row in entry["before"].items() if key not in now]
        entry["now"] = list(now.values())
    return sorted(
        found.values(),
        key=lambda e: (not e["password_sync"], -len(e["now"]), _weight(e["severity"]), -len(e["before"]), e["cause"]),
    )


def _weight(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def page(rows: Sequence[Row]) -> str:
    """The index page of many bundles. Raises SynclensError without jinja2."""
    from . import html

    style = "\n".join(html._part(name) for name in ("report.css", "overview.css"))
    environment = html._environment()
    from markupsafe import Markup

    ordered = sorted(rows, key=lambda r: GRAVITY.index(r.status) if r.status in GRAVITY else len(GRAVITY))
    template = environment.get_template("overview.html.j2")
    return template.render(
        rows=ordered[:MOST_BUNDLES],
        total=len(rows),
        counts=counts(rows),
        causes=causes(rows),
        names=MOST_NAMES,
        mark=html.MARKS,
        style=Markup(style),
        style_hash=html._hash(style),
    )
