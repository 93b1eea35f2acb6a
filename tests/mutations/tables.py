"""The two tables beside the program: which survivors have a reason, and which changes belong to which rule."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from mutations.changes import Change

HERE = Path(__file__).resolve().parent


def matches(pattern: str, key: str) -> bool:
    """Whether a change's key is meant: a star stands for anything, everything else for itself."""
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), key) is not None


@dataclass(frozen=True)
class Reason:
    """Why no test can notice some changes."""

    why: str
    changes: tuple[str, ...]


def reasons(path: Path = HERE / "reasons.toml") -> list[Reason]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Reason(item["why"], tuple(item["changes"])) for item in data["reason"]]


def reason_for(change: Change, known: list[Reason]) -> Reason | None:
    return next((r for r in known if any(matches(pattern, change.key) for pattern in r.changes)), None)


@dataclass(frozen=True)
class Rule:
    """The beginning of a sentence or row of verdicts.md, and what holds it."""

    says: str
    changes: tuple[str, ...] = ()  # of the program: patterns of keys
    tests: tuple[str, ...] = ()  # that hold what lies outside of the changed sources: names of C++ or Python tests
    words: str = ""  # why there is nothing to change


def rules(path: Path = HERE / "rules.toml") -> list[Rule]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Rule(item["says"], tuple(item.get("changes", ())), tuple(item.get("tests", ())), item.get("words", ""))
        for item in data["rule"]
    ]


def sentences(page: str) -> list[str]:
    """The sentences and rows of a page of rules, one by one; worked examples stand in the acceptance program."""
    found: list[str] = []
    for line in page.split("## Worked examples")[0].splitlines():
        line = line.strip()
        if line.startswith("|"):
            if not re.fullmatch(r"\|[-| ]+\|", line):
                found.append(line.strip("| "))
        elif line and not line.startswith("#"):
            text = line.removeprefix("- ").replace("**", "")
            found += [s for s in re.split(r"(?<=[.;])\s+(?=[A-Z`\"(0-9])", text) if s]
    return found
