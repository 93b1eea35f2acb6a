"""The command line: one module per verb, imported when that verb is called."""

from __future__ import annotations

import io
import sys
from typing import BinaryIO, cast

import click

from . import closed_pipe
from .exits import INTERRUPTED, NOTHING, USAGE

DEBUG = "SYNCLENS_DEBUG"
"""The environment variable that adds the traceback to what is said of a fault of our own."""
VERBS = ("analyze", "user", "explain", "records", "dump", "rules")


class _Verbs(click.Group):
    """Imports a verb's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        from importlib import import_module

        command = import_module(f".{name}", __name__).command
        assert isinstance(command, click.Command)
        return command


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from synclens import __version__

        click.echo(f"synclens {__version__}")
        ctx.exit()


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: synclens analyze MECLOG.zip",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def group() -> None:
    """Says what is broken in Microsoft Entra Connect password hash synchronization, from its logs alone.

    Exit codes: 0 analysed, 1 a finding at or above --fail-on, 2 wrong use, wrong rules, an output that
    cannot be written or a fault of synclens, 3 nothing readable, 4 analysed in part, 130 interrupted.
    """


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits."""
    _end_as_interrupted()
    _stand_in()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name must not end it where the terminal lacks a letter
    sys.exit(run(arguments))


class _Closed(io.RawIOBase):
    """A stdout that was closed before we began: Python has None for it."""

    def writable(self) -> bool:
        return True

    def write(self, _: object, /) -> int:
        import errno

        raise OSError(errno.EBADF, "it is closed")


def _stand_in() -> None:
    """Has a closed stdout refuse what is written to it, and a closed stderr swallow it."""
    import os

    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(cast(BinaryIO, _Closed()), "utf-8", write_through=True)
    if sys.stderr is None:
        sys.stderr = io.TextIOWrapper(io.FileIO(os.devnull, "w"), "utf-8", write_through=True)


def _end_as_interrupted() -> None:
    """Has a closed terminal or a request to end do what Ctrl+C does, so that no half file stays; twice ends at once."""
    import signal

    def interrupt(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, interrupt)


def run(arguments: list[str] | None = None) -> int:
    """Runs the command line and gives the exit code; errors are one sentence on stderr, never a traceback."""
    stdout = sys.stdout
    try:
        code = group.main(arguments, prog_name="synclens", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("synclens: interrupted", err=True)
        return INTERRUPTED
    except MemoryError:
        click.echo("synclens: not enough memory for this; nothing was analysed. Give fewer files at once.", err=True)
        return NOTHING
    except BrokenPipeError:
        closed_pipe.leave()
        return 0
    except SystemExit as left:
        # For a closed pipe rich ends the program, and so does click, which puts a wrapper around stdout before.
        if not closed_pipe.is_one(left) and sys.stdout is stdout:
            raise
        closed_pipe.leave()
        return 0
    except OSError as error:
        from synclens.report.neutral import neutral

        if error.filename is None and error.strerror:  # nothing that we read: what we print to
            click.echo(f"synclens: cannot write to stdout: {error.strerror.lower()}", err=True)
            closed_pipe.leave()
        else:
            click.echo(f"synclens: {neutral(str(error))}", err=True)
        return USAGE
    except Exception as error:
        from synclens import SynclensError
        from synclens.report.neutral import neutral

        if isinstance(error, SynclensError):
            click.echo(f"synclens: {neutral(str(error))}", err=True)
        else:
            _say_fault(error)
        return USAGE


def _say_fault(error: Exception) -> None:
    """One sentence for what nobody has thought of. The traceback is for those who mend it."""
    import os
    import traceback

    from synclens.report.neutral import neutral

    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    what = neutral(f"{type(error).__name__}: {error}"[:300])
    click.echo(f"synclens: a fault of synclens itself, please report it ({what}); {DEBUG}=1 shows where", err=True)
