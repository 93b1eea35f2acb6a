"""A case: what was sent, read to its end, with the diagnosis of it."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _core, catalogue
from .bundle import Limits, Member, Source, Unread, as_list, walk
from .bundle.held import held
from .bundle.items import Given, is_memory
from .feeding import feed, may_be_log
from .site import page

if TYPE_CHECKING:
    from os import PathLike

    import altair

    from . import findings as found
    from . import tables
    from .events import Events
    from .report.document import Report

SCHEMA_VERSION = 1
NOT_READ = frozenset({"unknown", "empty", "closed", "archive"})


@dataclass(frozen=True, slots=True)
class Options:
    """How sources are read; the same for the diagnosis and for the events."""

    tz: str = "UTC"
    since: str | None = None
    until: str | None = None
    rules: tuple[str, ...] = ()
    recover: bool = False
    open_closed: bool = False
    hash: bool = False
    user: str = ""
    limits: Limits = field(default_factory=Limits)
    threads: int | None = None
    """Threads that read the events of an event log; None: as many as there are processors, up to eight."""


class Case:
    """What `synclens.open` gives. Everything that it says is also in `to_dict()`, the JSON contract.

    Without `raw` it is concluded when something of the diagnosis is first asked for.

    >>> case
    <Case degraded: 1 finding, 16 inputs>
    >>> case.verdict.since
    '2026-11-03T14:21:36Z'
    >>> [check.id for check in case.checks.where(status="fail")]
    ['account-permission']
    """

    def __init__(
        self,
        sources: list[Given],
        options: Options,
        raw: dict[str, Any] | None = None,
        left: Iterable[Unread] = (),
    ) -> None:
        self._sources = sources
        self._options = options
        if raw is not None:
            self._concluded = (raw, list(left))

    @cached_property
    def _concluded(self) -> tuple[dict[str, Any], list[Unread]]:
        case = _readable(analyze(self._sources, self._options))
        return case._raw, case._left

    @property
    def _raw(self) -> dict[str, Any]:
        return self._concluded[0]

    @property
    def _left(self) -> list[Unread]:
        return self._concluded[1]

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis in the shape of the JSON contract (schema/analysis.schema.json)."""
        return self._raw

    @cached_property
    def verdict(self) -> found.Verdict:
        """The answer in one sentence."""
        from . import findings as found

        return found.Verdict(**self._raw["verdict"])

    @cached_property
    def checks(self) -> tables.Checks:
        """The wizard's own questions with their answers."""
        from . import findings as found
        from .tables import Checks

        return Checks(map(found.check, self._raw["checks"]))

    @cached_property
    def findings(self) -> tables.Findings:
        """What is or was wrong, in the order in which to mend it."""
        from . import findings as found
        from .tables import Findings

        return Findings(map(found.finding, self._raw["findings"]))

    @cached_property
    def users(self) -> tables.Users:
        """Everybody whose password is named in the logs."""
        from . import findings as found
        from .tables import Users

        return Users(map(found.user, self._raw["users"]))

    @cached_property
    def coverage(self) -> found.Coverage:
        """What the logs cover and what could not be judged."""
        from . import findings as found

        return found.coverage(self._raw["coverage"])

    @cached_property
    def inputs(self) -> tables.Inputs:
        """Every source, read or left alone."""
        from . import findings as found
        from .tables import Inputs

        return Inputs(map(found.source, self._raw["inputs"]))

    @cached_property
    def unclassified(self) -> tables.UnclassifiedEvents:
        """Events near to password hash synchronization that no rule explains."""
        from . import findings as found
        from .tables import UnclassifiedEvents

        return UnclassifiedEvents(found.Unclassified(**item) for item in self._raw["unclassified"])

    @cached_property
    def marks(self) -> tables.Marks:
        """What the timeline shows, as a table."""
        from . import findings as found
        from .tables import Marks

        return Marks(found.Mark(**mark) for mark in self._raw["timeline"])

    @cached_property
    def left(self) -> tuple[Unread, ...]:
        """What the walk did not read, with the reasons."""
        return tuple(self._left)

    @cached_property
    def events(self) -> Events:
        """All events of all sources, read when they are asked for."""
        from .events import Events

        return Events(tuple(self._sources), self._options)

    def user(self, who: str) -> found.UserState:
        """The user of a DN, an anchor or a part of a DN. Raises KeyError when none or several fit.

        >>> case.user("Eva Weber").status
        'Success'
        """
        found = matching_users(self.users, who)
        if len(found) == 1:
            return found[0]
        if not found:
            raise KeyError(f"no user like {who!r} in the logs")
        raise KeyError(f"{len(found)} users like {who!r}: " + "; ".join(str(u.dn or u.anchor) for u in found[:5]))

    def timeline(self) -> altair.LayerChart:
        """Heartbeats, batches, results, errors, restarts and gaps of coverage by time, as an interactive chart.

        Raises ImportError without altair (the extra `report`), ValueError where nothing has a time.

        >>> case.timeline().save("timeline.html")
        """
        from .report.notebook_chart import timeline_chart

        return timeline_chart(self._raw)

    def report(self) -> Report:
        """The diagnosis as a document, in any of the formats: .html, .md, .csv, .sarif, .json, .txt.

        >>> case.report().save("report.html")
        """
        from .report.document import Report

        return Report(self._raw, self._explained)

    def _explained(self) -> Events:
        """All events, each with the rule and the cause that explain it."""
        from .events import Events

        return Events(tuple(self._sources), self._options, explain=True)

    def _naming(self, users: Iterable[Mapping[str, Any]]) -> Events:
        """The same of those events that name one of the users of a narrowed diagnosis."""
        names = sorted({name for user in users for name in (user["dn"], user["anchor"]) if name})
        if not names:
            return self._explained().filter(ids=[])
        return self._explained().filter(text=f"(?i){'|'.join(map(re.escape, names))}")

    @property
    def is_partial(self) -> bool:
        """Whether something that should have been read was not."""
        damaged = any(i["problems"] or i["more_problems"] for i in self._raw["inputs"])
        return damaged or any(u.is_problem for u in self._left)

    def __repr__(self) -> str:
        count = len(self._raw["findings"])
        return f"<Case {self.verdict.status}: {count} finding{'' if count == 1 else 's'}, {len(self.inputs)} inputs>"

    def _repr_html_(self) -> str:
        from .report.notebook import case

        return case(self)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_") or name.startswith("__")]


