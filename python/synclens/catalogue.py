"""The shipped knowledge: where its files are, and looking things up in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _core

if TYPE_CHECKING:
    from os import PathLike

# How well an entry answers a term: its id, another spelling of it, or only words in its title.
_EXACT, _ALIAS, _WORDS = 0, 1, 2


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
    return _load(folders, with_entries)


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
    wanted = _forms(term)
    found: list[tuple[int, int, str, dict[str, Any]]] = []
    build = _explain_build(builds, term)
    for rank, kind, items in ((0, "cause", causes), (1, "", entries), (2, "rule", known_rules)):
        for item in items:
            how = _fits(item, wanted, kind or item["kind"])
            if how is not None:
                found.append((how, rank, item["id"], {"kind": kind, **item} if kind else {**item}))
    best = min((how for how, *_ in found), default=_WORDS)
    limit = _ALIAS if best <= _ALIAS else _WORDS
    others = [item for how, _, _, item in sorted(found, key=lambda f: f[:3]) if how <= limit]
    if best > _ALIAS:
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
    if match is None:
        return None
    version = match[1]

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


def known_terms() -> list[str]:
    """Every id that `explain` answers to, sorted."""
    catalogue = load(with_entries=True)
    return sorted({i["id"] for items in (catalogue.causes(), catalogue.entries(), catalogue.rules()) for i in items})


def _forms(term: str) -> set[str]:
    """A term and its other spellings: the number of a hex code, words with and without separators."""
    plain = " ".join(term.lower().split())
    forms = {plain, plain.removeprefix("event ").removeprefix("error ").removeprefix("rpc error ").removeprefix("rpc ")}
    for form in list(forms):
        digits = form.removeprefix("0x")
        try:
            number = int(digits, 16 if form.startswith("0x") else 10)
        except ValueError:
            continue
        if 0 <= number < 1 << 64:
            forms |= {str(number), hex(number), f"0x{number:08x}"}
            if 0x80000000 <= number < 1 << 32:
                forms.add(str(number - (1 << 32)))
    return forms


def _fits(item: Mapping[str, Any], wanted: set[str], kind: str) -> int | None:
    if item["id"].lower() in wanted:
        return _EXACT
    if any(alias.lower() in wanted for alias in item.get("aliases", ())):
        return _ALIAS
    if kind == "rule":
        codes = {str(code) for code in item["match"].get("event_id", ())} | set(item["constant"].values())
        if wanted & codes:
            return _ALIAS
    title = item["title"].lower()
    return _WORDS if any(len(form) > 2 and form in title for form in wanted) else None
