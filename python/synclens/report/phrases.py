"""The same words for the same things in every report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z")
GRAVE = ("critical", "high", "medium")
KIND_WORDS = {
    "error": "errors",
    "heartbeat": "heartbeats",
    "batch": "batches",
    "result": "results",
    "restart": "restarts",
    "change": "admin changes",
    "other": "other programs",
}


def moment(iso: str | None) -> str:
    """A time for people: whole seconds, the zone said."""
    return f"{iso[:10]} {iso[11:19]} UTC" if iso else "at an unknown time"


def readable(words: str) -> str:
    """A sentence whose times are as people write them."""
    return _ISO.sub(r"\1 \2 UTC", words)


def since(raw: Mapping[str, Any]) -> str:
    """Since when it is broken."""
    verdict = raw["verdict"]
    if verdict["since"]:
        return moment(verdict["since"])
    first = next((f["first_seen"] for f in parted(raw["findings"])[0] if f["severity"] in GRAVE), None)
    if first and verdict["status"] in ("failing", "degraded"):
        return f"at least since {moment(first)}"
    return {
        "healthy": "not broken as a whole",
        "unknown": "not known",
    }.get(verdict["status"], "at no stated time")


def who(scope: Mapping[str, Any]) -> str:
    """A scope in words."""
    if scope["name"]:
        return f"{scope['kind']} {scope['name']}"
    return {"tenant": "the whole tenant", "user": "an unnamed user"}.get(scope["kind"], f"the {scope['kind']}")


def span(finding: Mapping[str, Any]) -> str:
    """First and last sighting and their count."""
    if finding["first_seen"] == finding["last_seen"]:
        return f"{moment(finding['first_seen'])}, {count(finding)}"
    return f"{moment(finding['first_seen'])}, last seen {moment(finding['last_seen'])}, {count(finding)}"


def ended(finding: Mapping[str, Any]) -> str:
    """How a finding stands now."""
    if finding["recovered_at"]:
        return f"recovered {moment(finding['recovered_at'])}"
    return f"{finding['status']}, last seen {moment(finding['last_seen'])}"


def count(finding: Mapping[str, Any]) -> str:
    """How many records carry a finding."""
    return f"{finding['count']} record{'' if finding['count'] == 1 else 's'}"


def place(record: Mapping[str, Any]) -> str:
    """The address of a record."""
    parts: Iterable[str] = (
        f"{word} {record[key]}"
        for key, word in (("record_id", "record"), ("line", "line"), ("offset", "offset"))
        if record[key] is not None and not (key == "offset" and record["record_id"] is not None)
    )
    return ", ".join([record["source"], *parts])


def note(step: Mapping[str, Any]) -> str:
    """What a step needs and touches, as a sentence; nothing where it needs nothing."""
    found = [f"needs {step['role']}"] if step.get("role") else []
    found += [f"restarts {step['restarts']}"] if step.get("restarts") else []
    found += ["once only"] if step.get("once") else []
    words = "; ".join(found)
    return f"{words[0].upper()}{words[1:]}." if words else ""


def parted(findings: Iterable[Mapping[str, Any]]) -> tuple[list[Any], list[Any], list[Any]]:
    """Findings to mend now, those that are over, and those of other features; each in the order given."""
    current: list[Any] = []
    before: list[Any] = []
    others: list[Any] = []
    for finding in findings:
        if not finding.get("password_sync", True):
            others.append(finding)
        else:
            (current if finding["status"] == "ongoing" else before).append(finding)
    return current, before, others


def affected(raw: Mapping[str, Any], most: int = 3) -> str:
    """For whom it is broken: the scopes of what is ongoing and grave, and how many users have a fault of their own."""
    current = parted(raw["findings"])[0]
    grave = [f for f in current if f["severity"] in GRAVE and f["scope"]["kind"] != "user"]
    places = list(dict.fromkeys(who(f["scope"]) for f in grave))
    users = {f["scope"]["name"] for f in current if f["scope"]["kind"] == "user"}
    words = places[:most] + ([f"{len(places) - most} more"] if len(places) > most else [])
    if users:
        words.append(f"{len(users)} user{'' if len(users) == 1 else 's'} for reasons of their own")
    if words:
        return ", ".join(words)
    return "not known" if raw["verdict"]["status"] == "unknown" else "nobody, as far as these logs show"


def places(raw: Mapping[str, Any]) -> list[str]:
    """Whose diagnosis it is: tenants and servers in evidence."""
    scopes = [check["scope"] for check in raw["checks"] if check["scope"] and check["scope"]["kind"] == "tenant"]
    tenants = [scope["name"] for scope in scopes if scope["name"]]
    servers = [log["computer"] for log in raw["coverage"]["logs"] if log["computer"] and log["password_sync_records"]]
    return list(dict.fromkeys(tenants + servers))


def covered(raw: Mapping[str, Any]) -> str:
    """The time that the logs with records of password hash sync span; nothing where that is not known."""
    logs = [log for log in raw["coverage"]["logs"] if log["password_sync_records"]]
    first = min((log["first_time"] for log in logs if log["first_time"]), default=None)
    last = max((log["last_time"] for log in logs if log["last_time"]), default=None)
    if not first or not last:
        return ""
    if first[:10] == last[:10]:
        return f"{first[:10]} {first[11:16]} to {last[11:16]} UTC"
    return f"{first[:10]} {first[11:16]} to {last[:10]} {last[11:16]} UTC"


def tally(checks: Iterable[Mapping[str, Any]]) -> str:
    """How many checks fail, are not known and pass."""
    number = Counter(check["status"] for check in checks)
    verb = "fails" if number["fail"] == 1 else "fail"
    return f"{number['fail']} {verb}, {number['unknown']} not known, {number['pass']} pass."


def in_order(checks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Checks in their order, those that fail first, then those not known."""
    order = {"fail": 0, "unknown": 1}
    return sorted(checks, key=lambda check: order.get(check["status"], 2))


