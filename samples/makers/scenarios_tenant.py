"""Bundles of customers whose server no longer gets through to the tenant."""

from __future__ import annotations

from datetime import timedelta

from makers import phs_text as say
from makers.bundle import bundle
from makers.customers import ADATUM, VANARSDEL, WINGTIP
from makers.log import HALF_HOUR, Log, at, every
from makers.phs_text import guid
from makers.site import person


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def cloud_credential() -> bytes:
    """Somebody changed the cloud account's password by hand: four symptoms every half hour, 20 times."""
    log = Log(WINGTIP, "2026-11-15 00:00:00", "2026-11-18 06:40:00")
    connector = WINGTIP.connectors[0]
    log.heart(connector, "2026-11-15 00:04:27", "2026-11-17 20:34:27")
    log.working_days("wingtiptoys.com", log.start, at("2026-11-17 17:00:00"))
    for time in every(HALF_HOUR, at("2026-11-17 21:04:27"), at("2026-11-18 06:34:27")):
        log.ping(connector, time, answer=False)
        log.phs(time + _seconds(1), 115, "Error Description: " + say.ACCESS_DENIED)
        log.phs(time + _seconds(2), 655, "Failed credential provisioning ping. Error: " + say.CREDENTIAL, level=2)
        log.phs(time + _seconds(3), 0, say.CREDENTIAL, level=2)
        sentence = "The server encountered an unexpected error while processing a password change notification:"
        log.engine(time + _seconds(4), 6900, [say.CREDENTIAL], f'{sentence}\r\n"{say.CREDENTIAL}"', level=2)
    log.cycles(at("2026-11-15 00:12:20"), at("2026-11-17 20:45:00"))
    log.noise()
    return bundle(log, "2026-11-18 06:44:20", failed={"wingtiptoys.com": "2026-11-17 21:02:40"})


def tenant_feature_disabled() -> bytes:
    """Switched off in the wizard by mistake; the server goes on trying and is told code 90."""
    log = Log(ADATUM, "2026-11-10 00:00:00", "2026-11-13 12:20:00")
    connector = ADATUM.connectors[0]
    log.heart(connector, "2026-11-10 00:22:15", "2026-11-12 16:22:15")
    log.working_days("adatum.com", log.start, at("2026-11-12 16:30:00"))
    log.phs(at("2026-11-12 16:40:02"), 2506, "Password hash synchronization was disabled. Changed by: ADATUM\\adm-kim.")
    for time in every(HALF_HOUR, at("2026-11-12 16:52:15"), log.end):
        log.ping(connector, time, answer=False)
        log.phs(time + _seconds(2), 655, say.cloud_error("ping", 90, say.NOT_ACTIVATED, time), level=2)
    for time in every(timedelta(minutes=40), at("2026-11-13 07:05:41"), log.end):
        asked = say.request(person(time.minute, "adatum.com"), time.strftime("%m/%d/%Y %H:%M:%S"))
        tracking = f"TrackingID : {guid('batch', time)}"
        tail = say.trailer(connector.name, connector.guid)
        log.phs(time, 650, f"Provision credentials batch start. Count: 1. {tracking}{tail}")
        log.phs(time + _seconds(0.1), 656, asked + tail)
        log.phs(time + _seconds(1), 652, say.cloud_error("batch", 90, say.NOT_ACTIVATED, time), level=2)
        inner = f"An error occurred. Error Code: 90. Error Description: {say.NOT_ACTIVATED}"
        sentence = "The server encountered an unexpected error while processing a password change notification:"
        log.engine(time + _seconds(2), 6900, [inner], f'{sentence}\r\n"{inner}"', level=2)
    log.cycles(at("2026-11-10 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-11-13 12:24:36", failed={"adatum.com": "2026-11-12 16:38:05"})


def certificate() -> bytes:
    """A cloned second server took over the application's certificate."""
    log = Log(VANARSDEL, "2026-11-05 00:00:00", "2026-11-08 09:37:00")
    log.heart(VANARSDEL.connectors[0], "2026-11-05 00:00:10", "2026-11-08 02:30:10")
    log.working_days("vanarsdelltd.com", log.start, at("2026-11-07 17:00:00"))
    app = guid("application", VANARSDEL.host, VANARSDEL.tenant)
    for time in every(HALF_HOUR, at("2026-11-08 03:00:22"), log.end):
        log.phs(time, 906, say.key_not_found(app, VANARSDEL.tenant, time.strftime("%Y-%m-%d %H:%M:%S")), level=2)
    log.cycles(at("2026-11-05 00:12:20"), at("2026-11-08 02:45:00"))
    log.noise()
    return bundle(log, "2026-11-08 09:40:12", failed={"vanarsdelltd.com": "2026-11-08 02:58:30"})
