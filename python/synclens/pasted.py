"""What a pasted line or text is: the entries that it names and the rules that recognise it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import _core

# A name shorter than this is met by chance, and a piece of a sample this short says nothing. One plain word
# ("Error", "Enabled", "ping") is a name by itself only, not inside a sentence.
_SHORTEST_NAME, _SHORTEST_PIECE = 5, 12
_PLAIN_WORD = re.compile(r"[A-Za-z]?[a-z]+")
_NUMBER = re.compile(r"\b(?:error|code|event(?: id)?|rpc|hr|hresult)\b[\s:=]{0,3}(-?\d{1,11}|(?:0x)?[0-9a-f]{8})\b")
_DENIED = re.compile(r"\b(?:not|never|no longer|cannot)\b")
_CMDLET = re.compile(r"\b(?:add|disable|enable|get|invoke|remove|repair|set|start|stop)-[a-z]\w{4,}")
_OTHER_NUMBERS = re.compile(r"\baadsts\d+\b|\b0x[0-9a-f]{1,8}\b")


def answers(text: str, catalogue: _core.Catalogue) -> list[dict[str, Any]]:
    """Entries and rules for a text that is no term of the catalogue by itself; the most telling first.

    Empty for a text that neither names a term nor looks like anything that a rule was made for.
    """
    plain = _plain(text)
    entries = catalogue.entries()
    found = [*_named(plain, entries), *_recognised(text, plain, catalogue)]
    # nothing of it is known as it is: what it is about, a command by the last cmdlet that it calls
    for piece in (plain, *reversed(_CMDLET.findall(plain))):
        found = found or [*_mentioned(piece, catalogue.causes(), entries)]
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for item in found:
        first.setdefault((item["kind"], item["id"]), item)
    return list(first.values())


def _plain(text: str) -> str:
    """Small letters, single spaces, and none before a colon: exports and documents differ in those."""
    return " ".join(text.casefold().split()).replace(" :", ":")


def _numbers(plain: str) -> set[str]:
    """The codes of a text in all spellings that an entry may have."""
    found = {m[1] for m in _NUMBER.finditer(plain)} | {m[0] for m in _OTHER_NUMBERS.finditer(plain)}
    for code in list(found):
        if re.fullmatch(r"(?:0x)?[0-9a-f]{8}|0x[0-9a-f]+", code):
            number = int(code.removeprefix("0x"), 16)
            found |= {str(number), hex(number), f"0x{number:08x}"}
    return found


def _named(plain: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries one of whose names stands in the text, the longest name first; numbers only where they are a code."""
    numbers = _numbers(plain)
    hits: list[tuple[bool, int, str, dict[str, Any]]] = []
    for entry in entries:
        names = [entry["id"], *entry["aliases"]]
        coded = any(_plain(name) in numbers for name in names)
        lengths = [
            len(name)
            for name in names
            if len(name) >= _SHORTEST_NAME
            and not _PLAIN_WORD.fullmatch(name)
            and not re.fullmatch(r"-?[0-9]+|0x[0-9A-Fa-f]+", name)
            and _holds(plain, _plain(name))
        ]
        if coded or lengths:
            hits.append((not coded, -max(lengths, default=0), entry["id"], entry))
    return [entry for *_, entry in sorted(hits, key=lambda hit: hit[:3])]


def _holds(plain: str, piece: str) -> bool:
    """Whether the piece stands in the text as whole words."""
    return re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", plain) is not None


def _recognised(text: str, plain: str, catalogue: _core.Catalogue) -> Iterator[dict[str, Any]]:
    """Rules that match the text as an event, a status or a setting, and those whose sample holds it."""
    if len(plain) < _SHORTEST_PIECE:
        return
    rules = catalogue.rules()
    known = {rule["id"]: rule for rule in rules}
    classifier = _core.Classifier(catalogue)
    names = _setting(text)
    for rule in rules:
        match = rule["match"]
        explained = None
        if "text" in match and match.get("provider"):
            for event_id in match.get("event_id", [])[:1]:
                # "activated" or "off" says something in the event of a switch only, and not where it is denied
                if "direction" in rule["constant"] and (
                    _DENIED.search(plain) is not None or not _holds(plain, str(event_id))
                ):
                    continue
                explained = classifier.event(match["provider"][0], event_id, text)
        elif "setting" in match and names is not None:
            topic, _, name = match["setting"].partition("/")
            if name.casefold() == names[0].casefold():
                explained = classifier.setting(topic, "", name, names[1])
        if explained is not None and explained["rule"] == rule["id"]:
            yield {"kind": "rule", **known[rule["id"]]}
    for rule in rules:
        if any(_holds(_plain(test.get("hit", "")), plain) for test in rule["test"]):
            yield {"kind": "rule", **rule}


def _mentioned(plain: str, causes: list[dict[str, Any]], entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Causes that are mended with it, and entries that speak of it: a cmdlet, a file, a program."""
    if len(plain) < _SHORTEST_PIECE:
        return
    for cause in causes:
        said = " ".join(f"{step['text']} {step['command'] or ''}" for step in cause["fix"])
        if _holds(_plain(f"{cause['why']} {said}"), plain):
            yield {"kind": "cause", **cause}
    for entry in entries:
        if _holds(_plain(f"{entry['text']} {entry['action'] or ''}"), plain):
            yield entry


def _setting(text: str) -> tuple[str, str] | None:
    """ "Name : Value", as Format-List prints it."""
    pair = re.fullmatch(r"\s*([\w.]+)\s*[:=]\s*(.*?)\s*", text)
    return (pair[1], pair[2]) if pair else None
