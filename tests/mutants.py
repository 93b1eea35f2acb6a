"""Damages the samples at random and analyses every mutant with the installed synclens.

    python tests/mutants.py [--count 10000] [--first 0] [--jobs 2] [--only SAMPLE] [--keep FOLDER]
    python tests/mutants.py --number N

A mutant is a sample's file, or one member of its bundle, with bytes turned, overwritten, taken out or put in, cut
short, or glued to itself. Each is given to the command line in a worker process. What must hold: no crash; no run
longer than 5 seconds of processor time or 60 of the clock; exit code 0, 1, 3 or 4 and one JSON document; at most 512 MiB
of memory in a worker; and no "healthy" of a mutant whose undamaged original is not healthy. For the last there are
bundles of two logs, one healthy and one failing: whoever loses the second without a word says healthy. What does not
hold is printed with its number; the exit code is then 1. `--number N` makes that mutant again. `--only` takes those
numbers that are mutants of one sample, and changes no number's meaning.

Mutants that lose text without a trace cannot be told from a whole file: a table or a pasted text cut between two
lines, a record whose id was turned into another valid one. They count as failures all the same.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import io
import itertools
import json
import multiprocessing
import os
import random
import re
import resource
import signal
import sys
import tarfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "samples"))

CODES = (0, 1, 3, 4)
SECONDS = 5.0
CLOCK = 60
TIME = (2026, 11, 20, 12, 0, 0)
MEMORY = 512 << 20


@dataclass(frozen=True)
class Original:
    """A file to mutate. `whole` are the members of its bundle, when it is one."""

    name: str
    suffix: str
    content: bytes
    whole: tuple[tuple[str, bytes], ...] = ()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member, content in members.items():
            info = zipfile.ZipInfo(member, TIME)
            info.external_attr = 0x20
            archive.writestr(info, content)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


PACK = {".zip": zipped, ".tar": tarred}


def originals() -> list[Original]:
    import make

    found = []
    for sample, build in make.SAMPLES.items():
        for file, content in build().items():
            members: tuple[tuple[str, bytes], ...] = ()
            if file.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    members = tuple((name, archive.read(name)) for name in archive.namelist())
            found.append(Original(f"{sample}/{file}", Path(file).suffix, content, members))
    logs = {
        sample: next(content for o in found if o.name == f"{sample}/MECLOG.zip" for name, content in o.whole
                     if name.endswith("Application.evtx"))
        for sample in ("healthy", "certificate")
    }  # fmt: skip
    two = {"EVENTLOG/Application.evtx": logs["healthy"], "export/failing.xml": exported(logs["certificate"])}
    found += [Original(f"two-logs/MECLOG{s}", s, pack(two), tuple(two.items())) for s, pack in PACK.items()]
    return found


def exported(log: bytes) -> bytes:
    """An event log as XML."""
    from synclens import _core

    out = io.BytesIO()
    _core.dump(io.BytesIO(log), out.write, format="xml")
    return out.getvalue()


def turned(random_: random.Random, content: bytes, heads: tuple[int, ...] = ()) -> bytes:
    """One to a few changes of the kinds that disks, copies and strangers make; half of them within an archive's own
    words where it is known where these stand."""
    data = bytearray(content)
    for _ in range(random_.choice((1, 1, 1, 2, 4, 16))):
        if not data:
            break
        at = random_.randrange(len(data))
        if heads and random_.random() < 0.5:
            at = min(random_.choice(heads) + random_.randrange(64), len(data) - 1)
        length = random_.choice((1, 2, 4, 16, 512, 4096, 65536))
        match random_.randrange(8):
            case 0:
                data[at] ^= 1 << random_.randrange(8)
            case 1:
                data[at] = random_.choice((0, 0xFF, 0x7F, 0x80, 0x22, 0x3C, 0x0A, 0x2A))
            case 2:
                data[at : at + length] = random_.randbytes(min(length, len(data) - at))
            case 3:
                data[at : at + length] = bytes(min(length, len(data) - at))
            case 4:
                del data[at : at + length]
            case 5:
                data[at:at] = random_.randbytes(min(length, 4096))
            case 6:
                data[at:at] = data[at : at + length]
            case _:
                del data[at:]
    return bytes(data)


def heads(original: Original) -> tuple[int, ...]:
    """Where the headers of an archive's members stand, and a zip's list of them."""
    if not original.whole:
        return ()
    if original.suffix == ".zip":
        signs = (b"PK\3\4", b"PK\1\2", b"PK\5\6")
        return tuple(m.start() for m in re.finditer(b"|".join(map(re.escape, signs)), original.content))
    return tuple(m.start() - 257 for m in re.finditer(b"ustar", original.content))


def mutant(original: Original, seed: int) -> bytes:
    random_ = random.Random(f"{original.name} {seed}")
    if not original.whole or random_.random() < 0.3:
        return turned(random_, original.content, heads(original))
    members = dict(original.whole)
    name = random_.choice(list(members))
    members[name] = turned(random_, members[name])
    return PACK[original.suffix](members)


@dataclass
class Outcome:
    number: int
    name: str
    code: int = -1
    verdict: str = ""
    seconds: float = 0.0
    memory: int = 0
    failure: str = ""


def analysed(content: bytes, path: Path) -> tuple[int, str]:
    """The exit code of `synclens analyze` and the status of its verdict."""
    from synclens.cli import run

    path.write_bytes(content)
    out, errors = io.BytesIO(), io.StringIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(out)), contextlib.redirect_stderr(errors):
        code = run(["analyze", str(path), "--format", "json"])
        printed = out.getvalue()
    if code not in CODES:
        raise RuntimeError(f"exit code {code}: {errors.getvalue()}")
    if code == 3 and not printed:
        return code, "nothing readable"
    return code, str(json.loads(printed)["verdict"]["status"])


class Blocked(BaseException):
    """A run that waits for something, and nobody else may catch it."""


def _blocked(*_: object) -> None:
    raise Blocked(f"more than {CLOCK} s by the clock")


_originals: list[Original] = []
_folder = Path()


def one(number: int) -> Outcome:
    original = _originals[number % len(_originals)]
    outcome = Outcome(number, original.name)
    path = _folder / f"{multiprocessing.current_process().pid}{original.suffix}"
    start = time.process_time()
    signal.signal(signal.SIGALRM, _blocked)
    signal.setitimer(signal.ITIMER_REAL, CLOCK)
    faulthandler.dump_traceback_later(2 * CLOCK, exit=True)  # where not even the signal is heard: ends the whole run
    try:
        outcome.code, outcome.verdict = analysed(mutant(original, number), path)
    except BaseException:
        outcome.failure = traceback.format_exc(limit=-3)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
    outcome.seconds = time.process_time() - start
    outcome.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return outcome


def wrong(outcome: Outcome, healthy: dict[str, bool]) -> str:
    if outcome.failure:
        return f"crash: {outcome.failure}"
    if outcome.seconds > SECONDS:
        return f"took {outcome.seconds:.1f} s"
    if outcome.memory > MEMORY:
        return f"{outcome.memory >> 20} MiB in a worker"
    if outcome.verdict == "healthy" and not healthy[outcome.name]:
        return "healthy, and its original is not"
    return ""


def outcomes(numbers: list[int], jobs: int) -> Iterator[Outcome]:
    """In the workers; one that dies ends the run with its error."""
    if jobs == 1:
        yield from map(one, numbers)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        yield from pool.map(one, numbers, chunksize=16)


def main() -> int:
    global _originals, _folder
    import tempfile

    from synclens.cli import DEBUG

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--number", type=int, help="this mutant only")
    parser.add_argument("--only", metavar="SAMPLE", help="mutants of this sample only (two-logs is one, too)")
    parser.add_argument("--keep", type=Path, help="write what goes wrong to this folder")
    options = parser.parse_args()
    _originals = originals()
    if options.number is not None:
        options.first, options.count = options.number, 1
    wanted = [options.only in (None, o.name.split("/")[0]) for o in _originals]
    if not any(wanted):
        parser.error(f"no sample {options.only}")
    every = (n for n in itertools.count(options.first) if wanted[n % len(_originals)])
    numbers = list(itertools.islice(every, options.count))
    os.environ[DEBUG] = "1"
    used = [_originals[i] for i in sorted({n % len(_originals) for n in numbers})]
    with tempfile.TemporaryDirectory() as folder:
        _folder = Path(folder)
        healthy = {o.name: analysed(o.content, _folder / f"original{o.suffix}")[1] == "healthy" for o in used}
        codes: Counter[int] = Counter()
        verdicts: Counter[str] = Counter()
        most, longest, failures = 0, 0.0, 0
        for outcome in outcomes(numbers, options.jobs):
            codes[outcome.code] += 1
            verdicts[outcome.verdict] += 1
            most, longest = max(most, outcome.memory), max(longest, outcome.seconds)
            if not (what := wrong(outcome, healthy)):
                continue
            failures += 1
            print(f"mutant {outcome.number} of {outcome.name}: {what}", flush=True)
            if options.keep is not None:
                options.keep.mkdir(parents=True, exist_ok=True)
                original = next(o for o in _originals if o.name == outcome.name)
                kept = options.keep / f"{outcome.number}{original.suffix}"
                kept.write_bytes(mutant(original, outcome.number))
    print(f"{options.count} mutants of {len(used)} files; exit codes {dict(sorted(codes.items()))}")
    print(f"verdicts {dict(verdicts)}; longest {longest:.2f} s of processor time; {most >> 20} MiB at most")
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
