"""The diagnosis as Markdown for a ticket: short, and without effect whatever the input holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from synclens.site import address

from . import timeline
from .neutral import neutral, neutral_lines
from .phrases import (
    affected,
    clipped,
    count,
    ended,
    grouped,
    in_order,
    is_web,
    moment,
    note,
    of_group,
    parted,
    place,
    server,
    since,
    span,
    tally,
    who,
    without_folder,
)

MOST_FINDINGS = 20
MOST_OTHERS = 30
MOST_EVIDENCE = 2
MOST_USERS = 25
MOST_ROWS = 12
TEXT = 700
MARK = {"pass": "✔", "fail": "✖", "unknown": "?"}

_SPECIAL = re.compile(r"[\\`*_\[\]{}|~$#!]")
# A line that would begin a list, a quotation, a rule or an underlined heading.
_LINE_START = re.compile(r"^(\s*(?:\d{1,9}(?=[.)](?:\s|$)))?)([-+=.)])")
# Words that trackers turn into links, mentions or commands: set as code, where nothing is turned into anything.
_LIVE = re.compile(
    r"@\w|://|\bwww\.|\bmailto:|(?<!\w)[#!&%~]\d|\w[#!]\d|:[\w+-]+:|\b[A-Z][A-Z0-9]+-\d+\b|^/\w|\^\[", re.IGNORECASE
)
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def render(raw: Mapping[str, Any]) -> str:
    """A diagnosis as Markdown that ends with a line feed."""
    folder, raw = without_folder(raw)
    current, before, others = parted(raw["findings"])
    verdict = raw["verdict"]
    lines = [
        f"# Password hash synchronization: {verdict['status']}",
        "",
        prose(verdict["summary"]),
        "",
        f"- Since: {since(raw)}",
        f"- For whom: {prose(affected(raw))}",
    ]
    if current:
        lines += ["", "## What to do, in this order"]
        groups = grouped(current)
        for number, group in enumerate(groups[:MOST_FINDINGS], 1):
            lines += ["", *_ongoing(group, number)]
        lines += _more(len(groups), MOST_FINDINGS)
    for title, group in (("Over", before), ("Not password hash sync, but in the same log", others)):
        if group:
            lines += ["", f"## {title}", ""]
            lines += [_short(finding) for finding in group[:MOST_OTHERS]]
            lines += _more(len(group), MOST_OTHERS)
    lines += _checks(raw["checks"]) + _timeline(raw) + _users(raw["users"]) + _asked(raw, folder) + _versions(raw)
    return "\n".join(lines) + "\n"


def prose(words: str, most: int = TEXT) -> str:
    """One line of text in which nothing of Markdown, HTML or a tracker's own marks has effect."""
    plain = clipped(neutral(words).strip(), most)
    shown = " ".join(code(word) if _LIVE.search(word) else _escaped(word) for word in plain.split(" "))
    return _LINE_START.sub(r"\1\\\2", shown)