def open(
    source: Source | Iterable[Source],
    *,
    tz: str = "UTC",
    since: str | datetime.datetime | None = None,
    until: str | datetime.datetime | None = None,
    rules: Iterable[str | PathLike[str]] = (),
    recover: bool = False,
    open_closed: bool = False,
    hash: bool = False,
    user: str = "",
    limits: Limits | None = None,
    threads: int | None = None,
) -> Case:
    """Reads a path, bytes, a binary file object, a folder, or a list of them, and concludes.

    Single logs and exports are concluded when something of the diagnosis is first asked for, so that `Case.events`
    alone costs no diagnosis. Memory (bytearray, memoryview, mmap) is read where it is: leave it as it is meanwhile.
    `threads` read the events of an event log (default: one per processor, up to eight).
    `tz` is the zone of times whose source states none. `user` (a DN, an anchor or a part of a DN) adds the checks of
    one object to `Case.checks`. Damage inside a source is data (`Case.inputs[...].problems`).
    Raises UnsupportedInput when nothing of it can be read; CatalogueError for wrong rules.

    >>> synclens.open("MECLOG.zip", user="Eva Weber").checks.where(id="last-attempt")[0].status
    'pass'
    """
    options = options_from(
        tz=tz,
        since=since,
        until=until,
        rules=rules,
        recover=recover,
        open_closed=open_closed,
        hash=hash,
        user=user,
        limits=limits,
        threads=threads,
    )
    given = [held(one, number, options.limits) for number, one in enumerate(as_list(source), 1)]
    if not options.rules and given and all(_is_plain(one, options) for one in given):
        for time in ("2000-01-01", options.since, options.until):
            if time is not None:
                _core.to_utc(time, options.tz)  # what is wrong is said now
        return Case(given, options)
    return _readable(analyze(given, options))


def _readable(case: Case) -> Case:
    if not was_read(case):
        raise _core.UnsupportedInput(nothing_readable(case))
    return case


def _is_plain(source: Given, options: Options) -> bool:
    """Whether a source is one file or block of memory of a kind that synclens reads: no archive, no folder."""
    from pathlib import Path

    if isinstance(source, (str, os.PathLike)):
        if not Path(os.fspath(source)).is_file():
            return False
    elif not is_memory(source):
        return False
    first = next(walk([source], tz=options.tz, limits=options.limits, open_closed=options.open_closed), None)
    return isinstance(first, Member) and (first.path is not None or first.data is not None)


