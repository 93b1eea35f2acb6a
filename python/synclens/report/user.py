"""One user's passwords for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rich.text import Text

from .phrases import moment, readable
from .terminal import STYLE, console
from .text import Report


def render(raw: Mapping[str, Any], file: IO[str] | None = None, *, width: int | None = None) -> None:
    """Prints the users of a narrowed diagnosis, each with its history, findings, and what is above users."""
    report = Report(console(file, width))
    for user in raw["users"]:
        _user(report, user, raw)
    _checks(report, raw["checks"])
    verdict = raw["verdict"]
    report.heading("Password hash sync as a whole")
    report.wrapped(verdict["status"], verdict["summary"], STYLE[verdict["status"]])
    above = [f for f in raw["findings"] if f["scope"]["kind"] != "user" and f["status"] == "ongoing"]
    for number, finding in enumerate(above, 1):
        report.finding([finding], number)


def _checks(report: Report, checks: list[Mapping[str, Any]]) -> None:
    """The single-object checks, each with its reason."""
    own = [check for check in checks if check["scope"] and check["scope"]["kind"] == "user"]
    shown = None
    for check in own:
        if check["scope"]["name"] != shown:
            shown = check["scope"]["name"]
            report.heading(f"Checks of {report.plain(shown or 'the user')}")
        style = "red" if check["status"] == "fail" else ""
        report.wrapped(check["status"], f"{check['title']}: {check['why']}", style)


def _user(report: Report, user: Mapping[str, Any], raw: Mapping[str, Any]) -> None:
    report.line(Text(report.plain(user["dn"] or user["anchor"] or "unnamed user"), style="bold"))
    cause = f", held back by {user['cause']}" if user["cause"] else ""
    report.wrapped("Status", f"{user['status']}{cause}")
    if user["anchor"]:
        report.wrapped("Anchor", user["anchor"])
    report.wrapped("Asked", moment(user["last_request"]) if user["last_request"] else "not in these logs")
    report.wrapped("Answered", moment(user["last_result"]) if user["last_result"] else "not in these logs")
    for number, words in enumerate(user["history"]):
        report.wrapped("History" if number == 0 else "", readable(words))
    names = (user["dn"], user["anchor"])
    own = [f for f in raw["findings"] if f["scope"]["kind"] == "user" and f["scope"]["name"] in names]
    for number, finding in enumerate(own, 1):
        report.finding([finding], number)
    report.line()
