"""The diagnosis for a terminal: what is broken, since when, for whom, why, on what evidence, and what to type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, Any

from rich.text import Text

from synclens.site import address

from . import timeline
from .neutral import neutral
from .phrases import (
    affected,
    check_groups,
    clipped,
    common_folder,
    count,
    ended,
    grouped,
    moment,
    note,
    of_group,
    parted,
    place,
    span,
    who,
)
from .terminal import STYLE, Sheet, console

MOST_FULL = 10
MOST_SHORT = 20
MOST_USERS = 20
MOST_NAMES = 5
MOST_EVIDENCE = 2
MOST_DOCUMENTS = 3
MOST_LEFT = 12
MOST_ROWS = 10
KIND_STYLE = {
    "error": "red", "heartbeat": "green", "batch": "blue", "result": "cyan", "restart": "magenta", "change": "yellow",
}  # fmt: skip


def render(raw: Mapping[str, Any], file: IO[str] | None = None, *, width: int | None = None) -> None:
    """Prints a diagnosis to `file` (stdout). Colours only on a terminal, and not where NO_COLOR is set."""
    Report(console(file, width)).print(raw)


class Report(Sheet):
    """One printing of a diagnosis."""

    def print(self, raw: Mapping[str, Any]) -> None:
        self.common = common_folder([entry["path"] for entry in raw["inputs"]])
        self._verdict(raw)
        self._timeline(raw)
        current, before, others = parted(raw["findings"])
        groups = grouped(current)
        if groups:
            self.heading("What to mend, in this order")
            for number, group in enumerate(groups[:MOST_FULL], 1):
                self.finding(group, number)
            if len(groups) > MOST_FULL:
                self.line()
                self._short(groups[MOST_FULL:])
        for title, findings in (("What is over", before), ("Not password hash sync, but in the same log", others)):
            if findings:
                self.heading(title)
                self._short(grouped(findings))
        self._checks(raw["checks"])
        self._users(raw["users"])
        self._unclassified(raw["unclassified"])
        self._coverage(raw)

    def _verdict(self, raw: Mapping[str, Any]) -> None:
        verdict = raw["verdict"]
        head = Text(verdict["status"].upper(), style=STYLE[verdict["status"]])
        if verdict["since"]:
            head.append(f"  since {moment(verdict['since'])}", style="bold")
        self.filled(head)
        self.filled(Text(neutral(verdict["summary"])))
        if verdict["status"] in ("failing", "degraded"):
            self.filled(Text.assemble(("For whom: ", "dim"), neutral(affected(raw))))

    def _timeline(self, raw: Mapping[str, Any]) -> None:
        """A line for each kind of record in each lane, as high as how much of the time it was seen in."""
        line = timeline.gather(raw)
        if line is None:
            return
        rows = line.rows[:MOST_ROWS]
        stacked = self.narrow
        labels = [clipped(row.label, self.width if stacked else self.width // 2) for row in rows]
        room = max(map(len, labels))
        cells = min(64, self.width - 1 if stacked else self.width - 5 - room)
        blocks = self.console.encoding.lower().startswith("utf")
        self.heading(f"Timeline, {timeline.moment_of(line.start)} to {timeline.moment_of(line.end)}")
        for row, label in zip(rows, labels, strict=True):
            strip = timeline.strip(row, line, cells, timeline.MARKS if blocks else timeline.PLAIN_MARKS)
            drawn = Text(strip, style=KIND_STYLE.get(row.kind, ""))
            if stacked:
                self.line(Text(label, style="dim"))
                self.line(Text.assemble(" ", drawn))
            else:
                self.line(Text.assemble("   ", (label.ljust(room), "dim"), "  ", drawn))
        if line.since is not None:
            at = min(cells - 1, (line.since - line.start) * cells // max(1, line.end - line.start))
            words = f"{line.status} since"
            fits = at + 2 + len(words) <= cells
            left = at if fits else max(0, at - 1 - len(words))
            words = f"^ {words}" if fits else f"{words} ^"
            self.line(Text(" " * (left + (1 if stacked else 5 + room)) + words, style="red"))
        if line.gaps:
            self.line(Text(f"   {timeline.MARKS[1] if blocks else timeline.PLAIN_MARKS[1]} not covered", style="dim"))
        hidden = len(line.rows) - len(rows) + line.left_out
        if hidden:
            self.line(Text(f"   and {hidden} more in --format html", style="dim"))

    def finding(self, group: Sequence[Mapping[str, Any]], number: int) -> None:
        """A finding in full; of several users with one cause the first stands for all."""
        finding = group[0]
        severity = finding["severity"]
        self.line()
        title = f"{number}. {neutral(finding['title'])}"
        self.filled(Text.assemble((title, "bold"), "  ", (severity, STYLE[severity])))
        if len(group) == 1:
            self.wrapped("What", finding["summary"])
            self.wrapped("For whom", who(finding["scope"]))
        else:
            names = [f["scope"]["name"] or "unnamed" for f in group[:MOST_NAMES]]
            more = f"; and {len(group) - MOST_NAMES} more" if len(group) > MOST_NAMES else ""
            self.wrapped("For whom", f"{len(group)} users: {'; '.join(names)}{more}")
            self.wrapped("", "What follows is that of the first.", "dim")
        self.wrapped("Since", span(finding))
        self.wrapped("Why", finding["why"])
        steps = [step for step in finding["fix"] if not step["verify"]]
        for position, step in enumerate(steps, 1):
            self.step(step, f"Do {position}" if len(steps) > 1 else "Do")
        for step in finding["fix"]:
            if step["verify"]:
                self.step(step, "Verify")
        self._evidence(finding["evidence"])
        references = finding["references"]
        for reference in references[:MOST_DOCUMENTS]:
            self.document(reference["title"], reference["url"])
        left = len(references) - MOST_DOCUMENTS
        url = address(finding.get("page"))
        if url:
            self.document("All that is known of this cause", url)
        elif left > 0 or finding.get("page"):
            more = f"and {left} more" if left > 0 else "more"
            self.wrapped("", f"{more}: synclens explain {finding['cause']}", "dim")

    def step(self, step: Mapping[str, Any], label: str) -> None:
        """One step with its command."""
        self.wrapped(label, f"{step['text']} {note(step)}".strip())
        if step["command"]:
            self.verbatim(step["command"])

    def _evidence(self, evidence: list[Mapping[str, Any]]) -> None:
        said = None
        for record in evidence[:MOST_EVIDENCE]:
            self.wrapped("Evidence", f"{place(record)}, {moment(record['time'])}")
            excerpt = clipped(neutral(record["excerpt"]), 240)
            self.wrapped("", "the same words" if excerpt == said else excerpt, "dim")
            said = excerpt
        if len(evidence) > MOST_EVIDENCE:
            self.wrapped("", f"and {len(evidence) - MOST_EVIDENCE} more in --format json", "dim")

    def _short(self, groups: Sequence[Sequence[Mapping[str, Any]]]) -> None:
        for group in groups[:MOST_SHORT]:
            finding = group[0]
            severity = finding["severity"]
            state = ended(finding) if len(group) == 1 else f"the first {ended(finding)}"
            words = f"{finding['title']} ({of_group(group)}): {state}"
            self.wrapped(severity, words, label_style=STYLE[severity])
            said = f"{finding['summary']} · {count(finding)} · " if len(group) == 1 else ""
            self.wrapped("", f"{said}synclens explain {finding['cause']}", "dim")
        if len(groups) > MOST_SHORT:
            self.wrapped("", f"and {len(groups) - MOST_SHORT} more in --format json", "dim")

    def _checks(self, checks: list[Mapping[str, Any]]) -> None:
        if not checks:
            return
        self.heading("Checks")
        for status, title, about, why in check_groups(checks):
            words = f"{title} ({', '.join(about)})" if about else title
            if status == "pass":  # the why of what is well stands in the JSON
                self.wrapped(status, words, "dim", STYLE[status])
            else:
                self.wrapped(status, f"{words}: {why}", STYLE[status] if status == "fail" else "", STYLE[status])

    def _users(self, users: list[Mapping[str, Any]]) -> None:
        if not users:
            return
        bad = [u for u in users if u["status"] != "Success"]
        self.heading(f"Users: {len(users)}, {len(bad)} of them without a success")
        shown = [_cells(user) for user in bad[:MOST_USERS]]
        if self.width < 78:
            for status, last, cause, name in shown:
                self.wrapped(status, f"{name} · {last}{' · ' if cause else ''}{cause}")
        elif shown:
            self.table(("Status", "Last", "Cause", "User"), shown)
        if len(bad) > len(shown):
            self.wrapped("", f"and {len(bad) - len(shown)} more in --format csv --table users", "dim")

    def _unclassified(self, kinds: list[Mapping[str, Any]]) -> None:
        if not kinds:
            return
        self.heading("Records that no rule knows")
        for kind in kinds[:MOST_LEFT]:
            example = neutral(kind["example"])[:160]
            self.wrapped(f"{kind['count']} x", f"{kind['provider'] or 'no provider'} {kind['event_id']}: {example}")
        if len(kinds) > MOST_LEFT:
            self.wrapped("", f"and {len(kinds) - MOST_LEFT} more in --format json", "dim")

    def _coverage(self, raw: Mapping[str, Any]) -> None:
        coverage = raw["coverage"]
        self.heading("What the logs cover")
        if self.common:
            common, self.common = self.common, ""
            self.wrapped("In", common.rstrip("/"))
            self.common = common
        for log in coverage["logs"][:MOST_LEFT]:
            span_of = f"{moment(log['first_time'])} to {moment(log['last_time'])}" if log["first_time"] else "no times"
            name = " · ".join(str(log[k]) for k in ("computer", "channel") if log[k])
            number = f"{log['records']} records, {log['password_sync_records']} of password hash sync"
            self.wrapped("Log", f"{log['path']}{' · ' + name if name else ''}: {span_of}; {number}")
            for remark in log["remarks"]:
                self.wrapped("", remark, "dim")
        self._more(coverage["logs"], "logs")
        for gap in coverage["gaps"][:MOST_LEFT]:
            path = f"{gap['path']}: " if gap["path"] else ""
            self.wrapped("Gap", f"{path}{moment(gap['from'])} to {moment(gap['to'])}: {gap['reason']}")
        self._more(coverage["gaps"], "gaps")
        shown = {check["why"] for check in raw["checks"]}
        asked = [m for m in coverage["not_evaluated"] if m["missing"] not in shown]
        asked = list({(m["check"], m["missing"]): m for m in asked}.values())
        for missing in asked[:MOST_LEFT]:
            self.wrapped("Not known", f"{missing['check']}: {missing['missing']}")
        self._more(asked, "missing things")
        self._inputs(raw["inputs"])

    def _inputs(self, inputs: list[Mapping[str, Any]]) -> None:
        damaged = [i for i in inputs if i["problems"] or i["more_problems"]]
        for entry in damaged[:MOST_LEFT]:
            number = len(entry["problems"]) + entry["more_problems"]
            first = entry["problems"][0]["what"] if entry["problems"] else "not listed"
            more = f" (and {number - 1} more)" if number > 1 else ""
            self.wrapped("Problem", f"{entry['path']}: {first}{more}", "yellow")
        self._more(damaged, "damaged inputs")
        noted = [(i["path"], words) for i in inputs if i["kind"] not in ("unknown", "empty") for words in i["notes"]]
        for path, words in noted[:MOST_LEFT]:
            self.wrapped("Note", f"{path}: {words}")
        self._more(noted, "notes")
        unknown = sum(1 for i in inputs if i["kind"] in ("unknown", "empty") and not i["problems"])
        if unknown:
            files = "1 file of a kind that says" if unknown == 1 else f"{unknown} files of kinds that say"
            self.wrapped("Not read", f"{files} nothing about password hash sync")

    def _more(self, items: Sequence[Any], what: str) -> None:
        if len(items) > MOST_LEFT:
            self.wrapped("", f"and {len(items) - MOST_LEFT} more {what} in --format json", "dim")


def _cells(user: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Status, last word, cause and name of a user."""
    last = moment(user["last_result"] or user["last_request"])
    return user["status"], last, user["cause"] or "", user["dn"] or user["anchor"] or "unnamed"
