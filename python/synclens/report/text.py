"""The diagnosis for a terminal: what is broken, since when, for whom, why, on what evidence, and what to type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rich.console import Console
from rich.text import Text

from .neutral import neutral
from .phrases import count, ended, hints, moment, place, span, who

LABEL = 10
MOST_USERS = 20
MOST_EVIDENCE = 2
MOST_LEFT = 12
STYLE = {
    "failing": "bold red", "degraded": "bold yellow", "healthy": "bold green", "unknown": "bold cyan",
    "critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim",
    "pass": "green", "fail": "red",
}  # fmt: skip


def render(raw: Mapping[str, Any], file: IO[str] | None = None, *, width: int | None = None) -> None:
    """Prints a diagnosis to `file` (stdout). Colours only on a terminal, and not where NO_COLOR is set."""
    Report(console(file, width)).print(raw)


def console(file: IO[str] | None, width: int | None) -> Console:
    """A console that takes nothing in its input for markup."""
    return Console(file=file, highlight=False, markup=False, emoji=False, width=width)


class Report:
    """One printing of a diagnosis."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = max(20, min(console.width, 110))
        self.common = ""

    def print(self, raw: Mapping[str, Any]) -> None:
        self.common = common_folder([entry["path"] for entry in raw["inputs"]])
        self._verdict(raw)
        current = [f for f in raw["findings"] if f["status"] == "ongoing" and f["password_sync"]]
        before = [f for f in raw["findings"] if f["status"] != "ongoing" and f["password_sync"]]
        others = [f for f in raw["findings"] if not f["password_sync"]]
        if current:
            self.heading("What to mend, in this order")
            for number, finding in enumerate(current, 1):
                self.finding(finding, number)
        if before:
            self.heading("What is over")
            for finding in before:
                self._past(finding)
        if others:
            self.heading("Not password hash sync, but in the same log")
            for finding in others:
                self._past(finding)
        self._checks(raw["checks"])
        self._users(raw["users"])
        self._unclassified(raw["unclassified"])
        self._coverage(raw)

    # Building blocks ------------------------------------------------------------------------------------------------

    def plain(self, words: str) -> str:
        """Text of the input for one line; the folder that all files are in is left out."""
        return neutral(words.replace(self.common, "") if self.common else words)

    def line(self, text: Text | str = "") -> None:
        self.console.print(text, soft_wrap=True)

    def heading(self, words: str) -> None:
        self.line()
        self.line(Text(words, style="bold"))

    def wrapped(self, label: str, words: str, style: str = "", indent: int = 3) -> None:
        """A labelled paragraph; further lines are indented under its first."""
        room = max(10, self.width - indent - LABEL)
        lines = Text(self.plain(words), style=style).wrap(self.console, room) or [Text("")]
        for number, line in enumerate(lines):
            line.rstrip()
            head = Text(" " * indent + (label if number == 0 else "").ljust(LABEL), style="dim")
            self.line(Text.assemble(head, line))

    def verbatim(self, words: str, style: str = "bold") -> None:
        """A line that is never wrapped, so that it can be copied."""
        for line in words.splitlines() or [""]:
            self.line(Text.assemble(" " * (3 + LABEL), (neutral(line), style)))

    # Parts ----------------------------------------------------------------------------------------------------------

    def _verdict(self, raw: Mapping[str, Any]) -> None:
        verdict = raw["verdict"]
        head = Text(verdict["status"].upper(), style=STYLE[verdict["status"]])
        if verdict["since"]:
            head.append(f"  since {moment(verdict['since'])}", style="bold")
        self.line(head)
        for line in Text(neutral(verdict["summary"])).wrap(self.console, self.width):
            line.rstrip()
            self.line(line)

    def finding(self, finding: Mapping[str, Any], number: int) -> None:
        title = Text.assemble(
            f"{number}. ",
            (neutral(finding["title"]), "bold"),
            "  ",
            (finding["severity"], STYLE[finding["severity"]]),
        )
        self.line()
        for line in title.wrap(self.console, self.width):
            line.rstrip()
            self.line(line)
        self.wrapped("What", finding["summary"])
        self.wrapped("For whom", who(finding["scope"]))
        self.wrapped("Since", span(finding))
        self.wrapped("Why", finding["why"])
        for step in finding["fix"]:
            self.step(step)
        self._evidence(finding["evidence"])
        for reference in finding["references"]:
            self.wrapped("Document", reference["title"])
            self.verbatim(reference["url"], "underline")

    def step(self, step: Mapping[str, Any]) -> None:
        notes = hints(step)
        words = step["text"] + (f" ({'; '.join(notes)})" if notes else "")
        self.wrapped("Verify" if step["verify"] else "Do", words)
        if step["command"]:
            self.verbatim(step["command"])

    def _evidence(self, evidence: list[Mapping[str, Any]]) -> None:
        for record in evidence[:MOST_EVIDENCE]:
            self.wrapped("Evidence", f"{place(record)}, {moment(record['time'])}")
            excerpt = neutral(record["excerpt"])
            self.wrapped("", excerpt if len(excerpt) <= 240 else excerpt[:239] + "…", "dim")
        if len(evidence) > MOST_EVIDENCE:
            self.wrapped("", f"and {len(evidence) - MOST_EVIDENCE} more in --format json", "dim")

    def _past(self, finding: Mapping[str, Any]) -> None:
        self.wrapped(finding["severity"], f"{finding['title']} ({who(finding['scope'])}): {ended(finding)}")
        self.wrapped("", f"{finding['summary']} · {count(finding)} · synclens explain {finding['cause']}", "dim")

    def _checks(self, checks: list[Mapping[str, Any]]) -> None:
        if not checks:
            return
        self.heading("Checks")
        for check in checks:
            scope = check["scope"]
            about = f" ({who(scope)})" if scope and scope["name"] else ""
            if check["status"] == "pass":  # the why of what is well stands in the JSON
                self.wrapped("pass", check["title"] + about, "dim")
                continue
            self.wrapped(
                check["status"], f"{check['title']}{about}: {check['why']}", "" if check["status"] != "fail" else "red"
            )

    def _users(self, users: list[Mapping[str, Any]]) -> None:
        if not users:
            return
        bad = [u for u in users if u["status"] != "Success"]
        self.heading(f"Users: {len(users)}, {len(bad)} of them without a success")
        shown = bad[:MOST_USERS] if bad else []
        for user in shown:
            cause = f" · {user['cause']}" if user["cause"] else ""
            last = user["last_result"] or user["last_request"]
            name = user["dn"] or user["anchor"] or "unnamed"
            self.wrapped(user["status"][: LABEL - 1], f"{name} · {moment(last)}{cause}")
        if len(bad) > len(shown):
            self.wrapped("", f"and {len(bad) - len(shown)} more in --format json", "dim")

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
            self.line(Text.assemble(("   In".ljust(3 + LABEL), "dim"), neutral(self.common.rstrip("/"))))
        for log in coverage["logs"][:MOST_LEFT]:
            span_of = f"{moment(log['first_time'])} to {moment(log['last_time'])}" if log["first_time"] else "no times"
            name = " · ".join(str(log[k]) for k in ("computer", "channel") if log[k])
            count = f"{log['records']} records, {log['password_sync_records']} of password hash sync"
            self.wrapped("Log", f"{log['path']}{' · ' + name if name else ''}: {span_of}; {count}")
            for remark in log["remarks"]:
                self.wrapped("", remark, "dim")
        for gap in coverage["gaps"][:MOST_LEFT]:
            self.wrapped("Gap", f"{gap['path']}: {moment(gap['from'])} to {moment(gap['to'])}: {gap['reason']}")
        shown = {check["why"] for check in raw["checks"]}
        for check, missing in dict.fromkeys((m["check"], m["missing"]) for m in coverage["not_evaluated"]):
            if missing not in shown:
                self.wrapped("Not known", f"{check}: {missing}")
        self._inputs(raw["inputs"])

    def _inputs(self, inputs: list[Mapping[str, Any]]) -> None:
        damaged = [i for i in inputs if i["problems"] or i["more_problems"]]
        for entry in damaged[:MOST_LEFT]:
            count = len(entry["problems"]) + entry["more_problems"]
            first = entry["problems"][0]["what"] if entry["problems"] else "not listed"
            more = f" (and {count - 1} more)" if count > 1 else ""
            self.wrapped("Problem", f"{entry['path']}: {first}{more}", "yellow")
        noted = [(i["path"], words) for i in inputs if i["kind"] not in ("unknown", "empty") for words in i["notes"]]
        for path, words in noted[:MOST_LEFT]:
            self.wrapped("Note", f"{path}: {words}")
        unknown = sum(1 for i in inputs if i["kind"] in ("unknown", "empty") and not i["problems"])
        if unknown:
            self.wrapped("Not read", f"{unknown} files of kinds that say nothing about password hash sync")


def common_folder(paths: list[str]) -> str:
    """The folder or archive that all of two or more files are in, with its slash; else nothing."""
    parts = [path.split("/")[:-1] for path in paths]
    if len(parts) < 2:
        return ""
    same = 0
    while all(len(p) > same and p[same] == parts[0][same] for p in parts):
        same += 1
    return "/".join(parts[0][:same]) + "/" if same else ""
