#!/usr/bin/env python3
"""What the reports say of the samples, written down: text for all of them, every format for four.

    .venv/bin/python tests/golden/make.py       # after a change that is meant, then read the difference with git

Normalised: versions are left out, users and marks of the timeline are cut after six, and the page is kept without its
style, script and drawings. tests/python/test_golden.py compares.
"""

from __future__ import annotations

import contextlib
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "samples"))

import make as samples  # noqa: E402

WHOLE = ("staging", "emea-permission", "user-problems", "damaged-log")
MOST = 6


def outputs(name: str) -> Iterator[tuple[str, str]]:
    """File names and contents for a sample."""
    from synclens.report.document import Report

    raw = diagnosis(name)
    yield f"{name}.txt", Report(raw).render("text")
    if name not in WHOLE:
        return
    few = {**raw, "users": raw["users"][:MOST]}
    yield f"{name}.md", Report(few).render("md")
    yield f"{name}.findings.csv", Report(few).render("csv")
    yield f"{name}.users.csv", Report(few).render("csv", table="users")
    yield f"{name}.sarif", Report(few).render("sarif")
    yield f"{name}.json", Report({**few, "timeline": raw["timeline"][:MOST]}).render("json")
    yield f"{name}.html", bare(Report(few).render("html"))


def diagnosis(name: str) -> dict[str, Any]:
    """What the analyzer says of a sample's first file, without versions."""
    import synclens

    files = samples.SAMPLES[name]()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        first = sorted(files)[0]
        Path(first).write_bytes(files[first])
        raw = synclens.open(first).to_dict()
    raw["tool"] = {"name": "synclens", "version": "0.0.0", "catalogue": "0"}
    return raw


def bare(page: str) -> str:
    """A page without style, script, their hashes and drawings."""
    page = re.sub(r"(<(style|script|svg)\b[^>]*>).*?</\2>", r"<\2/>", page, flags=re.DOTALL)
    return re.sub(r"sha256-[\w+/=]+", "sha256", page)


def main() -> int:
    for old in HERE.iterdir():
        if old.suffix not in (".py", ".pyc") and old.is_file():
            old.unlink()
    for name in samples.SAMPLES:
        for file, content in outputs(name):
            (HERE / file).write_text(content, "utf-8", newline="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
