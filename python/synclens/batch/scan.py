"""`synclens.scan`: many bundles, each analyzed by itself, on any executor, in the order given."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from synclens import _core, catalogue
from synclens.bundle import Limits, Unread
from synclens.case import Case, Options, empty_diagnosis, options_from

from . import helpers
from .bundles import Bundle, find

if TYPE_CHECKING:
    from os import PathLike

TIMEOUT = 3900.0
"""Seconds after which a bundle is given up; above `Limits.seconds`, at which reading ends by itself."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of one bundle.

    `outcome` is "analysed"; "partial" (damage, limits, unreadable members); "unreadable" (nothing in it is of a kind
    that synclens reads); or "failed" (its process crashed, took too long or met a fault). `error` says what went
    wrong for the last two. `case` is there in every case: for a failed bundle its verdict is unknown.
    """

    bundle: str
    outcome: str
    error: str | None
    case: Case
    page: str | None = field(default=None, repr=False)
    """The report as HTML, where `scan_bundles` was asked for it."""

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis by the JSON contract with `bundle`, `outcome`, `error` and the reading `options` before it."""
        return {
            "bundle": self.bundle,
            "outcome": self.outcome,
            "error": self.error,
            "options": shaping(self.case._options),
            **self.case.to_dict(),
        }


def scan(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    split: bool = False,
    jobs: int | None = None,
    executor: Executor | None = None,
    timeout: float = TIMEOUT,
    tz: str = "UTC",
    since: str | datetime.datetime | None = None,
    until: str | datetime.datetime | None = None,
    rules: Iterable[str | PathLike[str]] = (),
    recover: bool = False,
    open_closed: bool = False,
    hash: bool = False,
    user: str = "",
    limits: Limits | None = None,
) -> Generator[Scanned, None, None]:
    """Analyzes many bundles, each by itself, and gives what came of them one by one, in the order of the bundles.

    `paths` are bundles, or folders of bundles: a folder in which a log, an export or a folder of the collector lies
    is one bundle, of any other each entry is one; `split` takes the entries in any case. Each bundle is read in a
    process of its own, so one that crashes, hangs (`timeout`, in seconds) or takes all memory becomes a `Scanned`
    with the outcome "failed", and the others go on. What is given is the same for any number of workers.

    `jobs` processes work at once (the number of cores unless stated), or those of an `executor` of
    concurrent.futures: threads, processes, Dask's `Client.get_executor()`. Its workers must reach the same paths and
    have synclens installed. The other parameters are those of `synclens.open`.

    Raises CatalogueError for wrong rules, TypeError for sources other than paths, ValueError for `jobs` below one.

    >>> for scanned in synclens.scan("many/", jobs=1):
    ...     print(scanned.bundle, scanned.outcome, scanned.case.verdict.status)
    many/one.zip analysed degraded
    many/two.zip analysed healthy
    """
    options = options_from(
        tz=tz,
        since=since,
        until=until,
        rules=rules,
        recover=recover,
        open_closed=open_closed,
        hash=hash,
        user=user,
        limits=limits,
    )
    given = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return scan_bundles(find(given, split=split), options, jobs=jobs, executor=executor, timeout=timeout)


