"""A script as users write it: it runs, and mypy in strict mode finds nothing to complain about."""

from __future__ import annotations

import sys
from typing import assert_type

import synclens


def main(path: str) -> int:
    try:
        case = synclens.open(path, tz="Europe/Berlin", limits=synclens.Limits(seconds=60))
    except synclens.UnsupportedInput as error:
        print(error, file=sys.stderr)
        return 3
    assert_type(case.verdict.since, str | None)
    for finding in case.findings.where(status="ongoing"):
        assert_type(finding, synclens.Finding)
        print(finding.severity, finding.scope, finding.title)
        for step in finding.fix:
            print("   ", step.command or step.text)
    assert_type(case.findings[:1][0].count, int)
    for check in case.checks:
        assert_type(check, synclens.Check)
    for user in case.users:
        assert_type(user.history, tuple[str, ...])
    assert_type(case.coverage.gaps[0].start if case.coverage.gaps else None, str | None)
    failures = case.events.filter(provider="Directory Synchronization", ids=[611])
    assert_type(failures[0].data, tuple[tuple[str | None, str], ...])
    print(len(failures), failures[0].time, len(failures[1:]))
    print(failures.to_polars().height, case.findings.to_pandas().shape)
    for scanned in synclens.scan([path], jobs=1, timeout=60):
        assert_type(scanned, synclens.Scanned)
        print(scanned.outcome, scanned.case.verdict.status)
    print(case.report().render("md").splitlines()[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
