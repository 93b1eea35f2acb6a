"""A sheet of text for a terminal or a file: labelled paragraphs, tables and links that fit the width there is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import IO

from rich.console import Console
from rich.text import Text

from .neutral import neutral
from .phrases import clipped, is_web

LABEL = 10
PROSE, TABLE = 110, 160  # the widest that paragraphs and tables grow
NARROW = 48  # below it a label stands on a line of its own
STYLE = {
    "failing": "bold red", "degraded": "bold yellow", "healthy": "bold green", "unknown": "bold cyan",
    "critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim",
    "pass": "green", "fail": "red",
}  # fmt: skip
# Terminals that are known to show hyperlinks, by what they set.
_LINKING = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "mintty", "rio", "Tabby", "WarpTerminal"}
_LINKING_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")


def console(file: IO[str] | None, width: int | None) -> Console:
    """A console that takes nothing in its input for markup."""
    return Console(file=file, highlight=False, markup=False, emoji=False, width=width)


def shows_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one of those that show hyperlinks (OSC 8); others get the address itself."""
    if environment.get("TERM_PROGRAM") in _LINKING or environment.get("TERM", "").startswith(_LINKING_TERMS):
        return True
    if environment.get("TMUX") or environment.get("TERM", "").startswith("screen"):
        return False
    vte = environment.get("VTE_VERSION", "")
    known = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM")
    return any(environment.get(name) for name in known) or (vte.isdecimal() and int(vte) >= 5000)


class Sheet:
    """One printing. Everything that is given to it may be hostile text."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = max(20, min(console.width, PROSE))
        self.table_width = max(20, min(console.width, TABLE))
        self.narrow = self.width < NARROW
        self.links = console.is_terminal and not console.is_dumb_terminal and shows_links(os.environ)
        self.common = ""

    def plain(self, words: str) -> str:
        """Text of the input for one line; the folder that all files are in is left out."""
        return neutral(words.replace(self.common, "") if self.common else words)

    def line(self, text: Text | str = "") -> None:
        """One line as it is."""
        self.console.print(text, soft_wrap=True)

    def filled(self, text: Text, indent: int = 0) -> None:
        """A paragraph without a label."""
        for line in text.wrap(self.console, self.width - indent):
            line.rstrip()
            self.line(Text.assemble(" " * indent, line))

    def heading(self, words: str) -> None:
        """A line of its own after an empty one."""
        self.line()
        self.filled(Text(neutral(words), style="bold"))

    def wrapped(self, label: str, words: str, style: str = "", label_style: str = "dim") -> None:
        """A labelled paragraph; further lines are indented under its first."""
        label = clipped(neutral(label), LABEL - 1)
        body = Text(self.plain(words), style=style)
        if self.narrow:
            if label:
                self.line(Text.assemble(" ", (label, label_style)))
            self.filled(body, 2)
            return
        lines = body.wrap(self.console, self.width - 3 - LABEL) or [Text("")]
        for number, line in enumerate(lines):
            line.rstrip()
            head = Text("   " + (label if number == 0 else "").ljust(LABEL), style=label_style)
            self.line(Text.assemble(head, line))

    def verbatim(self, words: str, style: str = "bold") -> None:
        """Lines that are never wrapped, so that they can be copied."""
        for line in words.splitlines() or [""]:
            self.line(Text.assemble("" if self.narrow else " " * (3 + LABEL), (neutral(line), style)))

    def document(self, title: str, url: str) -> None:
        """A document: its title as a link where the terminal shows links, else its address below."""
        if self.links and is_web(url):
            self.wrapped("Document", title, f"underline link {url}")
        else:
            self.wrapped("Document", title)
            self.verbatim(url, "underline")

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
        """A table whose last column takes what room is left. Only for a sheet that is not narrow."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        for number, head in enumerate(heads):
            last = number == len(heads) - 1
            table.add_column(head, no_wrap=not last, overflow="fold" if last else "ellipsis", ratio=None)
        for row in rows:
            table.add_row(*(cell if isinstance(cell, Text) else Text(self.plain(cell)) for cell in row))
        for segments in self.console.render_lines(table, self.console.options.update(width=self.table_width - 3)):
            line = Text.assemble(*((part.text, part.style or "") for part in segments))
            line.rstrip()
            self.line(Text.assemble("   ", line))
