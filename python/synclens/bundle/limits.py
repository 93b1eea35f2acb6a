"""read: what one walk may spend. Bundles come from strangers."""

from __future__ import annotations

import time
from dataclasses import dataclass

RATIO_FROM = 256 << 20
"""Bytes below which nothing is said about how far something grows: zeros of a preallocated log pack very well."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one walk. At a limit the walk ends; what was read until then counts."""

    bytes: int = 64 << 30
    """Bytes that come out of archives, all together."""
    ratio: int = 250
    """How many times larger than its packed form a member, or all of them together, may be (above 256 MiB)."""
    members: int = 200_000
    """Files, in folders and archives."""
    depth: int = 6
    """Archives inside archives."""
    folders: int = 64
    """Folders inside folders."""
    seconds: float = 3600.0
    """Time for the whole walk, the reading of its members included."""
    memory: int = 384 << 20
    """Bytes held in memory at once: inner zips and the lists of all zips, streams that can be read once only,
    dictionaries of decompressors."""


FLAGS = {
    "bytes": "--max-bytes",
    "ratio": "--max-ratio",
    "members": "--max-members",
    "depth": "--max-depth",
    "folders": "--max-folders",
    "seconds": "--max-seconds",
    "memory": "--max-memory",
}


class LimitReached(Exception):
    """Ends the walk, or one archive or member of it."""

    def __init__(self, limit: str, detail: str) -> None:
        super().__init__(f"{detail}; raise the limit with {FLAGS[limit]} if the source is to be trusted")
        self.limit = limit


class Budget:
    """What is left of the limits of one walk."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.seconds
        self.bytes = 0
        self.packed = 0
        self.members = 0
        self.held = 0
        self.reached: LimitReached | None = None

    def stop(self, limit: str, detail: str) -> LimitReached:
        """The error that ends the whole walk."""
        self.reached = LimitReached(limit, detail)
        return self.reached

    def look_at_clock(self) -> None:
        if time.monotonic() > self.deadline:
            raise self.stop("seconds", f"stopped after {self.limits.seconds:g} seconds")

    def spend(self, size: int) -> None:
        """Counts bytes that came out of an archive."""
        self.bytes += size
        limits = self.limits
        if self.bytes > limits.bytes:
            raise self.stop("bytes", f"stopped: more than {limits.bytes:,} bytes came out of archives")
        if self.bytes > RATIO_FROM and self.bytes > limits.ratio * max(self.packed, 1):
            raise self.stop("ratio", f"stopped: everything together unpacks to more than {limits.ratio} times its size")
        self.look_at_clock()

    def count(self) -> None:
        """Counts one file."""
        self.members += 1
        if self.members > self.limits.members:
            raise self.stop("members", f"stopped: more than {self.limits.members:,} files")
        self.look_at_clock()

    def hold(self, size: int, what: str) -> None:
        """Counts bytes that stay in memory; `let_go` gives them back."""
        if self.held + size > self.limits.memory:
            raise self.too_large(what)
        self.held += size

    def too_large(self, what: str) -> LimitReached:
        """The error for what would take more memory than is left; it ends a member or archive."""
        return LimitReached("memory", f"{what} does not fit into the {self.limits.memory:,} bytes that may be held")

    def let_go(self, size: int) -> None:
        self.held -= size
