"""Bundles of customers whose server does not do its part, or only a few people are missing."""

from __future__ import annotations

from datetime import timedelta

from makers import phs_text as say
from makers.bundle import bundle
from makers.customers import CONTOSO_FABRIKAM, FOURTHCOFFEE, LITWARE, PROSEWARE, RELECLOUD
from makers.log import CYCLE, Log, at, every
from makers.site import person


def staging() -> bytes:
    """The standby server was sent instead of the active one."""
    log = Log(LITWARE, "2026-11-03 00:00:00", "2026-11-05 07:00:00")
    log.cycles(at("2026-11-03 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-11-05 07:03:10", failed={"litwareinc.com": None})


def service_stopped() -> bytes:
    """An update stopped the service at night; nobody started it."""
    log = Log(PROSEWARE, "2026-11-14 00:00:00", "2026-11-18 09:05:00")
    log.heart(PROSEWARE.connectors[0], "2026-11-14 00:14:55", "2026-11-18 01:44:55")
    log.working_days("proseware.com", log.start, at("2026-11-17 17:00:00"))
    stop_service(log, "2026-11-18 02:11:40")
    log.cycles(at("2026-11-14 00:12:20"), at("2026-11-18 02:00:00"))
    log.noise()
    return bundle(log, "2026-11-18 09:08:00", stopped={"proseware.com": "2026-11-18 02:10:21"})


def stop_service(log: Log, when: str) -> None:
    time = at(when)
    log.phs(time, 602, "Password hash synchronization is stopping.")
    log.phs(time + timedelta(seconds=2), 609, "Password Synchronization manager has stopped")
    log.engine(time + timedelta(seconds=3), 2002, [], "The service was stopped successfully.")
    log.service_state(time + timedelta(seconds=4), "stopped")


def channel_silent() -> bytes:
    """One of two connectors falls silent: its pings start and get no answer, nothing else is wrong."""
    site = CONTOSO_FABRIKAM
    log = Log(site, "2026-11-07 00:00:00", "2026-11-10 14:30:00")
    log.heart(site.connectors[0], "2026-11-07 00:05:51", "2026-11-10 14:05:51")
    log.heart(site.connectors[1], "2026-11-07 00:20:02", "2026-11-10 03:20:02")
    log.heart(site.connectors[1], "2026-11-10 03:50:02", "2026-11-10 14:20:02", answer=False)
    log.working_days("contoso.com", log.start, log.end)
    log.working_days("fabrikam.net", log.start, at("2026-11-09 17:00:00"), step=53)
    log.cycles(at("2026-11-07 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-11-10 14:33:25", stopped={"fabrikam.net": "2026-11-10 03:36:40"})


def user_problems() -> bytes:
    """The channel is well; four people are not."""
    domain = "fourthcoffee.com"
    log = Log(FOURTHCOFFEE, "2026-09-14 00:00:00", "2026-09-17 15:10:00")
    log.heart(FOURTHCOFFEE.connectors[0], "2026-09-14 00:25:44", "2026-09-17 14:55:44")
    log.working_days(domain, log.start, log.end, seed=20)
    new, broken, late, lost = (
        f"CN={name},OU=New Hires,DC=fourthcoffee,DC=com"
        for name in ("Abel Temporary", "Bente Broken", "Cleo Later", "Dora Lost")
    )
    log.change("2026-09-16 08:02:10", person(60, domain), (new, "Failed", True), person(61, domain))
    log.change("2026-09-16 09:31:00", (broken, "Failed", False))
    log.phs(
        at("2026-09-16 10:15:20"),
        0,
        f"The following password changes failed to synchronized and have scheduled for retry.{say.NL}DN = {late}",
    )
    log.change("2026-09-16 10:21:20", late)
    log.change("2026-09-16 13:40:00", lost, answer=False)
    log.cycles(at("2026-09-14 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-09-17 15:12:30", objects=(person(60, domain),))


def initial_sync() -> bytes:
    """A new server: the first full directory sync is still running, so password sync waits."""
    log = Log(RELECLOUD, "2026-11-19 08:00:00", "2026-11-19 16:29:00")
    log.engine(at("2026-11-19 09:58:03"), 2001, [], "The service was started successfully.")
    log.service_state(at("2026-11-19 09:58:04"), "running")
    log.phs(at("2026-11-19 10:01:12"), 601, "Password synchronization manager has started")
    for time in every(CYCLE, at("2026-11-19 10:01:14"), log.end):
        log.phs(
            time,
            613,
            "Password hash synchronization agent is paused because the directory full synchronization "
            "has not yet completed.",
        )
    log.phs(
        at("2026-11-19 10:02:00"), 904, "Scheduler::SchedulerThreadMain : Import/Sync/Export cycle started (Initial)."
    )
    log.phs(at("2026-11-19 10:02:04"), 904, "Starting: Full Import, connector: relecloud.com.")
    log.noise()
    return bundle(log, "2026-11-19 16:32:00", failed={"relecloud.com": None})
