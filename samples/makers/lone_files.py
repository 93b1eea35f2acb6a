"""What an analyst is sent instead of a bundle: one log in every form, tables, and what somebody pasted."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from makers import phs_text as say
from makers import settings_text as settings
from makers import windows_text as text
from makers.customers import CONTOSO, PROSEWARE
from makers.event import Event, number
from makers.evtx_writer import encode_evtx
from makers.log import PHS, Log, at
from makers.scenarios_domain import DENIED
from makers.scenarios_domain import one_log as make_log
from makers.scenarios_server import stop_service
from makers.site import person

NL = text.NL


def one_log() -> dict[str, bytes]:
    """The same events nine times, and a service stop as exported in Tokyo."""
    events = number(make_log().application, 184_211)
    return {
        "Application.evtx": encode_evtx(events),
        "EventViewer.xml": text.viewer_xml(events),
        "wevtutil.xml": text.wevtutil_xml(events),
        "EventViewer.csv": text.viewer_csv(events),
        "EventViewer.txt": text.viewer_txt(events),
        "Get-WinEvent.csv": text.winevent_csv(events),
        "Format-List.txt": text.format_list(events),
        "pasted.txt": text.pasted_text(events),
        "Export-Clixml.xml": text.clixml(events),
        "one-block.txt": text.pasted_text([event for event in events if event.id == 611][:1]),
        "old-611.txt": text.pasted_text([_old_611()]),
        "tokyo.csv": _tokyo(),
    }


def _old_611() -> Event:
    """The wording of DirSync: no DC in the head, unspaced colon, and a level that says Information."""
    body = say.drs_details(8453, DENIED).split("---> ")[1].replace("RPC Error 8453 :", "RPC Error 8453:")
    return Event(
        PHS,
        611,
        at("2016-03-22 09:14:05"),
        [f"Password synchronization failed for domain: Contoso.com. Details: {NL}{body}"],
        computer="DIRSYNC1.contoso.com",
    )


def _tokyo() -> bytes:
    """Get-WinEvent | Select-Object on a server in Tokyo (UTC+9): the export states no zone."""
    log = Log(PROSEWARE, "2026-11-16 12:00:00", "2026-11-17 00:30:00")
    log.heart(PROSEWARE.connectors[0], "2026-11-16 12:14:55", "2026-11-16 16:44:55")
    stop_service(log, "2026-11-16 17:11:40")
    log.noise()
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=NL)
    writer.writerow(["TimeCreated", "ProviderName", "Id", "LevelDisplayName", "Message"])
    for event in reversed(number(log.application + log.system)):
        local = event.time + timedelta(hours=9)
        writer.writerow([local.strftime("%Y/%m/%d %H:%M:%S"), event.provider, event.id, "情報", event.text])
    return (text.BOM + out.getvalue()).encode("utf-8")


_ROWS = [
    ("2026-11-09 07:12:41", person(2, "contoso.com"), "Success"),
    ("2026-11-09 08:40:02", person(3, "contoso.com"), "FilteredByTarget"),
    ("2026-11-09 09:05:17", person(4, "contoso.com"), "NoTargetConnection"),
    ("2026-11-10 10:22:59", person(5, "emea.contoso.com"), "TargetNotExportedToDirectory"),
    ("2026-11-10 11:01:33", person(6, "emea.contoso.com"), "SourceConnectorNotPresent"),
    ("2026-11-11 06:58:20", person(7, "contoso.com"), "FilteredByTarget"),
    ("2026-11-12 07:31:08", person(7, "contoso.com"), "Success"),
]
_NAMES = ("Date Time", "DN", "Status")


def tables() -> dict[str, bytes]:
    """The password sync log of six people, in the forms in which it is copied around."""
    out = {}
    for name, delimiter in (("sync-log.csv", ","), ("sync-log.tsv", "\t")):
        file = io.StringIO()
        writer = csv.writer(file, delimiter=delimiter, lineterminator=NL)
        writer.writerows([_NAMES, *_ROWS])
        out[name] = file.getvalue().encode("utf-8")
    rows = [_NAMES, ("---",) * 3, *_ROWS]
    out["sync-log.md"] = "".join("| " + " | ".join(row) + " |\n" for row in rows).encode("utf-8")
    out["sync-log.txt"] = text.powershell_file(settings.as_table(_NAMES, _ROWS))
    one = [row[::2] for row in _ROWS if row[1] == person(3, "contoso.com")]
    out["one-object.txt"] = text.powershell_file(settings.as_table(("Date Time", "Status"), one))
    return out


def _status_script(feature: bool, beat: str | None) -> str:
    rule = "-" * 55 + " "
    last = (
        f"Latest heart beat event (within last 3 hours). Time  {beat}"
        if beat
        else "WARNING: No ping event found within last 3 hours."
    )
    return (
        f"{NL}Password sync feature enabled in your Azure AD directory:  {feature}{NL}"
        f"Password sync channel status BEGIN {rule}{NL}{settings.password_sync(CONTOSO)}{last}{NL}{NL}"
        f"Password sync channel status END {rule}{NL}"
    )


def _diagnostics(feature: bool) -> str:
    not_ = "" if feature else "NOT "
    cycle = (
        "    Last successful attempt to synchronize passwords from this directory partition "
        "started at: 11/6/2026 9:10:02 AM UTC and ended at: 11/6/2026 9:10:03 AM UTC"
    )
    return NL.join(
        [
            "",
            "-" * 32 + "Troubleshoot Password Hash Synchronization" + "-" * 33,
            "",
            "AD Connector - contoso.com",
            f"Password Hash Synchronization cloud configuration is {not_}enabled",
            "",
            "Password Hash Synchronization is enabled for the AD connector",
            "Latest Password Hash Synchronization heartbeat is detected at: 11/06/2026 09:07:41 UTC",
            "",
            "    Directory Partition - contoso.com",
            cycle,
            "    Only Use Preferred Domain Controllers: False",
            '    Domain "contoso.com" is reachable',
            "",
            "For more help:",
            "    + Please see - https://go.microsoft.com/fwlink/?linkid=847231 or",
            "    + Open a service request through Azure Portal or Office 365 Admin Portal.",
            "",
        ]
    )


def transcripts() -> dict[str, bytes]:
    """What the status script and the diagnosis print."""
    return {
        "status-script.txt": _status_script(True, "11/6/2026 9:07:41 AM").encode("ascii"),
        "status-script-no-ping.txt": text.powershell_file(_status_script(True, None)),
        "status-script-feature-off.txt": _status_script(False, None).encode("ascii"),
        "diagnostics.txt": _diagnostics(True).encode("ascii"),
        "diagnostics-feature-off.txt": text.powershell_file(_diagnostics(False)),
    }
