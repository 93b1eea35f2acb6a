#!/usr/bin/env python3
"""Holds a repaired wheel, its sdist and a clean environment with the wheel in it against what users need.

wheel_check.py WHEEL SDIST ENVIRONMENT
wheel_check.py --all ENVIRONMENT          what the extras add, in an environment with synclens[all]
wheel_check.py --compare WHEEL WHEEL      names the files that differ between two builds of the same sources
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WANTED = (
    "synclens/py.typed",
    "synclens/_core.pyi",
    "synclens/schema/analysis.schema.json",
    "synclens/report/templates/report.html.j2",
    "synclens/report/templates/report.css",
)
LICENSES = ("LICENSE", "cpp/licenses/THIRD-PARTY.txt")
STRANGE = re.compile(r"(^|/)(tests?|samples|notebooks|build|\.venv|\.git|\.ci|cpp/src)(/|$)|\.(cpp|hpp|o|a|pyc)$")


def check(holds: object, words: str) -> None:
    if not holds:
        sys.exit(f"wheel: {words}")


def contents(wheel: Path) -> None:
    """Everything that is needed is there, nothing else, and the lists of what is bundled are complete."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for name in WANTED:
            check(name in names, f"{name} is missing")
        for file in (ROOT / "python/synclens").rglob("*"):
            inside = file.relative_to(ROOT / "python").as_posix()
            if file.is_file() and "__pycache__" not in inside and not inside.endswith(".so"):
                check(inside in names, f"{inside} is missing")
        strange = sorted(n for n in names if STRANGE.search(n) and "/licenses/" not in n)
        check(not strange, f"these do not belong into a wheel: {strange}")
        info = next(n.split("/")[0] for n in names if ".dist-info/" in n)
        for name in LICENSES:
            check(f"{info}/licenses/{name}" in names, f"the licence {name} is missing")
        boms = [json.loads(archive.read(n)) for n in names if "/sboms/" in n and not n.endswith("/")]
        listed = {c["name"] for bom in boms for c in bom["components"]}
        check({"re2", "pugixml", "date", "tomlplusplus", "pybind11"} <= listed, f"the SBOM lists only {sorted(listed)}")
        licenses = archive.read(f"{info}/licenses/cpp/licenses/THIRD-PARTY.txt").decode()
        for grafted in (n for n in names if n.startswith("synclens.libs/")):
            name = re.sub(r"^lib|-.*$", "", grafted.split("/")[1])
            check(re.search(rf"^{re.escape(name)}\b", licenses, re.I | re.M) or name in ("date", "tomlplusplus"),
                  f"{grafted} is bundled without a licence")  # fmt: skip
        check(all(re.match(r"synclens([./]|-\d)", n) for n in names), "it installs something beside synclens")
    check("manylinux" in wheel.name, f"{wheel.name} is for this machine only")
    print(f"contents: {len(names)} files, {wheel.stat().st_size / 2**20:.1f} MiB, {wheel.name}")


def hardened(wheel: Path) -> None:
    """The module is linked as a program that reads strangers' files should be, and exports one name."""
    for tool in ("readelf", "nm"):
        if shutil.which(tool) is None:
            print(f"hardening: not looked at, no {tool}")
            return
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if re.match(r"synclens/_core.*\.so$", n))
        module = archive.extract(name, folder)
        shown = subprocess.run(["readelf", "-Wld", module], capture_output=True, text=True, check=True).stdout
        check("GNU_RELRO" in shown, "the module has no RELRO segment")
        check(re.search(r"BIND_NOW|FLAGS.*NOW", shown), "the module is not bound at load (full RELRO)")
        stack = next(line for line in shown.splitlines() if "GNU_STACK" in line)
        check("RWE" not in stack.split(), "the module's stack is executable")
        check("TEXTREL" not in shown, "the module has text relocations")
        check("RPATH" not in shown.replace("RUNPATH", "") or "$ORIGIN" in shown, "the module has a foreign RPATH")
        symbols = subprocess.run(["nm", "-D", module], capture_output=True, text=True, check=True).stdout
        exported = {line.split()[-1] for line in symbols.splitlines() if re.search(r" [TDBRVWu] ", line)}
        check(exported == {"PyInit__core"}, f"the module exports {sorted(exported)[:5]} ... ({len(exported)} names)")
        check("__stack_chk_fail" in symbols, "the module has no stack protector")
        fortified = set(re.findall(r"U (__\w+_chk)@", symbols)) - {"__stack_chk_fail"}
        check(fortified, "the module was not compiled with _FORTIFY_SOURCE")
        print(f"hardening: full RELRO, no executable stack, {', '.join(sorted(fortified))}, one exported name")


