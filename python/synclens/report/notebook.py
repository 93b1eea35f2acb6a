"""What a case, its tables and its records look like in a notebook.

Everything is escaped; colours are grey or solid, so that they read on a light and on a dark page, and nothing leaves
the element that it is in: no script, no style sheet, nothing loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from synclens.site import address

from . import phrases
from .neutral import neutral, neutral_lines

if TYPE_CHECKING:
    from synclens.case import Case
    from synclens.events import Events
    from synclens.findings import Check, Coverage, Finding, UserState, Verdict
    from synclens.table import Table

MOST_ROWS = 20
MOST_CELL = 160
BADGES = {
    "failing": "#b3261e", "degraded": "#8a5200", "healthy": "#1b6e20", "unknown": "#4a5560",
    "critical": "#b3261e", "high": "#b3261e", "medium": "#8a5200", "low": "#0b5c7a", "info": "#4a5560",
    "fail": "#b3261e", "pass": "#1b6e20", "Failed": "#b3261e", "Success": "#1b6e20", "Pending": "#8a5200",
}  # fmt: skip
_HEAD = "text-align:left;white-space:nowrap"
_CELL = "text-align:left;vertical-align:top;max-width:40em;overflow-wrap:break-word"
_SOFT = "opacity:.75"
_PRE = (
    "white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid rgba(128,128,128,.4);border-radius:4px;"
    "padding:6px 8px;margin:4px 0;background:rgba(128,128,128,.12)"
)
_BOX = "border-left:4px solid {};padding:2px 0 2px 12px;margin:4px 0"


def text(value: Any, most: int = MOST_CELL) -> str:
    """A value as escaped text on one line, cut to a length, with the rest in its tooltip."""
    if value is None:
        return f'<span style="{_SOFT}">–</span>'
    words = neutral(str(value))
    if len(words) <= most:
        return escape(words)
    return f'<span title="{escape(words[:2000])}">{escape(phrases.clipped(words, most))}</span>'


def badge(word: str) -> str:
    """A status or severity as a word on its colour."""
    colour = BADGES.get(word, "#4a5560")
    return (
        f'<span style="background:{colour};color:#fff;border-radius:4px;padding:1px 7px;font-weight:600;'
        f'white-space:nowrap">{text(word, 40)}</span>'
    )


def rows(heads: Sequence[str], lines: Iterable[Sequence[str]], caption: str) -> str:
    """A table of cells that are HTML already. The class is the one that notebooks style."""
    head = "".join(f'<th scope="col" style="{_HEAD}">{escape(name)}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in line) + "</tr>" for line in lines)
    return (
        f'<table class="dataframe" border="1"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        f'<p style="{_SOFT}">{caption}</p>'
    )


def moment(iso: str | None) -> str:
    """A time of a cell."""
    return "" if not iso else text(phrases.moment(iso))


# -- tables


def table(of: Table[Any]) -> str:
    """A table's first rows, the columns that fit a look."""
    from synclens import tables

    shown = {
        tables.Findings: _FINDINGS,
        tables.Checks: _CHECKS,
        tables.Users: _USERS,
        tables.Logs: _LOGS,
        tables.Gaps: _GAPS,
    }.get(type(of), {c.name: _plain(c) for c in of.columns if isinstance(c.kind, str)})
    lines = [[cell(row) for cell in shown.values()] for row in of[:MOST_ROWS]]
    return rows(list(shown), lines, _caption(len(of), of.noun))


def lines(of: Table[Any], most: int = 10) -> str:
    """The same for a terminal: plain lines with their number."""
    found = [f"<{type(of).__name__}: {len(of)}>"]
    names = [c for c in of.columns if isinstance(c.kind, str)][:4]
    for row in of[:most]:
        values = [c.of(row) if c.of else getattr(row, c.name) for c in names]
        cells = [phrases.clipped(neutral(str(value)), 40) for value in values if value is not None]
        found.append(phrases.clipped("  ".join(cells), 116))
    if len(of) > most:
        found.append(f"... {len(of) - most} more")
    return "\n".join(found)


