"""synclens dump"""

from __future__ import annotations

import codecs
import contextlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import click

from synclens.report.neutral import neutral_lines

from . import common, exits
from .standard_input import standard_input

if TYPE_CHECKING:
    from collections.abc import Callable


@click.command(
    "dump",
    short_help="Print every record of event logs as XML or JSON Lines.",
    epilog="Example: synclens dump Application.evtx --format jsonl -o application.jsonl",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", callback=common.named)
@click.option("--format", "form", type=click.Choice(("xml", "jsonl")), default="xml", show_default=True)
@click.option("--threads", type=click.IntRange(1, 256), default=1, show_default=True, help="Threads to render with.")
@click.option("--recover", is_flag=True, help="Also print records of slack space and damaged parts, each marked.")
@click.option("--verify", is_flag=True, help="Check all checksums; say how many bytes were read and skipped, and why.")
@click.option("--hash", "hash_", is_flag=True, help="Also say the SHA-256 of each file.")
@common.output_options
def command(
    files: tuple[str, ...],
    form: str,
    threads: int,
    recover: bool,
    verify: bool,
    hash_: bool,
    output: str | None,
    force: bool,
) -> int:
    """Print every record of .evtx FILEs ('-' is stdin), the way Windows (xml) or evtx_dump (jsonl) prints them."""
    common.check_output(output, force)
    from synclens import _core

    read = damaged = 0
    progress = common.Progress(output, streams=True)
    with common.output(output, force) as out, contextlib.closing(progress):
        for name in files:
            progress(name)
            if reason := _refusal(name):
                common.note(f"{name}: {reason}")
                damaged += 1
                continue
            writer = _Writer(_shown(out) if output is None and sys.stdout.isatty() else out.write)
            try:
                with _opened(name, hash_ or recover) as source:
                    report = _core.dump(source, writer, format=form, threads=threads, recover=recover, verify=verify)
                    digest = _sha256(source) if hash_ else ""
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
            if verify:
                _say_account(name, report["account"])
            if hash_:
                common.note(f"{name}: SHA-256 {digest}")
    if not read:
        return exits.NOTHING
    return exits.PARTIAL if damaged else exits.OK


def _shown(out: IO[bytes]) -> Callable[[bytes], object]:
    """What writes to a terminal: the same text, but nothing in it steers the terminal or reorders what is seen."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    encoding = sys.stdout.encoding

    def write(text: bytes) -> object:
        return out.write(neutral_lines(decoder.decode(text)).encode(encoding, "backslashreplace"))

    return write


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


@contextmanager
def _opened(name: str, again: bool) -> Iterator[Any]:
    """What `_core.dump` reads. With `again` something that can be read a second time: stdin is copied to a file."""
    if name != "-":
        yield name
        return
    if not again:
        yield standard_input()
        return
    import shutil
    import tempfile

    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(standard_input(), copy, 1 << 20)
        copy.seek(0)
        yield copy


def _sha256(source: Any) -> str:
    import hashlib

    if isinstance(source, str):
        with open(source, "rb") as file:
            return _digest(file, hashlib.sha256())
    source.seek(0)
    return _digest(source, hashlib.sha256())


def _digest(file: IO[bytes], digest: Any) -> str:
    while block := file.read(1 << 20):
        digest.update(block)
    return str(digest.hexdigest())


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


def _say_account(name: str, account: dict[str, Any]) -> None:
    """Every byte is read or skipped; every skipped stretch has its place and reason."""
    checked, wrong = account["checksums"], account["wrong_checksums"]
    sums = f"{checked} checksums, {wrong} wrong" if checked else "no checksums"
    common.note(
        f"{name}: {account['size']} bytes = {account['read']} read + {account['skipped']} skipped; "
        f"{account['chunks']} chunks; {sums}"
    )
    for stretch in account["stretches"][:20]:
        chunk = "" if stretch["chunk"] is None else f", chunk {stretch['chunk']}"
        common.note(
            f"{name}: skipped {stretch['bytes']} bytes at offset {stretch['offset']}{chunk}: {stretch['reason']}"
        )
    if (more := len(account["stretches"]) + account["more_stretches"] - 20) > 0:
        common.note(f"{name}: and {more} more skipped stretches")
