"""read: what names say: how a file is shown, and when it was collected."""

from __future__ import annotations

import re

from . import _core

_STAMP = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)[-_T](\d\d)(\d\d)(\d\d)(?!\d)")


def shown_name(name: str) -> str:
    """A name as it is shown and stored: valid Unicode, whatever the file system or archive holds."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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
