#!/usr/bin/env python3
"""Times what Python gets out of logs against other readers, in turn in one go, and prints medians of the ratios.

    tables.py count  [--kind mix|security] [--mb 100] [--pairs 5] [--peer evtx_dump]
    tables.py frames [--kind mix|security] [--mb 100] [--pairs 5]
    tables.py xml    [--mb 30] [--pairs 5]
    tables.py others [--mb 3] [--pairs 5]
    tables.py memory [--pairs 1]

count: open, filter on provider and ids, count, in a running Python, one thread, against `evtx_dump -t 1 -o jsonl` as a
whole process and against a warm read() of the file. frames: to_pandas() and to_polars() of all columns, two threads,
against the `evtx` wheel with json.loads and a DataFrame. xml: an export of the log to a table, against lxml.iterparse
taking out the same fields. others: all records as XML, against python-evtx and against evtxexport of libevtx, whole
processes. memory: peak of `dump` and `analyze` on 100 and 400 MB, above an idle Python with the module.
Ratios above 1: we are faster; in brackets the same of processor time, which says more on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import synclens
from synclens import _core

MAKER = Path(os.environ.get("SYNCLENS_SHARED", "../shared")) / "tools" / "make_bench_log.py"
NS = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def made_log(folder: str, kind: str, mb: int) -> Path:
    log = Path(folder) / f"{kind}{mb}.evtx"
    subprocess.run([sys.executable, MAKER, log, "--mb", str(mb), "--kind", kind], check=True, stdout=subprocess.DEVNULL)
    return log


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of a call, its children included."""
    before, start = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - start, os.times()
    return wall, sum(after[:4]) - sum(before[:4])


def compare(name: str, ours: Callable[[], object], peer: Callable[[], object], pairs: int) -> None:
    ours()  # warm
    rows = [(cost(ours), cost(peer)) for _ in range(pairs)]
    ratio = statistics.median(p[0] / o[0] for o, p in rows)
    busy = statistics.median(p[1] / max(o[1], 1e-3) for o, p in rows)
    mine, theirs = (statistics.median(r[i][0] for r in rows) for i in (0, 1))
    print(f"{name:44} {mine:8.3f} s {theirs:8.3f} s  ratio {ratio:6.2f} ({busy:.2f})", flush=True)


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def warm_read(log: Path) -> None:
    block = bytearray(1 << 18)
    with log.open("rb", buffering=0) as file:
        while file.readinto(block):
            pass


def count(log: Path, a: argparse.Namespace) -> None:
    def ours() -> int:
        events = synclens.open(log, open_closed=True, threads=1).events
        return len(events.filter(provider="Microsoft-Windows-Security-Auditing", ids=[4624, 4625]))

    compare("count, against evtx_dump -o jsonl", ours, lambda: run(a.peer, "-t", "1", "-o", "jsonl", log), a.pairs)
    compare("count, against read()", ours, lambda: warm_read(log), a.pairs)


def frames(log: Path, a: argparse.Namespace) -> None:
    import pandas
    import polars
    from evtx import PyEvtxParser

    def rows() -> list[dict[str, object]]:
        found = []
        for record in PyEvtxParser(str(log)).records_json():
            event = json.loads(record["data"])["Event"]
            found.append({**event["System"], "data": event.get("EventData") or event.get("UserData")})
        return found

    def events() -> synclens.Events:
        return synclens.open(log, open_closed=True, threads=2).events

    compare("to_pandas", lambda: events().to_pandas(), lambda: pandas.DataFrame(rows()), a.pairs)

    def flat() -> list[dict[str, str]]:  # Polars takes no column of several shapes
        return [{name: str(value) for name, value in row.items()} for row in rows()]

    compare("to_polars", lambda: events().to_polars(), lambda: polars.DataFrame(flat()), a.pairs)


def xml(log: Path, a: argparse.Namespace) -> None:
    from lxml import etree

    export = log.with_suffix(".xml")
    with export.open("wb") as file:
        file.write(b"<Events>")
        _core.dump(str(log), file.write)
        file.write(b"</Events>")

    def ours() -> int:
        reader = _core.EventReader()
        reader.add_path(str(export), "export")
        return len(reader.finish())

    def peer() -> int:
        found = []
        for _, event in etree.iterparse(str(export), tag=NS + "Event", recover=True, huge_tree=True):
            row: dict[str, object] = {}
            for part in event[0]:
                row[part.tag] = part.text
                row.update(part.attrib)
            row["data"] = [(d.get("Name"), d.text) for d in event.iter(NS + "Data")]
            found.append(row)
            event.clear()
            while event.getprevious() is not None:
                del event.getparent()[0]
        return len(found)

    compare(f"XML of {export.stat().st_size / 1e6:.0f} MB, against lxml", ours, peer, a.pairs)


def others(log: Path, a: argparse.Namespace) -> None:
    print_all = "import sys, Evtx.Evtx as e\nwith e.Evtx(sys.argv[1]) as log:\n for r in log.records(): print(r.xml())"

    def ours() -> None:
        run(sys.executable, "-m", "synclens", "dump", str(log))

    compare("XML, against python-evtx", ours, lambda: run(sys.executable, "-c", print_all, log), a.pairs)
    compare("XML, against evtxexport", ours, lambda: run("evtxexport", "-f", "xml", log), a.pairs)


def peak(*command: str | Path) -> float:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 4):
        raise SystemExit(f"{command}: exit code {process.returncode}")
    return usage.ru_maxrss / 1024


def memory(folder: str, a: argparse.Namespace) -> None:
    idle = peak(sys.executable, "-c", "import synclens._core")
    print(f"idle Python with the module {idle:.0f} MiB")
    for mb in (100, 400):
        log = made_log(folder, a.kind, mb)
        for verb in (["dump", "--format", "jsonl"], ["analyze", "--format", "json"]):
            most = max(peak(sys.executable, "-m", "synclens", *verb, str(log)) for _ in range(a.pairs))
            print(f"{verb[0]:8} {mb:4} MB  peak {most:5.0f} MiB, {most - idle:5.0f} above idle", flush=True)
        log.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=("count", "frames", "xml", "others", "memory"))
    parser.add_argument("--kind", choices=("mix", "security"), default="mix")
    parser.add_argument("--mb", type=int)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--peer", default="evtx_dump")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if a.work == "memory":
            memory(folder, a)
        else:
            log = made_log(folder, a.kind, a.mb or {"xml": 30, "others": 3}.get(a.work, 100))
            {"count": count, "frames": frames, "xml": xml, "others": others}[a.work](log, a)


if __name__ == "__main__":
    main()
