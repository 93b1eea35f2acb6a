"""The walk through what a customer sent."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logs
from synclens.bundle import Limits, Member, Unread, walk

XML = logs.healthy()


def zipped(members, **how) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, **how)
    return out.getvalue()


def tarred(members, mode="w", mtime=0) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), mtime
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def content_of(item: Member) -> bytes:
    if item.path is not None:
        with open(item.path, "rb") as file:
            return file.read()
    parts = []
    while part := item.stream.read(1 << 16):
        parts.append(part)
    return b"".join(parts)


def seen(*sources, **how):
    """name -> content for members, (reason, is_problem) for the rest."""
    found = {}
    for item in walk(sources, **how):
        assert item.name not in found or isinstance(item, Unread)
        found[item.name] = content_of(item) if isinstance(item, Member) else (item.reason, item.is_problem)
    return found


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


def test_a_lone_file_is_read_from_its_path(put):
    path = put("log.xml", XML)
    (item,) = walk([path])
    assert (item.name, item.path, item.kind, item.given) == (str(path), str(path), "event_xml", True)
    assert item.collected is None


def test_bytes_and_file_objects():
    assert list(seen(XML).values()) == [XML]
    assert list(seen(io.BytesIO(XML)).values()) == [XML]


@pytest.mark.parametrize(
    ("name", "packed", "inside"),
    [
        ("a.zip", zipped({"x/log.xml": XML}), "a.zip/x/log.xml"),
        ("a.tar", tarred({"x/log.xml": XML}), "a.tar/x/log.xml"),
        ("a.tar.gz", tarred({"x/log.xml": XML}, "w:gz"), "a.tar.gz/x/log.xml"),
        ("a.tar.bz2", tarred({"x/log.xml": XML}, "w:bz2"), "a.tar.bz2/x/log.xml"),
        ("a.tar.xz", tarred({"x/log.xml": XML}, "w:xz"), "a.tar.xz/x/log.xml"),
        ("log.xml.gz", gzip.compress(XML), "log.xml.gz/log.xml"),
        ("log.xml.bz2", bz2.compress(XML), "log.xml.bz2/log.xml"),
        ("log.xml.xz", lzma.compress(XML), "log.xml.xz/log.xml"),
        ("b.zip", zipped({"a.zip": zipped({"log.xml": XML})}), "b.zip/a.zip/log.xml"),
        ("b.tgz", tarred({"a.zip": zipped({"log.xml": XML})}, "w:gz"), "b.tgz/a.zip/log.xml"),
        ("b.zip", zipped({"a.tgz": tarred({"log.xml": XML}, "w:gz")}), "b.zip/a.tgz/log.xml"),
        ("wrong.name", zipped({"log.bin": XML}), "wrong.name/log.bin"),
        ("slashes.zip", zipped({"MECLOG\\x\\log.xml": XML}), "slashes.zip/MECLOG/x/log.xml"),
    ],
)
def test_archives_are_known_by_content_and_members_by_their_way(put, tmp_path, monkeypatch, name, packed, inside):
    monkeypatch.chdir(tmp_path)
    put(name, packed)
    assert seen(name) == {inside: XML}


def test_folders_go_by_name_and_nothing_is_lost(put, tmp_path):
    put("in/b.xml", XML)
    put("in/a/c.zip", zipped({"d.xml": XML, "note.bin": b"\x01\x02hello"}))
    put("in/empty.txt", b"")
    found = seen(tmp_path / "in")
    base = str(tmp_path / "in")
    assert [n.removeprefix(base) for n in found] == ["/a/c.zip/d.xml", "/a/c.zip/note.bin", "/b.xml", "/empty.txt"]
    assert found[base + "/empty.txt"] == ("the file is empty", False)
    assert found[base + "/a/c.zip/note.bin"][1] is False


def test_what_is_missing_is_a_problem(tmp_path):
    assert seen(tmp_path / "nope") == {str(tmp_path / "nope"): ("no such file or folder", True)}


def test_links_and_pipes_in_a_folder_are_named_and_never_opened(put, tmp_path):
    put("in/log.xml", XML)
    os.symlink("/etc/passwd", tmp_path / "in/link")
    os.symlink(tmp_path / "in", tmp_path / "in/loop")
    os.mkfifo(tmp_path / "in/pipe")
    found = seen(tmp_path / "in")
    for name, word in (("link", "link"), ("loop", "link"), ("pipe", "pipe")):
        reason, problem = found[f"{tmp_path}/in/{name}"]
        assert word in reason
        assert not problem


def test_names_that_leave_the_archive_links_and_duplicates():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("../up.xml", "/abs.xml", "C:\\drive.xml", "ok.xml"):
            archive.writestr(name, XML)
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "ok.xml")
        with pytest.warns(UserWarning):
            archive.writestr("ok.xml", XML + b" ")
    items = list(walk([out.getvalue()]))
    members = [i.name for i in items if isinstance(i, Member)]
    assert members == ["source 1/ok.xml"]
    reasons = {i.name: i.reason for i in items if isinstance(i, Unread)}
    assert len(reasons) == 5
    assert "second file" in reasons["source 1/ok.xml"]
    assert "link" in reasons["source 1/link"]
    assert all("leaves the archive" in reasons[f"source 1/{n}"] for n in ("../up.xml", "/abs.xml", "C:/drive.xml"))


def test_tar_links_devices_and_climbers():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("s", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("c", tarfile.CHRTYPE),
            ("f", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name in ("../up.xml", "good.xml"):
            info = tarfile.TarInfo(name)
            info.size = len(XML)
            archive.addfile(info, io.BytesIO(XML))
    found = seen(out.getvalue())
    assert found["source 1/good.xml"] == XML
    assert all("not followed" in found[f"source 1/{n}"][0] for n in "shcf")
    assert found["source 1/../up.xml"] == ("its name leaves the archive: not read", True)


def test_an_encrypted_member_is_named():
    packed = bytearray(zipped({"log.xml": XML}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    reason, problem = seen(bytes(packed))["source 1/log.xml"]
    assert "encrypted" in reason
    assert problem


def test_a_wrong_checksum_is_an_error_of_reading():
    packed = bytearray(zipped({"log.xml": XML}))
    packed[packed.index(b"PK\x01\x02") + 16] ^= 1
    (item,) = walk([bytes(packed)])
    with pytest.raises(Exception, match="CRC"):
        content_of(item)


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("make", [zipped, tarred, lambda m: tarred(m, "w:gz"), lambda m: gzip.compress(m["a.xml"])])
def test_a_truncated_archive_is_a_problem_and_never_an_exception(make, keep):
    noise = os.urandom(50_000)
    packed = make({"a.xml": XML + noise, "b.xml": XML + noise})
    problems = 0
    for item in walk([packed[: int(len(packed) * keep)]]):
        if isinstance(item, Unread):
            problems += item.is_problem
            continue
        try:
            content_of(item)
        except Exception:
            problems += 1
    assert problems


def test_closed_kinds_are_left_closed_unless_asked_for(tmp_path):
    hive = b"regf" + bytes(508)
    packed = zipped({"REG_HKLM_SYSTEM.hiv": hive, "log.xml": XML})
    found = seen(packed)
    assert "left closed" in found["source 1/REG_HKLM_SYSTEM.hiv"][0]
    assert found["source 1/REG_HKLM_SYSTEM.hiv"][1] is False


def test_an_evtx_that_is_none_is_a_problem():
    reason, problem = seen(zipped({"Application.evtx": b"garbage" * 100}))["source 1/Application.evtx"]
    assert problem
    assert ".evtx" in reason


@pytest.mark.parametrize(
    ("name", "tz", "collected"),
    [
        ("MECLOG/20260311-000500/CONFIG/MEC/log.xml", "UTC", "2026-03-11T00:05:00Z"),
        ("MECLOG/20260311-000500/CONFIG/MEC/log.xml", "Europe/Berlin", "2026-03-10T23:05:00Z"),
        ("20260101-000000/20260311_000500-log.xml", "UTC", "2026-03-11T00:05:00Z"),
        ("MECLOG/20261311-000500/log.xml", "UTC", "2026-01-02T03:04:06Z"),
        ("MECLOG/log.xml", "UTC", "2026-01-02T03:04:06Z"),
        ("MECLOG/log.xml", "+02:00", "2026-01-02T01:04:06Z"),
        ("MECLOG/120260311-0005001/log.xml", "UTC", "2026-01-02T03:04:06Z"),
    ],
)
def test_when_a_member_was_collected(name, tz, collected):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), XML)
    (item,) = walk([out.getvalue()], tz=tz)
    assert item.collected == collected


def test_the_time_of_a_tar_member_is_utc_and_that_of_a_lone_file_is_nothing(put):
    (item,) = walk([tarred({"log.xml": XML}, mtime=1_767_323_046)], tz="Europe/Berlin")
    assert item.collected == "2026-01-02T03:04:06Z"
    (item,) = walk([put("log.xml", XML)])
    assert item.collected is None
    (item,) = walk([put("20260311-000500/log.xml", XML)])
    assert item.collected == "2026-03-11T00:05:00Z"


def test_each_limit_ends_the_walk_with_its_name_and_keeps_what_was_read(put, tmp_path):
    many = zipped({f"{n}.xml": XML for n in range(10)})
    for limits, flag in (
        (Limits(members=4), "--max-members"),
        (Limits(bytes=len(XML) * 3), "--max-bytes"),
        (Limits(seconds=-1), "--max-seconds"),
    ):
        items = []
        for item in walk([many], limits=limits):
            items.append(item)
            if isinstance(item, Member):
                try:
                    content_of(item)
                except Exception:
                    break
        unread = [i for i in walk([many], limits=limits) if isinstance(i, Unread)]
        if flag != "--max-bytes":
            assert flag in unread[-1].reason
            assert unread[-1].is_problem
    nested = XML
    for _ in range(4):
        nested = zipped({"log": nested})
    assert "--max-depth" in next(iter(seen(nested, limits=Limits(depth=2)).values()))[0]
    assert XML in seen(nested, limits=Limits(depth=4)).values()
    for n in range(5):
        put("/".join("abcde"[: n + 1]) + "/log.xml", XML)
    assert any("--max-depth" in i.reason for i in walk([tmp_path], limits=Limits(folders=3)) if isinstance(i, Unread))


def test_a_bomb_is_stopped_while_it_unpacks():
    bomb = gzip.compress(b"<Events>" + bytes(300 << 20), 9)
    (item,) = walk([bomb], limits=Limits(ratio=10))
    with pytest.raises(Exception, match="--max-ratio"):
        content_of(item)


def test_a_large_inner_zip_is_not_held_in_memory():
    outer = zipped({"in.zip": zipped({"x.bin": os.urandom(5000)})})
    reason, problem = seen(outer, limits=Limits(memory=1000))["source 1/in.zip"]
    assert "--max-memory" in reason
    assert problem


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutants_of_archives_never_raise(data):
    base = data.draw(
        st.sampled_from([zipped({"a.xml": XML[:2000], "b.gz": gzip.compress(XML[:999])}), tarred({"a.xml": XML[:600]})])
    )
    mutant = bytearray(base)
    for _ in range(data.draw(st.integers(1, 8))):
        mutant[data.draw(st.integers(0, len(mutant) - 1))] = data.draw(st.integers(0, 255))
    for item in walk([bytes(mutant)], limits=Limits(bytes=1 << 20, seconds=20)):
        if isinstance(item, Member):
            try:
                content_of(item)
            except MemoryError:
                raise
            except Exception as error:
                assert str(error) is not None