def _plain(column: Any) -> Any:
    def cell(row: Any) -> str:
        value = column.of(row) if column.of else getattr(row, column.name)
        return moment(value) if column.kind == "time" else text(value)

    return cell


def _caption(size: int, noun: str) -> str:
    if size > MOST_ROWS:
        return f"{size:,} {escape(noun)}, the first {MOST_ROWS} shown"
    return f"{size:,} {escape(noun.removesuffix('s') if size == 1 and ' ' not in noun else noun)}"


_FINDINGS: dict[str, Any] = {
    "": lambda f: badge(f.severity),
    "Finding": lambda f: text(f.title),
    "For": lambda f: text(phrases.who({"kind": f.scope.kind, "name": f.scope.name})),
    "Status": lambda f: text(f.status),
    "First seen": lambda f: moment(f.first_seen),
    "Last seen": lambda f: moment(f.last_seen),
    "Records": lambda f: f"{f.count:,}",
    "Cause": lambda f: f"<code>{text(f.cause)}</code>",
}
_CHECKS: dict[str, Any] = {
    "": lambda c: badge(c.status),
    "Check": lambda c: text(c.title),
    "Of": lambda c: text(phrases.who({"kind": c.scope.kind, "name": c.scope.name})) if c.scope else "",
    "Why": lambda c: text(c.why, 240),
}
_USERS: dict[str, Any] = {
    "": lambda u: badge(u.status),
    "User": lambda u: text(u.dn or u.anchor),
    "Last request": lambda u: moment(u.last_request),
    "Last result": lambda u: moment(u.last_result),
    "Cause": lambda u: f"<code>{text(u.cause)}</code>" if u.cause else "",
}
_LOGS: dict[str, Any] = {
    "Log": lambda g: text(g.path.rsplit("/", 1)[-1]),
    "Channel": lambda g: text(g.channel),
    "From": lambda g: moment(g.first_time),
    "To": lambda g: moment(g.last_time),
    "Records": lambda g: f"{g.records:,}",
    "Of password sync": lambda g: f"{g.password_sync_records:,}",
    "Remarks": lambda g: text("; ".join(g.remarks)),
}
_GAPS: dict[str, Any] = {
    "Log": lambda g: text(g.path.rsplit("/", 1)[-1]),
    "From": lambda g: moment(g.start) or "the beginning",
    "To": lambda g: moment(g.end) or "the end",
    "Reason": lambda g: text(g.reason),
}


def events(of: Events) -> str:
    """The first events; reads them, for who looks wants to see them."""
    heads = ["Time (UTC)", "Id", "Provider", "Level", "Computer", "Text"]
    size = len(of)
    cells = [
        [
            moment(e.time).removesuffix(" UTC"),
            text(e.event_id),
            text(e.provider),
            text(_LEVELS.get(e.level or 0) or e.level_text),
            text(e.computer),
            text(e.text),
        ]
        for e in of[:MOST_ROWS]
    ]
    return rows(heads, cells, _caption(size, "events"))


_LEVELS = {1: "critical", 2: "error", 3: "warning", 4: "information", 5: "verbose"}


# -- records


def record(of: Any) -> str:
    """A verdict, finding, check, user or coverage."""
    shown: str = globals()[{"UserState": "user"}.get(type(of).__name__, type(of).__name__.lower())](of)
    return shown


def verdict(of: Verdict) -> str:
    """The answer in one sentence."""
    colour = BADGES.get(of.status, "#4a5560")
    since = f'<span style="{_SOFT}"> since {moment(of.since)}</span>' if of.since else ""
    return f'<div style="{_BOX.format(colour)}">{badge(of.status)}{since}<br><b>{text(of.summary, 600)}</b></div>'


