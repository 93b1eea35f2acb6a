#!/usr/bin/env python3
"""Makes the sample bundles and lone files: what customers send, healthy and broken. The same bytes every time.

    python samples/make.py --out samples/out
    python samples/make.py --out /tmp/demo --only emea-permission

What `synclens analyze` must say of each stands in MANIFEST.toml. Every name and address in them is invented.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from makers import lone_files, scenarios_domain, scenarios_hostile, scenarios_server, scenarios_tenant


def _zip(make: Callable[[], bytes]) -> Callable[[], dict[str, bytes]]:
    return lambda: {"MECLOG.zip": make()}


SAMPLES: dict[str, Callable[[], dict[str, bytes]]] = {
    "healthy": _zip(scenarios_domain.healthy),
    "emea-permission": _zip(scenarios_domain.emea_permission),
    "only-dc-unreachable": _zip(scenarios_domain.only_dc_unreachable),
    "ad-account-credential": _zip(scenarios_domain.ad_account_credential),
    "cloud-credential": _zip(scenarios_tenant.cloud_credential),
    "tenant-feature-disabled": _zip(scenarios_tenant.tenant_feature_disabled),
    "staging": _zip(scenarios_server.staging),
    "service-stopped": _zip(scenarios_server.service_stopped),
    "channel-silent": _zip(scenarios_server.channel_silent),
    "user-problems": _zip(scenarios_server.user_problems),
    "initial-sync": _zip(scenarios_server.initial_sync),
    "certificate": _zip(scenarios_tenant.certificate),
    "recovered-outage": _zip(scenarios_domain.recovered_outage),
    "two-forests": _zip(scenarios_domain.two_forests),
    "dirsync": lambda: {"Application.evtx": scenarios_domain.dirsync()},
    "damaged-log": lambda: {"AADC01_Application.evtx": scenarios_hostile.damaged_log()},
    "hostile": _zip(scenarios_hostile.hostile),
    "one-log": lone_files.one_log,
    "tables": lone_files.tables,
    "transcripts": lone_files.transcripts,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "out", help="folder to write to")
    parser.add_argument(
        "--only", action="append", metavar="NAME", choices=SAMPLES, help="only this sample; may be repeated"
    )
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    options = parser.parse_args(arguments)
    if options.list:
        print("\n".join(SAMPLES))
        return 0
    for name in options.only or SAMPLES:
        folder = options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in SAMPLES[name]().items():
            (folder / file).write_bytes(content)
            print(f"{folder / file}  {len(content):,} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
