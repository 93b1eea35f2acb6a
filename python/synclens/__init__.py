"""synclens: an offline analyzer for the logs of Microsoft Entra Connect password hash synchronization.

>>> import synclens
>>> case = synclens.open("MECLOG.zip")
>>> case.verdict.status
'degraded'
>>> case.findings[0].title
'The AD DS connector account may not read password hashes'
>>> len(case.events.filter(ids=[611]))
605
"""

from __future__ import annotations

TYPE_CHECKING = False  # the name that type checkers take for true; importing `typing` would cost more than all else
if TYPE_CHECKING:
    from typing import Any

    from ._core import CatalogueError, DamagedInput, LimitExceeded, SynclensError, UnsupportedInput, __version__
    from .batch.scan import Scanned, scan
    from .bundle import Limits
    from .case import Case, open
    from .catalogue import explain
    from .events import Event, Events
    from .findings import (
        Check,
        Coverage,
        Evidence,
        Finding,
        Fix,
        Gap,
        Input,
        Log,
        Mark,
        NotEvaluated,
        Reference,
        Scope,
        Unclassified,
        UserState,
        Verdict,
    )
    from .table import Table

__all__ = [
    "Case",
    "CatalogueError",
    "Check",
    "Coverage",
    "DamagedInput",
    "Event",
    "Events",
    "Evidence",
    "Finding",
    "Fix",
    "Gap",
    "Input",
    "LimitExceeded",
    "Limits",
    "Log",
    "Mark",
    "NotEvaluated",
    "Reference",
    "Scanned",
    "Scope",
    "SynclensError",
    "Table",
    "Unclassified",
    "UnsupportedInput",
    "UserState",
    "Verdict",
    "__version__",
    "explain",
    "open",
    "scan",
]

_HOME = {
    **dict.fromkeys(
        ["CatalogueError", "DamagedInput", "LimitExceeded", "SynclensError", "UnsupportedInput", "__version__"], "_core"
    ),
    "Limits": "bundle",
    **dict.fromkeys(["Scanned", "scan"], "batch.scan"),
    "Case": "case",
    "open": "case",
    "explain": "catalogue",
    **dict.fromkeys(["Event", "Events"], "events"),
    "Table": "table",
    **dict.fromkeys(
        [
            "Check",
            "Coverage",
            "Evidence",
            "Finding",
            "Fix",
            "Gap",
            "Input",
            "Log",
            "Mark",
            "NotEvaluated",
            "Reference",
            "Scope",
            "Unclassified",
            "UserState",
            "Verdict",
        ],
        "findings",
    ),
}


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used: `import synclens` itself costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'synclens' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
