"""Folders, pipes and single files as an unkind file system has them."""

from __future__ import annotations

import errno
import gzip
import io
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

import logs
import synclens
from makers.event import Event
from makers.evtx_writer import encode_evtx
from packing import seen, tarred, zipped
from synclens.bundle import Limits, Unread, walk

XML = logs.denied()
NOBODY = 65_534


def test_loops_of_links_end(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/log.xml").write_bytes(XML)
    (tmp_path / "a/b/up").symlink_to(tmp_path)
    (tmp_path / "a/b/self").symlink_to("self")
    found = seen(tmp_path)
    assert found.pop(f"{tmp_path}/a/log.xml") == XML
    assert set(found.values()) == {("a link: not followed", False)}
    assert "symbolic link" in seen(tmp_path / "a/b/self")[f"{tmp_path}/a/b/self"][0]
    assert list(seen(tmp_path / "a/b/up/a/log.xml").values()) == [XML], "a link that was given is meant"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_link_or_pipe_with_the_name_of_a_log_is_a_problem(tmp_path):
    (tmp_path / "log.xml").write_bytes(XML)
    (tmp_path / "Application.EVTX").symlink_to("log.xml")
    os.mkfifo(tmp_path / "bundle.zip")
    found = seen(tmp_path)
    for name, what in (("Application.EVTX", "a link"), ("bundle.zip", "a pipe")):
        said = f"{what}: not followed; give it by itself if it is meant"
        assert found[f"{tmp_path}/{name}"] == (said, True)
    assert seen(tmp_path / "Application.EVTX") == {f"{tmp_path}/Application.EVTX": XML}
    assert synclens.open(tmp_path).is_partial


def test_folders_go_deeper_than_a_stack_of_calls(tmp_path, monkeypatch):
    depth = sys.getrecursionlimit() + 100
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    Path("log.xml").write_bytes(XML)
    os.chdir(tmp_path)
    (item,) = walk([Path("d")], limits=Limits(folders=depth))
    assert item.name == "d/" * depth + "log.xml"
    assert synclens.open("d", limits=Limits(folders=depth)).verdict.status == "failing"
    for _ in range(depth):  # pytest's own removal is recursive
        os.chdir("d")
    os.remove("log.xml")
    for _ in range(depth):
        os.chdir("..")
        os.rmdir("d")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root, to become nobody")
def test_what_may_not_be_read_is_a_problem_with_the_reason(tmp_path):
    (tmp_path / "log.xml").write_bytes(XML)
    (tmp_path / "secret.xml").write_bytes(XML)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/log.xml").write_bytes(XML)
    for name in ("secret.xml", "folder"):
        (tmp_path / name).chmod(0)
    for folder in [tmp_path, *tmp_path.parents]:
        if folder != Path("/") and folder.stat().st_uid == 0 and str(folder) not in ("/tmp", "/var", "/home"):
            folder.chmod(folder.stat().st_mode | 0o055)
    code = (
        "import os, sys; from packing import seen; seen(sys.argv[1]); "  # once as root: then all is imported
        f"os.setuid({NOBODY}); print(*sorted(map(str, seen(sys.argv[1]).items())), sep='\\n')"
    )
    paths = os.pathsep.join(filter(None, [os.path.dirname(__file__), *sys.path]))
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"('{tmp_path}/folder', ('no permission to read it', True))" in done.stdout
    assert f"('{tmp_path}/secret.xml', ('no permission to read it', True))" in done.stdout
    assert f"('{tmp_path}/log.xml', b" in done.stdout


def test_names_that_are_not_utf8_are_read(tmp_path):
    path = os.fsencode(tmp_path) + b"/l\xf6g.xml"
    with open(path, "wb") as file:
        file.write(XML)
    case = synclens.open(tmp_path)
    assert case.verdict.status == "failing"
    assert [i.path for i in case.inputs] == [f"{tmp_path}/l\ufffdg.xml"]
    assert synclens.open(os.fsdecode(path)).verdict.status == "failing"
    assert len(case.events) > 0


def test_a_file_that_vanishes_meanwhile_is_a_problem(tmp_path):
    for name in ("a.xml", "b.xml", "c.xml"):
        (tmp_path / name).write_bytes(XML)
    reasons = {}
    for item in walk([tmp_path]):
        if isinstance(item, Unread):
            reasons[item.name] = item.reason
        elif item.name.endswith("a.xml"):
            (tmp_path / "b.xml").unlink()
    assert reasons == {f"{tmp_path}/b.xml": "no such file or folder"}


def test_a_file_that_vanishes_before_the_core_opens_it(tmp_path, monkeypatch):
    from synclens import case as module

    (tmp_path / "a.xml").write_bytes(XML)
    (tmp_path / "b.xml").write_bytes(XML)
    feed = module.feed

    def late(reader, item, hashes=None):
        if item.name.endswith("b.xml"):
            (tmp_path / "b.xml").unlink()
        return feed(reader, item, hashes)

    monkeypatch.setattr(module, "feed", late)
    case = synclens.open(tmp_path)
    assert case.is_partial
    assert case.verdict.status == "failing"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("content", [XML, zipped({"log.xml": XML})], ids=["log", "zip"])
def test_a_lone_pipe_is_read_as_a_stream(tmp_path, content):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write():
        with open(pipe, "wb") as file:
            file.write(content)

    threading.Thread(target=write).start()
    case = synclens.open(pipe)
    assert case.verdict.status == "failing"
    assert case.inputs[0].path.startswith(str(pipe))
    assert len(case.events) > 0, "the events go through it again"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("seconds", [3e6, 1e10, float("inf")])
def test_a_pipe_is_waited_for_as_long_as_anybody_asks(tmp_path, seconds):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    threading.Timer(0.1, lambda: pipe.write_bytes(XML)).start()
    assert synclens.open(pipe, limits=Limits(seconds=seconds)).verdict.status == "failing"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_that_nobody_writes_into_ends_with_the_time(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (item,) = walk([tmp_path / "pipe"], limits=Limits(seconds=0.2))
    assert "nobody wrote into this pipe" in item.reason
    assert "--max-seconds" in item.reason
    with pytest.raises(synclens.UnsupportedInput, match="nobody wrote into this pipe"):
        synclens.open(tmp_path / "pipe", limits=Limits(seconds=0.2))


def test_a_stream_too_large_to_be_held_is_named_and_the_rest_is_read():
    class Endless(io.RawIOBase):
        name = "endless"

        def read(self, size=-1, /):
            return bytes(min(size, 1 << 20))

    case = synclens.open([Endless(), XML], limits=Limits(memory=5 << 20))
    assert case.verdict.status == "failing"
    assert [u.name for u in case.left] == ["endless"]
    assert "--max-memory" in case.left[0].reason
    assert case.is_partial


def test_devices_are_not_followed():
    (item,) = walk(["/dev/zero"])
    assert item.reason == "a device: not followed"
    assert item.is_problem


def test_what_the_disk_does_not_give_is_said_in_words(tmp_path):
    class Failing(io.BytesIO):
        def __init__(self, content, good):
            super().__init__(content)
            self.good = good

        def read(self, size=-1, /):
            if self.tell() + max(size, 0) > self.good:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

    assert seen(Failing(XML, 0)) == {"source 1": ("input/output error", True)}
    for pack in (gzip.compress, tarred_log, zipped_log):
        packed = pack(XML + os.urandom(400_000))
        items = walk([Failing(packed, 120_000)])
        reasons = [item.reason for item in items if isinstance(item, Unread)]
        assert not any("Errno" in reason or "damaged: input" in reason for reason in reasons)


def tarred_log(content):
    return tarred({"log.xml": content, "b.xml": XML})


def zipped_log(content):
    return zipped({"log.xml": content})


def test_a_security_log_is_known_by_its_name_or_its_channel(tmp_path):
    at = datetime(2026, 11, 3, tzinfo=UTC)
    for name, channel in (
        ("renamed.evtx", "Security"),
        ("DC1_Security.evtx", "Application"),
        ("app.evtx", "Application"),
    ):
        events = [Event("Security", 4624, at, ["Security"], channel=channel, record_id=n) for n in (1, 2)]
        (tmp_path / name).write_bytes(encode_evtx(events))
    items = {item.name.removeprefix(f"{tmp_path}/"): item for item in walk([tmp_path])}
    assert items["app.evtx"].kind == "evtx"
    for name in ("renamed.evtx", "DC1_Security.evtx"):
        assert items[name].kind == "closed"
        assert "a Security log, left closed on purpose; --open-closed" in items[name].reason
        assert not items[name].is_problem
    assert {item.kind for item in walk([tmp_path], open_closed=True)} == {"evtx"}
    assert [i.kind for i in synclens.open([tmp_path, XML]).inputs].count("closed") == 2


@pytest.mark.parametrize("form", ["viewer_xml", "wevtutil_xml", "winevent_csv", "clixml", "format_list", "viewer_csv"])
def test_an_export_of_a_security_log_is_known_like_the_log(tmp_path, form):
    from makers import windows_text

    at = datetime(2026, 11, 3, tzinfo=UTC)
    suffix = "xml" if form in ("viewer_xml", "wevtutil_xml", "clixml") else "csv" if form.endswith("csv") else "txt"
    make = getattr(windows_text, form)

    def write(name, *channels):
        events = [Event("Security", 4624, at, ["Security"], channel=c, record_id=n) for n, c in enumerate(channels, 1)]
        (tmp_path / f"{name}.{suffix}").write_bytes(make(events))

    write("DC1_Security", "Application", "Application")
    write("app", "Application", "Application")
    write("both", "Security", "Application")
    write("renamed", "Security", "Security")
    kinds = {item.name.rsplit("/", 1)[-1].partition(".")[0]: item.kind for item in walk([tmp_path])}
    states_channel = form in ("viewer_xml", "wevtutil_xml", "winevent_csv", "clixml")
    assert {name for name, kind in kinds.items() if kind == "closed"} == (
        {"DC1_Security", "renamed"} if states_channel else {"DC1_Security"}
    )
    assert "closed" not in {item.kind for item in walk([tmp_path], open_closed=True)}
    # settings may be called so
    (tmp_path / "security.txt").write_text("StagingModeEnabled : True\n")
    assert {i.name: i.kind for i in walk([tmp_path])}[f"{tmp_path}/security.txt"] == "settings"
