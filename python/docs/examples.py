"""Lets the examples of docstrings stand as code, where Markdown would take `>>>` for quotations."""

from __future__ import annotations

from typing import Any

from griffe import Extension, Object


class FencedExamples(Extension):
    """Puts a fence around each example of a docstring."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Changes the docstring of everything that is read."""
        if obj.docstring is not None and ">>> " in obj.docstring.value:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """A docstring with its examples, which end at an empty line, in fences."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith(">>> ") and not inside:
            found += ["```pycon"]
            inside = True
        elif inside and not line.strip():
            found += ["```"]
            inside = False
        found.append(line)
    return "\n".join([*found, "```"] if inside else found)
