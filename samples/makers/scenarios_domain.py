"""Bundles of customers where one domain, or every one, cannot be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from makers import phs_text as say
from makers.bundle import bundle
from makers.customers import CONTOSO, CONTOSO_FABRIKAM, NORTHWIND, TAILSPIN, WOODGROVE
from makers.event import number
from makers.evtx_writer import encode_evtx
from makers.log import CYCLE, Log, at, every
from makers.site import Connector, person

DENIED = "Replication access was denied."
SID = "S-1-5-21-1004336348-1177238915-682003330-1612"


def healthy() -> bytes:
    log = Log(CONTOSO, "2026-11-01 00:00:00", "2026-11-06 09:12:33")
    log.heart(CONTOSO.connectors[0], "2026-11-01 00:07:41", "2026-11-06 09:07:41")
    log.working_days("contoso.com", log.start, log.end)
    log.working_days("emea.contoso.com", log.start, log.end, step=171, seed=5)
    log.cycles(at("2026-11-01 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-11-06 09:15:02", objects=(person(4, "contoso.com"), person(7, "emea.contoso.com")))


def emea_permission() -> bytes:
    """An administrator moves the connector to a new account and grants it rights in the root domain only."""
    log = Log(CONTOSO, "2026-10-29 00:00:00", "2026-11-04 10:31:00")
    log.heart(CONTOSO.connectors[0], "2026-10-29 00:03:17", "2026-11-04 10:03:17")
    log.working_days("contoso.com", log.start, log.end)
    log.working_days("emea.contoso.com", log.start, at("2026-11-03 13:30:00"), step=63, seed=5)
    log.change("2026-11-03 13:52:44", person(11, "emea.contoso.com"))
    log.phs(
        at("2026-11-03 14:12:05"),
        2518,
        "AD DS connector account credential was changed. Connector: contoso.com, "
        f"account: CONTOSO.COM\\MSOL_3f8c1e0b77aa, changed by: CONTOSO\\adm-jreyes ({SID}).",
    )
    log.phs(
        at("2026-11-03 14:13:44"),
        2517,
        "Permissions were set for the AD DS connector account. Connector: contoso.com, "
        f"domain: contoso.com, account: CONTOSO.COM\\MSOL_3f8c1e0b77aa, changed by: CONTOSO\\adm-jreyes ({SID}).",
    )
    text = say.NL.join(
        [
            say.head_611("emea.contoso.com", "EMEA-DC02.emea.contoso.com", "10.40.1.12"),
            "Details: ",
            say.drs_details(8453, DENIED),
        ]
    )
    for time in every(CYCLE, at("2026-11-03 14:21:36"), log.end):
        log.phs(time, 611, text, level=2)
    log.cycles(at("2026-10-29 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-11-04 10:34:10", failed={"emea.contoso.com": "2026-11-03 14:19:36"})


def only_dc_unreachable() -> bytes:
    """A firewall change at night; the DC's name stands in the inner text only."""
    log = Log(NORTHWIND, "2026-11-09 00:00:00", "2026-11-12 08:03:00")
    log.heart(NORTHWIND.connectors[0], "2026-11-09 00:19:08", "2026-11-12 07:49:08")
    log.working_days("northwindtraders.com", log.start, at("2026-11-11 17:00:00"))
    text = say.NL.join(
        [
            say.head_611("northwindtraders.com"),
            "Details: ",
            say.unreachable_details("northwindtraders.com", "NWDC1.northwindtraders.com", "10.20.0.5"),
        ]
    )
    for time in every(CYCLE, at("2026-11-11 22:40:12"), log.end):
        log.phs(time, 611, text, level=2)
    log.cycles(at("2026-11-09 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-11-12 08:05:30", failed={"northwindtraders.com": "2026-11-11 22:38:12"})


def ad_account_credential() -> bytes:
    """The connector account's password expired. This build writes the text as two Data elements and no trailer."""
    log = Log(TAILSPIN, "2026-11-14 00:00:00", "2026-11-17 07:45:00", trailer=False, colon=": ")
    log.heart(TAILSPIN.connectors[0], "2026-11-14 00:11:30", "2026-11-17 07:41:30")
    log.working_days("tailspintoys.com", log.start, at("2026-11-16 17:00:00"))
    for time in every(CYCLE, at("2026-11-16 18:00:18"), log.end):
        log.phs(
            time,
            611,
            say.head_611("tailspintoys.com"),
            "Details: " + say.NL + say.logon_details("tailspintoys.com"),
            level=2,
        )
    log.cycles(at("2026-11-14 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-11-17 07:48:40", failed={"tailspintoys.com": "2026-11-16 17:58:18"})


def two_forests() -> bytes:
    """Two forests fail for two reasons: a disabled account here, replication switched off on the DC there."""
    site = CONTOSO_FABRIKAM
    log = Log(site, "2026-11-10 00:00:00", "2026-11-13 08:01:00")
    log.heart(site.connectors[0], "2026-11-10 00:05:51", "2026-11-13 07:35:51")
    log.heart(site.connectors[1], "2026-11-10 00:06:02", "2026-11-13 07:36:02")
    log.working_days("contoso.com", log.start, at("2026-11-12 09:25:00"))
    log.working_days("fabrikam.net", log.start, at("2026-11-12 20:10:00"), step=53)
    text = say.NL.join(
        [
            say.head_611("contoso.com", "DC1.contoso.com", "10.1.1.5"),
            "Details: ",
            say.drs_details(
                1331, "This user can't sign in because this account is currently disabled.", "_IDL_DRSBind"
            ),
        ]
    )
    for time in every(CYCLE, at("2026-11-12 09:30:10"), log.end):
        log.phs(time, 611, text, level=2)
    text = say.NL.join(
        [
            say.head_611("fabrikam.net", "FAB-DC01.fabrikam.net", "172.16.4.10"),
            "Details: ",
            say.drs_details(8456, "The source server is currently rejecting replication requests."),
        ]
    )
    for time in every(CYCLE, at("2026-11-12 20:15:33"), log.end):
        log.phs(time, 611, text, level=2)
    log.cycles(at("2026-11-10 00:12:20"), log.end)
    log.noise()
    return bundle(
        log, "2026-11-13 08:04:00", failed={"contoso.com": "2026-11-12 09:28:10", "fabrikam.net": "2026-11-12 20:13:33"}
    )


def recovered_outage() -> bytes:
    """Patch night: the server restarts, then the only DC is away for five hours; in the morning all is well."""
    log = Log(WOODGROVE, "2026-11-02 00:00:00", "2026-11-05 10:20:00")
    connector = WOODGROVE.connectors[0]
    log.heart(connector, "2026-11-02 00:21:15", "2026-11-03 21:51:15")
    log.heart(connector, "2026-11-03 22:21:15", "2026-11-05 09:51:15")
    for day in ("02", "03", "04", "05"):
        log.working_days(
            "woodgrovebank.com",
            at(f"2026-11-{day} 05:59:00"),
            min(at(f"2026-11-{day} 17:00:00"), log.end),
            seed=int(day),
        )
    down = at("2026-11-03 22:00:04")
    log.phs(down, 602, "Password hash synchronization is stopping.")
    log.phs(down + timedelta(seconds=2), 609, "Password Synchronization manager has stopped")
    log.engine(down + timedelta(seconds=3), 2002, [], "The service was stopped successfully.")
    log.service_state(down + timedelta(seconds=4), "stopped")
    up = at("2026-11-03 22:06:02")
    log.engine(up, 2001, [], "The service was started successfully.")
    log.service_state(up + timedelta(seconds=1), "running")
    log.phs(up + timedelta(seconds=38), 601, "Password synchronization manager has started")
    text = say.NL.join(
        [
            say.head_611("woodgrovebank.com"),
            "Details: ",
            say.unreachable_details("woodgrovebank.com", "WGDC1.woodgrovebank.com", "192.168.10.4"),
        ]
    )
    for time in every(CYCLE, at("2026-11-03 22:10:05"), at("2026-11-04 03:00:05")):
        log.phs(time, 611, text, level=2)
    log.change("2026-11-04 03:12:40", person(3, "woodgrovebank.com"))
    log.cycles(at("2026-11-02 00:12:20"), log.end)
    log.noise()
    return bundle(log, "2026-11-05 10:22:48")


def dirsync() -> bytes:
    """The first generation: DirSync in 2013, one Windows Server 2003 DC. No <forest-info>, no PwdChangeOnLogon, levels
    that say Information, and 611 without the DC's name."""
    site = replace(CONTOSO, host="DIRSYNC1", connectors=(Connector("contoso.com", ("contoso.com",)),))
    log = Log(site, "2013-05-01 00:00:00", "2013-05-02 16:10:00", trailer=False)
    log.heart(site.connectors[0], "2013-05-01 00:12:08", "2013-05-02 15:42:08")
    for hour in range(7, 17):
        log.change(f"2013-05-01 {hour:02}:33:10", (person(hour, "contoso.com"), "Success", None))
    body = say.drs_details(8439, "The distinguished name specified for this replication operation is invalid.")
    body = body.split("---> ")[1].replace("RPC Error 8439 :", "RPC Error 8439:")
    for time in every(CYCLE, at("2013-05-02 09:00:40"), log.end):
        log.phs(time, 611, f"Password synchronization failed for domain: Contoso.com. Details: {say.NL}{body}")
    log.noise()
    return encode_evtx(number(log.application, 4_711))


def one_log() -> Log:
    """A night of the EMEA case, short enough to be read: the lone files are all this log."""
    site = CONTOSO
    log = Log(site, "2026-11-13 18:00:00", "2026-11-14 04:10:00")
    log.heart(site.connectors[0], "2026-11-13 18:04:26", "2026-11-14 04:04:26")
    log.change("2026-11-13 18:31:07", person(2, "contoso.com"), person(4, "contoso.com"))
    log.change("2026-11-13 18:40:52", person(9, "emea.contoso.com"))
    log.change("2026-11-14 02:15:33", person(5, "contoso.com"))
    text = say.NL.join(
        [
            say.head_611("emea.contoso.com", "EMEA-DC02.emea.contoso.com", "10.40.1.12"),
            "Details: ",
            say.drs_details(8453, DENIED),
        ]
    )
    for time in every(CYCLE, at("2026-11-13 22:00:36"), log.end):
        log.phs(time, 611, text, level=2)
    log.cycles(at("2026-11-13 18:12:20"), log.end)
    log.noise()
    return log
