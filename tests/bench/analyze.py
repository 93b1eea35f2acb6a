#!/usr/bin/env python3
"""Times `synclens analyze` as a whole process, from start to exit, and prints MB/s and peak memory.

    analyze.py SYNCLENS [--mb 100] [--records 200000] [--runs 5] [--peer evtx_dump]

Three inputs: a log of other programs' events (made by make_bench_log.py of the shared folder: what a customer's
Application log mostly holds), a log of nothing but password hash sync records as CSV, and a small log for the time
that a person waits. With --peer the first is also read by evtx_dump -t 1 -o jsonl, in turn with ours, and the median
of the paired ratios is printed (above 1: we are faster). Figures of a shared machine are noisy; quote the medians.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRAILER = (
    "\r\n\r\n<forest-info>\r\n  <partition-name>CONTOSO.COM</partition-name>\r\n"
    "  <connector-id>b891884f-051e-4a83-95af-2544101c9083</connector-id>\r\n</forest-info>"
)


def shared_folder() -> Path | None:
    """The folder with the real logs, where there is one."""
    named = os.environ.get("SYNCLENS_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if folder.is_dir() else None


def run(command: list[str]) -> tuple[float, float]:
    """Seconds from start to exit and peak memory in MiB of one run."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def password_sync_log(path: Path, records: int) -> None:
    """A CSV of batches, results and failures, one a second."""
    at = datetime(2026, 3, 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        out.writerow(["TimeCreated", "Id", "LevelDisplayName", "ProviderName", "Message"])
        for n in range(records):
            tracking = f"TrackingID : 6f0e0000-0000-4000-8000-{n // 4:012x}"
            dn = f"CN=User {n % 5000},OU=Staff,DC=contoso,DC=com"
            kind = n % 4
            if n % 97 == 0:
                event = (
                    611,
                    (
                        "Password hash synchronization failed for domain: emea.example, domain controller hostname: "
                        "dc1.emea.example, domain controller IP address: 10.1.1.5.\r\nDetails: \r\nMicrosoft.Online."
                        "PasswordSynchronization.SynchronizationManagerException: Recovery task failed. ---> RPC Error "
                        "8453 : Replication access was denied. There was an error calling _IDL_DRSGetNCChanges."
                    ),
                )
            elif kind == 0:
                event = (650, f"Provision credentials batch start. Count: 1. {tracking}{TRAILER}")
            elif kind == 1:
                event = (
                    656,
                    f"Password Change Request - Anchor : {n % 5000:022d}==, Dn : {dn}, Change Date : 03/01/2026 10:00:00{TRAILER}",
                )
            elif kind == 2:
                event = (
                    657,
                    f"Password Change Result - Anchor : {n % 5000:022d}==, Dn : {dn}, PwdChangeOnLogon=False, Result : Success.{TRAILER}",
                )
            else:
                event = (651, f"Provision credentials batch end. Count: 1. {tracking}{TRAILER}")
            stamp = (at + timedelta(seconds=n)).strftime("%m/%d/%Y %I:%M:%S %p")
            out.writerow([stamp, event[0], "Information", "Directory Synchronization", event[1]])


def report(name: str, path: Path, runs: list[tuple[float, float]]) -> None:
    seconds = statistics.median(r[0] for r in runs)
    size = path.stat().st_size / 1e6
    print(
        f"{name:34} {size:8.1f} MB  {seconds:6.2f} s  {size / seconds:7.0f} MB/s  peak {max(r[1] for r in runs):6.0f} MiB"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("synclens")
    parser.add_argument("--mb", type=int, default=100)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", help="evtx_dump, or where it is")
    a = parser.parse_args()
    analyze = [a.synclens, "analyze", "--format", "json"]
    with tempfile.TemporaryDirectory() as folder:
        shared = shared_folder()
        if shared is None:
            print("no shared folder: the log of other programs' events is left out", file=sys.stderr)
        else:
            log = Path(folder) / "mix.evtx"
            maker = shared / "tools" / "make_bench_log.py"
            subprocess.run([sys.executable, maker, log, "--mb", str(a.mb)], check=True, stdout=subprocess.DEVNULL)
            ours, peers = [], []
            for _ in range(a.runs):
                ours.append(run([*analyze, str(log)]))
                if a.peer:
                    peers.append(run([shutil.which(a.peer) or a.peer, "-t", "1", "-o", "jsonl", str(log)]))
            report("analyze, other programs' events", log, ours)
            if peers:
                report("evtx_dump -t 1 -o jsonl, the same", log, peers)
                ratio = statistics.median(p[0] / o[0] for o, p in zip(ours, peers, strict=True))
                print(f"{'median ratio, peer over ours':34} {ratio:8.2f}")
            small = shared / "data" / "oracle" / "Application.evtx"
            report("analyze, a small log", small, [run([*analyze, str(small)]) for _ in range(a.runs)])
        table = Path(folder) / "password-sync.csv"
        password_sync_log(table, a.records)
        report(
            f"analyze, {a.records} PHS records",
            table,
            [run([*analyze, str(table)]) for _ in range(max(1, a.runs // 2))],
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
