"""Changes the judgement one constant at a time and reports which change no test notices.

    python tests/mutate_judgement.py [--list] [--only TEXT] [--sample N] [--seed N] [--scratch DIR]

The sources of the judgement (SOURCES below) are copied with the rest of the tree into a scratch folder, built there
once, and then changed one place at a time: an event id is taken out of a list or a comparison, a length of time is
doubled, a severity or the name of a cause becomes another. After each change the C++ tests of that stage are built and
run. A change after which all of them pass is a survivor: a rule of the judgement that no test holds. Survivors are
printed, and the exit code is 1 when there are any.

Not part of tests/run: each change costs a compilation. Needs cmake, ninja and what the C++ build needs. --list prints
the changes without trying them, --only (once or more) tries those whose description holds a TEXT, --sample a random
choice of N. --scratch keeps the folder and uses it again.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAGE = Path("cpp/src/correlate")
SOURCES = [
    "meaning.cpp",
    "judge.cpp",
    "silence.cpp",
    "users.cpp",
    "verdict.cpp",
    "coverage.cpp",
    "tie_breaks.cpp",
    "world.cpp",
    "sightings.cpp",
    "changes.cpp",
]
LEFT_BEHIND = {".git", ".venv", "build", "__pycache__", ".ruff_cache", ".mypy_cache", ".pytest_cache"}
NEIGHBOUR = {"critical": "high", "high": "medium", "medium": "low", "low": "info"}


@dataclass(frozen=True)
class Change:
    source: str
    line: int
    begin: int
    end: int
    replacement: str
    text: str

    @property
    def description(self) -> str:
        old = self.text[self.begin : self.end]
        return f"{self.source}:{self.line}: {old} -> {self.replacement}   ({self.text.strip()[:90]})"


def changes_of_line(source: str, number: int, line: str) -> Iterator[Change]:
    code = line.split("//")[0]
    if code.lstrip().startswith("#") or not code.strip():
        return

    def change(match: re.Match[str], replacement: str, group: int = 0) -> Change:
        return Change(source, number, match.start(group), match.end(group), replacement, line)

    quoted = [m.span() for m in re.finditer(r'"(?:[^"\\]|\\.)*"', code)]

    def is_quoted(at: int) -> bool:
        return any(begin <= at < end for begin, end in quoted)

    for m in re.finditer(r"\b(\d+) \* ticks_per_(?:second|minute|hour|day)\b", code):
        yield change(m, str(int(m[1]) * 2), 1)
    for m in re.finditer(r"[-+] ticks_per_(?:minute|hour|day)\b", code):
        yield change(m, m[0][:2] + "2 * " + m[0][2:])
    for m in re.finditer(r"\b\d{3,5}u?\b", code):  # event ids; shorter ones below
        if not is_quoted(m.start()) and "constexpr std::size_t" not in code:
            yield change(m, "99999u" if m[0].endswith("u") else "99999")
    for m in re.finditer(r"(?:\b(?:id|event_id) [!=]= |trouble\{)(\d{1,2})\b", code):
        yield change(m, "99999", 1)
    for m in re.finditer(r"Severity::(critical|high|medium|low)\b", code):
        yield change(m, NEIGHBOUR[m[1]], 1)
    for m in re.finditer(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', code):  # names of causes and topics
        yield change(m, "no-such-name", 1)


def all_changes() -> list[Change]:
    found = []
    for source in SOURCES:
        text = (ROOT / STAGE / source).read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            found += list(changes_of_line(source, number, line))
    return found


def prepare(scratch: Path) -> None:
    """Brings the scratch tree to the state of this one; files that are equal keep their times."""
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        if LEFT_BEHIND & set(relative.parts) or not path.is_file():
            continue
        copy = scratch / relative
        if copy.exists() and copy.read_bytes() == path.read_bytes():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    subprocess.run(
        [
            "cmake",
            "-S",
            str(scratch),
            "-B",
            str(scratch / "build"),
            "-G",
            "Ninja",
            "-DSYNCLENS_TESTS=ON",
            "-DSYNCLENS_PYTHON=OFF",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def outcome(scratch: Path) -> str:
    """passed, failed or does not build."""
    built = subprocess.run(
        ["ninja", "-C", str(scratch / "build"), "-j2", "synclens_tests"], capture_output=True, text=True, check=False
    )
    if built.returncode != 0:
        return "does not build"
    tests = scratch / "build/tests/cpp/synclens_tests"
    try:
        ran = subprocess.run(
            [str(tests), "-sf=*correlate_*", "-aa=1"], capture_output=True, text=True, check=False, timeout=300
        )
    except subprocess.TimeoutExpired:
        return "failed"
    return "passed" if ran.returncode == 0 else "failed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scratch", type=Path)
    options = parser.parse_args()
    changes = [c for c in all_changes() if not options.only or any(part in c.description for part in options.only)]
    if options.sample is not None and options.sample < len(changes):
        changes = sorted(random.Random(options.seed).sample(changes, options.sample), key=lambda c: (c.source, c.line))
    if options.list:
        print("\n".join(c.description for c in changes))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        scratch = options.scratch or Path(temporary)
        prepare(scratch)
        if (unchanged := outcome(scratch)) != "passed":
            print(f"without any change: {unchanged}")
            return 2
        survivors = []
        for number, change in enumerate(changes, 1):
            target = scratch / STAGE / change.source
            original = target.read_text(encoding="utf-8")
            lines = original.splitlines(keepends=True)
            line = lines[change.line - 1]
            lines[change.line - 1] = line[: change.begin] + change.replacement + line[change.end :]
            target.write_text("".join(lines), encoding="utf-8")
            try:
                result = outcome(scratch)
            finally:
                target.write_text(original, encoding="utf-8")
            print(f"{number}/{len(changes)} {result}: {change.description}", flush=True)
            if result == "passed":
                survivors.append(change)
    print(f"{len(changes)} changes, {len(survivors)} that no test notices")
    for change in survivors:
        print(f"  {change.description}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
