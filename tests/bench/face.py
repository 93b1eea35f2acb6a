#!/usr/bin/env python3
"""Times what a person waits for, each as a whole process, and prints it beside its mark.

    face.py PYTHON [--runs 9] [--records 100000]

PYTHON is an interpreter in which synclens is installed. Four figures: `import synclens` (above the start of the
interpreter itself, run in turn with it), `synclens --help`, the first line of `synclens analyze` on a small log, and
the HTML report of a log of password hash sync records with its peak memory. Medians; a shared machine adds to them,
so the processor seconds stand beside the wall time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from analyze import password_sync_log


@dataclass
class Run:
    """One process: seconds to its first byte and to its end, processor seconds, peak MiB."""

    first: float
    end: float
    processor: float
    peak: float


def run(*command: str) -> Run:
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.read(1)
    first = time.perf_counter() - begin
    process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} exits with {process.returncode}")
    return Run(first, time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def say(name: str, value: float, mark: float, unit: str, more: str = "") -> None:
    verdict = "holds" if value < mark else "MISSED"
    print(f"{name:46} {value:8.1f} {unit:4} below {mark:6.0f}: {verdict}{more}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--records", type=int, default=100_000)
    a = parser.parse_args()
    synclens = [a.python, "-m", "synclens"]
    bare, imported = [], []
    for _ in range(a.runs):
        bare.append(run(a.python, "-c", "pass"))
        imported.append(run(a.python, "-c", "import synclens"))
    extra = statistics.median(i.end - b.end for i, b in zip(imported, bare, strict=True))
    say("import synclens, above the bare interpreter", 1e3 * extra, 40, "ms")
    helped = [run(*synclens, "--help") for _ in range(a.runs)]
    say("synclens --help", 1e3 * statistics.median(r.end for r in helped), 100, "ms", processor(helped))
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.csv"
        password_sync_log(small, 500)
        seen = [run(*synclens, "analyze", str(small)) for _ in range(a.runs)]
        first = 1e3 * statistics.median(r.first for r in seen)
        say("first line of analyze on a small log", first, 250, "ms", processor(seen))
        large = Path(folder) / "large.csv"
        password_sync_log(large, a.records)
        pages = [run(*synclens, "analyze", str(large), "--format", "html") for _ in range(max(3, a.runs // 3))]
        name = f"HTML of {a.records} records"
        say(name, statistics.median(r.end for r in pages), 2, "s", processor(pages))
        say(f"{name}, peak", max(r.peak for r in pages), 200, "MiB")
    return 0


def processor(runs: list[Run]) -> str:
    return f"  ({statistics.median(r.processor for r in runs):.2f} s of processor)"


if __name__ == "__main__":
    sys.exit(main())
