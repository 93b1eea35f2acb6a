"""synclens user"""

from __future__ import annotations

from typing import Any

import click

from . import closed_pipe, common, exits


@click.command(
    "user",
    short_help="Say what happened to one user's password.",
    epilog="Example: synclens user 'CN=Viola Hanson,OU=Staff,DC=contoso,DC=com' MECLOG.zip",
)
@click.argument("who")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", callback=common.named)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@common.output_options
@common.reading_options
def command(who: str, paths: tuple[str, ...], form: str, output: str | None, force: bool, **values: Any) -> int:
    """Say what happened to the password of WHO: a DN, an anchor, or a part of a DN."""
    options = common.options_from({**values, "user": who})
    common.check_output(output, force)
    from synclens.case import analyze, matching_users, narrowed
    from synclens.cli.analyze import exit_code

    progress = common.Progress()
    try:
        case = analyze(common.sources_from(paths), options, progress)
    finally:
        progress.done()
    raw = narrowed(case.to_dict(), who)
    code = exit_code(case, raw)
    if code == exits.NOTHING:
        return code
    users = matching_users(case.users, who)
    if not users:
        names = [u.dn or u.anchor or "" for u in case.users]
        known = f"; named are {', '.join(names[:5])}{', ...' if len(names) > 5 else ''}" if names else ""
        common.note(f"no user like {who} in the logs{known}")
    with closed_pipe.until_reader_leaves(), common.output(output, force) as file:
        if form == "json":
            from synclens.report import json

            file.write(json.render(raw).encode())
        else:
            from synclens.report import user as report

            common.print_text(lambda words, width: report.render(raw, words, width=width), file, output)
    return code
