"""Changes the judgement in one place at a time and reports which change no test notices.

    python tests/mutate_judgement.py [--list] [--rules] [--only TEXT] [--sample N] [--seed N] [--quick] [--jobs N]
                                     [--scratch DIR] [--again]

The sources of the judgement (SOURCES in mutations/changes.py) are copied into a scratch folder, each place that can be
changed is put behind a switch there, and they are built once and linked with the rest of build/tests: an event id
becomes another, a length of time is doubled, a severity, a status or the name of a cause becomes another, a state ends
by something else, a condition is taken out, "more than" becomes "at least", an order is turned round. Then the C++
tests of that stage run once for each switch. A change after which all of them pass is a survivor: a rule of the
judgement that no test holds, or a change that changes nothing; mutations/reasons.toml lists the latter with the reason.
The exit code is 1 when a survivor has no reason, or when a reason stands beside a change that a test notices.

Not part of tests/run, which makes the build folder it needs (tests/run cpp). --list prints the changes without trying
them, --only (once or more) tries those whose description holds a TEXT, --sample a random choice of N. --quick leaves out
the slowest tests, which take most of the time of a survivor. --scratch keeps the folder and uses it again:
what was tried there is written to results.jsonl, and a later run goes on after it; it tries again what belongs to a
source that moved since and, with --again, the survivors without a reason. --rules prints each rule of verdicts.md with its changes
(mutations/rules.toml) and, out of the results, the test that noticed each.

Last run, November 2026: 1,660 changes, about 340 of them not noticed, each of these with its reason. Most were tried by
the tests as they stood at one time or another of three days; whatever belonged to a source that moved was tried again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from mutations.changes import ROOT, SOURCES, STAGE, SWITCHES, Change, all_changes, switched
from mutations.tables import Reason, matches, reason_for, reasons, rules

# These take longest and notice little that others do not: they run when all others pass.
SLOW = "*correlate_properties*,*correlate_parts*,*correlate_shared_logs*"


def prepare(scratch: Path, numbered: list[tuple[int, Change]]) -> list[tuple[int, Change]]:
    """Builds the tests with a switch for each change; returns those that could be built."""
    build = ROOT / "build/tests"
    subprocess.run(
        ["cmake", "--build", str(build), "--target", "synclens_tests"], check=True, stdout=subprocess.DEVNULL
    )
    (scratch / STAGE.name).mkdir(parents=True, exist_ok=True)
    write(scratch / STAGE.name / "mutation_switches.hpp", SWITCHES)
    commands = subprocess.run(
        ["ninja", "-C", str(build), "-t", "commands", "synclens_tests"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    compile_of = {m[1]: c for c in commands if (m := re.search(rf"/{STAGE}/(\w+\.cpp)$", c))}
    for _ in range(8):
        complaints = ""
        for source in SOURCES:
            compile_of_source, target = compile_of[source], scratch / STAGE.name / source
            fresh = write(target, switched(source, [n for n in numbered if n[1].source == source]))
            if not fresh and target.with_suffix(".o").exists():
                continue
            target.with_suffix(".o").unlink(missing_ok=True)
            command = re.sub(r" -c \S+$", f" -I{scratch} -c {target}", compile_of_source)
            command = re.sub(r" -o \S+", f" -o {target.with_suffix('.o')}", command)
            command = re.sub(r" -M[FT] \S+| -MD", "", command)
            made = subprocess.run(command, shell=True, cwd=build, capture_output=True, text=True, check=False)
            complaints += made.stderr if made.returncode != 0 else ""
        if not complaints:
            break
        # What the compiler does not take behind a switch is left out, by the lines of its complaints.
        pattern = rf"/{STAGE.name}/(\w+\.cpp):(\d+):\d+: (?:error|  required)"
        wrong = {(m[1], int(m[2]) - 1) for m in re.finditer(pattern, complaints)}
        fewer = [n for n in numbered if (n[1].source, n[1].line) not in wrong]
        if len(fewer) == len(numbered):
            raise SystemExit(complaints[-4000:] + "does not build")
        for _, change in (n for n in numbered if n not in fewer):
            print(f"left out: {change.description}", flush=True)
        numbered = fewer
    objects = " ".join(str(scratch / STAGE.name / source) for source in SOURCES).replace(".cpp", ".o")
    link = next(c for c in reversed(commands) if " -o tests/cpp/synclens_tests " in c)
    link = link.replace(" -o tests/cpp/synclens_tests ", f" {objects} -o {scratch / 'tests'} ")
    subprocess.run(link, shell=True, cwd=build, check=True)
    return numbered


def write(path: Path, text: str) -> bool:
    """Whether the file is another one now."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def notices(scratch: Path, number: int, source: str, steps: slice, patience: float) -> str | None:
    """The test that fails with the change: of those of the source itself, which notice most of them, else of all."""
    tests = str(scratch / "tests")
    environment = {**os.environ, "SYNCLENS_MUTATION": str(number)}
    own = f"*correlate_{Path(source).stem}_*"
    choices = [[f"-sf={own}"], ["-sf=*correlate_*", f"-sfe={own},{SLOW}"], [f"-sf={SLOW}"]]
    for choice in choices[steps]:
        try:
            ran = subprocess.run(
                [tests, *choice, "-aa=1"], capture_output=True, text=True, errors="replace", env=environment,
                timeout=patience,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return "(no test ends)"
        if ran.returncode != 0:
            named = re.search(r"^TEST CASE:\s+(.+)$", ran.stdout, re.M)
            return named[1].strip() if named else "(the tests end early)"
    return None


@dataclass(frozen=True)
class Result:
    key: str
    source: str  # the hash of what it was when this was tried
    noticed_by: str | None
    quick: bool = False


class Results:
    """What was tried, in a file that is written line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of: dict[str, Result] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                result = Result(**json.loads(line))
                self._of[result.key] = result

    def of(self, change: Change) -> Result | None:
        found = self._of.get(change.key)
        return found if found is not None and found.source == fingerprint(change.source) else None

    def add(self, change: Change, noticed_by: str | None, quick: bool) -> None:
        result = Result(change.key, fingerprint(change.source), noticed_by, quick)
        self._of[change.key] = result
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(vars(result)) + "\n")


def fingerprint(source: str) -> str:
    return hashlib.sha256((ROOT / STAGE / source).read_bytes()).hexdigest()[:16]


def tried(
    scratch: Path, numbered: list[tuple[int, Change]], steps_of: Callable[[Change], slice], jobs: int, patience: float
) -> Iterator[tuple[Change, str | None]]:
    with ThreadPoolExecutor(jobs) as pool:
        waiting = {
            pool.submit(notices, scratch, number, change.source, steps_of(change), patience): change
            for number, change in numbered
        }  # fmt: skip
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def report(changes: list[Change], results: Results) -> int:
    """Prints the survivors without a reason, and the reasons that no survivor has; returns the exit code."""
    known = reasons()
    found = [(change, result) for change in changes if (result := results.of(change)) is not None]
    survivors = [change for change, result in found if result.noticed_by is None]
    without = [change for change in survivors if reason_for(change, known) is None]
    stale = [
        pattern
        for reason in known
        for pattern in reason.changes
        if (results_of := [c for c, _ in found if matches(pattern, c.key)])
        and not any(change in survivors for change in results_of)
    ]
    print(f"{len(found)} changes tried, {len(survivors)} that no test notices, {len(without)} of them without a reason")
    for change in without:
        print(f"  {change.key}")
    if stale:
        print("reasons for what a test notices")
    for pattern in stale:
        print(f"  {pattern}")
    return 1 if without or stale else 0


def state_of(change: Change, results: Results, known: list[Reason]) -> str:
    result = results.of(change)
    if result is None:
        return "not tried"
    reason = reason_for(change, known)
    return result.noticed_by or (f"not noticed: {' '.join(reason.why.split())}" if reason else "NOT NOTICED")


def print_rules(changes: list[Change], results: Results) -> None:
    known = reasons()
    for rule in rules():
        print(f"\n{rule.says}")
        for test in rule.tests:
            print(f"    held by {test}")
        if rule.words:
            print(f"    {rule.words}")
        for pattern in rule.changes:
            for change in (c for c in changes if matches(pattern, c.key)):
                print(f"    {change.key}: {state_of(change, results, known)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--scratch", type=Path)
    options = parser.parse_args()
    numbered = list(enumerate(all_changes()))
    if options.list:
        print("\n".join(c.description for _, c in numbered))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        scratch = options.scratch or Path(temporary)
        scratch.mkdir(parents=True, exist_ok=True)
        results = Results(scratch / "results.jsonl")
        if options.rules:
            print_rules([c for _, c in numbered], results)
            return 0
        numbered = prepare(scratch, numbered)
        began = time.monotonic()
        if test := notices(scratch, -1, SOURCES[0], slice(2 if options.quick else None), 3600):
            print(f"the tests fail without any change: {test}")
            return 2
        patience = max(60.0, 10 * (time.monotonic() - began))
        wanted = [n for n in numbered if not options.only or any(part in n[1].description for part in options.only)]
        if options.sample is not None and options.sample < len(wanted):
            wanted = sorted(random.Random(options.seed).sample(wanted, options.sample), key=lambda n: n[0])

        known = reasons()

        def is_done(change: Change) -> bool:
            result = results.of(change)
            if result is None:
                return False
            again = options.again and reason_for(change, known) is None
            return result.noticed_by is not None or not (again or (result.quick and not options.quick))

        def steps_of(change: Change) -> slice:
            if options.quick:
                return slice(2)
            result = results.of(change)
            return slice(2 if result is not None and result.quick else 0, None)

        left = [n for n in wanted if not is_done(n[1])]
        for count, (change, test) in enumerate(tried(scratch, left, steps_of, options.jobs, patience), 1):
            results.add(change, test, options.quick)
            print(f"{count}/{len(left)} {'noticed' if test else 'SURVIVED'}: {change.description}", flush=True)
        return report([change for _, change in wanted], results)


if __name__ == "__main__":
    sys.exit(main())
