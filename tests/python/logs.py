"""Small event logs as XML, written here and nowhere else, so that tests say what is in them."""

from __future__ import annotations

import datetime
from xml.sax.saxutils import escape

NS = "http://schemas.microsoft.com/win/2004/08/events/event"
START = datetime.datetime(2026, 3, 10, tzinfo=datetime.UTC)
CONNECTOR = "b891884f-051e-4a83-95af-2544101c9083"
TRAILER = (
    "\r\n\r\n<forest-info>\r\n  <partition-name>CONTOSO.COM</partition-name>\r\n"
    f"  <connector-id>{CONNECTOR}</connector-id>\r\n</forest-info>"
)
DENIED = (
    "Password hash synchronization failed for domain: contoso.com, domain controller hostname: dc1.contoso.com, "
    "domain controller IP address: 10.1.1.5.\r\nDetails: \r\n"
    "Microsoft.Online.PasswordSynchronization.SynchronizationManagerException: Recovery task failed. ---> "
    "Microsoft.Online.PasswordSynchronization.DirectoryReplicationServices.DrsException: RPC Error 8453 : "
    "Replication access was denied. There was an error calling _IDL_DRSGetNCChanges."
)


def event(
    minute: float,
    event_id: int,
    text: str,
    *,
    provider: str = "Directory Synchronization",
    level: int = 4,
    record: int = 1,
    data: list[tuple[str | None, str]] | None = None,
) -> str:
    time = (START + datetime.timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "7Z"
    values = [(None, text)] if data is None else data
    items = "".join(f"<Data{name_of(n)}>{escape(v)}</Data>" for n, v in values)
    return (
        f"<Event xmlns='{NS}'><System><Provider Name='{escape(provider)}'/><EventID Qualifiers='0'>{event_id}</EventID>"
        f"<Version>0</Version><Level>{level}</Level><Task>0</Task><Opcode>0</Opcode>"
        f"<Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='{time}'/><EventRecordID>{record}</EventRecordID>"
        f"<Correlation/><Execution ProcessID='0' ThreadID='0'/><Channel>Application</Channel>"
        f"<Computer>sync01.contoso.com</Computer><Security/></System><EventData>{items}</EventData></Event>"
    )


def name_of(name: str | None) -> str:
    return f' Name="{escape(name)}"' if name else ""


def pings(first: int, last: int, step: int = 30) -> list[tuple[float, int, str]]:
    found: list[tuple[float, int, str]] = []
    for minute in range(first, last, step):
        tracking = f"TrackingID : 6f0e0000-0000-4000-8000-{minute:012x}"
        found.append((minute, 653, f"Provision credentials ping start. {tracking}{TRAILER}"))
        found.append((minute + 0.1, 654, f"Provision credentials ping end. {tracking}{TRAILER}"))
    return found


def xml(rows: list[str]) -> bytes:
    return ("<Events>" + "".join(rows) + "</Events>").encode()


def healthy() -> bytes:
    """Five hours of pings."""
    return xml([event(m, i, t, record=n) for n, (m, i, t) in enumerate(pings(0, 300), 1)])


def denied() -> bytes:
    """The same with replication access denied every ten minutes until the end."""
    rows = pings(0, 300) + [(m, 611, DENIED) for m in range(5, 300, 10)]
    return xml([event(m, i, t, record=n, level=2 if i == 611 else 4) for n, (m, i, t) in enumerate(sorted(rows), 1)])
