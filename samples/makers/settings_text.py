"""What the collector's cmdlets print about an installation, as Windows PowerShell formats it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from makers.phs_text import guid
from makers.site import Connector, Site, dn_of
from makers.windows_text import NL, us_time


def as_list(rows: Iterable[tuple[str, object]], width: int = 0) -> str:
    """Format-List."""
    rows = list(rows)
    width = width or max(len(name) for name, _ in rows)
    return NL + NL + NL.join(f"{name:<{width}} : {value}" for name, value in rows) + NL + NL


def as_table(names: tuple[str, ...], rows: Sequence[tuple[object, ...]], widest: int = 0) -> str:
    """Format-Table: a dashed rule under the header, columns cut with "..." at `widest`."""

    def cut(text: str) -> str:
        return text[: widest - 3] + "..." if widest and len(text) > widest else text

    cells = [names, tuple("-" * len(name) for name in names), *(tuple(cut(str(c)) for c in row) for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    lines = [" ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return NL + NL.join(lines) + NL + NL


def scheduler(site: Site, collected: datetime) -> str:
    following = collected.replace(minute=30 * (collected.minute // 30), second=41) + timedelta(minutes=30)
    return as_list(
        [
            ("AllowedSyncCycleInterval", "00:30:00"),
            ("CurrentlyEffectiveSyncCycleInterval", "00:30:00"),
            ("CustomizedSyncCycleInterval", ""),
            ("NextSyncCyclePolicyType", "Delta"),
            ("NextSyncCycleStartTimeInUTC", us_time(following)),
            ("PurgeRunHistoryInterval", "7.00:00:00"),
            ("SyncCycleEnabled", site.scheduler),
            ("MaintenanceEnabled", True),
            ("StagingModeEnabled", site.staging),
            ("SchedulerSuspended", False),
            ("SyncCycleInProgress", site.cycle_running),
        ]
    )


def global_settings(site: Site, collected: datetime) -> str:
    return as_table(
        ("Name", "Value"),
        [
            ("Microsoft.Synchronize.StagingMode", site.staging),
            ("Microsoft.UserSignIn.SignOnMethod", site.sign_in),
            ("Microsoft.Synchronize.ServerConfigurationVersion", site.build),
            ("Microsoft.Synchronize.NextStartTime", us_time(collected + timedelta(minutes=9))),
            ("Microsoft.Synchronize.SchedulerSuspended", False),
            ("Microsoft.Synchronize.SynchronizationPolicy", "Delta"),
            ("Microsoft.Synchronize.TimeInterval", "00:30:00"),
            ("Microsoft.Synchronize.MaxConcurrency", 4),
            ("Microsoft.OptionalFeature.AutoUpgradeState", "Enabled"),
            ("Microsoft.OptionalFeature.ExportDeletionThreshold", True),
            ("Microsoft.OptionalFeature.ExportDeletionThresholdValue", 500),
            ("Microsoft.DirectoryReadingClient.TenantId", guid("tenant", site.tenant)),
        ],
    )


def company_feature(site: Site) -> str:
    return as_list(
        [
            ("PasswordHashSync", site.feature),
            ("ForcePasswordChangeOnLogOn", False),
            ("UserWriteback", False),
            ("DeviceWriteback", False),
            ("UnifiedGroupWriteback", False),
            ("GroupWritebackV2", False),
        ]
    )


def password_sync(site: Site, disabled: tuple[str, ...] = ()) -> str:
    rows = [(c.name, site.cloud, c.name not in disabled) for c in site.connectors]
    return as_table(("SourceConnector", "TargetConnector", "Enabled"), rows)


NEVER = "1/1/0001 12:00:00 AM"


def partition_state(
    site: Site, collected: datetime, failed: dict[str, datetime | None], stopped: dict[str, datetime]
) -> str:
    """`failed`: domains whose cycles go on and fail, with the last good one (None: there was no cycle yet). `stopped`:
    domains whose last cycle was good and long ago. The partition named default is always there and means nothing."""

    def state(connector: str, dn: str, good: str, good_end: str, last: str, last_end: str, status: str) -> str:
        prefix = "PasswordSyncLast"
        return as_list(
            [
                ("ConnectorId", connector),
                ("DN", dn),
                (prefix + "SuccessfulCycleStartTimestamp", good),
                (prefix + "SuccessfulCycleEndTimestamp", good_end),
                (prefix + "CycleStartTimestamp", last),
                (prefix + "CycleEndTimestamp", last_end),
                (prefix + "CycleStatus", status),
            ]
        )

    def span(end: datetime | None) -> tuple[str, str]:
        return (us_time(end - timedelta(seconds=3)), us_time(end)) if end else (NEVER, NEVER)

    out = []
    for connector in site.connectors:
        for domain in connector.domains:
            last = stopped.get(domain, collected - timedelta(seconds=64))
            good = failed.get(domain, last)
            status = "Successful" if domain not in failed else "Failed" if good else "None"
            out.append(state(connector.guid, dn_of(domain), *span(good), *span(last if good else None), status))
    out.append(state(guid("connector", site.cloud), "default", *span(None), *span(None), "None"))
    return "".join(out)


def connectors(site: Site) -> str:
    out = []
    for connector in site.connectors:
        out.append(
            f"## Connector {connector.name}"
            + NL
            + as_list(
                [
                    ("Name", connector.name),
                    ("Identifier", connector.guid),
                    ("Type", "AD"),
                    ("Subtype", ""),
                    ("ListName", "Active Directory Domain Services (Microsoft)"),
                    ("Version", 7),
                    ("Partitions", "{" + ", ".join(connector.domains) + "}"),
                    (
                        "ConnectivityParameters",
                        f"{{forest-name, forest-login-domain, forest-login-user: {connector.account}}}",
                    ),
                    (
                        "PasswordHashConfiguration",
                        "Microsoft.IdentityManagement.PowerShell.ObjectModel.PasswordHashConfiguration",
                    ),
                    ("CreationTime", "3/14/2024 8:02:11 AM"),
                ]
            )
        )
        out.append(
            f"## ConnectivityParameters {connector.name}"
            + NL
            + as_table(
                ("Name", "Value"),
                [
                    ("forest-name", connector.name),
                    ("forest-login-domain", connector.name.upper()),
                    ("forest-login-user", connector.account),
                ],
            )
        )
    out.append(
        f"## Connector {site.cloud}"
        + NL
        + as_list(
            [
                ("Name", site.cloud),
                ("Identifier", guid("connector", site.cloud)),
                ("Type", "Extensible2"),
                ("Subtype", "Windows Azure Active Directory (Microsoft)"),
                ("Partitions", "{default}"),
            ]
        )
    )
    return "".join(out)


def connector_xml(connector: Connector) -> str:
    partitions = "".join(
        f"<partition><id>{{{guid('partition', d)}}}</id><name>{dn_of(d)}</name><selected>1</selected></partition>"
        for d in connector.domains
    )
    return (
        '<?xml version="1.0" encoding="utf-16"?>' + NL + "<saved-ma-configuration><ma-data>"
        f"<id>{{{connector.guid.upper()}}}</id><name>{connector.name}</name><category>AD</category><subtype></subtype>"
        f"<private-configuration><adma-configuration><forest-name>{connector.name}</forest-name>"
        f"<forest-login-user>{connector.account}</forest-login-user><forest-login-domain>{connector.name}</forest-login-domain>"
        f"</adma-configuration></private-configuration><ma-partition-data>{partitions}</ma-partition-data>"
        "</ma-data></saved-ma-configuration>" + NL
    )


def rules(site: Site) -> str:
    out = []
    for connector in site.connectors:
        out.append(
            as_list(
                [
                    ("Identifier", guid("rule in", connector.name)),
                    ("Name", "In from AD - User AccountEnabled"),
                    ("Version", 2),
                    ("Description", "User object with enabled account in Active Directory."),
                    ("ImmutableTag", "Microsoft.InfromADUserAccountEnabled.003"),
                    ("Connector", connector.guid),
                    ("Direction", "Inbound"),
                    ("Disabled", False),
                    ("SourceObjectType", "user"),
                    ("TargetObjectType", "person"),
                    ("Precedence", 102),
                    ("EnablePasswordSync", True),
                ]
            )
        )
    out.append(
        as_list(
            [
                ("Identifier", guid("rule out", site.cloud)),
                ("Name", "Out to Microsoft Entra ID - User Join"),
                ("Version", 4),
                ("Description", ""),
                ("ImmutableTag", "Microsoft.OutToAADUserJoin.006"),
                ("Connector", guid("connector", site.cloud)),
                ("Direction", "Outbound"),
                ("Disabled", False),
                ("SourceObjectType", "person"),
                ("TargetObjectType", "user"),
                ("Precedence", 115),
                ("EnablePasswordSync", True),
            ]
        )
    )
    return "".join(out)


def credential(site: Site) -> str:
    if site.identity == "ServiceAccount":
        return as_list(
            [("ConnectorIdentityType", "ServiceAccount"), ("UserName", f"Sync_{site.host}_3f8c1e0b77aa@{site.tenant}")]
        )
    return as_list(
        [
            ("ConnectorIdentityType", "Application"),
            ("ApplicationId", guid("application", site.host, site.tenant)),
            ("CertificateManagedBy", "EntraConnectSync"),
            ("CertificateSHA256Hash", guid("certificate", site.host).replace("-", "").upper() * 2),
        ]
    )


def lineage(dn: str, site: Site) -> str:
    """OBJECT/Get-ADSyncCSObject_<DN>.txt."""
    connector = site.connectors[0]
    return (
        f"## Export CS object {dn}"
        + NL
        + as_list(
            [
                ("ObjectId", guid("cs", dn)),
                ("ConnectorId", connector.guid),
                ("ConnectorName", connector.name),
                ("ConnectorType", "AD"),
                ("ObjectType", "user"),
                ("DistinguishedName", dn),
                ("ConnectedMVObjectId", guid("mv", dn)),
                ("HasSyncError", False),
                ("HasExportError", False),
                ("IsConnector", True),
            ]
        )
        + "## Export CS object Lineage"
        + NL
        + as_table(
            ("SyncRuleName", "Direction", "PasswordSync"),
            [
                ("In from AD - User Join", "Inbound", False),
                ("In from AD - User AccountEnabled", "Inbound", True),
                ("In from AD - User Common", "Inbound", False),
            ],
        )
    )
