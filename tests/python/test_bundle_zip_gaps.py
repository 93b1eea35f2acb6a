"""Zip archives with something outside their list of files, and sound ones that look like it."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zipfile
import zlib

import pytest

import logs
from packing import seen, zipped
from synclens.bundle import Limits
from test_bundle_zips import archive, ending, entry, stored, streamed_zip

GOOD, BAD = logs.healthy(), logs.denied()
UNNAMED = "from byte {:,} on it holds files that its list does not name: not read"


def listed_in_part(kept: bytes) -> bytes:
    """Two members, of which the list names one."""
    (first, one), (second, other) = entry(b"a.xml", BAD, content=BAD), entry(b"b.xml", GOOD, content=GOOD, offset=0)
    named = one if kept == b"a.xml" else bytearray(other)
    if kept == b"b.xml":
        struct.pack_into("<I", named, 42, len(first))
    return first + second + bytes(named) + ending(1, len(named), len(first + second))


@pytest.mark.parametrize(
    ("made", "name", "content", "where"),
    [
        (zipped({"b.xml": BAD}) + zipped({"a.xml": GOOD}), "a.xml", GOOD, 0),
        (listed_in_part(b"a.xml"), "a.xml", BAD, 35 + len(BAD)),
        (listed_in_part(b"b.xml"), "b.xml", GOOD, 0),
        (b"MZ" + bytes(998) + zipped({"b.xml": BAD}) + zipped({"a.xml": GOOD}), "a.xml", GOOD, 1000),
    ],
    ids=["two glued together", "a list without the last", "a list without the first", "two behind a program"],
)
def test_files_that_the_list_does_not_name_are_a_problem(made, name, content, where):
    assert seen(made) == {f"source 1/{name}": content, "source 1": (UNNAMED.format(where), True)}
    inner = seen(zipped({"in.zip": made[made.index(b"PK") :]}))
    assert inner[f"source 1/in.zip/{name}"] == content
    assert inner["source 1/in.zip"][1]


def test_a_sign_across_two_blocks_is_seen_and_looking_for_it_takes_time_that_is_counted(monkeypatch):
    from synclens.bundle import zip_gaps

    monkeypatch.setattr(zip_gaps, "STEP", 64)
    for before in range(60, 66):
        made = bytes(before) + zipped({"b.xml": BAD}) + zipped({"a.xml": GOOD})
        assert seen(b"MZ" + made)["source 1"] == (UNNAMED.format(before + 2), True)
    assert "--max-seconds" in str(seen(made, limits=Limits(seconds=-1)))


def test_a_folder_may_hide_nothing():
    """A folder's entry that points into a file hides it no less."""
    local, _ = entry(b"log.xml", BAD, content=BAD)
    _, folder = entry(b"f/", b"", offset=5)
    ok_local, ok = entry(b"a.xml", GOOD, content=GOOD, offset=len(local))
    made = local + ok_local + folder + ok + ending(2, len(folder + ok), len(local + ok_local))
    assert seen(made)["source 1"] == (UNNAMED.format(0), True)


def test_data_behind_the_end_are_a_problem():
    whole = zipped({"a.xml": GOOD})
    said = (f"more data behind the archive's end at byte {len(whole):,}: not read", True)
    assert seen(whole + BAD) == {"source 1/a.xml": GOOD, "source 1": said}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.xml", GOOD)
        made.comment = b"sent on Monday"
    whole = out.getvalue()
    assert seen(whole) == {"source 1/a.xml": GOOD}
    assert f"at byte {len(whole):,}" in seen(whole + BAD)["source 1"][0]
    for nothing in (bytes(512), b"\r\n"):
        assert seen(whole + nothing) == {"source 1/a.xml": GOOD}


def described(marked: bool, size: str) -> bytes:
    """A member as macOS and streaming writers leave it: no sizes in front, and another extra field than in the list."""
    packed = zlib.compress(GOOD)[2:-4]
    numbers = struct.pack(f"<I{size}{size}", zlib.crc32(GOOD), len(packed), len(GOOD))
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 8, 8, 0, 33, 0, 0, 0, 5, 16) + b"a.xml"
    local += b"UX\x0c\0" + bytes(12) + packed + (b"PK\7\x08" if marked else b"") + numbers
    middle = struct.pack(
        "<HHHHHIIIHHHHHII", 20, 8, 8, 0, 33, zlib.crc32(GOOD), len(packed), len(GOOD), 5, 12, 0, 0, 0, 0, 0
    )
    central = b"PK\1\2" + struct.pack("<H", 0x315) + middle + b"a.xml" + b"UX\x08\0" + bytes(8)
    return local + central + ending(1, len(central), len(local))


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("size", ["I", "Q"])
def test_sizes_behind_a_member_are_nothing_to_say(marked, size):
    assert seen(described(marked, size)) == {"source 1/a.xml": GOOD}


def test_sound_zips_are_nothing_to_say(tmp_path):
    inner = zipped({"x.xml": GOOD})
    members = {"MECLOG/": b"", "MECLOG/a.xml": GOOD, "in.zip": inner, "__MACOSX/._a.xml": b"\0\5\x16\7" + bytes(80)}
    found = ["source 1/MECLOG/a.xml", "source 1/in.zip/x.xml", "source 1/__MACOSX/._a.xml"]
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for made in (zipped(members, compress_type=how), streamed_zip(members, how)):
            assert list(seen(made)) == found
    out = io.BytesIO()
    for mode in ("w", "a"):
        with zipfile.ZipFile(out, mode) as made, made.open(f"{mode}.xml", "w", force_zip64=True) as member:
            member.write(GOOD)
    assert seen(out.getvalue()) == {"source 1/w.xml": GOOD, "source 1/a.xml": GOOD}
    padded = archive(stored(b"a.xml", GOOD, extra=b"\x35\xd9\x06\0\4\0" + bytes(4)))
    assert seen(padded) == {"source 1/a.xml": GOOD}
    assert seen(b"PK\7\x08" + padded) == seen(b"PK00" + padded) == {"source 1/a.xml": GOOD}


@pytest.mark.skipif(shutil.which("zip") is None, reason="no zip")
def test_what_info_zip_writes(tmp_path):
    (tmp_path / "f").mkdir()
    (tmp_path / "f/a.xml").write_bytes(GOOD)
    (tmp_path / "f/b.bin").write_bytes(b"\x01\x02")
    for options in (["-r"], ["-r", "-0"], ["-rfz"], ["-r", "-fd"], ["-rX"]):
        made = tmp_path / "made.zip"
        subprocess.run(["zip", "-q", *options, made, "f"], check=True, cwd=tmp_path)
        assert sorted(seen(made)) == [f"{made}/f/a.xml", f"{made}/f/b.bin"]
        subprocess.run(["zip", "-q", "-d", made, "f/b.bin"], check=True, cwd=tmp_path)
        assert list(seen(made)) == [f"{made}/f/a.xml"]
        made.unlink()
    streamed = subprocess.run(["zip", "-q", "-r", "-", "f"], check=True, cwd=tmp_path, capture_output=True).stdout
    assert sorted(seen(streamed)) == ["source 1/f/a.xml", "source 1/f/b.bin"]


def test_many_gaps_cost_linear_time():
    import time

    names = {f"{n}/": b"" for n in range(20_000)}
    made = zipped({**names, "a.xml": GOOD})
    began = time.monotonic()
    assert list(seen(made)) == ["source 1/a.xml"]
    assert time.monotonic() - began < 20