def _escaped(word: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", word).translate(_ENTITIES)


def code(words: str) -> str:
    """Text as a code span; its fence is longer than any run of back quotes in it."""
    plain = neutral(words)
    fence = "`" * (_longest(plain) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") or (plain.strip() != plain) else ""
    return f"{fence}{pad}{plain}{pad}{fence}" if plain.strip() else ""


def block(words: str, kind: str = "", indent: str = "") -> list[str]:
    """Lines as a fenced block."""
    plain = neutral_lines(words)
    fence = "`" * max(3, _longest(plain) + 1)
    return [f"{indent}{line}" for line in (fence + kind, *plain.split("\n"), fence)]


def _longest(words: str) -> int:
    return max((len(run) for run in re.findall("`+", words)), default=0)


def _ongoing(group: list[Mapping[str, Any]], number: int) -> list[str]:
    finding = group[0]
    lines = [
        f"### {number}. {prose(finding['title'])} ({finding['severity']})",
        "",
        prose(finding["summary"]),
        "",
        f"- For whom: {prose(of_group(group))}",
        f"- When: {span(finding)}",
        f"- Cause: {code(finding['cause'])}{', rule ' + code(finding['rule']) if finding['rule'] else ''}",
        f"- Why: {prose(finding['why'])}",
        "",
    ]
    for position, step in enumerate(finding["fix"], 1):
        verify = "Verify: " if step.get("verify") else ""
        needs = " " + prose(note(step)) if note(step) else ""
        lines.append(f"{position}. {verify}{prose(step['text'])}{needs}")
        if step["command"]:
            lines += block(step["command"], "powershell", "   " if position < 10 else "    ")
    if len(group) > 1:
        lines += ["", "Summary, steps and evidence are those of the first user:", ""]
        lines += [f"- {code(clipped(who(f['scope']), 200))}" for f in group[:MOST_USERS]]
        lines += _more(len(group), MOST_USERS, "users")
    said = None
    for record in finding["evidence"][:MOST_EVIDENCE]:
        lines += ["", f"Evidence: {moment(record['time'])}, {code(clipped(place(record), 300))}", ""]
        excerpt = clipped(neutral(record["excerpt"]), TEXT)
        lines += ["The same words."] if excerpt == said else block(excerpt, "text")
        said = excerpt
    lines += _more(len(finding["evidence"]), MOST_EVIDENCE, "records")
    documents = [f"- {_link(reference)}" for reference in finding["references"]]
    documents[:0] = _page(finding)
    lines += ["", "Documents:", "", *documents] if documents else []
    return lines


def _link(reference: Mapping[str, Any]) -> str:
    url = reference["url"]
    if is_web(url):
        return f"{prose(reference['title'])}: <{url}>"
    return f"{prose(reference['title'])}: {code(url)}"


def _page(finding: Mapping[str, Any]) -> list[str]:
    """Where all that is known of the cause stands."""
    if not finding.get("page"):
        return []
    url = address(finding["page"])
    if url:
        return [f"- All that is known of this cause: <{url}>"]
    explain = code(f"synclens explain {finding['cause']}")
    return [f"- All that is known of this cause: {explain}, and {code(finding['page'])} in the documentation"]


def _short(finding: Mapping[str, Any]) -> str:
    return (
        f"- {prose(finding['title'])} ({finding['severity']}, {prose(who(finding['scope']))}): {ended(finding)}; "
        f"{count(finding)}. {prose(finding['summary'], 300)}"
    )


def _checks(checks: list[Mapping[str, Any]]) -> list[str]:
    if not checks:
        return []
    lines = ["", "## Checks", ""]
    lines[-1:] = ["", tally(checks), ""]
    for check in in_order(checks)[: 3 * MOST_OTHERS]:
        scope = check["scope"]
        about = f" ({prose(who(scope))})" if scope and scope["name"] else ""
        state = f"{MARK[check['status']]} {check['status']}"
        lines.append(f"- {state}: {prose(check['title'])}{about}: {prose(check['why'], 300)}")
    return lines + _more(len(checks), 3 * MOST_OTHERS, "checks")


def _timeline(raw: Mapping[str, Any]) -> list[str]:
    line = timeline.gather(raw)
    if line is None:
        return []
    rows = [f"{timeline.strip(row, line)}  {row.label}" for row in line.rows[:MOST_ROWS]]
    lines = ["", "## Timeline", "", f"{timeline.moment_of(line.start)} to {timeline.moment_of(line.end)}", ""]
    return lines + block("\n".join(rows), "text") + _more(len(line.rows) + line.left_out, MOST_ROWS, "rows")


def _users(users: list[Mapping[str, Any]]) -> list[str]:
    troubled = [u for u in users if u["status"] != "Success"]
    if not users:
        return []
    lines = ["", f"## Users: {len(users)}, {len(troubled)} of them without a success"]
    lines += [""] if troubled else []
    for user in troubled[:MOST_USERS]:
        cause = f", {code(user['cause'])}" if user["cause"] else ""
        last = moment(user["last_result"] or user["last_request"])
        lines.append(
            f"- {prose(user['status'])}: {code(clipped(user['dn'] or user['anchor'] or 'unnamed', 200))}, {last}{cause}"
        )
    return lines + _more(len(troubled), MOST_USERS, "users")


def _asked(raw: Mapping[str, Any], folder: str) -> list[str]:
    lines: list[str] = []
    missing = raw["coverage"]["not_evaluated"]
    if missing:
        lines += ["", "## What to ask for", ""]
        lines += [f"- {prose(m['check'])}: {prose(m['missing'], 300)}" for m in missing[:MOST_OTHERS]]
        lines += _more(len(missing), MOST_OTHERS, "missing things")
    logs = raw["coverage"]["logs"]
    if logs:
        lines += ["", "## Logs", ""]
        lines += [f"- All in {code(clipped(folder.rstrip('/'), 300))}"] if folder else []
        for log in logs[:MOST_OTHERS]:
            covers = f"{moment(log['first_time'])} to {moment(log['last_time'])}" if log["first_time"] else "no times"
            lines.append(f"- {code(clipped(log['path'], 300))}: {covers}, {log['records']} records")
        lines += _more(len(logs), MOST_OTHERS, "logs")
    damaged = [i for i in raw["inputs"] if i["problems"]]
    if damaged:
        lines += ["", "## Problems", ""]
        lines += [
            f"- {code(clipped(i['path'], 300))}: {prose(i['problems'][0]['what'])}" for i in damaged[:MOST_OTHERS]
        ]
        lines += _more(len(damaged), MOST_OTHERS, "damaged inputs")
    return lines


def _versions(raw: Mapping[str, Any]) -> list[str]:
    tool, known = raw["tool"], server(raw)
    build = f"; Microsoft Entra Connect {prose(known['build'])}" if known["build"] else ""
    return ["", f"{tool['name']} {tool['version']}, catalogue {prose(tool['catalogue'])}{build}"]


def _more(total: int, shown: int, what: str = "findings") -> list[str]:
    return ["", f"{total - shown} more {what} are in the JSON report."] if total > shown else []