def source(sdist: Path) -> None:
    """The sdist holds what a build needs, and no machine's leftovers."""
    with tarfile.open(sdist) as archive:
        names = {n.split("/", 1)[1] for n in archive.getnames() if "/" in n}
    for name in ("CMakeLists.txt", "pyproject.toml", "README.md", "cpp/cmake/Dependencies.cmake", *LICENSES):
        check(name in names, f"the sdist lacks {name}")
    strange = sorted(n for n in names if re.search(r"(^|/)(build|\.venv|\.git|__pycache__|\.cache)(/|$)|\.so$", n))
    check(not strange, f"these do not belong into an sdist: {strange[:5]}")
    print(f"sdist: {len(names)} files, {sdist.stat().st_size / 2**20:.1f} MiB")


def works(environment: Path) -> None:
    """The command answers in an environment that has no compiler, no checkout and no settings of ours."""
    tools = environment / "bin"
    empty = Path(tempfile.mkdtemp())
    clean = {"PATH": str(tools), "HOME": str(empty), "LC_ALL": "C.UTF-8"}

    def run(*command: str | Path, code: int = 0) -> str:
        done = subprocess.run(list(map(str, command)), env=clean, cwd=empty, capture_output=True, text=True)
        check(done.returncode == code, f"{command} ends with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    for compiler in ("cc", "gcc", "g++", "c++", "clang", "cmake"):
        check(shutil.which(compiler, path=clean["PATH"]) is None, f"{compiler} is in the clean environment")
    version = re.search(r"project\(synclens VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())
    assert version is not None
    check(run(tools / "synclens", "--version").strip() == f"synclens {version[1]}", "the version is another")
    check("8453" in run(tools / "python", "-m", "synclens", "explain", "8453"), "explain has no answer")
    run(tools / "synclens", "rules", "test")
    made = subprocess.run(
        [sys.executable, ROOT / "samples/make.py", "--out", empty / "samples", "--only", "emea-permission"],
        capture_output=True, text=True,
    )  # fmt: skip
    check(made.returncode == 0, made.stderr)
    bundle = next((empty / "samples").rglob("*.zip"), None) or empty / "samples"
    raw = json.loads(run(tools / "synclens", "analyze", bundle, "--format", "json"))
    check(raw["findings"][0]["cause"] == "replication-permission-missing", "the sample's diagnosis is another")
    run(tools / "synclens", "analyze", bundle, "--format", "html", code=2)  # says which extra is missing
    where = run(tools / "python", "-c", "import synclens._core as c; print(c.__file__)").strip()
    check(os.path.realpath(where).startswith(os.path.realpath(environment)), f"it runs {where}")
    print(f"works: {raw['verdict']['summary']}")


def extras(environment: Path) -> None:
    """Page with its chart, pandas, Polars, DuckDB and Parquet answer where synclens[all] was installed."""
    program = """
import sys, synclens, duckdb
case = synclens.open(sys.argv[1])
page = case.report().render("html")
assert "<svg" in page and "pip install" not in page
events = case.events
size = len(events)
assert len(events.to_pandas()) == len(events.to_polars()) == duckdb.sql("from events").shape[0] == size > 0
case.findings.to_parquet("findings.parquet")
print(f"extras: a page with its chart, {size} events in pandas, Polars and DuckDB, findings as Parquet")
"""
    with tempfile.TemporaryDirectory() as folder:
        make = [sys.executable, ROOT / "samples/make.py", "--out", folder, "--only", "emea-permission"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        bundle = next(Path(folder).rglob("*.zip"))
        done = subprocess.run(
            [environment / "bin/python", "-I", "-c", program, bundle], cwd=folder, capture_output=True, text=True
        )
        check(done.returncode == 0, f"the extras do not answer: {done.stderr[-2000:]}")
        print(done.stdout.strip())


def compare(first: Path, second: Path) -> None:
    """Names every file that differs between two wheels, and fails when one does."""
    digests = []
    for wheel in (first, second):
        with zipfile.ZipFile(wheel) as archive:
            digests.append({n: hashlib.sha256(archive.read(n)).hexdigest() for n in archive.namelist()})
    differing = sorted(n for n in {*digests[0], *digests[1]} if digests[0].get(n) != digests[1].get(n))
    check(not differing, f"two builds differ in {differing}")
    same = hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest()
    print(f"reproducible: {len(digests[0])} files are the same; the wheels' bytes are {'too' if same else 'not'}")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--compare"]:
        compare(Path(arguments[1]), Path(arguments[2]))
        return
    if arguments[:1] == ["--all"]:
        extras(Path(arguments[1]).resolve())
        return
    wheel, sdist, environment = (Path(a).resolve() for a in arguments)
    contents(wheel)
    hardened(wheel)
    source(sdist)
    works(environment)


if __name__ == "__main__":
    main(sys.argv[1:])
