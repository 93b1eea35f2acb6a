"""Walks the knowledge pages and asks the catalogue for an answer to everything that they name."""

import re
import tomllib
from functools import cache

import pytest

from knowledge_folder import CATALOGUE, section, shared, table_rows

SEVERITIES = ("critical", "high", "medium", "low", "info")
PHS = {"directory synchronization", "adsync", "fimsynchronizationservice"}


@cache
def tables() -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {"cause": [], "rule": [], "build": [], "entry": []}
    for file in sorted(CATALOGUE.glob("*.toml")):
        data = tomllib.loads(file.read_text("utf-8"))
        for kind in found:
            found[kind] += data.get(kind, [])
    return found


@cache
def pages() -> dict[str, str]:
    return {p.name: p.read_text("utf-8") for p in (shared() / "knowledge").iterdir()}


@cache
def explained() -> set[str]:
    """Every word that an entry answers to."""
    words: set[str] = set()
    for entry in tables()["entry"]:
        words.update(w.casefold() for w in [entry["id"], *entry.get("aliases", [])])
    return words


@cache
def causes() -> dict[str, dict]:
    return {c["id"]: c for c in tables()["cause"]}


def ids_of(rules: list[dict]) -> set[int]:
    return {i for r in rules for i in r["match"].get("event_id", [])}


def ids_of_cause(cause: str) -> set[int]:
    return ids_of([r for r in tables()["rule"] if r.get("cause") == cause])


def provider_rules(*names: str) -> list[dict]:
    wanted = {n.casefold() for n in names}
    return [
        r
        for r in tables()["rule"]
        if wanted & {p.casefold().rstrip("*").strip() for p in r["match"].get("provider", [])}
    ]


# -- root causes


def cause_rows() -> list[list[str]]:
    rows = table_rows(pages()["root-causes.md"])
    return [r for r in rows if len(r) >= 4 and re.fullmatch(r"[a-z0-9-]+", r[0]) and r[1] in SEVERITIES]


def test_every_cause_is_there_in_order_with_severity_and_scope():
    rows = cause_rows()
    assert len(rows) > 60
    assert [c["id"] for c in sorted(causes().values(), key=lambda c: c["order"])] == [r[0] for r in rows]
    for row in rows:
        cause = causes()[row[0]]
        assert (cause["severity"], cause["scope"]) == (row[1], row[2]), row[0]


def test_what_is_not_password_hash_sync_is_marked():
    other = section(pages()["root-causes.md"], "## Not password hash sync", "## Tie-breaks")
    listed = {r[0] for r in table_rows(other) if len(r) >= 4 and r[1] in SEVERITIES}
    assert len(listed) == 4
    assert {c["id"] for c in tables()["cause"] if c.get("password_sync") is False} == listed


def test_no_cause_is_unknown_or_doubled():
    known = [c["id"] for c in tables()["cause"]]
    assert len(known) == len(set(known))
    for thing in tables()["rule"] + tables()["entry"]:
        named = thing.get("causes", []) + ([thing["cause"]] if thing.get("cause") else [])
        assert set(named) <= set(known), thing["id"]


def test_every_cause_says_why_how_to_mend_it_and_where_that_is_written():
    for cause in tables()["cause"]:
        assert len(cause["why"]) > 80, cause["id"]
        assert cause["fix"] and cause["reference"], cause["id"]
        assert any(step.get("verify") for step in cause["fix"]), f"{cause['id']}: no check afterwards"
        for reference in cause["reference"]:
            assert reference["url"].startswith("https://") and reference["title"], cause["id"]


