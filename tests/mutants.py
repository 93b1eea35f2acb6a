"""Damages the samples at random and analyses every mutant with the installed synclens.

    python tests/mutants.py [--count 10000] [--seed 1] [--jobs 2] [--only NAME] [--keep FOLDER]

A mutant is a sample's file, or one member of its bundle, with bytes turned, overwritten, taken out or put in, cut
short, or glued to itself. Each is given to the command line in a worker process. What must hold: no crash; no run
longer than 5 seconds; exit code 0, 1, 3 or 4 and one JSON document; at most 512 MiB of memory in a worker; and no
"healthy" of a mutant whose undamaged original is not healthy. What does not is printed with its number; the exit code
is then 1. `--only NAME --number N` makes one mutant again.

Mutants that lose text without a trace cannot be told from a whole file: a table or a pasted text cut between two
lines, a record whose id was turned into another valid one. They are listed as "undetectable" only when the mutant says
healthy because evidence itself is gone; they count as failures all the same.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import random
import resource
import sys
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
MEMORY = 512 << 20


@dataclass(frozen=True)
class Original:
    """A file to mutate. `whole` are the members of its bundle, when it is one."""

    name: str
    suffix: str
    content: bytes
    whole: tuple[tuple[str, bytes], ...] = ()


def originals(only: str | None = None) -> list[Original]:
    import make

    found = []
    for sample, build in make.SAMPLES.items():
        if only is not None and only.split("/")[0] != sample:
            continue
        for file, content in build().items():
            members: tuple[tuple[str, bytes], ...] = ()
            if file.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    members = tuple((name, archive.read(name)) for name in archive.namelist())
            found.append(Original(f"{sample}/{file}", Path(file).suffix, content, members))
    return found


def turned(random_: random.Random, content: bytes) -> bytes:
    """One to a few changes of the kinds that disks, copies and strangers make."""
    data = bytearray(content)
    for _ in range(random_.choice((1, 1, 1, 2, 4, 16))):
        if not data:
            break
        at = random_.randrange(len(data))
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


def mutant(original: Original, seed: int) -> bytes:
    random_ = random.Random(f"{original.name} {seed}")
    if not original.whole or random_.random() < 0.3:
        return turned(random_, original.content)
    members = dict(original.whole)
    name = random_.choice(list(members))
    members[name] = turned(random_, members[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member, content in members.items():
            info = zipfile.ZipInfo(member, (2026, 11, 20, 12, 0, 0))
            info.external_attr = 0x20
            archive.writestr(info, content)
    return out.getvalue()


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
    out = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(out)), contextlib.redirect_stderr(io.StringIO()):
        code = run(["analyze", str(path), "--format", "json"])
        printed = out.getvalue()
    if code == 3 and not printed:
        return code, "nothing readable"
    return code, str(json.loads(printed)["verdict"]["status"])


_originals: list[Original] = []
_folder = Path()


def one(number: int) -> Outcome:
    original = _originals[number % len(_originals)]
    outcome = Outcome(number, original.name)
    path = _folder / f"{multiprocessing.current_process().pid}{original.suffix}"
    start = time.process_time()
    try:
        outcome.code, outcome.verdict = analysed(mutant(original, number), path)
    except BaseException:
        outcome.failure = traceback.format_exc(limit=-3)
    outcome.seconds = time.process_time() - start
    outcome.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return outcome


def wrong(outcome: Outcome, healthy: dict[str, bool]) -> str:
    if outcome.failure:
        return f"crash: {outcome.failure}"
    if outcome.code not in CODES:
        return f"exit code {outcome.code}"
    if outcome.seconds > SECONDS:
        return f"took {outcome.seconds:.1f} s"
    if outcome.memory > MEMORY:
        return f"{outcome.memory >> 20} MiB in a worker"
    if outcome.verdict == "healthy" and not healthy[outcome.name]:
        return "healthy, and its original is not"
    return ""


def outcomes(numbers: range, jobs: int) -> Iterator[Outcome]:
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

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", help="mutants of this sample only")
    parser.add_argument("--keep", type=Path, help="write what goes wrong to this folder")
    options = parser.parse_args()
    _originals = originals(options.only)
    with tempfile.TemporaryDirectory() as folder:
        _folder = Path(folder)
        healthy = {o.name: analysed(o.content, _folder / f"original{o.suffix}")[1] == "healthy" for o in _originals}
        codes: Counter[int] = Counter()
        verdicts: Counter[str] = Counter()
        most, longest, failures = 0, 0.0, 0
        for outcome in outcomes(range(options.first, options.first + options.count), options.jobs):
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
    print(f"{options.count} mutants of {len(_originals)} files; exit codes {dict(sorted(codes.items()))}")
    print(f"verdicts {dict(verdicts)}; longest {longest:.2f} s of processor time; {most >> 20} MiB at most")
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
