"""synclens analyze --each: many bundles, each by itself."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from synclens.report.neutral import neutral

from . import common, exits

if TYPE_CHECKING:
    from synclens.batch.bundles import Bundle
    from synclens.batch.lines import Lines
    from synclens.batch.scan import Scanned
    from synclens.case import Options
    from synclens.report.overview import Row

FORMATS = ("text", "jsonl", "html")
LINES = "bundles.jsonl"
INDEX = "index.html"


@dataclass(slots=True)
class Wanted:
    """What a command line asks of a batch."""

    form: str
    output: str | None
    force: bool
    resume: bool
    split: bool
    jobs: int | None
    timeout: float | None
    fail_on: str | None


def run(paths: tuple[str, ...], options: Options, wanted: Wanted) -> int:
    """Analyzes every bundle of the paths and gives the exit code."""
    from synclens.batch import bundles as found
    from synclens.batch import lines

    _check(paths, wanted)
    bundles = found.find(paths, split=wanted.split)
    target = _target(wanted)
    rows: list[Row] = []
    try:
        done = _earlier(target, options, wanted, rows) if wanted.resume and target else []
    except lines.CannotResume as error:
        assert target is not None
        raise click.UsageError(f"{neutral(str(target))} cannot be gone on with: {neutral(str(error))}.") from None
    left = lines.left_over(bundles, done)
    if done:
        common.note(f"going on: {len(bundles) - len(left)} of {len(bundles)} bundles were done before")
    progress = _Progress(len(bundles), len(bundles) - len(left))
    widest = max((len(neutral(b.name)) for b in bundles), default=6)
    try:
        with _Out(target, wanted, widest) as out, contextlib.closing(_scanned(left, options, wanted)) as scanned:
            for one in scanned:
                rows.append(out.add(one))
                progress.step(one)
    except KeyboardInterrupt:
        progress.done()
        again = "; the same command with --resume goes on" if target and wanted.form != "text" else ""
        common.note(f"interrupted after {len(rows)} of {len(bundles)} bundles{again}")
        return exits.INTERRUPTED
    finally:
        progress.done()
    if wanted.form == "html":
        _index(Path(str(wanted.output)), rows)
    from synclens.report import overview

    common.note(overview.counts(rows))
    severe = wanted.fail_on is not None and _is_severe(rows, wanted.fail_on)
    return _exit_code(rows, severe)


def _check(paths: tuple[str, ...], wanted: Wanted) -> None:
    if wanted.timeout is not None and not wanted.timeout > 0:  # click lets pass what is no number
        raise click.UsageError("--timeout must be a number above 0.")
    if wanted.form not in FORMATS:
        raise click.UsageError(f"bundles by themselves go to {', '.join(FORMATS)}, not {wanted.form}.")
    if wanted.output == "":
        raise click.UsageError("the name of the output is empty.")
    if "-" in paths:
        raise click.UsageError("stdin is no bundle of many: name files or folders.")
    if wanted.form == "html" and wanted.output is None:
        raise click.UsageError("the pages of many bundles go to a folder: name it with -o DIR.")
    if wanted.resume and (wanted.output is None or wanted.form == "text"):
        raise click.UsageError("--resume needs --format jsonl -o FILE or --format html -o DIR.")
    if wanted.form == "html":
        from .analyze import check_page

        check_page()


def _target(wanted: Wanted) -> Path | None:
    """The file of lines; None where they go to stdout. Refuses what is there unless told what to do with it."""
    if wanted.output is None:
        return None
    place = Path(wanted.output)
    if wanted.form != "html":
        if not wanted.resume:
            common.check_output(wanted.output, wanted.force)
        elif place.is_dir():
            raise click.UsageError(f"{neutral(wanted.output)} is a folder; name a file in it.")
        return place
    if place.exists() and not place.is_dir():
        raise click.UsageError(f"{neutral(wanted.output)} is a file; the pages go to a folder.")
    if place.is_dir() and any(place.iterdir()) and not (wanted.force or wanted.resume):
        raise click.UsageError(
            f"{neutral(wanted.output)} is not empty; --resume goes on with what is in it, --force writes over it."
        )
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"cannot make {neutral(wanted.output)}: {common.reason(error)}.") from None
    return place / LINES


def _earlier(target: Path, options: Options, wanted: Wanted, rows: list[Row]) -> list[str]:
    """The names of the bundles that an earlier run has done; their rows are added.

    One that failed (a crash, too long, not enough memory) is not done: it is tried again.
    """
    from synclens import _core, catalogue
    from synclens.batch import lines, scan
    from synclens.report import overview

    if not target.exists():
        return []
    tool = {"name": "synclens", "version": _core.__version__, "catalogue": catalogue.load(options.rules).version}
    done, failed = [], 0
    for line in lines.read(target, tool, scan.shaping(options)):
        if line["outcome"] == "failed":
            failed += 1
            continue
        rows.append(overview.row(line, page_name(line["bundle"]) if wanted.form == "html" else None))
        done.append(line["bundle"])
    if failed:
        lines.drop_failed(target)
        common.note(f"{failed} bundle{'' if failed == 1 else 's'} failed before and will be tried again")
    return done


def _scanned(left: list[Bundle], options: Options, wanted: Wanted) -> Generator[Scanned, None, None]:
    from synclens.batch import scan

    timeout = wanted.timeout if wanted.timeout is not None else options.limits.seconds + 300
    return scan.scan_bundles(left, options, jobs=wanted.jobs, timeout=timeout, page=wanted.form == "html")


def page_name(bundle: str) -> str:
    """The file name of a bundle's page: readable, and no two alike."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", bundle.rstrip("/").rsplit("/", 1)[-1]).strip(".-")[:60]
    return f"{plain or 'bundle'}-{hashlib.sha256(bundle.encode()).hexdigest()[:8]}.html"


