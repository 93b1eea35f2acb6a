"""The twelve traps of section 0 of the knowledge page: how these logs mislead who reads them too simply."""

from __future__ import annotations

import io
import re

import pytest

import knowledge_folder
import logs
import synclens
from logs import DENIED, TRAILER, pings
from synclens import _core
from synclens.catalogue import explain, load

ANA, BEN = "CN=Ana,OU=Staff,DC=contoso,DC=com", "CN=Ben,OU=Staff,DC=contoso,DC=com"


def log(rows: list[tuple], *, level: int = 4, provider: str = "Directory Synchronization") -> dict:
    """The diagnosis of (minute, id, text[, level[, provider]])."""
    made = [
        logs.event(
            row[0], row[1], row[2], record=n,
            level=row[3] if len(row) > 3 else level, provider=row[4] if len(row) > 4 else provider,
        )
        for n, row in enumerate(sorted(rows, key=lambda row: row[0]), 1)
    ]  # fmt: skip
    return synclens.open(logs.xml(made)).to_dict()


def causes(said: dict) -> list[str]:
    return [finding["cause"] for finding in said["findings"]]


def request(dn: str, anchor: str = "H552hI9GwEykZwosf74JeOQ==") -> str:
    return f"Password Change Request - Anchor : {anchor}, Dn : {dn}, Change Date : 03/10/2026 01:00:00"


def result(dn: str, word: str = "Success", anchor: str = "H552hI9GwEykZwosf74JeOQ==") -> str:
    return f"Password Change Result - Anchor : {anchor}, Dn : {dn}, Result : {word}."


def test_the_page_lists_exactly_these_traps():
    page = (knowledge_folder.shared() / "knowledge" / "phs-knowledge.md").read_text(encoding="utf-8")
    listed = re.findall(r"(?m)^(\d+)\. ", knowledge_folder.section(page, "## 0.", "## 1."))
    here = [re.search(r"\d+", name)[0] for name in globals() if name.startswith("test_trap_")]
    assert listed == here == [str(n) for n in range(1, 13)]


def test_trap_1_ids_that_the_older_documents_lack():
    for event_id in (601, 603, 607, 613, 617, 618, 619, 620, 621, 660, 661, 663, 664, 666, 667, 668):
        assert any(entry["id"] == str(event_id) for entry in explain(str(event_id))), event_id
    assert "manager-error" in causes(log([*pings(0, 300), (299, 607, "Password sync is not able to start.")]))
    assert "initial-sync-incomplete" in causes(log([(5, 613, "Paused: full sync has not completed."), (300, 1, "x")]))
    assert causes(log([*pings(0, 300), (150, 619, "Progress of password sync for the domain contoso.com.")])) == []


def test_trap_2_levels_are_no_evidence():
    failed = result(ANA, "Failed")
    for level in (2, 3, 4):
        said = log([*pings(0, 300), (10, 657, failed, level), (299, 611, DENIED, level)])
        assert causes(said) == ["replication-permission-missing", "service-error"]
        access = (
            "Error Description: Access to Windows Azure Active Directory has been denied. Contact Technical Support."
        )
        assert causes(log([*pings(0, 290), (299, 115, access, level)])) == ["cloud-credential"]
        retry = f"Password synchronization changes have failed for one or more users\r\nDN = {ANA}"
        assert causes(log([*pings(0, 300), (290, 605, retry, level)])) == ["retry-pending"]
        # and what is well stays well, whatever the level
        assert causes(log([*pings(0, 300), (10, 657, result(ANA), level)])) == []


@pytest.mark.parametrize(("before", "after"), [(" : ", ":"), (" : ", ": "), (" : ", "  :  "), (" : ", " :")])
def test_trap_3_spaces_and_words_drift(before, after):
    classifier = _core.Classifier(load())
    drifted = DENIED.replace("8453 : ", f"8453{after}")
    assert drifted != DENIED or after == before
    found = classifier.event("Directory Synchronization", 611, drifted)
    assert found["cause"] == "replication-permission-missing" and str(found["fields"]["rpc"]) == "8453"
    said = log([(1, 650, "Provision credentials batch start. Count: 1"), (2, 656, request(ANA).replace(before, after)),
                (3, 657, result(ANA).replace(before, after)), (4, 651, "Provision credentials batch end. Count: 1")])  # fmt: skip
    assert [(user["dn"], user["status"]) for user in said["users"]] == [(ANA, "Success")]
    assert said["verdict"]["status"] == "healthy"


