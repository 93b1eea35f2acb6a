"""Names of a stranger's directory in commands that somebody will paste into PowerShell: none of them breaks out.

The whole way is walked: a log and settings full of one name go in, and what the commands look like to PowerShell must
not depend on that name.
"""

from __future__ import annotations

import io
import zipfile

import pytest

import logs
import synclens

# PowerShell takes these five for a single quote, and U+201C to U+201E for a double one.
QUOTES = "'\u2018\u2019\u201a\u201b"
NAMES = (
    "a'; calc; '",
    "a''; calc; ''",
    'a"; calc; "',
    "a; calc",
    "a$(calc)",
    "a`n calc",
    "a | calc & calc",
    *(f"x{chr(code)}; calc; {chr(code)}" for code in range(0x2018, 0x2020)),
    "a\u2028calc\u2029",
    "\u202egnp\u202c",
    "a {connector} {dn}",
    "-Force",
    "a #calc",
    "a\\' calc",
)
BENIGN = "x"


def structure(command: str) -> str:
    """What PowerShell sees: each single-quoted string as '', everything else as it stands."""
    seen, at, inside = "", 0, False
    while at < len(command):
        sign = command[at]
        at += 1
        if sign not in QUOTES:
            seen += "" if inside else sign
        elif inside and at < len(command) and command[at] in QUOTES:
            at += 1  # a doubled quote is one of the string
        else:
            seen += "''" if inside else ""
            inside = not inside
    return seen + ("<open>" if inside else "")


def bundle(name: str) -> bytes:
    """Failures of a domain, a domain controller, connectors and users that all have this name."""
    dn = f"CN={name},OU={name},DC=contoso,DC=com"
    rows = logs.pings(0, 300)
    rows += [(m, 611, logs.DENIED.replace("dc1.contoso.com", name)) for m in range(5, 290, 40)]
    rows += [
        (m, 611, logs.DENIED.replace("contoso.com", name).replace("8453 : Replication access was denied", f"{rpc} : X"))
        for m, rpc in ((291, 1722), (292, 8456), (293, 1326), (294, 8333), (295, 1825))
    ]
    line = f"Password Change Result - Anchor : A==, Dn : {dn}, Result : Failed."
    rows += [(296, 657, line), (297, 605, f"Password changes have failed.\r\nDN = {dn}")]
    events = [logs.event(m, i, t, record=n, level=2) for n, (m, i, t) in enumerate(sorted(rows), 1)]
    settings = f"SourceConnector : {name}\r\nTargetConnector : {name} - AAD\r\nEnabled : False\r\n"
    connectors = (
        f"## Connector Summary\r\n\r\nName : {name}\r\nIdentifier : {logs.CONNECTOR}\r\nType : AD\r\n\r\n"
        "## Connector ConnectivityParameters\r\n\r\n"
        f"Name : forest-login-user\r\nValue : {name}\r\n\r\nName : forest-login-domain\r\nValue : {name}\r\n"
    )
    table = f'Time,Status,DN\r\n2026-03-10 04:00:00,NoTargetConnection,"{dn.replace(chr(34), chr(34) * 2)}"\r\n'
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        root = "MECLOG/20260310-060000/"
        archive.writestr(root + "EVENTLOG/SYNC01_Application.xml", logs.xml(events))
        archive.writestr(root + "CONFIG/MEC/Get-ADSyncAADPasswordSyncConfiguration.txt", settings)
        archive.writestr(root + "CONFIG/MEC/Get-ADSyncConnector.txt", connectors)
        archive.writestr(root + "OBJECT/log.csv", table)
    return data.getvalue()


def commands(name: str) -> dict[str, list[str]]:
    """The commands of the findings by cause."""
    found: dict[str, list[str]] = {}
    for finding in synclens.open(bundle(name)).to_dict()["findings"]:
        found.setdefault(finding["cause"], []).extend(step["command"] or "" for step in finding["fix"])
    return found


def test_the_bundle_reaches_many_commands():
    said = commands(BENIGN)
    assert {"dc-unreachable", "dc-replication-disabled", "ad-account-credential", "service-error"} <= set(said)
    named = [command for steps in said.values() for command in steps if f"'{BENIGN}'" in command]
    assert len(named) > 5


@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_out_of_a_command(name):
    plain = {structure(command) for steps in commands(BENIGN).values() for command in steps}
    said = commands(name)
    assert len(said) >= 4
    for cause, steps in said.items():
        for command in steps:
            assert structure(command) in plain or cause not in commands(BENIGN), (cause, command)
            assert "<open>" not in structure(command)
            assert "calc" not in structure(command), (cause, command)
