"""What the verbs share: options, where output goes, notes on stderr."""

from __future__ import annotations

import contextlib
import importlib
import io
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from synclens.meanwhile import meanwhile
from synclens.report.neutral import neutral

from .standard_input import standard_input

if TYPE_CHECKING:
    from synclens.bundle import Limits, Source
    from synclens.case import Options

F = TypeVar("F", bound=Callable[..., Any])

_READING: list[Callable[[Any], Any]] = [
    click.option("--since", metavar="TIME", help="Leave out records before this time."),
    click.option("--until", metavar="TIME", help="Leave out records from this time on."),
    click.option("--tz", metavar="ZONE", default="UTC", show_default=True, help="Zone of times that state none."),
    click.option("--rules", metavar="DIR", multiple=True, help="Also load the rules in this folder; may be repeated."),
    click.option("--recover", is_flag=True, help="Also read slack space and damaged parts of event logs."),
    click.option("--open-closed", is_flag=True, help="Also read Security logs, which are left closed otherwise."),
    click.option("--max-bytes", type=int, metavar="N", help="Bytes that may come out of archives. [64 GiB]"),
    click.option("--max-ratio", type=int, metavar="N", help="How many times archives may grow when unpacked. [250]"),
    click.option("--max-members", type=int, metavar="N", help="Files in folders and archives. [200000]"),
    click.option("--max-depth", type=int, metavar="N", help="Archives inside archives. [6]"),
    click.option("--max-folders", type=int, metavar="N", help="Folders inside folders. [64]"),
    click.option("--max-seconds", type=float, metavar="N", help="Time for reading. [3600]"),
    click.option("--max-memory", type=int, metavar="N", help="Bytes held in memory: inner zips, pipes. [384 MiB]"),
]
_OUTPUT: list[Callable[[Any], Any]] = [
    click.option("-o", "--output", metavar="FILE", help="Write to this file instead of stdout."),
    click.option("--force", is_flag=True, help="Replace the output file when it exists."),
]


def _apply(options: list[Callable[[Any], Any]], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command


def reading_options(command: F) -> F:
    """--since, --until, --tz, --rules, --recover, --open-closed and the limits."""
    return _apply(_READING, command)


def output_options(command: F) -> F:
    """-o FILE and --force."""
    return _apply(_OUTPUT, command)


def options_from(values: dict[str, Any]) -> Options:
    """The reading options of a command line; wrong ones are a usage error before anything is read."""
    from synclens import _core
    from synclens.case import Options

    tz = values["tz"]
    try:
        _core.to_utc("2000-01-01T00:00:00", tz)
        for name in ("since", "until"):
            if values[name]:
                _core.to_utc(values[name], tz)
    except _core.SynclensError as error:
        raise click.UsageError(neutral(str(error))) from None
    return Options(
        tz=tz,
        since=values["since"] or None,
        until=values["until"] or None,
        rules=tuple(values["rules"]),
        recover=values["recover"],
        open_closed=values["open_closed"],
        hash=values.get("hash", False),
        user=(values.get("user") or "").strip(),
        limits=_limits(values),
    )


def _limits(values: dict[str, Any]) -> Limits:
    from synclens.bundle import Limits

    stated = {
        name.removeprefix("max_"): value
        for name, value in values.items()
        if name.startswith("max_") and value is not None
    }
    for name, value in stated.items():
        if not value >= 0:  # nor is what is no number
            raise click.UsageError(f"--max-{name} must be a number that is not negative.")
    return Limits(**stated)


def named(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """A callback: refuses an empty path, which most functions of the system take for the current folder."""
    if "" in value:
        raise click.UsageError("a path is empty: was a variable not set?")
    return value


def sources_from(paths: tuple[str, ...]) -> list[Source]:
    """Paths of a command line; '-' is stdin."""
    return [standard_input() if path == "-" else path for path in paths]


def note(words: str) -> None:
    """A sentence on stderr; what came from the input cannot steer the terminal."""
    click.echo(f"synclens: {neutral(words)}", err=True)


class Progress:
    """Says on a terminal's stderr what is being read and for how long, once the work takes noticeably long."""

    def __init__(self, beside: str | None = None, *, streams: bool = False) -> None:
        """With `streams` data is printed during the work: to the file `beside`, or else to stdout, and where that is
        the same terminal nothing is said between its lines."""
        self._name = "what was given"
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        if sys.stderr.isatty() and not (streams and beside is None and sys.stdout.isatty()):
            self._thread = threading.Thread(target=self._tell, daemon=True)
            self._thread.start()

    def __call__(self, name: str) -> None:
        self._name = neutral(name)

    def _tell(self) -> None:
        begin = time.monotonic()
        shown = False
        while not self._ended.wait(0.2 if shown else 0.5):
            seconds = f"  {time.monotonic() - begin:.0f} s"
            room = max(1, shutil.get_terminal_size().columns - 1 - len("reading ") - len(seconds))
            click.echo(f"\r\x1b[2Kreading {self._name[-room:]}{seconds}", err=True, nl=False)
            shown = True
        if shown:
            click.echo("\r\x1b[2K", err=True, nl=False)

    def done(self) -> None:
        """Takes the line away."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    close = done


def check_output(path: str | None, force: bool) -> None:
    """Refuses an output that cannot be written, before the work is done."""
    if path == "":
        raise click.UsageError("the name of the output file is empty.")
    if path is None or _is_device(path):
        return
    from synclens import files

    try:
        files.check(path, force)
    except OSError as error:
        raise click.UsageError(f"{neutral(path)} {error.strerror}.".replace(" (force=True)", "")) from None


@contextlib.contextmanager
def output(path: str | None, force: bool = True) -> Iterator[IO[bytes]]:
    """Where a command's data goes: stdout, or a file that appears whole or not at all."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    from synclens import files

    try:
        with files.whole(path, force) as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"cannot write {neutral(path)}: {neutral(reason(error))}.") from None


def reason(error: OSError) -> str:
    """Why writing failed, in words."""
    return (error.strerror or str(error)).lower()


def _is_device(path: str) -> bool:
    from pathlib import Path

    target = Path(path)
    return target.exists() and not target.is_file() and not target.is_dir()


def import_meanwhile(*modules: str) -> None:
    """Imports what is needed at the end only, while the core reads, which leaves Python to others.

    What cannot be imported is told by the statement that needs it.
    """

    for module in modules:
        meanwhile(partial(importlib.import_module, module))


def print_text(render: Callable[[IO[str] | None, int | None], None], file: IO[bytes], path: str | None) -> None:
    """Has a report print itself: to the terminal as it is, to a file in UTF-8 at 100 columns."""
    if path is None:
        render(None, None)
        return
    words = io.TextIOWrapper(file, "utf-8", write_through=True)
    render(words, 100)
    words.detach()