def test_trap_4_two_generations_of_611():
    old = "Password synchronization failed for domain: Contoso.com. Details: \r\n" + DENIED.split("Details: \r\n")[1]
    unnamed = DENIED.replace("dc1.contoso.com", "<not available>").replace("10.1.1.5", "<not available>")
    for text in (old, DENIED, unnamed):
        finding = log([*pings(0, 300), (299, 611, text)])["findings"][0]
        assert (finding["cause"], finding["scope"]) == (
            "replication-permission-missing",
            {"kind": "domain", "name": "contoso.com"},
        )
        assert ("dc" in finding["fields"]) == (text is DENIED)
    both = log([*pings(0, 300), (298, 611, old), (299, 611, DENIED)])
    assert [(f["cause"], f["count"]) for f in both["findings"]] == [("replication-permission-missing", 2)]


def test_trap_5_many_users_in_one_event_and_one_list_in_several():
    words = ["Success", "Failed", "Success"]
    dns = [f"CN=User {n},OU=Staff,DC=contoso,DC=com" for n in range(3)]
    anchors = [f"{n}H52hI9GwEykZwosf74JeOQ==" for n in range(3)]
    asked = [request(dn, anchor) for dn, anchor in zip(dns, anchors, strict=True)]
    answered = [result(dn, word, anchor) for dn, word, anchor in zip(dns, words, anchors, strict=True)]
    together = [(60, 656, "\r\n".join(asked) + TRAILER), (61, 657, "\r\n".join(answered) + TRAILER)]
    apart = [
        (60, 656, "\r\n".join(asked[:2]) + TRAILER), (60.01, 656, asked[2] + TRAILER),
        (61, 657, answered[0] + TRAILER), (61.01, 657, "\r\n".join(answered[1:]) + TRAILER),
    ]  # fmt: skip
    for rows in (together, apart):
        said = log([*pings(0, 300), *rows])
        assert [user["status"] for user in said["users"]] == words
        assert [(f["cause"], f["scope"]["name"], f["count"]) for f in said["findings"]] == [
            ("service-error", dns[1], 1)
        ]
        assert said["verdict"]["status"] == "healthy"
    # batches go by their tracking id: two that overlap and end in the other order are both answered
    first, second = ("TrackingID : 6f0e0000-0000-4000-8000-00000000000" + n for n in "12")
    start, end = "Provision credentials batch start. Count: 1. ", "Provision credentials batch end. Count: 1. "
    rows = [(60, 650, start + first), (60.1, 650, start + second), (61, 651, end + second), (62, 651, end + first)]
    assert causes(log([*pings(0, 300), *rows])) == []
    assert causes(log([*pings(0, 300), *rows[:3]])) == ["result-missing"]


def test_trap_6_no_654_is_no_failure():
    busy = [row for minute in range(0, 600, 20) for row in (
        (minute, 650, f"Provision credentials batch start. Count: 1{TRAILER}"),
        (minute + 0.1, 651, f"Provision credentials batch end. Count: 1{TRAILER}"),
    )]  # fmt: skip
    assert log(busy)["verdict"]["status"] == "healthy" and causes(log(busy)) == []
    results = [(minute, 657, result(ANA) + TRAILER) for minute in range(0, 600, 20)]
    assert log(results)["verdict"]["status"] == "healthy" and causes(log(results)) == []
    nothing_to_do = [(0, 653, f"Provision credentials ping start.{TRAILER}"), (0.1, 654, f"Provision credentials ping end.{TRAILER}"),
                     *[(minute, 663, f"No changes.{TRAILER}") for minute in range(20, 600, 20)]]  # fmt: skip
    assert "channel-silent" not in causes(log(nothing_to_do))
    silent = [*pings(0, 120), *[(minute, 1000, "x", 4, "Some Program") for minute in range(120, 600, 10)]]
    assert causes(log(silent)) == ["channel-silent"]


def test_trap_7_thresholds_differ():
    """Three covered hours are silence; the 120 minutes of the portal's alert are not."""
    others = [(minute, 1000, "x", 4, "Some Program") for minute in range(0, 600, 10)]
    for quiet, expected in ((125, []), (175, []), (185, ["channel-silent"]), (240, ["channel-silent"])):
        end = 31 + quiet  # the last sign of life is at 30.1 minutes
        rows = [*pings(0, 60), *[row for row in others if row[0] < end], (end, 1000, "x", 4, "Some Program")]
        assert causes(log(rows)) == expected, quiet


