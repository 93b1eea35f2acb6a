"""One user's password: the verb, the wizard's checks of a single object, and what the object's own text shows."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest

import logs
import synclens
from logs import TRAILER, pings
from makers import event

ANA = "CN=Ana Lee,OU=Staff,DC=contoso,DC=com"
BEN = "CN=Ben Ray,OU=Staff,DC=contoso,DC=com"
ANCHOR, OTHER = "H552hI9GwEykZwosf74JeOQ==", "eX5b50Rf+UizRIMe2CA/tg=="
MV = "6f84d2b1-2922-ec11-8d0e-000000000002"
CLOUD = "CN={4948}"
IDS = ["object-in-ad-space", "object-in-metaverse", "object-in-cloud-space", "sync-rule", "last-attempt"]
DENIED = logs.DENIED


def request(dn: str = ANA, anchor: str = ANCHOR) -> str:
    return f"Password Change Request - Anchor : {anchor}, Dn : {dn}, Change Date : 03/10/2026 02:00:00{TRAILER}"


def result(dn: str = ANA, word: str = "Success", anchor: str = ANCHOR) -> str:
    return f"Password Change Result - Anchor : {anchor}, Dn : {dn}, Result : {word}.{TRAILER}"


def batch(minute: float, *rows: tuple, failed: bool = False) -> list[tuple]:
    tracking = f"TrackingID : 6f0e0000-0000-4000-9000-{int(minute * 10):012x}"
    end = (
        (652, "Failed credential provisioning batch. Error Code: 81.")
        if failed
        else (651, "Provision credentials batch end. Count: 1.")
    )
    return [
        (minute, 650, f"Provision credentials batch start. Count: 1. {tracking}{TRAILER}"),
        *rows,
        (minute + 0.5, end[0], f"{end[1]} {tracking}{TRAILER}"),
    ]  # fmt: skip


def log(*rows: tuple) -> bytes:
    everything = sorted([*pings(0, 300), *rows], key=lambda row: row[0])
    return logs.xml([logs.event(row[0], row[1], row[2], record=n) for n, row in enumerate(everything, 1)])


def connector_space(
    dn: str = ANA,
    *,
    rules: tuple = (("In from AD - User Join", False), ("In from AD - User AccountEnabled", True)),
    joined: str = MV,
    more: str = "",
    attributes: tuple = (),
) -> bytes:
    text = (
        f"## Export CS object all\n\nObjectId : 3184d2b1-2922-ec11-8d0e-000000000001\nConnectorName : contoso.com\n"
        f"ObjectType : user\nDistinguishedName : {dn}\nConnectedMVObjectId : {joined}\n{more}\n"
        "## Export CS object Lineage\n\n"
    )
    for name, carries in rules:
        text += f"SyncRuleName : {name}\nOperation : Join\n"
        text += "\n" if carries is None else f"PasswordSync : {carries}\n\n"
    text += "## Export CS object Attributes\n\n"
    for name, value in attributes:
        text += f"Name : {name}\nType : String\nIsMultiValued : False\nValues : {{{value}}}\n\n"
    return text.replace("\n", "\r\n").encode("utf-16")


def metaverse(*, cloud: str | None = CLOUD, filtered: bool = False) -> bytes:
    text = f"## Export MV object ObjectId\n\nGuid\n----\n{MV}\n\n## Export MV object Lineage\n\n"
    text += f"ConnectorName : contoso.com\nConnectedCsObjectDN : {ANA}\n\n"
    if cloud:
        text += f"ConnectorName : contoso.onmicrosoft.com - AAD\nConnectedCsObjectDN : {cloud}\n\n"
    text += "## Export MV object Attributes\n\nName : domainFQDN\nValues : {contoso.com}\n\n"
    if filtered:
        text += "Name : cloudFiltered\nValues : {true}\n\n"
    return text.replace("\n", "\r\n").encode("utf-16")


def cloud_space(*, carries: bool = True) -> bytes:
    text = (
        f"## Export CS object all\n\nObjectId : 5184d2b1-2922-ec11-8d0e-000000000003\n"
        f"ConnectorName : contoso.onmicrosoft.com - AAD\nDistinguishedName : {CLOUD}\n\n"
        f"## Export CS object Lineage\n\nSyncRuleName : Out to AAD - User Join\nPasswordSync : {carries}\n\n"
    )
    return text.replace("\n", "\r\n").encode("utf-16")


def case(*contents: bytes, user: str = ANA, folder: str = "MECLOG/20260310-060000") -> synclens.Case:
    sources = []
    for n, data in enumerate(contents):
        source = io.BytesIO(data)
        is_log = data.startswith(b"<Events")
        source.name = f"{folder}/EVENTLOG/SYNC01_{n}.xml" if is_log else f"{folder}/OBJECT/object{n}.txt"
        sources.append(source)
    return synclens.open(sources, user=user)


def checks(found: synclens.Case) -> dict[str, tuple[str, str]]:
    own = [check for check in found.checks if check.scope is not None and check.scope.kind == "user"]
    assert [check.id for check in own] == IDS
    return {check.id: (check.status, check.why) for check in own}


def statuses(found: synclens.Case) -> list[str]:
    return [status for status, _ in checks(found).values()]


def causes(found: synclens.Case) -> list[tuple[str, str | None]]:
    return [(finding.cause, finding.scope.name) for finding in found.findings]


def test_a_whole_chain_passes():
    rows = batch(100, (100.1, 656, request()), (100.2, 657, result()))
    found = case(log(*rows), connector_space(), metaverse(), cloud_space())
    assert statuses(found) == ["pass"] * 5 and found.findings == ()
    (user,) = found.users
    assert user.status == "Success" and user.cause is None
    assert "656" in user.history[0] and "01:40:00 (650)" in user.history[0] and "(651)" in user.history[0]
    assert "result Success" in user.history[1]
    assert checks(found)["sync-rule"][1].startswith("In from AD - User AccountEnabled carries it")


def test_without_naming_a_user_there_are_no_such_checks():
    rows = batch(100, (100.1, 656, request()), (100.2, 657, result()))
    assert not [c for c in case(log(*rows), connector_space(), user="").checks if c.id in IDS]


def test_a_result_shows_the_places_and_the_rule_by_inference():
    found = case(log(*batch(100, (100.1, 656, request()), (100.2, 657, result()))))
    assert statuses(found) == ["pass"] * 5
    assert all("nferred" in why for name, (_, why) in checks(found).items() if name != "last-attempt")


def test_a_failed_batch_is_in_the_chain():
    found = case(log(*batch(100, (100.1, 656, request()), failed=True)))
    assert "which failed at 01:40:30 (652)" in found.users[0].history[0]
    status, why = checks(found)["last-attempt"]
    assert status == "fail" and "batch failed (652)" in why
    # a request in no batch says nothing of one
    assert "batch" not in case(log((100, 656, request()))).users[0].history[0]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Success", ["pass", "pass", "pass", "pass", "pass"]),
        ("FilteredByTarget", ["pass", "pass", "pass", "unknown", "fail"]),
        ("SourceConnectorNotPresent", ["fail", "unknown", "unknown", "unknown", "fail"]),
        ("NoTargetConnection", ["pass", "unknown", "fail", "unknown", "fail"]),
        ("TargetNotExportedToDirectory", ["pass", "pass", "fail", "unknown", "fail"]),
        ("Error", ["unknown", "unknown", "unknown", "unknown", "fail"]),
    ],
)
def test_status_words_say_where_it_stops(status, expected):
    table = f'DistinguishedName,Status,Time\r\n"{ANA}",{status},2026-03-10T03:00:00Z\r\n'.encode()
    assert statuses(case(table)) == expected


def test_pending_is_no_failure():
    found = case(log((299.99, 656, request())))
    assert found.users[0].status == "Pending" and checks(found)["last-attempt"][0] == "unknown"


def test_a_bare_name_is_unknown_with_what_to_ask_for():
    found = case(logs.healthy(), user="nobody@contoso.com")
    assert statuses(found) == ["unknown"] * 5
    asked = " ".join(why for _, why in checks(found).values())
    assert "Get-ADSyncCSObject" in asked and "Application log" in asked
    assert {n.check for n in found.coverage.not_evaluated} >= set(IDS)


def test_lineage_without_password_rule():
    no = (("In from AD - User Join", False), ("In from AD - User Common", False))
    found = case(log(), connector_space(rules=no), metaverse(), cloud_space())
    assert causes(found) == [("sync-rule-missing", ANA)]
    assert found.findings[0].severity == "medium" and found.findings[0].status == "ongoing"
    assert "AD connector space" in found.findings[0].fields["space"]
    assert checks(found)["sync-rule"][0] == "fail"
    assert found.verdict.status == "degraded"
    # a user whom no log names is no row of the users' table
    assert found.users == ()


def test_outbound_lineage_without_password_rule():
    found = case(log(), connector_space(), metaverse(), cloud_space(carries=False))
    assert causes(found) == [("sync-rule-missing", ANA)]
    assert "cloud connector space" in found.findings[0].fields["space"]
    assert checks(found)["sync-rule"][0] == "fail"


def test_a_later_collection_mends_it():
    no = (("In from AD - User Join", False),)
    sources = []
    for folder, data in (("20260309-060000", connector_space(rules=no)), ("20260310-060000", connector_space())):
        source = io.BytesIO(data)
        source.name = f"MECLOG/{folder}/OBJECT/Get-ADSyncCSObject_x.txt"
        sources.append(source)
    found = synclens.open(sources, user=ANA)
    assert [(f.cause, f.status) for f in found.findings] == [("sync-rule-missing", "recovered")]
    assert checks(found)["sync-rule"][0] == "pass"


def test_a_lineage_that_does_not_state_the_flag():
    silent = (("In from AD - User Join", None), ("In from AD - User AccountEnabled", None))
    found = case(log(), connector_space(rules=silent))
    assert checks(found)["sync-rule"][0] == "unknown" and found.findings == ()
    rules = (
        "Identifier : 1\r\nName : In from AD - User Join\r\nDirection : Inbound\r\nEnablePasswordSync : False\r\n\r\n"
        "Identifier : 2\r\nName : In from AD - User AccountEnabled\r\nDirection : Inbound\r\nEnablePasswordSync : {}\r\n"
    )
    for flag, status, expected in (("True", "pass", []), ("False", "fail", [("sync-rule-missing", ANA)])):
        told = io.BytesIO(rules.format(flag).encode("utf-16"))
        told.name = "MECLOG/20260310-060000/CONFIG/MEC/Get-ADSyncRule.txt"
        source = io.BytesIO(connector_space(rules=silent))
        source.name = "MECLOG/20260310-060000/OBJECT/Get-ADSyncCSObject_x.txt"
        found = synclens.open([told, source], user=ANA)
        assert (checks(found)["sync-rule"][0], causes(found)) == (status, expected), flag


def test_an_object_without_metaverse_or_cloud_object():
    nothing = "00000000-0000-0000-0000-000000000000"
    assert checks(case(connector_space(joined=nothing)))["object-in-metaverse"][0] == "fail"
    assert checks(case(connector_space()))["object-in-metaverse"][0] == "pass"
    assert checks(case(connector_space(), metaverse(cloud=None)))["object-in-cloud-space"][0] == "fail"
    assert checks(case(connector_space(), metaverse()))["object-in-cloud-space"][0] == "pass"


def test_cloud_filtered_names_the_user():
    found = case(log(), connector_space(), metaverse(filtered=True, cloud=None))
    assert causes(found) == [("no-target-object", ANA)]
    assert (
        checks(found)["object-in-cloud-space"][0] == "fail"
        and "cloudFiltered" in checks(found)["object-in-cloud-space"][1]
    )


def test_filtered_on_purpose_and_inetorgperson():
    found = case(log(), connector_space(attributes=(("adminDescription", "PHSFiltered"),)))
    assert causes(found) == [("selective-phs", ANA)] and found.verdict.status == "healthy"
    found = case(log(), connector_space(attributes=(("objectClass", "top, person, user, inetOrgPerson"),)))
    assert causes(found) == [("inetorgperson", ANA)]
    assert causes(case(log(), connector_space(attributes=(("objectClass", "top, person, user"),)))) == []


def set_at(minute: float, *, filetime: bool = False) -> str:
    """pwdLastSet as a generalized time, or as AD keeps it."""
    time = logs.START + timedelta(minutes=minute)
    return str(event.filetime(time)) if filetime else time.strftime("%Y%m%d%H%M%S.0Z")


@pytest.mark.parametrize("filetime", [False, True])
def test_a_hash_that_nobody_can_read(filetime):
    changed = (("pwdLastSet", set_at(60, filetime=filetime)),)
    found = case(log(), connector_space(attributes=changed))
    assert causes(found) == [("hash-unreadable", ANA)]
    said = found.to_dict()["findings"][0]
    assert (said["status"], said["severity"], said["first_seen"]) == ("ongoing", "low", "2026-03-10T01:00:00Z")
    assert said["fix"] and found.verdict.status == "healthy"
    # a domain cause supports it and comes first
    denied = [(minute, 611, DENIED) for minute in range(5, 300, 10)]
    found = case(log(*denied), connector_space(attributes=changed))
    assert [cause for cause, _ in causes(found)] == ["replication-permission-missing", "hash-unreadable"]


@pytest.mark.parametrize("value", [set_at(-60), set_at(295), set_at(400), "0", "", "20269999999999.0Z", "soon"])
def test_without_support_an_empty_log_is_unknown(value):
    """Before the log, too late to be asked for, after it, or no time at all."""
    assert causes(case(log(), connector_space(attributes=(("pwdLastSet", value),)))) == []


def test_a_hash_that_was_asked_for_is_not_unreadable():
    asked = batch(100, (100.1, 656, request()), (100.2, 657, result()))
    assert causes(case(log(*asked), connector_space(attributes=(("pwdLastSet", set_at(60)),)))) == []


def run(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "synclens", *map(str, arguments)], capture_output=True, check=False, timeout=120,
        env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("user") / "MECLOG" / "20260310-060000"
    (folder / "EVENTLOG").mkdir(parents=True)
    (folder / "OBJECT").mkdir()
    rows = batch(100, (100.1, 656, request()), (100.2, 657, result(word="Failed")))
    rows += batch(200, (200.1, 656, request(BEN, OTHER)), (200.2, 657, result(BEN, anchor=OTHER)))
    (folder / "EVENTLOG" / "SYNC01_Application.xml").write_bytes(log(*rows, (299, 611, DENIED)))
    (folder / "OBJECT" / "Get-ADSyncCSObject_x.txt").write_bytes(connector_space())
    return folder.parent


def test_the_verb_says_it_all(bundle):
    done = run("user", "ana lee", bundle)
    words = " ".join(done.stdout.decode().split())
    assert done.returncode == 0 and done.stderr == b"", done.stderr
    for said in (ANA, "Failed, held back by service-error", ANCHOR, "in the batch of 01:40:00 (650)", "result Failed",
                 "The object is in the AD connector space", "In from AD - User AccountEnabled carries it",
                 "The last status is Failed", "replication-permission-missing"):  # fmt: skip
        assert said in words or said.replace("replication-permission-missing", "may not read") in words, said
    assert "Ben Ray" not in words


def test_json_of_the_verb_and_of_analyze_agree(bundle):
    verb = json.loads(run("user", ANA, bundle, "--format", "json").stdout)
    option = json.loads(run("analyze", bundle, "--user", ANA, "--format", "json").stdout)
    assert verb == option
    assert [user["dn"] for user in verb["users"]] == [ANA]
    own = [check for check in verb["checks"] if check["id"] in IDS]
    assert [check["id"] for check in own] == IDS and {check["scope"]["name"] for check in own} == {ANA}
    assert [f["cause"] for f in verb["findings"] if f["scope"]["kind"] == "user"] == ["service-error"]
    anchor = json.loads(run("user", ANCHOR, bundle, "--format", "json").stdout)
    assert anchor == verb
    both = json.loads(run("user", "OU=Staff", bundle, "--format", "json").stdout)
    assert [check["scope"]["name"] for check in both["checks"] if check["id"] == "last-attempt"] == [ANA, BEN]


def test_a_stranger_is_named_with_whom_the_log_knows(bundle):
    done = run("user", "CN=Nobody", bundle)
    assert done.returncode == 0 and b"no user like CN=Nobody" in done.stderr and b"Ana Lee" in done.stderr
    assert b"Get-ADSyncCSObject" in done.stdout
