"""Doubles the input of every reader and of the diagnosis, and looks at how often more instructions that takes.

    python tests/growth/check.py build/tests/tests/cpp/synclens_growth [CASE...]

Counted by callgrind, so that the machine's load does not matter. More than 2.2 times is a failure: something there
looks at its input again and again. Patterns are compiled outside of what is counted, except by the analysis, whose
fixed part makes its ratio smaller.
"""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

MOST = 2.2
SIZE = 4


def instructions(program: str, case: str, size: int) -> int:
    tool = ["valgrind", "--tool=callgrind", "--toggle-collect=measured", "--callgrind-out-file=/dev/null"]
    done = subprocess.run([*tool, program, case, str(size)], capture_output=True, text=True, check=False, timeout=600)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or found is None:
        raise SystemExit(f"{case} {size}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return int(found[1])


def main() -> int:
    program, *cases = sys.argv[1:]
    cases = cases or subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    wrong = 0
    with ThreadPoolExecutor(2) as pool:
        once = pool.map(lambda case: instructions(program, case, SIZE), cases)
        twice = pool.map(lambda case: instructions(program, case, 2 * SIZE), cases)
        for case, one, two in zip(cases, once, twice, strict=True):
            ratio = two / one
            wrong += ratio > MOST
            print(f"{case:24} {one:13,} {two:13,}  x {ratio:.2f}{'  NOT LINEAR' if ratio > MOST else ''}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
