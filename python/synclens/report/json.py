"""The diagnosis as JSON by schema/analysis.schema.json."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# Valid in JSON, yet able to steer or reorder a terminal, or not in UTF-8: written as escapes, which mean the same.
_ESCAPED = re.compile(
    "[\ud800-\udfff\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)


def render(raw: Mapping[str, Any], *, indent: int | None = 2) -> str:
    """A diagnosis as JSON text that ends with a line feed; the same bytes for the same diagnosis."""
    return dumps(raw, indent=indent) + "\n"


def dumps(value: Any, *, indent: int | None = None) -> str:
    """JSON in UTF-8 whose text cannot steer a terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return text if text.isascii() and "\x7f" not in text else _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def schema() -> dict[str, Any]:
    """The JSON Schema of a diagnosis."""
    from importlib.resources import files

    loaded: dict[str, Any] = json.loads((files("synclens") / "schema" / "analysis.schema.json").read_text("utf-8"))
    return loaded
