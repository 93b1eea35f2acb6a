"""What counts as a bundle when there are many."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from synclens.bundle.names import shown_name

# Folders of the collector that customers are sent: what holds one of them is a bundle.
COLLECTED = frozenset({"eventlog", "config", "csexport", "runhistory", "object", "aadctrace", "nettrace"})


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file or folder to analyze by itself; `refused` says why it is not opened."""

    path: str
    refused: str | None = None

    @property
    def name(self) -> str:
        """The path as it is shown and stored."""
        return shown_name(self.path)


def find(paths: Iterable[str | os.PathLike[str]], *, split: bool = False) -> list[Bundle]:
    """The bundles of some paths, in the order given and by name inside a folder.

    A file is a bundle. A folder is one when a log, an export or a settings text lies in it, or a folder of the
    collector (EVENTLOG, CONFIG, ...); any other folder holds bundles: each of its entries is one. With `split` every
    folder given holds bundles. Nothing is left out: an entry that is no bundle becomes a row that says so.
    """
    found: list[Bundle] = []
    for given in paths:
        if isinstance(given, bytes) or not isinstance(given, (str, os.PathLike)):
            raise TypeError(f"give paths, not {type(given).__name__}: the workers open the bundles themselves")
        path = os.fspath(given)
        if not path:
            raise ValueError("an empty path is none: it would be the current folder")
        if not Path(path).is_dir():
            found.append(Bundle(path))
            continue
        entries = _entries(path)
        if entries is None or not entries or not (split or holds_bundles(path)):
            found.append(Bundle(path))
        else:
            found += entries
    return found


def holds_bundles(path: str) -> bool:
    """Whether a folder holds bundles, and is not one."""
    from synclens import _core
    from synclens.bundle import archives
    from synclens.bundle.walk import HEAD

    try:
        children = sorted(Path(path).iterdir())
    except OSError:
        return False
    if any(child.name.lower() in COLLECTED and child.is_dir() for child in children):
        return False
    for child in children:
        if child.is_symlink() or not child.is_file():
            continue
        try:
            with child.open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            continue
        if archives.packing(head) is None and _core.sniff(head, child.name) not in ("unknown", "empty", "archive"):
            return False
    return True


def _entries(path: str) -> list[Bundle] | None:
    try:
        children = sorted(Path(path).iterdir())
    except OSError:
        return None
    return [Bundle(f"{path.rstrip('/') or '/'}/{c.name}".replace("//", "/"), _refusal(c)) for c in children]


def _refusal(child: Path) -> str | None:
    """Links and devices of a folder are not followed, as in the walk through a bundle."""
    if child.is_symlink():
        return "a link: not followed"
    return None if child.is_file() or child.is_dir() else "no file and no folder: not opened"
