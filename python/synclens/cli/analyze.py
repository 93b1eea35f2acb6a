"""synclens analyze"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import closed_pipe, common, exits

if TYPE_CHECKING:
    from synclens.case import Case

TABLES = ("findings", "users", "events")
FORMATS = ("text", "json", "jsonl", "html", "md", "csv", "sarif")


@click.command(
    "analyze",
    short_help="Say what is broken, since when, for whom, why, and what to type.",
    epilog="Example: synclens analyze MECLOG.zip --format html -o report.html",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", callback=common.named)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="What to print.")
@click.option("--table", type=click.Choice(TABLES), default="findings", show_default=True, help="Which, as CSV.")
@common.output_options
@click.option("--fail-on", type=click.Choice(exits.SEVERITIES), help="Exit 1 when an ongoing finding is this severe.")
@click.option("--user", metavar="WHO", help="Only this user (DN, anchor or part of a DN) and what is above users.")
@common.reading_options
@click.option("--hash", is_flag=True, help="Also state the SHA-256 of every input.")
@click.option("--each", is_flag=True, help="Many bundles, each by itself: text, jsonl (implies --each), html -o DIR.")
@click.option("--split", is_flag=True, help="--each, and every entry of a given folder is a bundle.")
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Bundles at once, with --each. [cores]")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), metavar="N", help="Seconds until one is given up.")
@click.option("--resume", is_flag=True, help="Go on with the output of an interrupted run.")
def command(paths: tuple[str, ...], form: str, table: str, output: str | None, force: bool, **values: Any) -> int:
    """Analyze bundles, folders, archives and single logs ('-' is stdin) together, as one case; or --each by itself.

    With --each a file is a bundle, and so is a folder in which a log, an export or a folder of the collector lies; of
    any other folder each entry is one.
    """
    options = common.options_from(values)
    if values["each"] or values["split"] or form == "jsonl":
        from . import batch

        names = ("split", "jobs", "timeout", "resume", "fail_on")
        return batch.run(paths, options, batch.Wanted(form, output, force, **{name: values[name] for name in names}))
    for name in ("jobs", "timeout", "resume"):
        if values[name]:
            raise click.UsageError(f"--{name} is for many bundles: add --each, or --format jsonl.")
    common.check_output(output, force)
    if form == "html":
        check_page()
        from synclens.report import html

        html.prepare()
    from synclens.case import analyze, narrowed

    common.import_meanwhile("synclens.report.text" if form == "text" else "synclens.report.document")
    progress = common.Progress()
    try:
        case = analyze(common.sources_from(paths), options, progress)
    finally:
        progress.done()
    raw = case.to_dict()
    if values["user"]:
        raw = narrowed(raw, values["user"])
        if not raw["users"]:
            common.note(f"no user like {values['user']} in the logs; the rest holds for everybody")
    with closed_pipe.until_reader_leaves(), common.output(output, force) as file:
        if form == "text":
            from synclens.report import text

            common.print_text(lambda words, width: text.render(raw, words, width=width), file, output)
        else:
            from synclens.report.document import Report

            events = case._explained if not values["user"] else lambda: case._naming(raw["users"])
            file.write(Report(raw, events).render(form, table=table).encode())
    return exit_code(case, raw, values["fail_on"])


def check_page() -> None:
    """Says before the work what the page will lack."""
    from importlib.util import find_spec

    from synclens.report import html

    if find_spec("jinja2") is None:
        raise click.UsageError(f"{html.NO_PAGE}.")
    if not html.has_chart():
        common.note("the report has no chart without vl-convert: pip install 'synclens[report]'")


def exit_code(case: Case, raw: dict[str, Any], fail_on: str | None = None) -> int:
    """The code of the contract, with a sentence on stderr for what was given and not read."""
    from synclens.case import nothing_readable, was_read

    if not was_read(case):
        common.note(nothing_readable(case))
        return exits.NOTHING
    for item in case.left:
        if item.given or item.is_problem:
            common.note(f"not read: {item.name}: {item.reason}")
    if fail_on is not None:
        severe = exits.SEVERITIES[: exits.SEVERITIES.index(fail_on) + 1]
        if any(f["status"] == "ongoing" and f["severity"] in severe for f in raw["findings"]):
            return exits.FOUND
    return exits.PARTIAL if case.is_partial else exits.OK
