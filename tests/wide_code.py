#!/usr/bin/env python3
"""Checks that instructions which not every x86-64 machine has stand only in functions that are chosen at run time.

    tests/wide_code.py LIBRARY.a

A helper that a loop for the wider machine did not take in, and that all others call too, would end the process on an
older machine, and no test here would see it. Needs objdump.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys

CHOSEN_AT_RUN_TIME = re.compile(
    r"::(run_wide|row_plain_values_wide|row_bare_wide|read_bare_wide|print_bare_wide|narrow_wide)\b|\(anonymous namespace\)::run<\(synclens::evtx::Escape\)"
)
WIDE = re.compile(
    r"%ymm|%zmm|\tv[a-z0-9]+\s.*%xmm|\t(andn|bextr|blsi|blsmsk|blsr|bzhi|mulx|pdep|pext|rorx|sarx|shlx|shrx)\b"
)
FUNCTION = re.compile(r"^[0-9a-f]+ <(.*)>:$")


def main(library: str) -> int:
    if platform.machine() not in ("x86_64", "AMD64"):
        return 0
    code = subprocess.run(["objdump", "-dC", "--no-show-raw-insn", library], capture_output=True, text=True, check=True)
    function, found = "", {}
    for line in code.stdout.splitlines():
        if begins := FUNCTION.match(line):
            function = begins[1]
        elif WIDE.search(line):
            found.setdefault(function, line.strip())
    wrong = {name: line for name, line in found.items() if not CHOSEN_AT_RUN_TIME.search(name)}
    for name, line in wrong.items():
        print(f"not for every machine: {name}: {line}", file=sys.stderr)
    if not found:
        print("no function for the wider machine at all: is this the core?", file=sys.stderr)
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
