"""Text out of the input, made harmless for a terminal and for one-line output."""

from __future__ import annotations

import re

# C0 and C1 controls, line and paragraph separators, bidi marks, embeddings, overrides and isolates, the byte order
# mark, invisible joiners, tag characters and lone surrogates.
_UNSAFE = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff"
)
# Compiled when they are first needed, which most reports never do.
_PATTERN = f"[{_UNSAFE}]"
_KEEPING_LINES = f"(?![\n\t])[{_UNSAFE}]"


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code in (0x09, 0x0A, 0x0D):
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def neutral(text: str) -> str:
    """One line without characters that steer a terminal or hide and reorder text; those are shown as escapes."""
    if text.isascii() and text.isprintable():  # nearly all of them
        return text
    return re.sub(_PATTERN, _visible, text.replace("\r\n", "\n"))


def neutral_lines(text: str) -> str:
    """The same, with line feeds and tabs kept."""
    return re.sub(_KEEPING_LINES, _visible, text.replace("\r\n", "\n").replace("\r", "\n"))