class _Out:
    """Where the bundles' lines and pages go."""

    def __init__(self, target: Path | None, wanted: Wanted, widest: int) -> None:
        self._wanted = wanted
        self._folder = Path(wanted.output) if wanted.form == "html" and wanted.output else None
        self._lines: Lines | None = None
        self._file: IO[bytes] = sys.stdout.buffer
        self._widest = widest
        self._width = max(60, shutil.get_terminal_size().columns) if sys.stdout.isatty() and target is None else 0
        self._target = target

    def __enter__(self) -> _Out:
        with contextlib.ExitStack() as stack:
            self._begin(stack)
            self._open = stack.pop_all()
        return self

    def _begin(self, stack: contextlib.ExitStack) -> None:
        if self._wanted.form == "text":
            from synclens.report import overview

            if self._target is not None:  # whole or not at all, unlike lines, which another run goes on with
                self._file = stack.enter_context(common.output(str(self._target), self._wanted.force))
            self._say(overview.head(self._widest))
        elif self._target is not None:
            from synclens.batch.lines import Lines

            try:
                self._lines = Lines(self._target, resume=self._wanted.resume)
            except OSError as error:
                why = neutral(common.reason(error))
                raise click.ClickException(f"cannot write {neutral(str(self._target))}: {why}.") from None
            stack.callback(self._lines.close)

    def __exit__(self, *error: Any) -> None:
        self._open.__exit__(*error)

    def add(self, scanned: Scanned) -> Row:
        """Puts a bundle's line or page where it belongs: the page first, so that a line means that it is there."""
        from synclens.report import overview

        raw = scanned.to_dict()
        row = overview.row(raw)
        if self._wanted.form == "text":
            self._say(overview.text(row, self._widest, self._width))
            return row
        if self._folder is not None:
            row = overview.row(raw, page_name(row.bundle))
            with common.output(str(self._folder / str(row.page))) as file:
                file.write((scanned.page or "").encode())
        if self._lines is None:
            from synclens.report.json import dumps

            self._say(dumps(raw))
            return row
        try:
            self._lines.write(raw)
        except OSError as error:
            raise click.ClickException(
                f"cannot write {neutral(str(self._lines.path))}: {neutral(common.reason(error))}; "
                "--resume goes on from here."
            ) from None
        return row

    def _say(self, words: str) -> None:
        self._file.write(words.encode() + b"\n")
        self._file.flush()


def _index(folder: Path, rows: list[Row]) -> None:
    from synclens.report import overview

    with common.output(str(folder / INDEX)) as file:
        file.write(overview.page(rows).encode())


def _is_severe(rows: list[Row], fail_on: str) -> bool:
    severe = exits.SEVERITIES[: exits.SEVERITIES.index(fail_on) + 1]
    return any(f["status"] == "ongoing" and f["severity"] in severe for row in rows for f in row.findings)


def _exit_code(rows: list[Row], severe: bool) -> int:
    if severe:
        return exits.FOUND
    if not any(row.outcome in ("analysed", "partial") for row in rows):
        return exits.NOTHING
    return exits.OK if all(row.outcome == "analysed" for row in rows) else exits.PARTIAL


class _Progress:
    """Says on a terminal's stderr how many bundles are done."""

    def __init__(self, total: int, done: int) -> None:
        self._live = sys.stderr.isatty() and not sys.stdout.isatty()
        self._total, self._done = total, done
        self._next = time.monotonic() + 0.3
        self._shown = False

    def step(self, one: Scanned) -> None:
        self._done += 1
        if one.outcome in ("failed", "unreadable"):
            self.done()
            common.note(f"{one.outcome}: {one.bundle}: {one.error}")
        now = time.monotonic()
        if self._live and now >= self._next:
            click.echo(f"\r\x1b[2K{self._done} of {self._total} bundles", err=True, nl=False)
            self._next, self._shown = now + 0.1, True

    def done(self) -> None:
        if self._shown:
            click.echo("\r\x1b[2K", err=True, nl=False)
            self._shown = False
