"""Where the documentation site has the pages of what a finding names."""

from __future__ import annotations

import os
import re
from functools import cache

BASE = "SYNCLENS_DOCS"
"""The environment variable that says at which address the site (python/docs) is published."""
FOLDERS = {"cause": "causes", "rule": "rules", "event": "events", "code": "codes", "topic": "topics"}


def slug(text: str) -> str:
    """An id as the name of a page."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-") or "page"


def page(kind: str, name: str) -> str:
    """The page of what the shipped catalogue has (a cause, a rule, an event, ...), seen from where the site stands.

    Ids are stable, and so are the pages.
    """
    return f"catalogue/{FOLDERS.get(kind, 'words')}/{slug(name)}.html"


def address(place: str | None) -> str | None:
    """A page's address: below $SYNCLENS_DOCS, else below what the package's metadata name as its documentation.

    None where nobody has said where the site stands: a link must not lead to a place that is not ours.
    Raises SynclensError where what is stated is no web address.
    """
    base = os.environ.get(BASE, "").strip() or _published()
    if not base or not re.fullmatch(r"[a-z0-9./-]+", place or ""):
        return None
    from .report.phrases import is_web

    if not is_web(base) or "?" in base or "#" in base:
        from . import SynclensError

        raise SynclensError(f"{BASE} is no web address: {base}. Give it as https://host/path/ or unset it")
    return f"{base.rstrip('/')}/{place}"


@cache
def _published() -> str:
    """The address under `Documentation` in pyproject.toml's project.urls, once there is one."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        urls = metadata("synclens").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    for url in urls:
        name, _, at = url.partition(",")
        if name.strip().lower() == "documentation":
            return str(at.strip())
    return ""