def finding(of: Finding) -> str:
    """One finding: what, for whom, since when, why, what to type, on what evidence."""
    times = {n: getattr(of, n) for n in ("first_seen", "last_seen", "recovered_at", "status", "count")}
    scope = {"kind": of.scope.kind, "name": of.scope.name}
    steps = "".join(_step(step) for step in of.fix)
    records = rows(
        ["Record", "Time", "Text"],
        (
            [
                text(phrases.place({"source": e.source.rsplit("/", 1)[-1], **_address(e)})),
                moment(e.time),
                text(e.excerpt),
            ]
            for e in of.evidence
        ),
        f"{len(of.evidence)} of {of.count:,} records",
    )
    links = "".join(f"<li>{_link(r.title, r.url)}</li>" for r in of.references)
    if url := address(of.page):
        links = f"<li>{_link('All that is known of this cause', url)}</li>{links}"
    return (
        f'<div style="{_BOX.format(BADGES.get(of.severity, "#4a5560"))}">{badge(of.severity)} <b>{text(of.title)}</b>'
        f"<p>{text(of.summary, 800)}</p>"
        f'<p style="{_SOFT}">{text(phrases.who(scope))} · {text(phrases.ended(times))} · {text(phrases.span(times))}'
        "</p>"
        f"<p>{text(of.why, 1200)}</p><ol>{steps}</ol>"
        f"<details><summary>Evidence and documents</summary>{records}<ul>{links}</ul></details></div>"
    )


def _step(step: Any) -> str:
    command = f'<pre style="{_PRE}">{escape(neutral_lines(step.command).strip())}</pre>' if step.command else ""
    note = phrases.note({"role": step.role, "restarts": step.restarts, "once": step.once})
    said = f' <span style="{_SOFT}">({text(note)})</span>' if note else ""
    lead = "<i>Verify:</i> " if step.verify else ""
    return f"<li>{lead}{text(step.text, 600)}{said}{command}</li>"


def _address(evidence: Any) -> dict[str, Any]:
    return {name: getattr(evidence, name) for name in ("record_id", "line", "offset")}


def _link(title: str, url: str) -> str:
    if not phrases.is_web(url):
        return text(title)
    return f'<a href="{escape(url)}" rel="noreferrer noopener" target="_blank">{text(title)}</a>'


def check(of: Check) -> str:
    """One check with its answer."""
    return f"<div>{badge(of.status)} <b>{text(of.title)}</b><br>{text(of.why, 600)}</div>"


def user(of: UserState) -> str:
    """One user with the history."""
    cause = f" · <code>{text(of.cause)}</code>" if of.cause else ""
    history = "".join(f"<li>{text(line, 300)}</li>" for line in of.history)
    return (
        f"<div>{badge(of.status)} <b>{text(of.dn or of.anchor)}</b>{cause}"
        f'<p style="{_SOFT}">last request {moment(of.last_request) or "not seen"}, '
        f"last result {moment(of.last_result) or 'not seen'}</p><ul>{history}</ul></div>"
    )


def coverage(of: Coverage) -> str:
    """Logs, gaps and what could not be judged."""
    parts = [table(of.logs)]
    if of.gaps:
        parts.append(f"<p><b>Not covered</b></p>{table(of.gaps)}")
    if of.not_evaluated:
        parts.append(f"<p><b>Not judged</b></p>{table(of.not_evaluated)}")
    return f"<div>{''.join(parts)}</div>"


def case(of: Case) -> str:
    """The answer, what to mend, and the checks."""
    current = of.findings.where(status="ongoing")
    over = len(of.findings) - len(current)
    parts = [verdict(of.verdict)]
    if current:
        parts.append(table(current))
    if over:
        parts.append(f'<p style="{_SOFT}">{over} more finding{"" if over == 1 else "s"} in the past</p>')
    checks = f"<details><summary>{len(of.checks)} checks</summary>{table(of.checks)}</details>" if of.checks else ""
    names = f'<p style="{_SOFT}">{len(of.inputs)} inputs, {len(of.users)} users</p>'
    return f"<div>{''.join(parts)}{checks}{names}</div>"