def options_from(
    *,
    tz: str,
    since: str | datetime.datetime | None,
    until: str | datetime.datetime | None,
    rules: Iterable[str | PathLike[str]],
    recover: bool,
    open_closed: bool,
    hash: bool,
    user: str,
    limits: Limits | None,
    threads: int | None = None,
) -> Options:
    """The options of `open` and `scan`, as they are kept."""
    return Options(
        tz=tz,
        since=iso(since),
        until=iso(until),
        rules=tuple(str(folder) for folder in rules),
        recover=recover,
        open_closed=open_closed,
        hash=hash,
        user=user.strip(),
        limits=limits or Limits(),
        threads=threads,
    )


def analyze(sources: Iterable[Given], options: Options, progress: Any = None) -> Case:
    """`open` without the judgement whether anything was readable. `progress` is called with each item's name."""
    given = [
        one if isinstance(one, Unread) else held(one, number, options.limits) for number, one in enumerate(sources, 1)
    ]
    rules = catalogue.load(options.rules)
    analyzer = _core.Analyzer(
        rules,
        tz=options.tz,
        since=options.since,
        until=options.until,
        recover=options.recover,
        open_closed=options.open_closed,
        user=options.user,
    )
    left: list[Unread] = []
    hashes: dict[str, str] = {}
    for item in walk(given, tz=options.tz, limits=options.limits, open_closed=options.open_closed):
        if progress is not None:
            progress(item.name)
        if isinstance(item, Unread):
            left.append(item)
            lost = may_be_log(item)
            kind = "evtx" if lost and item.name.lower().endswith(".evtx") else item.kind
            analyzer.add_unread(item.name, kind, item.reason, item.is_problem, lost)
        else:
            feed(analyzer, item, hashes if options.hash else None)
    raw = _headed(rules, analyzer)
    for entry in raw["inputs"]:
        entry["sha256"] = hashes.get(entry["path"])
    # Causes of somebody's own rules have no page.
    shipped = {cause["id"] for cause in catalogue.load().causes()} if options.rules else None
    for finding in raw["findings"]:
        finding["page"] = page("cause", finding["cause"]) if shipped is None or finding["cause"] in shipped else None
    return Case(given, options, raw, left)


def _headed(rules: _core.Catalogue, analyzer: _core.Analyzer) -> dict[str, Any]:
    tool = {"name": "synclens", "version": _core.__version__, "catalogue": rules.version}
    return {"schema_version": SCHEMA_VERSION, "tool": tool, **analyzer.conclude()}


def empty_diagnosis(why: str) -> dict[str, Any]:
    """The diagnosis of what could not be analyzed at all: unknown, and why."""
    rules = catalogue.load()
    verdict = {"status": "unknown", "summary": f"Not analyzed: {why}", "since": None}
    return {**_headed(rules, _core.Analyzer(rules)), "verdict": verdict}


def iso(time: str | datetime.datetime | None) -> str | None:
    if isinstance(time, datetime.datetime):
        return time.isoformat()
    return time


def was_read(case: Case) -> bool:
    """Whether at least one source was of a kind that synclens reads."""
    left = {item.name for item in case.left}
    return any(e["kind"] not in NOT_READ and e["path"] not in left for e in case.to_dict()["inputs"])


def nothing_readable(case: Case) -> str:
    """One sentence: what was found instead, and what to do."""
    left = case.left
    if len(left) == 1:
        found = f"{left[0].name}: {left[0].reason}"
    elif left:
        problems = [item for item in left if item.is_problem]
        first = next((item for item in problems if item.kind == "archive"), (problems or left)[0])
        found = f"nothing readable among {len(left)} files; one is {first.name}: {first.reason}"
    else:
        failed = [f"{i['path']}: {i['problems'][0]['what']}" for i in case.to_dict()["inputs"] if i["problems"]]
        found = failed[0] if failed else "nothing was found: the folder holds no file"
    return f"{found}. Give the collector's bundle, or the Application log as .evtx, XML, CSV or text."


def matching_users(users: Iterable[found.UserState], who: str) -> list[found.UserState]:
    """Users whose DN or anchor is `who`, else those whose DN contains it; letter case does not matter."""
    users = list(users)
    wanted = who.strip().casefold()
    exact = [u for u in users if wanted in ((u.dn or "").casefold(), (u.anchor or "").casefold())]
    return exact or [u for u in users if wanted and wanted in (u.dn or "").casefold()]


def narrowed(raw: Mapping[str, Any], who: str) -> dict[str, Any]:
    """A diagnosis with one user's state and without the findings of other users."""
    from . import findings as found

    users = [u for u in raw["users"] if matching_users([found.user(u)], who)]
    names = {name for u in users for name in (u["dn"], u["anchor"]) if name}
    kept = [f for f in raw["findings"] if f["scope"]["kind"] != "user" or f["scope"]["name"] in names]
    return {**raw, "users": users, "findings": kept}
