"""synclens rules"""

from __future__ import annotations

import click

from . import common, exits

_RULES = click.option("--rules", metavar="DIR", multiple=True, help="Also load the rules in this folder.")


@click.group(
    "rules", short_help="List, show, check and test the catalogue's rules.", epilog="Example: synclens rules lint"
)
def command() -> None:
    """List, show, check and test the rules of the catalogue."""


@command.command("list", epilog="Example: synclens rules list --rules my-rules")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@_RULES
def list_rules(form: str, rules: tuple[str, ...]) -> int:
    """List all rules with the cause that each finds."""
    from synclens.catalogue import load

    found = load(rules).rules()
    if form == "json":
        from synclens.report import json

        click.echo(json.dumps(found, indent=2))
        return exits.OK
    from synclens.report.neutral import neutral

    widest = max((len(rule["id"]) for rule in found), default=0)
    for rule in found:
        click.echo(neutral(f"{rule['id']:{widest}}  {rule['cause'] or '-':32}  {rule['title']}"))
    return exits.OK


@command.command("show", epilog="Example: synclens rules show PHS-611-8453")
@click.argument("rule_id", metavar="RULE")
@_RULES
def show(rule_id: str, rules: tuple[str, ...]) -> int:
    """Show one rule: what it matches, what it says, its samples and where it is written."""
    from synclens.catalogue import load
    from synclens.report import knowledge
    from synclens.report.terminal import Sheet, console

    found = [rule for rule in load(rules).rules() if rule["id"].lower() == rule_id.lower()]
    if not found:
        raise click.UsageError(f"no rule {rule_id}; `synclens rules list` names all.")
    knowledge.render([{"kind": "rule", **rule} for rule in found], shipped=not rules)
    sheet = Sheet(console(None, None))
    for test in found[0]["test"]:
        sheet.wrapped("Hit" if "hit" in test else "Miss", test.get("hit") or test["miss"], "dim")
    sheet.wrapped("Written", f"{found[0]['file']}:{found[0]['line']}", "dim")
    return exits.OK


@command.command("lint", epilog="Example: synclens rules lint --rules my-rules")
@_RULES
def lint(rules: tuple[str, ...]) -> int:
    """Check ids, links, fields, overlaps and unreachable rules. Exits 2 when something is wrong."""
    from synclens.catalogue import load

    return _report(load(rules, with_entries=True).lint(), "nothing to complain about")


@command.command("test", epilog="Example: synclens rules test --rules my-rules")
@_RULES
def test(rules: tuple[str, ...]) -> int:
    """Run every rule's samples. Exits 2 when one does not behave."""
    from synclens.catalogue import load

    catalogue = load(rules)
    samples = sum(len(rule["test"]) for rule in catalogue.rules())
    return _report(catalogue.run_tests(), f"{samples} samples of {len(catalogue.rules())} rules behave")


def _report(complaints: list[str], praise: str) -> int:
    from synclens.report.neutral import neutral

    for complaint in complaints:
        click.echo(neutral(complaint))
    if not complaints:
        common.note(praise)
    return exits.USAGE if complaints else exits.OK
