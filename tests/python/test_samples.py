"""samples/MANIFEST.toml against the files, and against what `synclens analyze` says of them."""

from __future__ import annotations

import collections
import importlib.util
import io
import json
import os
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
import zipfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "samples"))

import make  # noqa: E402
from makers.event_templates import NAMESPACE  # noqa: E402


@cache
def sample(name: str) -> dict[str, bytes]:
    """File name to content; made once."""
    return make.SAMPLES[name]()


@pytest.fixture(scope="session")
def samples_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("samples")


def paths(folder: Path, name: str, files: list[str]) -> list[Path]:
    """The sample's files on disk."""
    where = folder / name
    if not where.exists():
        where.mkdir(parents=True)
        for file, content in sample(name).items():
            (where / file).write_bytes(content)
    return [where / file for file in files]


MANIFEST = tomllib.loads((ROOT / "samples" / "MANIFEST.toml").read_text("utf-8"))["sample"]
KEYS = {
    "name",
    "files",
    "args",
    "together",
    "exit",
    "verdict",
    "since",
    "findings",
    "checks",
    "users",
    "records",
    "problems",
}


def _runs() -> list:
    """One run per file, or one with all of them."""
    runs = []
    for entry in MANIFEST:
        groups = [entry["files"]] if entry.get("together") else [[file] for file in entry["files"]]
        runs += [pytest.param(entry, files, id=f"{entry['name']}:{'+'.join(files)}") for files in groups]
    return runs