def test_a_full_password_sync_is_marked_as_once_wherever_it_is_advised():
    advised = [
        (c["id"], s) for c in tables()["cause"] for s in c["fix"] if "ForceFullPasswordSync" in s.get("command", "")
    ]
    assert {"channel-silent", "domain-services-hash-missing"} <= {cause for cause, _ in advised}
    for cause, step in advised:
        assert step.get("once") and "case sensitive" in step["text"], cause


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (
            "dc-unreachable",
            ["preferred domain controllers", "Restart the synchronization service", "135", "49152", "read-only"],
        ),
        ("connector-channel-disabled", ["case sensitive", "Set-ADSyncAADPasswordSyncConfiguration"]),
        ("tenant-feature-disabled", ["Set-ADSyncAADPasswordSyncState", "-AADUsername", "2.6"]),
        (
            "replication-permission-missing",
            ["Set-ADSyncPasswordHashSyncPermissions", "localised", "1.6.14.2", "2.0.25.1", "by hand"],
        ),
        ("local-database-full", ["Do not stop or restart", "PurgeRunHistoryInterval 2.00:00:00"]),
        ("fips-md5", ["enforceFIPSPolicy", "compare the file", "2.5.190.0", "Restart the server"]),
        ("service-logon-failure", ["virtual account", "no password"]),
        (
            "must-change-password",
            ["2.0.3.0", "ForcePasswordChangeOnLogOn", "untick", "retick", "PES", "real password change"],
        ),
        ("directory-sync-disabled", ["old password"]),
        ("domain-services-hash-missing", ["full password sync", "change the password on-premises"]),
        ("cloud-credential", ["Get-ADSyncEntraConnectorCredential", "Add-ADSyncAADServiceAccount", "certificate"]),
        ("cloud-throttled", ["1.0.6455.0807"]),
        ("database-unavailable", ["9003", "model.mdf"]),
    ],
)
def test_advice_carries_the_details(cause, words):
    said = causes()[cause]["why"] + " ".join(s["text"] + s.get("command", "") for s in causes()[cause]["fix"])
    for word in words:
        assert word.casefold() in said.casefold(), f"{cause} does not say {word}"


def test_the_wizard_comes_before_the_command_for_self_healing():
    steps = causes()["tenant-feature-disabled"]["fix"]
    wizard = next(i for i, s in enumerate(steps) if "Customize synchronization options" in s["text"])
    command = next(i for i, s in enumerate(steps) if "Set-ADSyncAADPasswordSyncState" in s.get("command", ""))
    assert wizard < command


def test_preferred_controllers_come_before_the_restart_and_no_restart_first_for_a_full_database():
    steps = causes()["dc-unreachable"]["fix"]
    listed = next(i for i, s in enumerate(steps) if "preferred domain controllers" in s["text"])
    restart = next(i for i, s in enumerate(steps) if s.get("command") == "Restart-Service -Name ADSync")
    assert listed < restart
    assert all("Restart-Service" not in s.get("command", "") for s in causes()["local-database-full"]["fix"])


# -- events


def named_ids(text: str) -> set[int]:
    """Numbers of the first cells of tables, with spans such as 132/133/134 and lists."""
    ids = set()
    for row in table_rows(text):
        if re.fullmatch(r"[0-9/ ,]+", row[0]):
            ids.update(int(n) for n in re.findall(r"\d+", row[0]))
    return ids


def test_every_event_of_the_password_table_has_a_rule_and_an_entry():
    ids = named_ids(section(pages()["phs-knowledge.md"], "### 1.1", "### 1.2"))
    assert len(ids) == 42
    assert ids - ids_of(provider_rules("Directory Synchronization")) == set()
    assert {str(i) for i in ids} - explained() == set()


def test_every_event_of_the_directory_and_engine_tables_has_a_rule_and_an_entry():
    text = pages()["phs-knowledge.md"]
    directory = named_ids(section(text, "### 1.4", "### 1.5")) - {905}
    assert len(directory) >= 13 and directory - ids_of(provider_rules("Directory Synchronization")) == set()
    engine_text = section(text, "### 1.5", "### 1.6")
    engine = {
        int(n) for row in table_rows(engine_text) if re.match(r"\d", row[0]) for n in re.findall(r"\b\d{4}\b", row[0])
    }
    assert {2001, 2002, 2005, 6226, 6028, 6329, 6401, 6952} <= engine
    nobody_knows = {6105, 6301, 6311, 6313, 6401}  # an error of these stays unclassified, so nothing is called healthy
    assert engine - ids_of(provider_rules("ADSync")) == nobody_knows
    assert 905 not in ids_of(provider_rules("Directory Synchronization"))
    assert {str(i) for i in directory | engine | {905}} - explained() == set()
    assert ids_of(provider_rules("Service Control Manager")) >= {7000, 7009, 7031, 7034, 7036, 7038}
    assert 528 in ids_of(provider_rules("SQLLocalDB"))


def test_every_writeback_event_has_a_rule_an_entry_and_the_right_weight():
    text = section(pages()["phs-knowledge.md"], "### 1.6", "### 1.7")
    ids = {int(n) for n in re.findall(r"\b3[123]0\d\d\b", text)}
    assert len(ids) > 40
    rules = provider_rules("PasswordResetService")
    assert ids - ids_of(rules) == set()
    assert {str(i) for i in ids} - explained() == set()
    failures = ids_of_cause("writeback-error")
    assert {31003, 31008, 31011, 31014, 31034, 31044, 33001, 33009, 32000, 32015, 6329, 6800} <= failures
    assert not failures & {31001, 31002, 31004, 31005, 31007, 31010, 31015, 31017, 31019}


