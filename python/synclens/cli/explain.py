"""synclens explain"""

from __future__ import annotations

import re

import click

from . import common, exits


@click.command(
    "explain",
    short_help="Say what an event id, code, status, cause or rule means; needs no log.",
    epilog="Example: synclens explain 8453",
    context_settings={"ignore_unknown_options": True},  # numbers below zero
)
@click.argument("term", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--rules", metavar="DIR", multiple=True, help="Also load the rules in this folder; may be repeated.")
def command(term: tuple[str, ...], form: str, rules: tuple[str, ...]) -> int:
    """Say what TERM means: an event id, an RPC or cloud code, a status word, a cause, a rule, or a pasted line."""
    from synclens.catalogue import explain, known_terms

    for word in term:
        if re.fullmatch(r"--?[a-z][a-z-]*(?:=.*)?", word):
            raise click.NoSuchOption(word)
    wanted = " ".join(term)
    found = explain(wanted, rules=rules)
    if form == "json":
        from synclens.report import json

        click.echo(json.dumps(found, indent=2))
    elif found:
        from synclens.report import knowledge

        knowledge.render(found, shipped=not rules)
    if not found:
        import difflib

        near = difflib.get_close_matches(wanted, known_terms(), n=3)
        common.note(f"nothing is known of {wanted}" + (f"; near are {', '.join(near)}" if near else ""))
        return exits.NOTHING
    return exits.OK