def test_trap_8_the_scripts_latest_heartbeat_may_not_be_the_latest():
    source = io.BytesIO(b"Latest heart beat event (within last 3 hours). Time  3/9/2026 10:00:00 PM\r\n")
    source.name = "status.txt"
    alone = synclens.open(source).to_dict()
    assert alone["inputs"][0]["kind"] == "settings" and alone["verdict"]["status"] == "unknown"
    source.seek(0)
    both = synclens.open([logs.healthy(), source]).to_dict()
    assert both["verdict"]["status"] == "healthy" and both["findings"] == []
    beat = next(check for check in both["checks"] if check["id"] == "heartbeat" and check["status"] == "pass")
    assert "2026-03-10 04:30" in beat["why"]  # the log's, not the script's older one


def test_trap_9_906_is_an_error_of_sign_in():
    token = "GetSecurityToken: unable to retrieve a security token for the provisioning web service (AWS)."
    assert causes(log([*pings(0, 290), (299, 906, token)])) == ["cloud-error"]
    entries = [entry for entry in explain("906") if entry["kind"] == "event"]
    assert entries and all(re.search("(?i)sign.?in|token|authentic", entry["text"]) for entry in entries)
    # 350 and 351 say nothing of staging, and 611 is no start of a full sync
    assert causes(log([*pings(0, 300), (299, 350, "Staging mode is on."), (299.5, 351, "Staging mode is off.")])) == []
    assert causes(log([*pings(0, 300), (299, 611, DENIED)])) == ["replication-permission-missing"]
    for event_id in (617, 618):
        full = (290, event_id, "Full password sync started for contoso.com")
        assert causes(log([*pings(0, 300), full])) == ["full-sync-running"]


def test_trap_10_ids_of_other_providers():
    for provider in ("MSSQLSERVER", "Directory Synchronization Tool", "VSS", "ADSyncBackup"):
        rows = [(299, n, DENIED, 2, provider) for n in (0, 115, 611, 650, 652, 655, 2002, 6900)]
        assert causes(log([*pings(0, 300), *rows])) == [], provider
    for provider in ("directory synchronization", "DIRECTORY SYNCHRONIZATION"):
        assert causes(log([*pings(0, 300), (299, 611, DENIED, 2, provider)])) == ["replication-permission-missing"]
    stopped = "The service entered the stopped state."
    for provider in ("ADSync", "adsync"):
        assert causes(log([*pings(0, 200), (205, 2002, stopped, 4, provider), (399, 1, "x", 4, "Other")])) == [
            "service-stopped"
        ]


def test_trap_11_two_anchors_of_one_dn():
    rows = [
        (1, 650, "Provision credentials batch start. Count: 1"),
        (1.1, 656, request(ANA, "H552hI9GwEykZwosf74JeOQ==")),
        (1.2, 657, result(ANA, anchor="eX5b50Rf+UizRIMe2CA/tg==")),
        (1.3, 651, "Provision credentials batch end. Count: 1"),
    ]
    said = log([*rows, *pings(10, 300)])
    assert causes(said) == [] and [(u["dn"], u["status"]) for u in said["users"]] == [(ANA, "Success")]
    # a result of another user is no answer
    other = [rows[0], rows[1], (1.2, 657, result(BEN, anchor="eX5b50Rf+UizRIMe2CA/tg==")), rows[3]]
    said = log([*other, *pings(10, 300)])
    assert [(f["cause"], f["scope"]["name"]) for f in said["findings"]] == [("result-missing", ANA)]


def test_trap_12_a_log_that_rolled_over():
    """What was overwritten is no silence: two hours of a full log say nothing of the time before."""
    rows = [(minute, 1000, "x", 4, "Some Program") for minute in range(0, 120, 1)]
    said = log(rows)
    assert said["findings"] == [] and said["verdict"]["status"] == "unknown"
    assert next(check for check in said["checks"] if check["id"] == "heartbeat")["status"] == "unknown"
    made = [logs.event(minute, 653, f"Provision credentials ping start.{TRAILER}", record=90_000 + minute)
            for minute in range(0, 120, 30)]  # fmt: skip
    said = synclens.open(logs.xml(made)).to_dict()
    (covered,) = said["coverage"]["logs"]
    assert covered["first_time"].startswith("2026-03-10T00:00:00") and covered["last_time"].startswith(
        "2026-03-10T01:30"
    )
    assert any("90000" in remark or "middle" in remark or "before" in remark for remark in covered["remarks"]), covered
    assert said["verdict"]["status"] == "unknown" and "channel-silent" not in causes(said)
