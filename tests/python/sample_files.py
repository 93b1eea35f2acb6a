"""The samples for the tests: made once, read by independent eyes."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "samples"))

import make  # noqa: E402  (samples/make.py)


@cache
def sample(name: str) -> dict[str, bytes]:
    """File name to content."""
    return make.SAMPLES[name]()


@cache
def folder() -> Path:
    return Path(mkdtemp(prefix="synclens-samples-"))


def paths(name: str, files: list[str]) -> list[Path]:
    """The sample's files on disk."""
    where = folder() / name
    if not where.exists():
        where.mkdir(parents=True)
        for file, content in sample(name).items():
            (where / file).write_bytes(content)
    return [where / file for file in files]
