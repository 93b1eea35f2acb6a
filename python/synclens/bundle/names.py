"""read: what names say: how a file is shown, and when it was collected."""

from __future__ import annotations

import re

from synclens import _core

_STAMP = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)[-_T](\d\d)(\d\d)(\d\d)(?!\d)")


LONGEST = 1000
SECOND = " (again)"
"""How a second file of one name is called."""
SHOULD_BE_READ = (".evtx", ".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst")


def shown_name(name: str) -> str:
    """A name as it is shown and stored: valid Unicode of bounded length, whatever the file system or archive holds."""
    if len(name) > LONGEST:
        name = f"{name[: LONGEST - 200]}...({len(name):,} characters)...{name[-100:]}"
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # a lone surrogate, as Windows allows
        return name.encode("utf-8", "replace").decode()


def should_be_read(name: str) -> bool:
    """Whether a name promises a log or an archive: one that is not read for whatever reason is a problem."""
    return name.lower().endswith(SHOULD_BE_READ)


def collected_from_name(name: str, tz: str) -> str | None:
    """When a file was collected, by the stamp yyyyMMdd-HHmmss in its name or the nearest folder's, in UTC."""
    for part in reversed(name.replace("\\", "/").split("/")):
        for year, month, day, hour, minute, second in reversed(_STAMP.findall(part)):
            if time := clock_time(f"{year}-{month}-{day}T{hour}:{minute}:{second}", tz):
                return time
    return None


def clock_time(iso: str, tz: str) -> str | None:
    """A clock's reading in a zone as UTC; None for one that does not exist."""
    try:
        return _core.to_utc(iso, tz) or None
    except _core.SynclensError:
        return None


def climbs(name: str) -> bool:
    """Whether an archive member's name leaves the archive: absolute, a drive, or with '..'."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or re.match(r"[A-Za-z]:", plain) is not None or ".." in plain.split("/")