def _missing_tool(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def test_the_manifest_speaks_of_every_sample_and_every_file():
    described = collections.defaultdict(set)
    for entry in MANIFEST:
        assert set(entry) <= KEYS, entry["name"]
        described[entry["name"]] |= set(entry["files"])
    assert {name: set(sample(name)) for name in make.SAMPLES} == dict(described)


def test_there_are_a_healthy_and_ten_failing_bundles():
    bundles = {e["name"]: e["verdict"] for e in MANIFEST if e["files"] == ["MECLOG.zip"]}
    assert "healthy" in bundles.values()
    assert sum(verdict in ("failing", "degraded") for verdict in bundles.values()) >= 10


@pytest.mark.parametrize("name", make.SAMPLES)
def test_the_same_bytes_every_time(name):
    assert make.SAMPLES[name]() == sample(name)


def test_make_writes_what_was_asked_for_and_nothing_else(tmp_path, capsys):
    assert make.main(["--out", str(tmp_path), "--only", "tables", "--only", "staging"]) == 0
    written = {str(p.relative_to(tmp_path)): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {f"{name}/{file}": data for name in ("tables", "staging") for file, data in sample(name).items()}
    make.main(["--list"])
    assert capsys.readouterr().out.split() == list(make.SAMPLES)


def test_the_demo_is_small():
    assert len(sample("emea-permission")["MECLOG.zip"]) < 1_000_000


def _bundles() -> list[str]:
    return [name for name in make.SAMPLES if set(sample(name)) == {"MECLOG.zip"}]


@pytest.mark.parametrize("name", _bundles())
def test_a_bundle_has_the_collectors_layout(name):
    with zipfile.ZipFile(io.BytesIO(sample(name)["MECLOG.zip"])) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert all(member.startswith("MECLOG/2026") for member in names)
        for part in ("_Application.evtx", "_SystemEvent.evtx", "_Get-ADSyncRunProfileResult.csv"):
            assert sum(member.endswith(part) for member in names) == 1
        text = archive.read(next(m for m in names if m.endswith("Get-ADSyncScheduler.txt")))
        assert text.startswith(b"\xff\xfe") and "StagingModeEnabled" in text.decode("utf-16")


def _event_log(name: str) -> bytes:
    files = sample(name)
    if "MECLOG.zip" not in files:
        return next(data for file, data in files.items() if file.endswith(".evtx"))
    with zipfile.ZipFile(io.BytesIO(files["MECLOG.zip"])) as archive:
        return archive.read(next(m for m in archive.namelist() if m.endswith("_Application.evtx")))


@pytest.mark.parametrize("entry", [e for e in MANIFEST if "records" in e], ids=lambda e: e["name"])
def test_the_log_holds_the_records_that_the_manifest_counts(entry):
    """By an independent reader, and only those of password sync's own providers: others use the same ids."""
    if importlib.util.find_spec("evtx") is None:
        _missing_tool("the evtx wheel is not installed")
    import evtx

    tag = "{" + NAMESPACE + "}"
    counts = collections.Counter()
    for record in evtx.PyEvtxParser(io.BytesIO(_event_log(entry["name"]))).records():
        system = ET.fromstring(record["data"]).find(tag + "System")
        if system.find(tag + "Provider").get("Name") in ("Directory Synchronization", "ADSync"):
            counts[system.find(tag + "EventID").text] += 1
    assert {id_: counts[id_] for id_ in entry["records"]} == entry["records"]


def test_every_form_of_the_one_log_holds_the_same_events():
    files = sample("one-log")
    want = files["wevtutil.xml"].decode("utf-8").count("<EventID Qualifiers='0'>611<")
    assert want == 185
    text = {
        name: data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig")
        for name, data in files.items()
        if not name.endswith(".evtx")
    }
    assert text["EventViewer.xml"].count(">611</EventID>") == want
    assert text["EventViewer.csv"].count(",611,") == text["EventViewer.txt"].count("\t611\t") == want
    assert text["Get-WinEvent.csv"].count('"611"') == want
    assert text["Format-List.txt"].count(" : 611\r\n") == text["pasted.txt"].count("Event ID:      611\r\n") == want
    assert text["Export-Clixml.xml"].count('<I32 N="Id">611</I32>') == want
    ET.fromstring(text["Export-Clixml.xml"])
    assert len(ET.fromstring(text["EventViewer.xml"].split("?>", 1)[1])) == text["wevtutil.xml"].count("<Event ")


# -- what the analyzer says


def _analyze(entry: dict, files: list[Path]) -> tuple[int, dict]:
    if importlib.util.find_spec("synclens") is None:
        _missing_tool("synclens is not installed")
    command = [sys.executable, "-m", "synclens", "analyze", "--format", "json", *entry.get("args", [])]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, check=False, timeout=120)
    assert done.stdout, done.stderr.decode("utf-8", "replace")
    return done.returncode, json.loads(done.stdout)


def _second(time: str | None) -> str:
    return time[:19] if time else "none"


def _name_matches(want: str, scope: dict) -> bool:
    name = (scope["name"] or "none").lower()
    if scope["kind"] == "server":
        name, want = name.split(".")[0], want.split(".")[0]
    return name == want.lower()


def _expected(entry: dict) -> list[dict]:
    return [want for want in entry["findings"] for _ in range(want.get("times", 1))]


@pytest.mark.parametrize(("entry", "files"), _runs())
def test_analyze_says_what_the_manifest_says(entry, files, samples_folder):
    code, report = _analyze(entry, paths(samples_folder, entry["name"], files))
    found = [(f["cause"], f["scope"]["kind"], f["status"]) for f in report["findings"]]
    expected = _expected(entry)
    assert found == [(w["cause"], w["scope"], w["status"]) for w in expected]
    for want, got in zip(expected, report["findings"], strict=True):
        assert _name_matches(want.get("name", got["scope"]["name"] or "none"), got["scope"]), got["scope"]
        assert got["count"] == want.get("count", got["count"]), want
        assert _second(got["first_seen"]) == want.get("since", _second(got["first_seen"])), want
        assert _second(got["recovered_at"]) == want.get("recovered_at", _second(got["recovered_at"])), want
        assert got["fix"] and got["references"], want
    assert report["verdict"]["status"] == entry["verdict"], report["verdict"]
    assert _second(report["verdict"]["since"]) == entry.get("since", _second(report["verdict"]["since"]))
    for want in entry.get("checks", []):
        states = [
            c["status"]
            for c in report["checks"]
            if c["id"] == want["id"] and ("name" not in want or _name_matches(want["name"], c["scope"]))
        ]
        assert states and set(states) == {want["status"]}, want
    users = {user["dn"]: user["status"] for user in report["users"]}
    assert {dn: users.get(dn) for dn in entry.get("users", {})} == entry.get("users", {})
    assert any(i["problems"] for i in report["inputs"]) == entry.get("problems", False)
    assert code == entry["exit"]
