"""The shipped knowledge: where its files are, and looking things up in it."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _core
from .meanwhile import meanwhile

if TYPE_CHECKING:
    from os import PathLike

# How well an entry answers a term: by its id or another name of it as typed; by such a name as a number in another
# notation; by words in its title.
_EXACT, _ALIAS, _OTHER_NOTATION, _WORDS = 0, 1, 2, 3
# What people write before a number, and the separators behind it; compiled when something is explained.
_BEFORE = r"(?:(?:event ?id|error ?code|rpc error|win32(?: error)?|event|error|rpc|code|id|hresult)\b[ :=#]*)+"
_HEX = r"0x[0-9a-f]+|(?=.*[0-9])(?=.*[a-f])[0-9a-f]{3,8}|[89a-f][0-9a-f]{7}"
# Who asks for what somebody reads already waits for it.
_LOADING = threading.Lock()


def directory() -> str:
    """The folder of the shipped TOML files."""
    # importlib.resources takes longer to import than the catalogue to read; the core is never inside a zip file
    return str(Path(__file__).with_name("catalogue"))


def load(rules: Iterable[str | PathLike[str]] = (), *, with_entries: bool = False) -> _core.Catalogue:
    """The shipped catalogue and then the rules of other folders, which may replace shipped ones by id."""
    folders = tuple(os.fspath(folder) for folder in rules)
    for folder in folders:
        if not Path(folder).is_dir():
            raise _core.CatalogueError(f"{folder}: no such folder of rules")
    with _LOADING:
        return _load(folders, with_entries)


def load_ahead() -> None:
    """Begins to read the shipped catalogue, which leaves Python to others; what is wrong with it `load` says."""
    meanwhile(load)


@cache
def _load(folders: tuple[str, ...], with_entries: bool) -> _core.Catalogue:
    return _core.Catalogue.load([directory(), *folders], with_entries)


def explain(term: str, *, rules: Iterable[str | PathLike[str]] = ()) -> list[dict[str, Any]]:
    """What the catalogue knows of a term: an event id, an RPC or cloud code, a status, a cause, a rule or a build, or
    of a pasted line or text.

    Best answers first; each is a dict with `kind` (cause, rule, event, code, ...) and the catalogue's own keys.
    Empty when nothing fits.

    >>> synclens.explain("8453")[0]["title"]
    'Replication access was denied (RPC 8453)'
    """
    catalogue = load(rules, with_entries=True)
    causes, entries, known_rules, builds = _parts(catalogue)
    typed, other = _forms(term)
    not_ours = {cause["id"] for cause in causes if not cause["password_sync"]}
    found: list[tuple[tuple[int, bool, int, int, str], dict[str, Any]]] = []
    build = _explain_build(builds, term)
    for rank, kind, items in ((0, "cause", causes), (1, "", entries), (2, "rule", known_rules)):
        for item in items:
            how = _fits(item, typed, other, kind or item["kind"])
            if how is not None:
                # of two that are named alike the one of password hash sync is meant
                aside = item.get("kind") == "code" and bool(item["causes"]) and not_ours.issuperset(item["causes"])
                place = (max(how, _ALIAS), aside, how, rank, item["id"])
                found.append((place, {"kind": kind, **item} if kind else {**item}))
    found.sort(key=lambda f: f[0])
    best = found[0][0][0] if found else _WORDS
    others = [item for (how, *_), item in found if how < _WORDS or best == _WORDS]
    if best == _WORDS:
        from . import pasted

        said = pasted.answers(term, catalogue)
        ids = {(item["kind"], item["id"]) for item in said}
        others = [*said, *(item for item in others if (item["kind"], item["id"]) not in ids)]
    return [build, *others] if build is not None else others


@cache
def _parts(catalogue: _core.Catalogue) -> tuple[list[dict[str, Any]], ...]:
    """Causes, entries, rules and builds, made once."""
    return catalogue.causes(), catalogue.entries(), catalogue.rules(), catalogue.builds()


def _explain_build(builds: list[dict[str, Any]], term: str) -> dict[str, Any] | None:
    """A build number: its own row of the table, or for a build between two rows the next later one."""
    match = re.search(r"(?<![\d.])(\d+\.\d+\.\d+\.\d+)(?![\d.])", term)
    short = re.fullmatch(r"\s*(?:(?:build|version)\s+)?(\d+\.\d+\.\d+)\s*", term, re.IGNORECASE)
    if match is None and short is None:
        return None
    version = match[1] if match is not None else _full_number(builds, short[1] if short else "")

    def number(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split("."))

    rows = sorted(builds, key=lambda b: number(b["version"]))
    at = next((i for i, b in enumerate(rows) if number(b["version"]) >= number(version)), None)
    row = rows[-1] if at is None else rows[at]
    listed = row["version"] == version
    # an empty date is that of the next dated row above it in the table, an earlier build
    dated = [] if at is None else [b["end_of_support"] for b in rows[: at + 1] if b["end_of_support"]]
    text = "" if listed else "Not listed itself; "
    if at is None:
        text += f"later than {row['version']}, the last that is listed, so in support as far as is known."
    else:
        text += "" if listed else f"judged by the next listed build, {row['version']}. "
        end = "2023-10-01" if (1, 0, 6455, 807) < number(version) < (2,) else (dated[-1] if dated else "")
        text += f"Out of support since {end}, judged by the time of the evidence." if end else "In support."
        if row.get("note"):
            text += f" Build {row['version']}: {row['note']}."
    if number(version) < (2, 5, 79, 0):
        text += " Builds below 2.5.79.0 may stop synchronizing after 2026-09-30."
    return {
        "kind": "build",
        "id": version,
        "aliases": [],
        "title": f"Build {version} of Microsoft Entra Connect, Azure AD Connect or DirSync",
        "text": text,
        "action": "Upgrade where it is out of support: in place, or by swing migration with a second server.",
        "causes": ["version-retired", "build-below-service-floor"],
        "providers": [],
        "confidence": "documented" if listed else "inferred",
        "source": row["source"],
        "reference": [
            {
                "title": "Microsoft Entra Connect version history",
                "url": "https://learn.microsoft.com/entra/identity/hybrid/connect/reference-connect-version-history",
            }
        ],
    }


def _full_number(builds: list[dict[str, Any]], short: str) -> str:
    """A build that is named by three of its four parts."""
    return next((b["version"] for b in builds if b["version"].startswith(f"{short}.")), f"{short}.0")


def known_terms() -> list[str]:
    """Every id that `explain` answers to, sorted."""
    catalogue = load(with_entries=True)
    return sorted({i["id"] for items in (catalogue.causes(), catalogue.entries(), catalogue.rules()) for i in items})


def _forms(term: str) -> tuple[set[str], set[str]]:
    """A term as typed, with and without what stands before a number, and that number in its other notations."""
    plain = " ".join(term.lower().split())
    bare = re.match(_BEFORE, plain)
    typed = {plain} if bare is None or bare.end() == len(plain) else {plain, plain[bare.end() :]}
    other: set[str] = set()
    for form in typed:
        numbers = {int(form)} if re.fullmatch(r"-?[0-9]{1,20}", form) else set()
        if re.fullmatch(_HEX, form):
            numbers.add(int(form, 16))
        for number in numbers:
            number += 1 << 32 if -(1 << 31) <= number < 0 else 0
            if not 0 <= number < 1 << 64:
                continue
            other |= {str(number), hex(number), f"0x{number:08x}"}
            if 0x80000000 <= number < 1 << 32:
                other.add(str(number - (1 << 32)))
            if number >> 16 == 0x8007:  # an HRESULT around an error code of Windows
                other |= {str(number & 0xFFFF), hex(number & 0xFFFF)}
    return typed, other - typed


def _fits(item: Mapping[str, Any], typed: set[str], other: set[str], kind: str) -> int | None:
    names = {alias.lower() for alias in item.get("aliases", ())}
    if kind == "rule":
        names |= {str(code) for code in item["match"].get("event_id", ())} | set(item["constant"].values())
    own = item["id"].lower()
    if own in typed:
        return _EXACT
    if not names.isdisjoint(typed):
        return _ALIAS
    if own in other or not names.isdisjoint(other):
        return _OTHER_NOTATION
    title = item["title"].lower()
    return _WORDS if any(_stands_in(title, form) for form in typed | other) else None


def _stands_in(title: str, form: str) -> bool:
    """Whether a title holds words, or a number that is not a part of another."""
    if len(form) < 3 or form not in title:
        return False
    return re.search(r"\d", form) is None or re.search(rf"(?<!\w){re.escape(form)}(?!\w)", title) is not None