def test_every_audit_event_is_known_and_no_fault():
    text = section(pages()["phs-knowledge.md"], "## 9.", "## 10.")
    ids = {int(n) for n in re.findall(r"\b25[012]\d\b", text)}
    assert ids == set(range(2503, 2522))
    rules = [r for r in tables()["rule"] if set(r["match"].get("event_id", [])) & ids]
    assert ids_of(rules) >= ids
    assert all(not r.get("cause") for r in rules)
    assert {str(i) for i in ids} - explained() == set()


def test_application_identity_protection_and_controller_events_are_known():
    assert {1011, 1012, 1014, 6323} <= ids_of(provider_rules("ADSync")) & ids_of(
        provider_rules("Directory Synchronization")
    )
    protection = ids_of(provider_rules("Microsoft-AzureADPasswordProtection-"))
    assert {10012, 10013, 10014, 10015, 10016, 10017, 10024, 10025, 20000, 20001} <= protection
    assert {1113, 1115} <= ids_of(provider_rules("NTDS Replication")) & ids_of_cause("dc-replication-disabled")
    assert {"10016", "1011", "1012", "1014", "1113", "1115"} <= explained()


def test_ids_that_other_programs_use_are_bound_to_providers():
    for rule in tables()["rule"]:
        if "event_id" in rule["match"]:
            assert rule["match"].get("provider"), rule["id"]
            assert "level" not in rule["match"], f"{rule['id']}: level is not evidence"


# -- codes, statuses, settings, builds


def win32_codes() -> dict[int, str]:
    """Each number of section 1.2's tables with its hexadecimal form, where one is given."""
    codes: dict[int, str] = {}
    for row in table_rows(section(pages()["phs-knowledge.md"], "### 1.2", "### 1.3")):
        if not re.match(r"\d", row[0]):
            continue
        bare = re.sub(r"\(0x[0-9A-F]+\)", "", row[0])
        numbers = [int(n) for n in re.findall(r"\d+", bare)]
        hexes = re.findall(r"\((0x[0-9A-F]+)\)", row[0])
        for number in numbers:
            codes[number] = hexes[0] if hexes and len(numbers) == 1 else ""
    return codes


def test_every_win32_code_has_a_rule_and_an_entry_with_its_hexadecimal_form():
    codes = win32_codes()
    assert len(codes) >= 34 and codes[8453] == "0x2105"
    rules = {r["id"] for r in tables()["rule"]}
    for code, hexadecimal in codes.items():
        assert any(f"PHS-611-{code}{tail}" in rules for tail in ("", "-OLD")), code
        assert str(code) in explained(), code
        assert not hexadecimal or hexadecimal.casefold() in explained(), hexadecimal


@pytest.mark.parametrize(
    ("cause", "codes"),
    [
        ("dc-unreachable", [1355, 1722, 1723, 1726, 1727, 1728, 1753, 1818, 1908, 8524]),
        ("dc-unhealthy", [14, 1127, 1130, 1450, 8341, 8446, 8451]),
        ("dc-authentication", [1396, 1825, 1398]),
        ("dc-replication-disabled", [8456, 8457]),
        ("dc-object-not-found", [8333, 8420, 8465]),
        ("ad-account-credential", [1326, 1330, 1331, 1907, 1909]),
        ("dc-access-denied", [5]),
        ("windows-2003-dc", [8439]),
        ("replication-permission-missing", [8453]),
        ("domain-sync-error", [6]),
    ],
)
def test_codes_go_to_their_causes(cause, codes):
    by_id = {r["id"]: r for r in tables()["rule"]}
    for code in codes:
        assert by_id[f"PHS-611-{code}"]["cause"] == cause


def test_8593_is_two_rules():
    by_id = {r["id"]: r for r in tables()["rule"]}
    assert by_id["PHS-611-8593"]["constant"]["generation"] == "new"
    assert by_id["PHS-611-8593"]["cause"] == "domain-rename"
    assert by_id["PHS-611-8593-OLD"]["constant"]["generation"] == "old"
    assert by_id["PHS-611-8593-OLD"]["cause"] == "known-issue-fixed"