def check_groups(checks: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, list[str], str]]:
    """Status, title, names of what they are about and reason; what fails first, alike ones (for what passes, whatever
    the reason) together."""
    groups: dict[tuple[str, ...], tuple[str, str, list[str], str]] = {}
    for check in in_order(checks):
        status, title, why = check["status"], check["title"], check["why"]
        key = (status, check["id"], title, "" if status == "pass" else why)
        about = groups.setdefault(key, (status, title, [], why))[2]
        if check["scope"] and check["scope"]["name"]:
            about.append(check["scope"]["name"])
    return list(groups.values())


def grouped(findings: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """Findings in their order, those of one cause in many users together: one set of steps mends them alike."""
    groups: dict[tuple[str, ...], list[Any]] = {}
    for finding in findings:
        of_user = finding["scope"]["kind"] == "user"
        groups.setdefault((finding["cause"],) if of_user else (finding["cause"], finding["id"]), []).append(finding)
    return list(groups.values())


def of_group(group: Sequence[Mapping[str, Any]]) -> str:
    """For whom the findings of a group are."""
    return who(group[0]["scope"]) if len(group) == 1 else f"{len(group)} users"


def first_command(findings: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """The first finding to mend that has a command, and the step with it."""
    for finding in parted(findings)[0]:
        for step in finding["fix"]:
            if step["command"]:
                return finding, step
    return None


def is_web(url: str) -> bool:
    """Whether a link may lead there; rules come from strangers too."""
    return re.fullmatch(r"https?://[\w.:/?#@!&=+,;%~-]+", url, re.ASCII | re.IGNORECASE) is not None


def clipped(words: str, most: int) -> str:
    """At most so many characters; what is cut is shown as cut."""
    return words if len(words) <= most else words[: most - 1] + "…"


def server(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Build and identity of the server, as far as known."""
    known = raw.get("server") or {}
    return {"build": known.get("build"), "identity": known.get("identity")}


def common_folder(paths: Sequence[str]) -> str:
    """The folder or archive that all of two or more files are in, with its slash; else nothing."""
    parts = [path.split("/")[:-1] for path in paths]
    if len(parts) < 2:
        return ""
    same = 0
    while all(len(p) > same and p[same] == parts[0][same] for p in parts):
        same += 1
    return "/".join(parts[0][:same]) + "/" if same else ""


def without_folder(raw: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The folder that all files are in, and the diagnosis without it in any path or sentence."""
    folder = common_folder([entry["path"] for entry in raw["inputs"]])
    if not folder:
        return folder, dict(raw)

    def inside(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(folder, "")
        if isinstance(value, list):
            return [inside(one) for one in value]
        if isinstance(value, dict):
            return {name: inside(one) for name, one in value.items()}
        return value

    return folder, {**raw, **{part: inside(raw[part]) for part in ("checks", "coverage", "findings", "inputs")}}
