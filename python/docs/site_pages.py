"""Pages made when the site is built: for each cause, rule, event, code and word of the catalogue, lists of them, and
the help of the command line."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from mkdocs.structure.files import File, Files

from synclens import catalogue
from synclens.cli import VERBS, group
from synclens.site import FOLDERS, slug

Item = Mapping[str, Any]


def on_files(files: Files, config: Any) -> Files:
    """Adds the pages to those that are written by hand."""
    for path, content in {**pages(), "reference/command-line.md": command_line()}.items():
        files.append(File.generated(config, path, content=content))
    return files


def pages() -> dict[str, str]:
    """Every page of the catalogue by its path. The ids are stable, and so are the paths."""
    shipped = catalogue.load(with_entries=True)
    book = Book(shipped.causes(), shipped.rules(), shipped.entries())
    return book.pages()


def plain(text: str) -> str:
    """Text of the catalogue in Markdown: every character stands for itself."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~-])", r"\\\1", html.escape(" ".join(text.split()), quote=False))


def code(text: str, language: str = "text") -> str:
    """A block of code, whatever is in it."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 3)
    return f"{fence}{language}\n{text.strip()}\n{fence}\n"


def inline(text: str) -> str:
    """A word as code."""
    return f"<code>{html.escape(str(text))}</code>"


def row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"


def table(heads: Iterable[str], rows: Iterable[str]) -> str:
    heads = list(heads)
    return row(*heads) + row(*("---" for _ in heads)) + "".join(rows) + "\n"


class Book:
    """The catalogue with its cross references."""

    def __init__(self, causes: list[Any], rules: list[Any], entries: list[Any]) -> None:
        self.causes = causes
        self.rules = rules
        self.entries: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for entry in entries:
            self.entries[FOLDERS.get(entry["kind"], "words"), slug(entry["id"])].append(entry)
        self.ids = {cause["id"] for cause in causes}
        self.found_by = defaultdict(list)
        self.rules_of_event = defaultdict(list)
        for rule in rules:
            self.found_by[rule["cause"]].append(rule)
            for number in rule["match"].get("event_id", ()):
                self.rules_of_event[str(number)].append(rule)

    def pages(self) -> dict[str, str]:
        made = {f"catalogue/causes/{slug(cause['id'])}.md": self.cause(cause) for cause in self.causes}
        made |= {f"catalogue/rules/{slug(rule['id'])}.md": self.rule(rule) for rule in self.rules}
        made |= {f"catalogue/{place}/{name}.md": self.entry(items) for (place, name), items in self.entries.items()}
        return made | {
            "catalogue/causes.md": self.list_of_causes(),
            "catalogue/rules.md": self.list_of_rules(),
            "catalogue/events.md": self.list_of_entries("Events", ["events"]),
            "catalogue/terms.md": self.list_of_entries("Codes and words", ["codes", "words", "topics"]),
        }

    # Links from a page one folder down.
    def to_cause(self, name: str | None) -> str:
        if name not in self.ids:
            return inline(name) if name else "none: a fact, no fault"
        return f"[{plain(str(name))}](../causes/{slug(str(name))}.md)"

    def to_rule(self, rule: Item) -> str:
        return f"[{plain(rule['id'])}](../rules/{slug(rule['id'])}.md)"

    def cause(self, cause: Item) -> str:
        text = f"# {plain(cause['title'])}\n\n"
        severity = f'<span class="severity-{cause["severity"]}">{cause["severity"]}</span>'
        text += table(
            ["Cause", "Severity", "Touches", "Known by"],
            [row(inline(cause["id"]), severity, plain(cause["scope"]), plain(cause["confidence"]))],
        )
        if not cause["password_sync"]:
            text += "!!! note\n    Not password hash sync: it never changes the verdict.\n\n"
        text += f"## Why\n\n{plain(cause['why'])}\n\n## What to do\n\n"
        for number, step in enumerate(cause["fix"], 1):
            text += self.step(number, step)
        text += self.documents(cause)
        rules = self.found_by[cause["id"]]
        if rules:
            text += "## Found by\n\n"
            text += table(["Rule", "Title"], (row(self.to_rule(r), plain(r["title"])) for r in rules))
        named = [e for items in self.entries.values() for e in items if cause["id"] in e["causes"]]
        if named:
            text += "## Seen as\n\n" + "".join(
                f"- {self.to_entry(entry)}: {plain(entry['title'])}\n" for entry in named
            )
        return text

    def step(self, number: int, step: Item) -> str:
        when = f" *(when {plain(', '.join(f'{k} {v}' for k, v in step['when'].items()))})*" if step["when"] else ""
        needs = f" *Needs: {plain(step['role'])}.*" if step["role"] else ""
        restarts = f" *Restarts: {plain(step['restarts'])}.*" if step["restarts"] else ""
        lead = "**Verify.** " if step["verify"] else ""
        text = f"**{number}.** {lead}{plain(step['text'])}{when}{needs}{restarts}\n\n"
        return text + (code(step["command"], "powershell") + "\n" if step["command"] else "")

    def documents(self, item: Item) -> str:
        if not item["reference"]:
            return ""
        links = (f"- [{plain(r['title'])}](<{r['url']}>)\n" for r in item["reference"])
        return "## Documents\n\n" + "".join(dict.fromkeys(links)) + "\n"

    def rule(self, rule: Item) -> str:
        text = f"# {plain(rule['title'])}\n\n"
        text += table(
            ["Rule", "Cause", "Severity", "Known by"],
            [
                row(
                    inline(rule["id"]),
                    self.to_cause(rule["cause"]),
                    plain(rule["severity"] or "as the cause"),
                    plain(rule["confidence"]),
                )
            ],
        )
        text += f"Says: {plain(rule['summary'])}\n\n## Matches\n\n"
        for name, value in rule["match"].items():
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            text += f"{plain(name)}:\n\n{code(shown)}\n"
        for name, value in rule["builds"].items():
            text += f"Builds: {plain(name)} {plain(str(value))}\n\n"
        events = [str(number) for number in rule["match"].get("event_id", ())]
        known = [e for e in events if ("events", slug(e)) in self.entries]
        if known:
            text += "Events: " + ", ".join(f"[{e}](../events/{slug(e)}.md)" for e in known) + "\n\n"
        hits = [test["hit"] for test in rule["test"] if "hit" in test]
        if hits:
            text += f"## A sample\n\n{code(hits[0])}\n"
        return text + self.documents(rule)

    def to_entry(self, entry: Item) -> str:
        return f"[{plain(entry['id'])}](../{FOLDERS.get(entry['kind'], 'words')}/{slug(entry['id'])}.md)"

    def entry(self, items: list[Item]) -> str:
        first = items[0]
        lead = f"{first['kind'].capitalize()} {first['id']}"
        text = f"# {plain(lead)}\n\n"
        for item in items:
            text += f"## {plain(item['title'])}\n\n"
            if item["providers"]:
                text += f"Source: {', '.join(map(inline, item['providers']))}\n\n"
            if item["aliases"]:
                text += f"Also: {', '.join(map(inline, item['aliases']))}\n\n"
            text += f"{plain(item['text'])}\n\n"
            if item["action"]:
                text += f"**Do:** {plain(item['action'])}\n\n"
            if item["causes"]:
                text += f"Causes: {', '.join(map(self.to_cause, item['causes']))}\n\n"
            text += f"Known by: {plain(item['confidence'])}, {plain(item['source'])}\n\n"
            text += self.documents(item).replace("## Documents", "Documents:")
        rules = self.rules_of_event[first["id"]] if first["kind"] == "event" else []
        if rules:
            text += "## Rules that look at it\n\n"
            text += table(
                ["Rule", "Cause", "Title"],
                (row(self.to_rule(r), self.to_cause(r["cause"]), plain(r["title"])) for r in rules),
            )
        return text

    # Lists: pages one folder up from the others.
    def list_of_causes(self) -> str:
        rows = (
            row(
                f"[{plain(c['title'])}](causes/{slug(c['id'])}.md)",
                inline(c["id"]),
                plain(c["severity"]),
                plain(c["scope"]),
            )
            for c in self.causes
        )
        lead = "In the order in which to mend them, the root before its symptoms.\n\n"
        return "# Causes\n\n" + lead + table(["Cause", "Id", "Severity", "Touches"], rows)

    def list_of_rules(self) -> str:
        rows = (
            row(
                f"[{plain(r['id'])}](rules/{slug(r['id'])}.md)",
                plain(r["title"]),
                f"[{plain(r['cause'])}](causes/{slug(r['cause'])}.md)" if r["cause"] in self.ids else "",
            )
            for r in self.rules
        )
        return "# Rules\n\n" + table(["Rule", "Title", "Cause"], rows)

    def list_of_entries(self, title: str, places: list[str]) -> str:
        rows = []
        for (place, name), items in sorted(self.entries.items(), key=lambda pair: _by_number(pair[1][0])):
            if place in places:
                providers = ", ".join(dict.fromkeys(p for item in items for p in item["providers"]))
                rows.append(
                    row(f"[{plain(items[0]['id'])}]({place}/{name}.md)", plain(items[0]["title"]), plain(providers))
                )
        return f"# {title}\n\n" + table(["Id", "Means", "Source"], rows)


def _by_number(item: Item) -> tuple[int, int, str]:
    number = item["id"]
    return (0, int(number), "") if number.isdecimal() else (1, 0, number.lower())


def command_line() -> str:
    """The help of every verb, as the command prints it."""
    import click

    text = "# Command line\n\nData goes to stdout, notes to stderr.\n\n"
    parent = click.Context(group, info_name="synclens", max_content_width=100, terminal_width=100)
    text += code(group.get_help(parent))
    for verb in VERBS:
        command = group.get_command(parent, verb)
        assert command is not None
        context = click.Context(command, info_name=verb, parent=parent, max_content_width=100, terminal_width=100)
        text += f"\n## synclens {verb}\n\n{code(command.get_help(context))}"
    return text