def scan_bundles(
    bundles: Iterable[Bundle],
    options: Options,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    timeout: float = TIMEOUT,
    page: bool = False,
) -> Generator[Scanned, None, None]:
    """`scan` for bundles that were found before. With `page` the workers also render the reports.

    Wrong rules and arguments are raised at once, not at the first bundle.
    """
    jobs = cores() if jobs is None else jobs
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    if not timeout > 0:
        raise ValueError(f"timeout must be above 0 seconds, not {timeout}")
    catalogue.load(options.rules)
    _core.to_utc("2000-01-01T00:00:00", options.tz)
    # One bundle's own threads: what the bundles that are read at once leave over.
    threads = options.threads or (max(1, cores() // jobs) if executor is None else 1)
    stated = dataclasses.asdict(dataclasses.replace(options, threads=threads))
    task = {"options": stated, "page": page, "timeout": timeout}
    return _run(list(bundles), options, jobs, executor, task)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def _run(
    bundles: list[Bundle], options: Options, jobs: int, executor: Executor | None, task: dict[str, Any]
) -> Generator[Scanned, None, None]:
    pool = helpers.Pool()
    own = ThreadPoolExecutor(jobs, thread_name_prefix="synclens")

    def here(bundle: Bundle) -> Future[dict[str, Any]]:
        return own.submit(_asked, pool, {"path": bundle.path, **task})

    def there(bundle: Bundle) -> Future[dict[str, Any]]:
        assert executor is not None
        try:
            return executor.submit(scan_one, {"path": bundle.path, **task})
        except RuntimeError:  # broken by a worker's death, or shut down: this process does the rest
            return here(bundle)

    submit: Callable[[Bundle], Future[dict[str, Any]]] = here if executor is None else there
    ahead = max(32, 4 * jobs) if executor is None else max(256, 4 * (getattr(executor, "_max_workers", None) or 1))
    running: deque[tuple[Bundle, Future[dict[str, Any]] | None]] = deque()
    waiting = iter(bundles)
    try:
        while True:
            while len(running) < ahead and (bundle := next(waiting, None)) is not None:
                running.append((bundle, submit(bundle) if bundle.refused is None else None))
            if not running:
                return
            bundle, future = running.popleft()
            yield _scanned(bundle, options, _answer(bundle, future, here), task["page"])
    finally:
        for _, future in running:
            if future is not None:
                future.cancel()
        pool.stop()
        own.shutdown(wait=True, cancel_futures=True)


def _answer(
    bundle: Bundle, future: Future[dict[str, Any]] | None, again: Callable[[Bundle], Future[dict[str, Any]]]
) -> dict[str, Any]:
    """What a task gave; an executor that broke under it has it done again in this process."""
    if future is None:
        return {"refused": bundle.refused}
    try:
        return future.result()
    except BrokenExecutor:
        return again(bundle).result()
    except Exception as error:  # an executor's own: a lost worker, a task that it could not send
        return {"error": f"{type(error).__name__}: {error}"}


def scan_one(task: dict[str, Any]) -> dict[str, Any]:
    """One task of a scan, as an executor's worker gets it: everything in and out of it is plain data that pickles."""
    return _asked(helpers.POOL, task)


def _asked(pool: helpers.Pool, task: dict[str, Any]) -> dict[str, Any]:
    timeout = task["timeout"]
    try:
        try:
            return pool.ask(task, timeout)
        except helpers.Died:  # perhaps through no fault of this bundle
            return pool.ask(task, timeout)
    except helpers.Died as died:
        return {"error": str(died)}
    except helpers.Late:
        return {"error": f"given up after {timeout:g} seconds"}
    except helpers.Stopped:
        return {"error": "stopped"}


def _scanned(bundle: Bundle, options: Options, answer: dict[str, Any], with_page: bool) -> Scanned:
    if "raw" not in answer:
        outcome = "unreadable" if "refused" in answer else "failed"
        error = str(answer.get("refused") or answer["error"])
        case = Case([bundle.path], options, empty_diagnosis(error), [])
        page = None
        if with_page:
            from synclens.report import html

            page = html.render(case.to_dict())
        return Scanned(bundle.name, outcome, error, case, page)
    case = Case([bundle.path], options, answer["raw"], [Unread(*item) for item in answer["left"]])
    if answer["unreadable"] is not None:
        return Scanned(bundle.name, "unreadable", answer["unreadable"], case, answer["page"])
    return Scanned(bundle.name, "partial" if answer["partial"] else "analysed", None, case, answer["page"])


def shaping(options: Options) -> dict[str, Any]:
    """The reading options that shape a diagnosis, those that differ from the default: lines with others do not mix."""
    stated = dataclasses.asdict(options)
    plain = dataclasses.asdict(Options())
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in stated.items()
        if name not in ("limits", "threads") and value != plain[name]
    }
