"""What a case says, as frozen records over the JSON contract: verdict, checks, findings, users, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair

    from .tables import Gaps, Logs, NotEvaluatedChecks


class _Shown:
    """Looks like itself in a notebook."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from .report import notebook

        return notebook.record(self)


@dataclass(frozen=True, slots=True)
class Verdict(_Shown):
    """The answer in one sentence. `status` is failing, degraded, healthy or unknown."""

    status: str
    summary: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a finding or check is about: tenant, server, forest, domain, connector or user; the name where known."""

    kind: str
    name: str | None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class Reference:
    """A document and its section."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A step that mends, or, where `verify` is set, one that shows that it is mended."""

    text: str
    command: str | None
    role: str | None = None
    restarts: str | None = None
    once: bool = False
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that a finding rests on, with its address in the source."""

    source: str
    record_id: int | None
    offset: int | None
    line: int | None
    time: str | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class Finding(_Shown):
    """One cause in one scope."""

    id: str
    cause: str
    rule: str | None
    severity: str
    status: str
    confidence: str
    scope: Scope
    title: str
    summary: str
    why: str
    fix: tuple[Fix, ...]
    references: tuple[Reference, ...]
    fields: Mapping[str, tuple[str, ...]] = field(hash=False)
    first_seen: str | None
    last_seen: str | None
    recovered_at: str | None
    count: int
    evidence: tuple[Evidence, ...]
    password_sync: bool = True
    page: str | None = None
    """The cause's page of the documentation site, seen from where that stands; None for a cause of your own rules."""


@dataclass(frozen=True, slots=True)
class Check(_Shown):
    """One question of the wizard's own list. `unknown` says in `why` what is missing."""

    id: str
    title: str
    status: str
    why: str
    scope: Scope | None


@dataclass(frozen=True, slots=True)
class UserState(_Shown):
    """The last word on one user's password."""

    dn: str | None
    anchor: str | None
    status: str
    last_request: str | None
    last_result: str | None
    cause: str | None
    history: tuple[str, ...] = ()

    def timeline(self) -> altair.Chart:
        """The user's history as an interactive chart. Raises ImportError without altair, ValueError without times."""
        from .report.notebook_chart import user_chart

        return user_chart(self)


@dataclass(frozen=True, slots=True)
class Input:
    """One source that was read or left alone."""

    path: str
    kind: str
    sha256: str | None
    records: int
    problems: tuple[Mapping[str, Any], ...] = field(hash=False)
    first_time: str | None
    last_time: str | None
    more_problems: int = 0
    notes: tuple[str, ...] = ()
    account: Mapping[str, Any] | None = field(default=None, hash=False)
    """Of an event log: `size`, `read` and `skipped` bytes (they add up), each skipped stretch with chunk, offset and
    reason, and how many checksums were looked at and were wrong."""


@dataclass(frozen=True, slots=True)
class Log:
    """An event log and what it covers. `missing_records` are numbers that its records skip."""

    path: str
    computer: str | None
    channel: str | None
    records: int
    password_sync_records: int
    missing_records: int
    first_time: str | None
    last_time: str | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of time that a log does not cover; None where it begins or ends with the log."""

    path: str
    start: str | None
    end: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A check that could not be made, and what it lacks."""

    check: str
    missing: str


@dataclass(frozen=True, slots=True)
class Coverage(_Shown):
    """What the logs cover, where they have gaps, and what could not be judged for want of what."""

    logs: Logs
    gaps: Gaps
    not_evaluated: NotEvaluatedChecks


@dataclass(frozen=True, slots=True)
class Unclassified:
    """A kind of event that no rule explains, with one example's text."""

    provider: str | None
    event_id: int
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of the timeline: when, in whose lane, of which kind (heartbeat, batch, result, error, restart, ...)."""

    time: str
    lane: str
    kind: str
    text: str


def scope(raw: Mapping[str, Any] | None) -> Scope | None:
    return None if raw is None else Scope(raw["kind"], raw["name"])


def finding(raw: Mapping[str, Any]) -> Finding:
    return Finding(
        **{
            **raw,
            "scope": Scope(**raw["scope"]),
            "fix": tuple(Fix(**step) for step in raw["fix"]),
            "references": tuple(Reference(**reference) for reference in raw["references"]),
            "fields": {name: tuple(values) for name, values in raw["fields"].items()},
            "evidence": tuple(Evidence(**record) for record in raw["evidence"]),
        }
    )


def check(raw: Mapping[str, Any]) -> Check:
    return Check(**{**raw, "scope": scope(raw["scope"])})


def user(raw: Mapping[str, Any]) -> UserState:
    return UserState(**{**raw, "history": tuple(raw["history"])})


def source(raw: Mapping[str, Any]) -> Input:
    return Input(**{**raw, "problems": tuple(raw["problems"]), "notes": tuple(raw["notes"])})


def coverage(raw: Mapping[str, Any]) -> Coverage:
    from .tables import Gaps, Logs, NotEvaluatedChecks

    return Coverage(
        Logs(Log(**{**log, "remarks": tuple(log["remarks"])}) for log in raw["logs"]),
        Gaps(Gap(gap["path"], gap["from"], gap["to"], gap["reason"]) for gap in raw["gaps"]),
        NotEvaluatedChecks(NotEvaluated(**item) for item in raw["not_evaluated"]),
    )
