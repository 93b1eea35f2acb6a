"""The diagnosis as SARIF 2.1.0, for tools that collect findings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from synclens.site import address

from .json import dumps
from .neutral import neutral
from .phrases import count, first_command, is_web, moment, place, who

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_LOCATIONS = 10
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# What scanners' dashboards sort by: 9 and above critical, 7 high, 4 medium, above 0 low.
SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "info": "0.5"}
_BRACKET = re.compile(r"[\[\]\\]")


def render(raw: Mapping[str, Any]) -> str:
    """A diagnosis as a SARIF log with one run; one rule per cause, one result per finding."""
    return dumps(log(raw), indent=2) + "\n"


def log(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The same as data."""
    inputs = {entry["path"]: entry for entry in raw["inputs"]}
    artifacts = {path: number for number, path in enumerate(inputs)}
    rules: dict[str, dict[str, Any]] = {}
    results = [_result(finding, rules, artifacts) for finding in raw["findings"]]
    driver = {
        "name": raw["tool"]["name"],
        "version": raw["tool"]["version"],
        "semanticVersion": raw["tool"]["version"],
        "shortDescription": {"text": "Offline analyzer for Microsoft Entra Connect password hash synchronization"},
        "rules": list(rules.values()),
        "properties": {"catalogue": raw["tool"]["catalogue"]},
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(raw, artifacts)}],
        "artifacts": [_artifact(entry) for entry in inputs.values()],
        "results": results,
        "properties": {"verdict": raw["verdict"], "checks": raw["checks"]},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def message(words: str) -> dict[str, str]:
    """A message in which nothing is a link or a placeholder: brackets are escaped, braces doubled."""
    plain = neutral(words)
    return {"text": _BRACKET.sub(r"\\\g<0>", plain).replace("{", "{{").replace("}", "}}") or "-"}


def uri(path: str) -> str:
    """A path or an archive member's name as a URI reference."""
    quoted = quote(path.encode("utf-8", "replace").decode("utf-8"), safe="/!$&'()*+,;=@~")
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def _result(
    finding: Mapping[str, Any], rules: dict[str, dict[str, Any]], artifacts: Mapping[str, int]
) -> dict[str, Any]:
    cause = finding["cause"]
    rules.setdefault(cause, _rule(finding))
    step = first_command([{**finding, "status": "ongoing", "password_sync": True}])
    ongoing = finding["status"] == "ongoing"
    level = LEVELS[finding["severity"]] if ongoing and finding.get("password_sync", True) else "note"
    result: dict[str, Any] = {
        "ruleId": cause,
        "ruleIndex": list(rules).index(cause),
        "kind": "fail",
        "level": level,
        "message": message(f"{finding['title']} ({who(finding['scope'])}; {finding['status']}): {finding['summary']}"),
        "locations": _locations(finding, artifacts),
        "partialFingerprints": {"finding/v1": hashlib.sha256(finding["id"].encode("utf-8", "replace")).hexdigest()},
        "properties": {
            "severity": finding["severity"],
            "status": finding["status"],
            "confidence": finding["confidence"],
            "scope": finding["scope"],
            "recovered_at": finding["recovered_at"],
            "fields": finding["fields"],
            "first_command": step[1]["command"] if step else None,
        },
    }
    if finding["count"] >= 1:
        result["occurrenceCount"] = min(finding["count"], 2**31 - 1)
    times = {"firstDetectionTimeUtc": _utc(finding["first_seen"]), "lastDetectionTimeUtc": _utc(finding["last_seen"])}
    provenance = {name: time for name, time in times.items() if time}
    if provenance:
        result["provenance"] = provenance
    return result


def _rule(finding: Mapping[str, Any]) -> dict[str, Any]:
    steps = [
        f"{n}. {s['text']}" + (f"\n{s['command']}" if s["command"] else "") for n, s in enumerate(_fix(finding), 1)
    ]
    rule: dict[str, Any] = {
        "id": finding["cause"],
        "shortDescription": {"text": neutral(finding["title"]) or "-"},
        "fullDescription": {"text": neutral(finding["why"]) or "-"},
        "help": {"text": "\n".join(neutral(line) for step in steps for line in step.split("\n")) or "-"},
        "defaultConfiguration": {"level": LEVELS[finding["severity"]]},
        "properties": {"security-severity": SCORES[finding["severity"]], "tags": ["password-hash-sync"]},
    }
    links = [r["url"] for r in finding["references"] if is_web(r["url"])]
    page = address(finding.get("page"))
    if page or links:
        rule["helpUri"] = page or links[0]
    rule["properties"] |= {"page": finding.get("page"), "documents": links}
    return rule


def _fix(finding: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A rule is for every finding of its cause: commands that name one user or domain stay with the result."""
    name = finding["scope"]["name"]
    return [{**s, "command": None} if name and name in (s["command"] or "") else s for s in finding["fix"]]


def _locations(finding: Mapping[str, Any], artifacts: Mapping[str, int]) -> list[dict[str, Any]]:
    scope = finding["scope"]
    logical = {"fullyQualifiedName": neutral(f"{scope['kind']}/{scope['name'] or ''}"), "kind": scope["kind"]}
    if scope["name"]:
        logical["name"] = neutral(scope["name"])
    found = [
        {
            "physicalLocation": _physical(record, artifacts),
            "logicalLocations": [logical],
            "message": message(f"{moment(record['time'])}, {place(record)}: {record['excerpt']}"),
        }
        for record in finding["evidence"][:MOST_LOCATIONS]
    ]
    return found or [{"logicalLocations": [logical], "message": message(f"an absence; {count(finding)}")}]


def _physical(record: Mapping[str, Any], artifacts: Mapping[str, int]) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": uri(record["source"])}
    if record["source"] in artifacts:
        artifact["index"] = artifacts[record["source"]]
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if record["line"]:
        physical["region"] = {"startLine": record["line"]}
    elif record["offset"] is not None:
        physical["region"] = {"byteOffset": record["offset"]}
    if record["record_id"] is not None:
        physical["properties"] = {"record_id": record["record_id"]}
    return physical


def _artifact(entry: Mapping[str, Any]) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": uri(entry["path"])}, "properties": {"kind": entry["kind"]}}
    if entry["sha256"]:
        artifact["hashes"] = {"sha-256": entry["sha256"]}
    return artifact


def _notifications(raw: Mapping[str, Any], artifacts: Mapping[str, int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for entry in raw["inputs"]:
        location = {
            "physicalLocation": {"artifactLocation": {"uri": uri(entry["path"]), "index": artifacts[entry["path"]]}}
        }
        found += [
            {"level": "warning", "message": message(problem["what"]), "locations": [location]}
            for problem in entry["problems"]
        ]
    return found


def _utc(iso: str | None) -> str | None:
    """A time as SARIF's date-time: seven digits of fraction are within it."""
    return iso if iso and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", iso) else None
