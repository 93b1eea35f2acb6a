"""The tables of a case with their columns."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from .findings import Check, Finding, Gap, Input, Log, Mark, NotEvaluated, Unclassified, UserState
from .table import Column, Table

_TEXTS = ("list", "text")


def _records(*fields: tuple[str, Any]) -> Any:
    return ("list", ("record", fields))


def _parts(name: str, *fields: str) -> Any:
    """Takes the stated attributes of the records in an attribute."""
    get = attrgetter(*fields)
    return lambda row: [get(item) for item in getattr(row, name)]


class Findings(Table[Finding]):
    """What was found, in the order in which to mend it."""

    noun = "findings"
    columns = (
        Column("severity"),
        Column("status"),
        Column("title"),
        Column("scope_kind", of=attrgetter("scope.kind")),
        Column("scope_name", of=attrgetter("scope.name")),
        Column("summary"),
        Column("first_seen", "time"),
        Column("last_seen", "time"),
        Column("recovered_at", "time"),
        Column("count", "integer"),
        Column("cause"),
        Column("rule"),
        Column("confidence"),
        Column("password_sync", "truth"),
        Column("why"),
        Column(
            "fix",
            _records(
                ("text", "text"),
                ("command", "text"),
                ("role", "text"),
                ("restarts", "text"),
                ("once", "truth"),
                ("verify", "truth"),
            ),
            _parts("fix", "text", "command", "role", "restarts", "once", "verify"),
        ),
        Column("references", _records(("title", "text"), ("url", "text")), _parts("references", "title", "url")),
        Column("fields", _records(("name", "text"), ("values", _TEXTS)), lambda row: list(row.fields.items())),
        Column(
            "evidence",
            _records(
                ("source", "text"),
                ("record_id", "natural"),
                ("offset", "natural"),
                ("line", "natural"),
                ("time", "text"),
                ("excerpt", "text"),
            ),
            _parts("evidence", "source", "record_id", "offset", "line", "time", "excerpt"),
        ),
        Column("id"),
    )


class Checks(Table[Check]):
    """The wizard's own questions with their answers."""

    noun = "checks"
    columns = (
        Column("id"),
        Column("title"),
        Column("status"),
        Column("scope_kind", of=lambda row: row.scope.kind if row.scope else None),
        Column("scope_name", of=lambda row: row.scope.name if row.scope else None),
        Column("why"),
    )


class Users(Table[UserState]):
    """Everybody whose password is named in the logs."""

    noun = "users"
    columns = (
        Column("dn"),
        Column("anchor"),
        Column("status"),
        Column("last_request", "time"),
        Column("last_result", "time"),
        Column("cause"),
        Column("history", _TEXTS),
    )


class Inputs(Table[Input]):
    """Every source, read or left alone."""

    noun = "inputs"
    columns = (
        Column("path"),
        Column("kind"),
        Column("records", "natural"),
        Column("first_time", "time"),
        Column("last_time", "time"),
        Column("problems", _TEXTS, lambda row: [str(problem.get("what")) for problem in row.problems]),
        Column("more_problems", "natural"),
        Column("notes", _TEXTS),
        Column("sha256"),
    )


class Logs(Table[Log]):
    """The event logs and what they cover."""

    noun = "logs"
    columns = (
        Column("path"),
        Column("computer"),
        Column("channel"),
        Column("records", "natural"),
        Column("password_sync_records", "natural"),
        Column("missing_records", "natural"),
        Column("first_time", "time"),
        Column("last_time", "time"),
        Column("remarks", _TEXTS),
    )


class Gaps(Table[Gap]):
    """Stretches of time that no log covers."""

    noun = "gaps"
    columns = (Column("path"), Column("start", "time"), Column("end", "time"), Column("reason"))


class NotEvaluatedChecks(Table[NotEvaluated]):
    """Checks that could not be made, and what they lack."""

    noun = "checks not made"
    columns = (Column("check"), Column("missing"))


class UnclassifiedEvents(Table[Unclassified]):
    """Events near to password hash synchronization that no rule explains."""

    noun = "kinds of unexplained events"
    columns = (Column("provider"), Column("event_id", "natural"), Column("count", "natural"), Column("example"))


class Marks(Table[Mark]):
    """What the timeline shows: one mark for a record or for several of one hour."""

    noun = "marks"
    columns = (Column("time", "time"), Column("lane"), Column("kind"), Column("text"))
