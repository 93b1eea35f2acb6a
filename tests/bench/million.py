#!/usr/bin/env python3
"""What a log of a million password hash sync records costs, as EVTX and as CSV: time and memory.

    million.py [--records 1000000] [--runs 3] [--keep DIR]

Run with the Python that synclens is installed in. Two logs are made: `busy`, in which everything works (batches of one
user, pings), and `failing`, in which one domain of two fails every two minutes beside it. For each, whole processes:

  read      synclens.open(path).events, which reads all records into columns
  analyze   synclens analyze --format json, its output thrown away

and the same with a quarter of the records. Printed are medians of processor time (user and system), the ratio of each
pair of analyze to read, peak memory, and the bytes by which the peak grows for each record more. Smaller is better.
Processor time, since a shared machine's wall clock says little.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "samples"))

from makers import phs_text as phs  # noqa: E402
from makers.event import Event  # noqa: E402
from makers.evtx_writer import write_evtx  # noqa: E402

USERS = 5_000
CONNECTOR = phs.guid("million")
READ = "import sys, synclens; synclens.open(sys.argv[1]).events.__arrow_c_stream__()"


def made_events(records: int, failing: bool) -> Iterator[Event]:
    """Batches of one user every eight seconds, a ping every half hour, and if asked for, failures of one domain."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    trailer = phs.trailer("CONTOSO.COM", CONNECTOR)
    denied = phs.head_611("emea.example", "dc1.emea.example", "10.1.1.5") + phs.NL + "Details: " + phs.NL
    denied += phs.drs_details(8453, "Replication access was denied.")
    number = 0

    def event(event_id: int, text: str, seconds: float, level: int = 4) -> Event:
        nonlocal number
        number += 1
        when = at + timedelta(seconds=seconds)
        return Event("Directory Synchronization", event_id, when, [text], level=level, record_id=number)

    n = 0
    while number < records:
        tracking = f" TrackingID : {phs.guid('batch', n)}"
        dn = f"CN=User {n % USERS},OU=Staff,DC=contoso,DC=com"
        yield event(650, f"Provision credentials batch start. Count: 1.{tracking}{trailer}", 0.1)
        yield event(656, phs.request(dn, at.strftime("%m/%d/%Y %H:%M:%S")) + trailer, 0.2)
        yield event(657, phs.result(dn) + trailer, 1.5)
        yield event(651, f"Provision credentials batch end. Count: 1.{tracking}{trailer}", 1.6)
        if n % 225 == 0:
            tracking = f" TrackingID : {phs.guid('ping', n)}"
            yield event(653, f"Provision credentials ping start.{tracking}{trailer}", 2.0)
            yield event(654, f"Provision credentials ping end.{tracking}{trailer}", 2.9)
        if failing and n % 15 == 0:
            yield event(611, denied, 3.0, 2)
        at += timedelta(seconds=8)
        n += 1


def write_csv(path: Path, events: Iterator[Event]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        out.writerow(["TimeCreated", "Id", "LevelDisplayName", "ProviderName", "RecordId", "LogName", "Message"])
        for e in events:
            stamp = e.time.strftime("%m/%d/%Y %I:%M:%S %p")
            level = "Error" if e.level == 2 else "Information"
            out.writerow([stamp, e.id, level, e.provider, e.record_id, e.channel, e.text])


def run(command: list[str]) -> tuple[float, float]:
    """Seconds of processor time and peak memory in MiB of one process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="keep the logs there, and use them again")
    options = parser.parse_args()
    synclens = str(Path(sys.executable).parent / "synclens")
    print(
        f"{'log':22} {'records':>9} {'MB':>6} {'read s':>7} {'analyze s':>9} {'ratio':>6} {'peak MiB':>8} bytes/record"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for kind in ("busy", "failing"):
            for suffix in ("evtx", "csv"):
                peaks: list[tuple[int, float]] = []
                for records in (options.records // 4, options.records):
                    path = folder / f"{kind}-{records}.{suffix}"
                    if not path.exists():
                        events = made_events(records, kind == "failing")
                        part = path.with_suffix(".part")  # an interrupted run leaves no log that looks whole
                        if suffix == "csv":
                            write_csv(part, events)
                        else:
                            write_evtx(part, events)
                        part.rename(path)
                    reads, analyses = [], []
                    for _ in range(options.runs):
                        reads.append(run([sys.executable, "-c", READ, str(path)]))
                        analyses.append(run([synclens, "analyze", "--format", "json", str(path)]))
                    peak = max(p for _, p in analyses)
                    growth = ""
                    if peaks:
                        growth = f"{(peak - peaks[0][1]) * 2**20 / (records - peaks[0][0]):8.0f}"
                    peaks.append((records, peak))
                    ratio = statistics.median(a[0] / r[0] for a, r in zip(analyses, reads, strict=True))
                    seconds = statistics.median(a[0] for a in analyses)
                    print(
                        f"{path.name:22} {records:9} {path.stat().st_size / 1e6:6.0f}"
                        f" {statistics.median(r[0] for r in reads):7.2f} {seconds:9.2f} {ratio:6.2f} {peak:8.0f} {growth}",
                        flush=True,
                    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
