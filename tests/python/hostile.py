"""A diagnosis whose every text wants to be code somewhere, and what the reports must make of it."""

from __future__ import annotations

import copy
import csv
import datetime
import io

import logs

MARKER = "pwned7331"
ATTACKS = (
    f"<script>window.{MARKER}=1</script>",
    f'"><img src=x onerror=window.{MARKER}=1>',
    f"'><svg/onload=window.{MARKER}=1>",
    f"</style></script></textarea></title><iframe src=javascript:window.{MARKER}=1>",
    f"javascript:window.{MARKER}=1",
    f"[click](https://evil.invalid/{MARKER}) ![x](https://evil.invalid/{MARKER}.png)",
    "https://evil.invalid/autolink www.evil.invalid someone@evil.invalid @everyone #1 org/repo#2 ABC-123 /close",
    "``` \n# heading\n- item\n\n> quote\n***\n```",
    "`a` ``b`` *c* _d_ **e** ~~f~~ | g | $h$ <b>i</b> &lt;j&gt; &#60;k&#62;",
    '=HYPERLINK("http://evil.invalid","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3;=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\uff1d1+1",
    "a\r\nb\nc",
    "\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b31m\x00\x08",
    "\u202egnp.exe\u202c \u2066invoice\u2069 \u200b\ufeff\u2028\u2029",
    "{{4321*8765}} ${4321*8765} {% raw %} <%= 4321*8765 %> #{4321*8765} {0} %s%n {{ self }}",
    "\ud800 lone",
    "--> ]]> <!-- ]]&gt;",
)
CONTROLS = [chr(c) for c in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0))] + list(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\u2028\u2029\ufeff"
)
FIXED = {
    "status", "severity", "confidence", "kind", "time", "since", "first_seen", "last_seen", "recovered_at",
    "last_request", "last_result", "first_time", "last_time", "near_time", "from", "to", "sha256", "name", "version",
}  # fmt: skip


def diagnosis() -> dict:
    """What the core says of a small failing log."""
    import synclens

    return copy.deepcopy(synclens.open(logs.denied()).to_dict())


def poisoned(attack: str) -> dict:
    """The same, with the attack in every text that the input can reach, and one of everything."""
    raw = diagnosis()
    finding = raw["findings"][0]
    other = {**copy.deepcopy(finding), "id": "other", "status": "recovered", "recovered_at": finding["last_seen"]}
    last = {**copy.deepcopy(finding), "id": "last", "password_sync": False, "evidence": [], "rule": None}
    user = copy.deepcopy(finding)
    user |= {"id": "user", "scope": {"kind": "user", "name": "x"}}
    raw["findings"] += [user, {**copy.deepcopy(user), "id": "user 2"}, other, last]
    time = finding["first_seen"]
    raw["users"] = [
        {
            "dn": "x",
            "anchor": "x",
            "status": "x",
            "last_request": time,
            "last_result": None,
            "cause": "x",
            "history": ["x"],
        }
    ]
    raw["coverage"]["gaps"] = [{"path": "x", "from": time, "to": None, "reason": "x"}]
    raw["coverage"]["not_evaluated"] = [{"check": "x", "missing": "x"}]
    raw["coverage"]["logs"][0]["remarks"] = ["x"]
    raw["unclassified"] = [{"provider": "x", "event_id": 6999, "count": 1, "example": "x"}]
    raw["inputs"][0]["problems"] = [{"what": "x", "offset": 1, "chunk": None, "line": 2}]
    raw["inputs"][0]["notes"] = ["x"]
    raw["server"] = {"build": "x", "identity": "x"}
    steps = [step["command"] for f in raw["findings"] for step in f["fix"]]
    assert any(steps)
    changed = _replaced(raw, attack)
    for one, name in zip(changed["findings"], ("a", "b", "c", "d", "e"), strict=True):
        one["id"] = f"{name}{attack}"
        one["scope"]["name"] = attack
        one["fields"] = {f"{attack}{n}": [attack, attack] for n in range(2)}
    changed["timeline"] = [
        {"time": time, "lane": attack, "kind": kind, "text": attack} for kind in ("error", "heartbeat", attack)
    ]
    return changed


def _replaced(value, attack, key=""):
    if isinstance(value, dict):
        return {k: v if k == "tool" else _replaced(v, attack, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_replaced(v, attack, key) for v in value]
    if isinstance(value, str) and (key not in FIXED or value == "x"):
        return attack
    return value


def export() -> bytes:
    """An export as CSV in which every text field carries each of the attacks, the way a real log would bring them."""
    rows = [["TimeCreated", "Id", "LevelDisplayName", "ProviderName", "MachineName", "LogName", "Message"]]

    def add(minute: float, number: int, message: str, *, computer: str = "sync01", level: str = "Information") -> None:
        time = (logs.START + datetime.timedelta(minutes=minute)).strftime("%m/%d/%Y %I:%M:%S %p")
        rows.append([time, str(number), level, "Directory Synchronization", computer, "Application", message])

    for minute, number, text in logs.pings(0, 300):
        add(minute, number, text)
    for number, attack in enumerate(ATTACKS):
        plain = attack.replace("\ud800", "")  # no file in UTF-8 holds it
        add(
            240 + number,
            611,
            logs.DENIED.replace("dc1.contoso.com", plain).replace("domain: contoso.com", f"domain: {plain}"),
        )
        add(
            240 + number,
            656,
            f"Password Change Request - Anchor : {plain}, Dn : CN={plain},DC=contoso,DC=com, Change Date : 03/10/2026 01:00:00",
        )
        add(
            240 + number,
            657,
            f"Password Change Result - Anchor : {plain}, Dn : CN={plain},DC=contoso,DC=com, Result : Failed.{logs.TRAILER}",
        )
        add(240 + number, 6999, plain, computer=plain, level=plain)
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
