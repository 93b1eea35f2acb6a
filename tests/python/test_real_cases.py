"""The real cases of the knowledge pages, each one test, in the form in which each goes in there.

What people and Microsoft published is read from the page when the tests run; none of it stands in this repository.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime, timedelta

import pytest

import knowledge_folder
import synclens
from makers import windows_text
from makers.event import UTC, Event, number
from makers.evtx_writer import encode_evtx
from synclens.cli import run

DIRSYNC, ADSYNC, FIM = "Directory Synchronization", "ADSync", "FIMSynchronizationService"
START = datetime(2024, 5, 14, 9, 0, 17, tzinfo=UTC)
FORMS = {
    "case.xml": windows_text.viewer_xml,
    "wevtutil.xml": windows_text.wevtutil_xml,
    "case.evtx": encode_evtx,
    "case.csv": windows_text.winevent_csv,
    "case.txt": windows_text.pasted_text,
}
# what a form does not carry: EVTX and wevtutil have no sentence, and CSV and pasted text have the server's clock only
SAME = ("cause", "status", "severity", "count", "first_seen", "last_seen", "scope")


@pytest.fixture(scope="module")
def page() -> str:
    return (knowledge_folder.shared() / "knowledge" / "real-cases.md").read_text(encoding="utf-8")


def blocks_of(page: str, case: int) -> list[str]:
    """The fenced texts of a case."""
    part = re.search(rf"(?ms)^## {case} \(.*?(?=^## |\Z)", page)
    assert part, f"case {case} is not on the page"
    found = re.findall(r"(?ms)^```\n(.*?)^```", part[0])
    assert found, f"case {case} has no text"
    return [text.rstrip("\n") for text in found]


def windows_lines(text: str) -> str:
    return text.replace("\n", "\r\n")


def made(*texts: tuple[str, int, str, int], start: datetime = START) -> list[Event]:
    """Events a second apart from (provider, id, text, level). ADSync keeps its sentences in a message file: the log
    itself holds what they quote."""
    events = []
    for n, (provider, event_id, text, level) in enumerate(texts):
        text = windows_lines(text)
        quoted = re.findall('"([^"]*)"', text) if provider == ADSYNC and event_id in (6050, 6100) else []
        time = start + timedelta(seconds=n)
        events.append(Event(provider, event_id, time, quoted or [text], level=level, message=text))
    return number(events)


def opened(data: bytes, name: str) -> dict:
    source = io.BytesIO(data)
    source.name = name
    return synclens.open(source).to_dict()


def diagnoses(events: list[Event]) -> Iterator[tuple[str, dict]]:
    for name, write in FORMS.items():
        yield name, opened(write(events), name)


def first_in_every_form(events: list[Event], cause: str) -> dict:
    """The first finding, which is of `cause` and the same in every form; the whole diagnosis of the XML."""
    seen: dict = {}
    for name, said in diagnoses(events):
        assert said["findings"], name
        first = said["findings"][0]
        assert first["cause"] == cause, (name, [f["cause"] for f in said["findings"]])
        seen[name] = {key: first[key] for key in SAME}
        for key in ("first_seen", "last_seen"):
            seen[name][key] = seen[name][key][:19]
        if first["scope"]["kind"] == "server":  # the pasted text and CSV name it too
            assert first["scope"]["name"] == "aadc01.contoso.com", name
    kept = seen.pop("case.xml")
    for name, form in seen.items():
        assert form == kept, name
    return dict(diagnoses(events))["case.xml"]


def said_by(*arguments: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(arguments))
    assert code == 0, err.getvalue()
    return " ".join(out.getvalue().split())


def described(block: str) -> str:
    """The description of a text copied out of Event Viewer."""
    return re.split(r"(?m)^Description:[ ]*\n?", block, maxsplit=1)[1].strip()


def test_the_page_has_exactly_these_cases(page):
    cases = [int(n) for n in re.findall(r"(?m)^## (\d+) \(", page)]
    here = {int(n) for name in globals() if name.startswith("test_case_") for n in re.findall(r"\d+", name)}
    assert here == set(cases) and len(cases) == 22


def test_case_2_sign_in_blocked(page):
    text = blocks_of(page, 2)[0].split("following context: ")[1]
    said = first_in_every_form(made((DIRSYNC, 906, text, 2)), "cloud-sign-in-blocked")
    assert said["findings"][0]["scope"]["kind"] == "tenant"
    assert re.search("(?i)exclude", " ".join(step["text"] for step in said["findings"][0]["fix"]))
    assert said["verdict"]["status"] == "failing"


def test_case_3_certificate_not_registered(page):
    block = blocks_of(page, 3)[0]
    said = first_in_every_form(made((DIRSYNC, 906, described(block), 2)), "cloud-certificate")
    assert re.search("(?i)certificate", " ".join(step["text"] for step in said["findings"][0]["fix"]))
    as_published = opened(windows_lines(block).encode(), "case3.txt")  # its clock says 0:00:00 AM
    assert [f["cause"] for f in as_published["findings"]] == ["cloud-certificate"]
    assert as_published["inputs"][0]["records"] == 1


def test_case_4_controller_out_of_the_inner_text(page):
    block = blocks_of(page, 4)[0]
    start = datetime(2020, 8, 10, 11, 0, 39, tzinfo=UTC)
    said = first_in_every_form(made((DIRSYNC, 611, described(block), 2), start=start), "dc-unreachable")
    as_published = opened(windows_lines(block).encode(), "case4.txt")
    for diagnosis in (said, as_published):
        finding = diagnosis["findings"][0]
        assert (finding["cause"], finding["scope"]) == ("dc-unreachable", {"kind": "domain", "name": "contoso.com"})
        assert finding["first_seen"].startswith("2020-08-10T11:00:39")
        assert finding["fields"]["rpc"] == ["1722"]
        assert "server1.contoso.com" in finding["fields"]["dc"] and "<not available>" not in str(finding["fields"])
        assert "10.0.0.202" in str(finding["fields"])
        assert "135" in " ".join(step["text"] + (step["command"] or "") for step in finding["fix"])


def test_case_6_writeback_behind_a_trace(page):
    start = datetime(2020, 7, 28, 19, 7, 20, tzinfo=UTC)
    said = first_in_every_form(made((ADSYNC, 6329, blocks_of(page, 6)[0], 2), start=start), "writeback-error")
    assert [f["cause"] for f in said["findings"]] == ["writeback-error"]  # in support in 2020: no version-retired
    assert said["findings"][0]["severity"] == "info" and said["verdict"]["status"] == "unknown"
    fields = str(said["findings"][0]["fields"]).lower()
    assert "1722" in fields or "0x6ba" in fields
    assert not re.search("800700b7|80070002|80004005", fields)
    supported = next(check for check in said["checks"] if check["id"] == "build-supported")
    assert supported["status"] == "pass" and "1.4.18.0" in supported["why"]


def test_case_7_replication_denied_with_a_stack(page):
    said = first_in_every_form(made((DIRSYNC, 611, blocks_of(page, 7)[0], 2)), "replication-permission-missing")
    finding = said["findings"][0]
    assert finding["scope"] == {"kind": "domain", "name": "contoso.com"}
    fix = " ".join(step["text"] for step in finding["fix"])
    assert "Replicating Directory Changes All" in fix or "Replicate Directory Changes All" in fix


def numbered(block: str, separator: str = r"\s+") -> list[tuple[int, str]]:
    """`652 text` lines; a line without a number goes on with the text before it."""
    found: list[tuple[int, str]] = []
    for line in block.split("\n"):
        start = re.match(rf"(\d{{1,4}}){separator}(.*)", line)
        if start:
            found.append((int(start[1]), start[2]))
        else:
            found[-1] = (found[-1][0], found[-1][1] + "\n" + line)
    return found


def test_case_9_feature_off(page):
    parts = numbered(blocks_of(page, 9)[0])
    assert [n for n, _ in parts] == [652, 655, 6900]
    events = made(*[(FIM if n == 6900 else DIRSYNC, n, text, 2) for n, text in parts])
    said = first_in_every_form(events, "tenant-feature-disabled")
    assert [f["cause"] for f in said["findings"]] == ["tenant-feature-disabled"]
    finding = said["findings"][0]
    assert finding["count"] == 3 and finding["fields"]["event_ids"] == ["652", "655", "6900"]
    assert "Set-ADSyncAADPasswordSyncState" in " ".join(step["command"] or step["text"] for step in finding["fix"])


def test_case_10_one_credential_four_symptoms(page):
    rows = [[cell.strip() for cell in line.split("|", 3)] for line in blocks_of(page, 10)[0].split("\n")]
    assert [row[0] for row in rows] == ["115", "0", "655", "6900"]
    events = made(*[(provider, int(n), text, 4 if level == "Information" else 2) for n, provider, level, text in rows])
    said = first_in_every_form(events, "cloud-credential")
    assert len(said["findings"]) == 1 and said["findings"][0]["count"] == 4
    assert said["findings"][0]["fields"]["event_ids"] == ["0", "115", "655", "6900"]
    assert said["verdict"]["status"] == "failing"


def test_case_13_a_healthy_scheduler_says_nothing(page):
    said = opened(windows_lines(blocks_of(page, 13)[-1]).encode(), "Get-ADSyncScheduler.txt")
    assert said["verdict"]["status"] == "unknown" and said["findings"] == []
    asked = said["verdict"]["summary"] + str(said["coverage"]["not_evaluated"])
    assert "Application log" in asked
    assert next(check for check in said["checks"] if check["id"] == "heartbeat")["status"] == "unknown"
    assert re.search("(?i)scheduler[^.]* not the one of password hash", said["verdict"]["summary"])


def test_case_15_and_17_must_change_password(page):
    blocks_are_prose = re.search(r"(?ms)^## 15 \(.*?(?=^## )", page)
    assert blocks_are_prose and "2.0.3.0" in blocks_are_prose[0]
    text = said_by("explain", "must-change-password")
    assert "2.0.3.0" in text and "ForcePasswordChangeOnLogOn" in text
    assert re.search("(?i)(untick|clear|un-?check)", text) and re.search("(?i)(tick|set|check) it again|retick", text)
    assert re.search("(?i)change[sd]? (the|their|his|her|a) password|real password change", text)


def test_case_18_full_password_sync(page):
    assert "-Enable $true" in blocks_of(page, 18)[0]
    text = said_by("explain", "full-password-sync")
    for event_id in (617, 618, 622, 623):
        assert str(event_id) in text
    assert re.search("(?i)case[- ]sensitive", text) and re.search("(?i)once", text)
    assert re.search("(?i)not (a |the )?(full )?(directory|object) sync", text), text


def test_case_20_no_logs(page, tmp_path):
    assert re.search(r"(?m)^## 20 \(", page)
    folder, said = tmp_path / "sent", tmp_path / "said.json"
    folder.mkdir()
    (folder / "notes.txt").write_text("Users sign in with old passwords.\n")
    with redirect_stderr(io.StringIO()) as err:
        code = run(["analyze", "--format", "json", "-o", str(said), str(folder)])
    assert code == 3 and "Application log" in err.getvalue()  # nothing readable
    # and with something that can be read, but is no log
    (folder / "Get-ADSyncScheduler.txt").write_text("SyncCycleEnabled : True\r\nStagingModeEnabled : False\r\n")
    without, settings_only = json.loads(said.read_text()), synclens.open(folder).to_dict()
    for diagnosis in (without, settings_only):
        assert diagnosis["verdict"]["status"] == "unknown" and diagnosis["findings"] == []
        assert "Application log" in diagnosis["verdict"]["summary"]
        assert "Application log" in str(diagnosis["coverage"]["not_evaluated"])
    assert re.search("(?i)old password", said_by("explain", "directory-sync-disabled"))


def test_case_21_domain_services(page):
    assert re.search(r"(?m)^## 21 \(", page)
    text = said_by("explain", "domain-services-hash-missing")
    full, change = (
        re.search("(?i)full password", text),
        re.search("(?i)change[sd]? (the|their|his|her|a) password", text),
    )
    assert full and change


def test_case_22_cmdlet_on_a_localised_system(page):
    assert "GrantAclsNoInheritance" in blocks_of(page, 22)[0]
    text = said_by("explain", "replication-permission-missing")
    assert "Set-ADSyncPasswordHashSyncPermissions" in text
    assert re.search("(?i)locali[sz]ed|language", text) and re.search("(?i)by hand|manual|Users and Computers", text)


def test_case_23_writeback_service(page):
    assert "31034" in page
    texts = [(n, "The password reset service is not in a healthy state.") for n in (31044, 31034)]
    said = first_in_every_form(made(*[("PasswordResetService", n, text, 2) for n, text in texts]), "writeback-error")
    assert [f["cause"] for f in said["findings"]] == ["writeback-error"]
    assert said["findings"][0]["severity"] == "info" and said["findings"][0]["count"] == 2
    assert said["verdict"]["status"] == "unknown"  # as without them


def test_case_25_cloud_sync_is_another_product(page):
    said = opened(windows_lines(blocks_of(page, 25)[0]).encode(), "pasted.txt")
    assert said["findings"] == [] and said["verdict"]["status"] == "unknown"
    assert said["inputs"][0]["kind"] == "cloud_sync"
    assert re.search("(?i)cloud sync, another product", said["verdict"]["summary"])


def test_case_26_local_database(page):
    block = blocks_of(page, 26)[0]
    local, rest = re.split(r"(?m)^EventIDs 2005 and 6226.*\n", block)
    error, log = re.split(r"(?m)^error\.log: ", rest)
    assert "9003" in log
    strings = [line.strip() for line in local.split("\n")[1:] if line.strip()]
    first = Event("SQLLocalDB 15.0", 528, START, strings, level=2)
    events = made(
        (ADSYNC, 2005, error.strip(), 2), (ADSYNC, 6226, error.strip(), 2), start=START + timedelta(seconds=9)
    )
    said = first_in_every_form(number([first, *events]), "database-unavailable")
    assert [f["cause"] for f in said["findings"]] == ["database-unavailable"]
    assert said["findings"][0]["count"] == 3
    assert re.search("(?i)model", " ".join(step["text"] for step in said["findings"][0]["fix"]))


def test_case_27_accidental_deletes(page):
    text = blocks_of(page, 27)[0].split("Description:")[1].strip()
    said = first_in_every_form(made((DIRSYNC, 116, text, 3)), "accidental-delete-threshold")
    assert [f["cause"] for f in said["findings"]] == ["accidental-delete-threshold"]
    assert said["verdict"]["status"] == "unknown"


def test_case_28_import_without_connectivity(page):
    start = datetime(2023, 5, 12, 7, 34, 38, tzinfo=UTC)
    said = first_in_every_form(made((ADSYNC, 6050, blocks_of(page, 28)[0], 2), start=start), "object-sync-error")
    assert said["verdict"]["status"] == "unknown"


def test_case_29_export_errors(page):
    text = re.sub(r"[ ]*# ", "\n ", blocks_of(page, 29)[0])
    said = first_in_every_form(made((ADSYNC, 6100, text, 3)), "object-sync-error")
    assert said["verdict"]["status"] == "unknown"


def test_case_32_key_not_found(page):
    text = blocks_of(page, 32)[0].split("\n", 1)[1]
    said = first_in_every_form(made((FIM, 6801, text, 2)), "object-sync-error")
    assert [f["cause"] for f in said["findings"]] == ["object-sync-error"]
    assert said["verdict"]["status"] == "unknown"


def test_case_34_healthy_with_two_anchors(page):
    parts = numbered(blocks_of(page, 34)[0])
    assert [n for n, _ in parts] == [650, 656, 657, 651, 657]
    events = made(*[(DIRSYNC, n, text, 4) for n, text in parts])
    for name, said in diagnoses(events):
        assert said["findings"] == [] and said["verdict"]["status"] == "healthy", name
        status = {user["dn"]: user["status"] for user in said["users"]}
        assert status.pop(re.search("Dn : (CN=.*?), Change", parts[1][1])[1]) == "Success", name
        assert list(status.values()) == ["Success"], name
