"""synclens records"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from . import common, exits

if TYPE_CHECKING:
    from synclens.events import Events


@click.command(
    "records",
    short_help="Print events as a table, JSON Lines, CSV or Parquet.",
    epilog="Example: synclens records MECLOG.zip --id 611 --id 652 --since 2026-03-10 --format csv",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", callback=common.named)
@click.option(
    "--format", "form", type=click.Choice(("table", "jsonl", "csv", "parquet")), default="table", show_default=True
)
@click.option("--id", "ids", type=click.IntRange(0, 2**32 - 1), multiple=True, help="Event id; may be repeated.")
@click.option("--provider", multiple=True, help="Provider, any letter case, may end in '*'; may be repeated.")
@click.option("--level", multiple=True, help="Level: a number, or error, warning, ...; may be repeated.")
@click.option("--channel", multiple=True, help="Channel; may be repeated.")
@click.option("--computer", multiple=True, help="Computer; may be repeated.")
@click.option("--grep", metavar="RE", help="RE2 pattern over the event's text; (?i) makes it ignore case.")
@click.option("--cause", multiple=True, help="Only what the catalogue explains by this cause; may be repeated.")
@click.option("--explain", is_flag=True, help="Fill the columns rule and cause.")
@common.output_options
@common.reading_options
def command(paths: tuple[str, ...], form: str, output: str | None, force: bool, **values: Any) -> int:
    """Print the events of bundles, folders, archives and single logs, whatever they were exported as."""
    options = common.options_from(values)
    common.check_output(output, force)
    if form == "parquet" and output is None:
        raise click.UsageError("Parquet goes to a file: name it with -o FILE.")
    from synclens.events import Events
    from synclens.report import tables

    events = Events(tuple(common.sources_from(paths)), options, explain=values["explain"])
    events = _filtered(events, values)
    progress = common.Progress(output, streams=True)
    events.on_source = progress
    try:
        with common.output(output, force) as file:
            tables.write(events, form, file, is_terminal=output is None and sys.stdout.isatty())
    finally:
        progress.done()
    return _exit_code(events)


def _filtered(events: Events, values: dict[str, Any]) -> Events:
    stated = {
        "provider": values["provider"],
        "ids": values["ids"],
        "levels": values["level"],
        "channel": values["channel"],
        "computer": values["computer"],
        "text": values["grep"],
        "cause": values["cause"],
    }
    try:
        return events.filter(**{name: value for name, value in stated.items() if value})
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _exit_code(events: Events) -> int:
    for item in events.left:
        if item.given or item.is_problem:
            common.note(f"not read: {item.name}: {item.reason}")
    if not events.members:
        if not events.left:
            common.note("nothing was found: the folder holds no file")
        return exits.NOTHING
    read = [p for p in events.problems if not any(p["source"] == item.name for item in events.left)]
    for problem in read[:10]:
        common.note(f"{problem['source']}: {problem['what']}")
    if len(read) > 10:
        common.note(f"and {len(read) - 10} more problems")
    return exits.PARTIAL if events.problems else exits.OK
