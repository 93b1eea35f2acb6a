"""synclens dump"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import common, exits

if TYPE_CHECKING:
    from collections.abc import Callable


@click.command(
    "dump",
    short_help="Print every record of event logs as XML or JSON Lines.",
    epilog="Example: synclens dump Application.evtx --format jsonl -o application.jsonl",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "form", type=click.Choice(("xml", "jsonl")), default="xml", show_default=True)
@click.option("--threads", type=click.IntRange(1, 256), default=1, show_default=True, help="Threads to render with.")
@click.option("--recover", is_flag=True, help="Also print records of slack space and damaged parts.")
@common.output_options
def command(files: tuple[str, ...], form: str, threads: int, recover: bool, output: str | None, force: bool) -> int:
    """Print every record of .evtx FILEs ('-' is stdin), the way Windows (xml) or evtx_dump (jsonl) prints them."""
    common.check_output(output, force)
    from synclens import _core

    read = damaged = 0
    with common.output(output, force) as out:
        for name in files:
            if reason := _refusal(name):
                common.note(f"{name}: {reason}")
                damaged += 1
                continue
            source = common.sources_from((name,))[0]
            writer = _Writer(out.write)
            try:
                report = _core.dump(source, writer, format=form, threads=threads, recover=recover)  # type: ignore[arg-type]
            except BrokenPipeError:
                raise
            except (OSError, _core.SynclensError) as error:
                if writer.failed is not None:
                    raise writer.failed from None
                common.note(f"{name}: {error}")
                damaged += 1
                continue
            read += 1
            damaged += _say(name, report)
    if not read:
        return exits.NOTHING
    return exits.PARTIAL if damaged else exits.OK


class _Writer:
    """Writes, and remembers an output that failed: the input is not to blame for it."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.failed: OSError | None = None

    def __call__(self, text: bytes) -> object:
        try:
            return self._write(text)
        except OSError as error:
            self.failed = error
            raise


def _refusal(name: str) -> str | None:
    """Why a file is not dumped: it is missing, a folder, or no event log."""
    from pathlib import Path

    from synclens import _core

    if name == "-":
        return None
    path = Path(name)
    if path.is_dir():
        return "a folder; name its .evtx files"
    try:
        with path.open("rb") as file:
            head = file.read(65_536)
    except OSError as error:
        return (error.strerror or str(error)).lower()
    kind = _core.sniff(head, path.name)
    if kind in ("evtx", "closed") or b"ElfChnk\0" in head or head.startswith(b"ElfFile\0"):
        return None
    return f"no event log (.evtx) but {kind.replace('_', ' ')}; `synclens records` reads other formats"


def _say(name: str, report: dict[str, Any]) -> int:
    problems = report["problems"]
    for problem in problems[:10]:
        where = f" at offset {problem['offset']}" if problem["offset"] is not None else ""
        common.note(f"{name}{where}: {problem['what']}")
    if len(problems) > 10:
        common.note(f"{name}: and {len(problems) - 10} more problems")
    return len(problems)
