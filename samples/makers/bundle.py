"""The zip that a customer sends: the collector's folder, with logs and settings."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from makers import settings_text as settings
from makers.binxml import Value
from makers.event import Event, number
from makers.evtx_writer import encode_evtx
from makers.log import Log, at, every
from makers.phs_text import guid
from makers.site import Site
from makers.windows_text import NL, powershell_file, us_time


def zip_bytes(members: Mapping[str, bytes], when: datetime) -> bytes:
    """Members in the order given, all of one time, so that the same input gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(
                name, (when.year, when.month, when.day, when.hour, when.minute, when.second // 2 * 2)
            )
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0x20, 0
            archive.writestr(info, content, compresslevel=9)
    return out.getvalue()


def _logons(site: Site, collected: datetime) -> list[Event]:
    """A few records of the Security log, which nobody has to read for this."""
    data: list[tuple[str, str | int | Value]] = [
        ("SubjectUserSid", "S-1-5-18"),
        ("SubjectUserName", site.host + "$"),
        ("TargetUserName", "SYSTEM"),
        ("LogonType", 5),
        ("ProcessName", "C:\\Windows\\System32\\services.exe"),
    ]
    return [
        Event(
            "Microsoft-Windows-Security-Auditing",
            4624,
            time,
            data,
            level=0,
            qualifiers=None,
            channel="Security",
            computer=site.computer,
            task=12544,
            version=2,
            keywords=0x8020000000000000,
            provider_guid="54849625-5478-4994-a5ba-3e3b0328c30d",
            process_id=664,
            thread_id=1288,
        )
        for time in every(timedelta(minutes=20), collected - timedelta(hours=8), collected)
    ]


def run_history(site: Site, collected: datetime) -> bytes:
    """Export-Csv of 5.1."""
    out = io.StringIO()
    out.write("#TYPE Microsoft.IdentityManagement.PowerShell.ObjectModel.RunProfileResult" + NL)
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=NL)
    writer.writerow(
        [
            "RunHistoryId",
            "ConnectorId",
            "ConnectorName",
            "RunProfileId",
            "RunProfileName",
            "RunNumber",
            "Username",
            "IsRunComplete",
            "Result",
            "CurrentStepNumber",
            "TotalSteps",
            "StartDate",
            "EndDate",
            "RunStepResults",
        ]
    )
    names = [(c.name, c.guid) for c in site.connectors] + [(site.cloud, guid("connector", site.cloud))]
    for n, time in enumerate(
        every(timedelta(minutes=30), collected - timedelta(hours=6), collected - timedelta(minutes=5))
    ):
        for name, identifier in names:
            profile = ("Delta Import", "Delta Synchronization", "Export")[n % 3]
            if profile == "Export" and site.staging:
                profile = "Delta Import"
            writer.writerow(
                [
                    guid("run", name, time),
                    identifier,
                    name,
                    guid(profile, name),
                    profile,
                    4100 + n,
                    "NT SERVICE\\ADSync",
                    True,
                    "success",
                    1,
                    1,
                    us_time(time),
                    us_time(time + timedelta(seconds=7)),
                    "System.Collections.Generic.List`1[Microsoft.IdentityManagement.PowerShell.ObjectModel.RunStepResult]",
                ]
            )
    return out.getvalue().encode("ascii", "replace")


def members(
    log: Log,
    collected: str,
    *,
    failed: Mapping[str, str | None] | None = None,
    stopped: Mapping[str, str] | None = None,
    objects: tuple[str, ...] = (),
    extra: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """`failed` and `stopped` domains with the time of their last good cycle; `objects` are DNs whose texts are sent."""
    site, when = log.site, at(collected)
    root = f"MECLOG/{when:%Y%m%d-%H%M%S}/"
    bad = {domain: at(last) if last else None for domain, last in (failed or {}).items()}
    still = {domain: at(last) for domain, last in (stopped or {}).items()}
    texts = {
        "Get-ADSyncScheduler": settings.scheduler(site, when),
        "Get-ADSyncGlobalSettings": settings.global_settings(site, when),
        "Get-ADSyncAADCompanyFeature": settings.company_feature(site),
        "Get-ADSyncAADPasswordSyncConfiguration": settings.password_sync(site),
        "Get-ADSyncPartitionPasswordSyncState": settings.partition_state(site, when, bad, still),
        "Get-ADSyncConnector": settings.connectors(site),
        "Get-ADSyncRule": settings.rules(site),
        "Get-ADSyncEntraConnectorCredential": settings.credential(site),
        "Get-ADSyncAutoUpgrade": NL + "Enabled" + NL,
        "Get-ADSyncDatabaseConfiguration": settings.as_list(
            [
                ("SqlServerName", "(localdb)"),
                ("SqlInstanceName", ".\\ADSync2019"),
                ("SqlDBName", "ADSync"),
                ("UseLocalDB", True),
            ]
        ),
    }
    out = {
        root + f"EVENTLOG/{site.host}_Application.evtx": encode_evtx(number(log.application, 184_211)),
        root + f"EVENTLOG/{site.host}_SystemEvent.evtx": encode_evtx(number(log.system, 51_007)),
        root + f"EVENTLOG/{site.host}_Security.evtx": encode_evtx(number(_logons(site, when), 9_120_044)),
    }
    out |= {f"{root}CONFIG/MEC/{name}.txt": powershell_file(text) for name, text in texts.items()}
    for connector in site.connectors:
        out[f"{root}CONFIG/MEC/Connectors/Connector_{{{connector.guid}}}.xml"] = powershell_file(
            settings.connector_xml(connector)
        )
    out[root + "CONFIG/GENERAL/winhttpproxy.txt"] = (
        f"{NL}Current WinHTTP proxy settings:{NL}{NL}    Direct access (no proxy server).{NL}{NL}".encode("ascii")
    )
    out[root + f"RUNHISTORY/{site.host}_Get-ADSyncRunProfileResult.csv"] = run_history(site, when)
    for dn in objects:
        out[f"{root}OBJECT/Get-ADSyncCSObject_{dn}.txt"] = powershell_file(settings.lineage(dn, site))
    return out | {root + name: content for name, content in (extra or {}).items()}


def bundle(log: Log, collected: str, **more: Any) -> bytes:
    return zip_bytes(members(log, collected, **more), at(collected))
