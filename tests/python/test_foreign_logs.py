"""Real logs that have nothing to do with password hash sync: nothing is found in them, and nothing is called fine."""

from __future__ import annotations

from pathlib import Path

import pytest

import knowledge_folder
import synclens
from synclens import _core
from synclens.catalogue import load

KINDS = ("*.evtx", "*.xml")


def real_logs() -> list[Path]:
    data = knowledge_folder.shared() / "data"
    found = sorted(path for folder in ("evtx", "oracle") for kind in KINDS for path in (data / folder).rglob(kind))
    assert len(found) > 100
    return found


def diagnosis(path: Path, **options: bool) -> dict:
    analyzer = _core.Analyzer(load(), **options)
    kind = analyzer.add_path(str(path), path.name)
    said = analyzer.conclude()
    assert kind in ("evtx", "event_xml", "closed"), path.name
    if kind == "closed":
        assert "security" in path.name.lower() or said["inputs"][0]["notes"], path.name
    return said


@pytest.mark.parametrize("open_closed", [False, True])
def test_every_real_log_says_unknown(open_closed):
    records = 0
    for path in real_logs():
        said = diagnosis(path, open_closed=open_closed, recover=open_closed)
        assert said["findings"] == [], (path.name, [f["cause"] for f in said["findings"]])
        assert said["verdict"]["status"] == "unknown", path.name
        assert said["verdict"]["summary"] and said["verdict"]["since"] is None, path.name
        assert said["users"] == [] and all(check["status"] != "pass" for check in said["checks"]), path.name
        assert said["unclassified"] == [], path.name  # of its own providers only
        records += said["inputs"][0]["records"]
    assert records > 10_000  # they were read


def test_all_of_them_together_say_unknown():
    said = synclens.open(real_logs(), open_closed=True).to_dict()
    assert said["findings"] == [] and said["verdict"]["status"] == "unknown"
    assert len(said["inputs"]) >= len(real_logs())