def test_every_sign_in_number_has_a_rule_and_an_entry():
    text = pages()["phs-knowledge.md"] + pages()["root-causes.md"]
    numbers: set[str] = set()
    for found in re.findall(r"AADSTS((?:\d+)(?:(?:/|, )\d{5,7})*)", text):
        numbers.update(re.findall(r"\d+", found))
    numbers |= {"700024", "7000215", "7000222", "700027"}
    assert len(numbers) >= 15
    rules = {r["id"]: r for r in tables()["rule"]}
    wanted = {
        "50034": "cloud-credential",
        "50053": "cloud-credential",
        "50055": "cloud-credential",
        "50057": "cloud-credential",
        "50126": "cloud-credential",
    }
    wanted |= dict.fromkeys(["50076", "50079", "53003"], "cloud-sign-in-blocked")
    wanted |= dict.fromkeys(["700027", "7000215", "7000222", "700024"], "cloud-certificate")
    wanted |= dict.fromkeys(["65001", "700016", "90002"], "cloud-error")
    assert numbers == set(wanted)
    for number, cause in wanted.items():
        assert rules[f"PHS-AADSTS{number}"]["cause"] == cause
        assert f"aadsts{number}" in explained()


def test_cloud_codes_and_hresults_are_explained():
    assert {
        "90",
        "81",
        "0x80005000",
        "0x8023044a",
        "0x80230619",
        "0x8023061f",
        "0x80230405",
        "-21451857952",
        "1069",
        "9003",
    } <= explained()


def test_every_exception_class_is_explained():
    text = section(pages()["phs-knowledge.md"], "Exception class names", "| RPC/Win32")
    classes = set(re.findall(r"\b(\w+Exception)\b", text))
    assert len(classes) >= 7
    words = " ".join(explained())
    for name in classes:
        assert name.casefold() in words, name


def test_every_status_has_a_rule_and_an_entry():
    rows = table_rows(section(pages()["phs-knowledge.md"], "## 2.", "## 3."))
    statuses = [r[0] for r in rows if re.fullmatch(r"[A-Z][A-Za-z]+", r[0]) and r[0] != "Status"]
    assert len(statuses) == 10
    rules = {r["match"]["status"].casefold() for r in tables()["rule"] if "status" in r["match"]}
    assert rules == {s.casefold() for s in statuses}
    assert rules <= explained()


def test_settings_that_decide_have_rules():
    rules = {r["match"]["setting"]: r.get("cause") for r in tables()["rule"] if "setting" in r["match"]}
    assert rules["scheduler/StagingModeEnabled"] == "staging-mode"
    assert rules["global-settings/Microsoft.Synchronize.StagingMode"] == "staging-mode"
    assert rules["company-feature/PasswordHashSync"] == "tenant-feature-disabled"
    assert rules["password-sync/Enabled"] == "connector-channel-disabled"
    assert rules["scheduler/SyncCycleEnabled"] == "scheduler-disabled"
    assert rules["reachability/IsReachable"] == "dc-unreachable"


def test_every_build_is_there():
    lines = [line.split("\t") for line in pages()["builds.tsv"].splitlines()[1:] if line.strip()]
    assert len(lines) > 20
    builds = {b["version"]: b for b in tables()["build"]}
    assert set(builds) == {line[0] for line in lines}
    for line in lines:
        assert builds[line[0]].get("end_of_support", "") == (line[1] if len(line) > 1 else ""), line[0]
        assert builds[line[0]]["source"]


@pytest.mark.parametrize("topic", ["full-password-sync", "self-healing", "heartbeat", "staging", "coverage"])
def test_topics_are_explained(topic):
    assert topic in explained()


def test_full_password_sync_is_told_from_a_directory_sync():
    entry = next(e for e in tables()["entry"] if e["id"] == "full-password-sync")
    said = entry["text"]
    for word in ["not a directory synchronization", "617", "618", "622", "623", "case sensitive", "only once"]:
        assert word in said


def test_every_entry_names_its_source_and_how_sure_it_is():
    for entry in tables()["entry"]:
        assert entry["confidence"] in ("documented", "field", "inferred"), entry["id"]
        assert entry["source"] and entry["title"] and entry["text"], entry["id"]
    kinds = {e["kind"] for e in tables()["entry"]}
    assert kinds == {"event", "code", "status", "output", "setting", "timing", "topic", "exception"}


def test_files_of_the_catalogue_are_small_and_name_documents_not_notes():
    for file in CATALOGUE.glob("*.toml"):
        text = file.read_text("utf-8")
        assert len(text.splitlines()) <= 450, file.name
        for note in ("phs-knowledge", "root-causes", "builds.tsv"):
            assert note not in text, f"{file.name}: {note}"
