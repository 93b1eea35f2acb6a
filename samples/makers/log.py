"""A server's event logs as they fill: heartbeats, password changes, cycles, noise of others, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from makers import phs_text as say
from makers.event import Event
from makers.site import Connector, Site, person

PHS, ENGINE = "Directory Synchronization", "ADSync"
SCM_GUID = "555908d1-a6d7-4695-8e1e-26931d2012f4"
SERVICE = "Microsoft Azure AD Sync"
HALF_HOUR, CYCLE = timedelta(minutes=30), timedelta(minutes=2)


def at(text: str) -> datetime:
    """A UTC time: at("2026-11-03 14:21:36")."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every(step: timedelta, start: datetime, end: datetime) -> Iterator[datetime]:
    """start, start + step, ... while not after end."""
    while start <= end:
        yield start
        start += step


def _pick(limit: int, *seed: object) -> int:
    """A number below `limit` that looks random and never changes."""
    return int(say.guid(*seed)[:8], 16) % limit


class Log:
    """`trailer` and `colon` are the ways in which builds differ: with or without <forest-info>, ": " or " : "."""

    def __init__(self, site: Site, start: str, end: str, *, trailer: bool = True, colon: str = " : ") -> None:
        self.site, self.start, self.end = site, at(start), at(end)
        self.trailer, self.colon = trailer, colon
        self.application: list[Event] = []
        self.system: list[Event] = []

    # -- single events

    def phs(self, time: datetime, id_: int, *data: str, level: int = 4) -> None:
        self.application.append(Event(PHS, id_, time, list(data), level=level, computer=self.site.computer))

    def engine(
        self,
        time: datetime,
        id_: int,
        data: Sequence[str],
        message: str,
        *,
        level: int = 4,
        task: int = 0,
        task_word: str = "Server",
    ) -> None:
        severity = {2: 0xC000, 3: 0x8000}.get(level, 0x4000)
        self.application.append(
            Event(
                ENGINE,
                id_,
                time,
                list(data),
                level=level,
                computer=self.site.computer,
                qualifiers=severity,
                task=task,
                task_word=task_word,
                message=message,
            )
        )

    def service_state(self, time: datetime, state: str, service: str = SERVICE, key: str = "ADSync") -> None:
        self.system.append(
            Event(
                "Service Control Manager",
                7036,
                time,
                [("param1", service), ("param2", state)],
                channel="System",
                computer=self.site.computer,
                qualifiers=0x4000,
                keywords=0x8080000000000000,
                provider_guid=SCM_GUID,
                process_id=712,
                thread_id=3000 + _pick(900, time),
                binary=(key + ("/4\0" if state == "running" else "/1\0")).encode(
                    "utf-16-le"
                ),  # as the controller numbers states
                message=f"The {service} service entered the {state} state.",
            )
        )

    def _tail(self, connector: Connector) -> str:
        return say.trailer(connector.name, connector.guid) if self.trailer else ""

    def _tracking(self, *seed: object) -> str:
        return f"TrackingID{self.colon}{say.guid(self.site.host, *seed)}"

    # -- what a healthy server writes

    def ping(self, connector: Connector, time: datetime, *, answer: bool = True) -> None:
        end = f" {self._tracking(connector.name, time)}{self._tail(connector)}"
        self.phs(time, 653, "Provision credentials ping start." + end)
        if answer:
            self.phs(time + timedelta(milliseconds=312), 654, "Provision credentials ping end." + end)

    def heart(self, connector: Connector, first: str, last: str, *, answer: bool = True) -> None:
        for time in every(HALF_HOUR, at(first), at(last)):
            self.ping(connector, time, answer=answer)

    def change(
        self,
        time: datetime | str,
        *people: str | tuple[str, str, bool | None],
        connector: Connector | None = None,
        answer: bool = True,
    ) -> None:
        """One batch. A person is a DN, or (DN, outcome, PwdChangeOnLogon)."""
        time = at(time) if isinstance(time, str) else time
        connector = connector or self.site.connectors[0]
        rows = [who if isinstance(who, tuple) else (who, "Success", False) for who in people]
        when = (time - timedelta(seconds=70)).strftime("%m/%d/%Y %H:%M:%S")
        tail, tracking = self._tail(connector), self._tracking("batch", connector.name, time)
        mark = f"Count: {len(rows)}. {tracking}{tail}"
        asked = say.NL.join(say.request(dn, when, self.colon) for dn, _, _ in rows) + tail
        told = say.NL.join(say.result(dn, outcome, flag, self.colon) for dn, outcome, flag in rows) + tail
        self.phs(time, 650, f"Provision credentials batch start. {mark}")
        self.phs(time + timedelta(milliseconds=16), 656, asked)
        if answer:
            self.phs(time + timedelta(milliseconds=890), 657, told)
        self.phs(time + timedelta(milliseconds=905), 651, f"Provision credentials batch end. {mark}")

    def working_days(self, domain: str, start: datetime, end: datetime, step: int = 47, seed: int = 0) -> None:
        """People change passwords from 06:00 to 17:00, one to three at a time."""
        connector = self.site.connector_of(domain)
        for n, time in enumerate(every(timedelta(minutes=step), start, end)):
            if 6 <= time.hour < 17:
                time += timedelta(seconds=_pick(600, domain, seed, n), milliseconds=_pick(1000, n, domain))
                if time < end:
                    self.change(
                        time, *(person(n * 3 + seed + k, domain) for k in range(1 + _pick(3, n))), connector=connector
                    )

    def cycles(self, start: datetime, end: datetime, policy: str = "Delta") -> None:
        """Directory sync's own scheduler: every half hour, beside password sync's."""
        for time in every(HALF_HOUR, start, end):
            texts = [f"Scheduler::SchedulerThreadMain : Import/Sync/Export cycle started ({policy})."]
            texts += [f"Starting: {policy} Import, connector: {c.name}." for c in self.site.connectors]
            texts += [f"Finished: {policy} Import, {policy} Synchronization, Export. Scheduler completed."]
            for n, text in enumerate(texts):
                self.phs(time + timedelta(seconds=4 * n), 904, text)
            for n, name in enumerate([c.name for c in self.site.connectors] + [self.site.cloud]):
                self.engine(time + timedelta(seconds=30 + n), 6946, [name], f"Internal Connector run settings: {name}")

    def noise(self, step: int = 11) -> None:
        """Other programs in both logs, among them ones that use our ids."""
        spp = "Microsoft-Windows-Security-SPP"
        kinds = [
            (
                spp,
                16384,
                0x4000,
                ["{stamp}", "RulesEngine"],
                "Successfully scheduled Software Protection service for re-start at {stamp}. Reason: RulesEngine.",
            ),
            (spp, 16394, 0xC000, [], "Offline downlevel migration succeeded."),
            ("edgeupdate", 0, 0, ["Service stopped"], "Service stopped"),
            ("VSS", 8224, 0, ["", ""], "The VSS service is shutting down due to idle timeout."),
            (
                "ESENT",
                326,
                0,
                ["svchost", "4372,D,50", "", "1", "C:\\Windows\\SoftwareDistribution\\DataStore\\DataStore.edb"],
                (
                    "svchost (4372,D,50) The database engine attached a database (1, "
                    "C:\\Windows\\SoftwareDistribution\\DataStore\\DataStore.edb)."
                ),
            ),
            (
                "MsiInstaller",
                1042,
                0,
                ["C:\\Windows\\Installer\\4a1f0.msi", "5212", "(NULL)"],
                "Ending a Windows Installer transaction: C:\\Windows\\Installer\\4a1f0.msi. Client Process Id: 5212.",
            ),
        ]
        others = [
            ("Windows Update", "wuauserv"),
            ("WinHTTP Web Proxy Auto-Discovery Service", "WinHttpAutoProxySvc"),
            ("Software Protection", "sppsvc"),
            ("Windows Modules Installer", "TrustedInstaller"),
        ]
        # The first and last records stand at the log's own limits: they decide what the log covers.
        times = list(every(timedelta(minutes=step), self.start, self.end))
        for n, time in enumerate([*times, *([self.end] if times[-1] != self.end else [])]):
            provider, id_, qualifiers, data, text = kinds[0 if n % 3 else _pick(len(kinds), self.site.host, n)]
            stamp = (time + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
            self.application.append(
                Event(
                    provider,
                    id_,
                    time,
                    [d.format(stamp=stamp) for d in data],
                    qualifiers=qualifiers,
                    computer=self.site.computer,
                    message=text.format(stamp=stamp),
                )
            )
            if n % 4 == 0:
                name, key = others[_pick(len(others), n)]
                self.service_state(time, "running" if n % 8 else "stopped", name, key)
