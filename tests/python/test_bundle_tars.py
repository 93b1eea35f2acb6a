"""Tar archives, against Python's own writer and with every trick of their headers."""

from __future__ import annotations

import gzip
import io
import shutil
import subprocess
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logs
from packing import seen, tarred
from synclens.bundle import Limits, Member, walk

XML = logs.healthy()
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def written(names, form) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(XML), 1_767_323_046.5 if form == tarfile.PAX_FORMAT else 1_767_323_046
            archive.addfile(info, io.BytesIO(XML))
    return out.getvalue()


def header(name: bytes, size: int | bytes = 0, kind: bytes = b"0", **fields: bytes) -> bytes:
    """One header with a right checksum, whatever it claims."""
    block = bytearray(512)
    block[: len(name)] = name
    block[124:136] = b"%011o\0" % size if isinstance(size, int) else size
    block[136:148] = b"00000000000\0"
    block[156:157] = kind
    block[257:265] = b"ustar\x0000"
    for place, value in fields.items():
        at = int(place.removeprefix("at"))
        block[at : at + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def file(name: bytes, content: bytes = XML, **how) -> bytes:
    return header(name, len(content), **how) + content + bytes(-len(content) % 512)


END = bytes(1024)
BY_HAND = "unpack or rename it yourself and give that file"


def _damage(at: int, size: int) -> str:
    return f"the tar archive is damaged from byte {at:,} on: {size:,} bytes are no member"


@pytest.mark.parametrize("form", FORMATS)
def test_names_and_times_of_every_format(form):
    names = ["log.xml", "d/" * 40 + "long.xml"] + ([] if form == "ustar" else ["x" * 300 + "/ü.xml"])
    items = []
    for item in walk([written(names, FORMATS[form])]):
        assert isinstance(item, Member)
        items.append((item.name, item.collected, item.stream.read(1 << 20)))
    assert [n for n, _, _ in items] == [f"source 1/{n}" for n in names]
    assert {(c, content) for _, c, content in items} == {("2026-01-02T03:04:06Z", XML)}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\:."), min_size=1, max_size=150),
        st.binary(min_size=1, max_size=1500),
        max_size=5,
    ),
    st.sampled_from(["gnu", "pax"]),
)
def test_the_standard_library_writes_what_we_read(members, form):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=FORMATS[form]) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    found = [item.name for item in walk([out.getvalue()])]
    assert [n.removeprefix("source 1/") for n in found] == list(members) or not members


@pytest.mark.skipif(shutil.which("tar") is None, reason="no tar")
@pytest.mark.parametrize("form", ["v7", "oldgnu", "gnu", "ustar", "posix"])
def test_what_tar_itself_writes(tmp_path, form):
    folder = tmp_path / "MECLOG/EVENTLOG"
    folder.mkdir(parents=True)
    (folder / "log.xml").write_bytes(XML)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "link").symlink_to("log.xml")
    made = tmp_path / "made.tar"
    subprocess.run(["tar", f"--format={form}", "-cf", made, "-C", tmp_path, "MECLOG"], check=True)
    found = seen(made)
    assert found.pop(f"{made}/MECLOG/EVENTLOG/log.xml") == XML
    assert found == {
        f"{made}/MECLOG/EVENTLOG/link": ("a link: not followed", False),
        f"{made}/MECLOG/EVENTLOG/empty.txt": ("the file is empty", False),
    }


def test_links_devices_and_climbers():
    kinds = {b"h": b"1", b"s": b"2", b"c": b"3", b"b": b"4", b"f": b"6"}
    links = b"".join(header(name, kind=kind, at157=b"/etc/passwd") for name, kind in kinds.items())
    found = seen(links + file(b"../up.xml") + file(b"/abs.xml") + file(b"good.xml") + END)
    assert found["source 1/good.xml"] == XML
    assert all("not followed" in found[f"source 1/{n.decode()}"][0] for n in kinds)
    assert (
        found["source 1/../up.xml"]
        == found["source 1//abs.xml"]
        == (f"its name leaves the archive: not read; {BY_HAND}", True)
    )


def test_a_second_file_of_one_name_and_kinds_that_tar_does_not_define():
    found = list(walk([file(b"a.xml") + file(b"a.xml", XML + b" ") + file(b"b", kind=b"Z") + file(b"c.xml") + END]))
    assert [type(i).__name__ for i in found] == ["Member", "Unread", "Unread", "Member"]
    assert found[1].reason == f"a second file of the same name: only the first is read; {BY_HAND}"
    assert "does not define" in found[2].reason


def test_sparse_files_are_left_alone_and_what_follows_is_read():
    old = header(b"old", 512, b"S", at482=b"\1") + bytes(504) + b"\1" + bytes(7) + bytes(512) + b"x" * 512
    record = b"22 GNU.sparse.major=1\n"
    new = header(b"pax", len(record), b"x") + record + bytes(-len(record) % 512) + file(b"new", b"1\n0\n9\n")
    found = seen(old + new + file(b"log.xml") + END)
    said = f"a sparse file: not read; pack it again without --sparse, or {BY_HAND}"
    assert found["source 1/old"] == (said, True)
    assert "sparse" in found["source 1/new"][0]
    assert found["source 1/log.xml"] == XML


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"])
def test_a_header_may_not_claim_gigabytes(kind):
    bomb = gzip.compress(file(b"log.xml") + header(b"x", 3 << 30, kind) + bytes(1 << 20))
    found = seen(bomb)
    assert found["source 1/log.xml"] == XML
    assert "3,221,225,472 bytes of names" in found["source 1"][0]


@pytest.mark.parametrize("size", [b"\x80" + b"\xff" * 11, b"\xff" * 12, b"9" * 12, b"-0000000001\0"])
def test_impossible_sizes(size):
    found = seen(file(b"log.xml") + header(b"bad", size) + END)
    assert found["source 1/log.xml"] == XML
    assert "impossible size" in found["source 1"][0]


def test_digits_without_end_cost_linear_time():
    """The pattern of CVE-2024-6232: a megabyte of digits in a pax header."""
    digits = b"1" * (1 << 20)
    found = seen(file(b"log.xml") + header(b"x", len(digits), b"x") + digits + END, limits=Limits(seconds=20))
    assert found["source 1/log.xml"] == XML
    assert "a pax header is damaged" in found["source 1"][0]


def test_damage_between_members_is_counted_and_passed():
    found = seen(file(b"a.xml") + b"\xaa" * 2048 + file(b"b.xml") + END)
    assert found["source 1/a.xml"] == found["source 1/b.xml"] == XML
    size = len(file(b"a.xml"))
    assert found["source 1"] == (_damage(size, 2048), True)


PAX_SIZE_0 = header(b"pax", 9, b"x") + b"9 size=0\n" + bytes(503)


@pytest.mark.parametrize(
    ("what", "size"),
    [
        (b"b" + bytes([file(b"b.xml")[1] ^ 4]) + file(b"b.xml")[2:], len(file(b"b.xml"))),
        (file(b""), len(file(b""))),
        (PAX_SIZE_0 + file(b"b.xml"), len(file(b"")) - 512),
    ],
    ids=["one bit of a name", "no name", "a pax header that says 0 bytes"],
)
def test_damage_in_front_of_the_end_mark_is_said(what, size):
    whole = file(b"a.xml") + what
    found = seen(whole + END)
    assert found["source 1/a.xml"] == XML
    assert found["source 1"] == (_damage(len(whole) - size, size), True)


def test_an_end_without_its_mark_and_data_behind_the_mark():
    assert "end mark" in seen(file(b"a.xml"))["source 1"][0]
    assert "more data behind" in seen(file(b"a.xml") + END + file(b"hidden.xml") + END)["source 1"][0]
    padded = seen(file(b"a.xml") + END + bytes(10_240))
    assert list(padded.values()) == [XML]


def test_the_checksum_of_a_packed_tar_is_looked_at():
    packed = bytearray(tarred({"log.xml": XML}, "w:gz"))
    packed[-6] ^= 1
    with pytest.raises(ValueError, match="damaged compressed data"):
        seen(bytes(packed))


FOLDER = (f"named as a folder, but with content: not read; {BY_HAND}", True)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        (b"log.evtx/", {}),
        (b"log.evtx/", {"kind": b"\0", "at257": bytes(8)}),
        (b"log.evtx", {"kind": b"D"}),
        (b"log.evtx", {"kind": b"V"}),
    ],
    ids=["slash", "slash of the oldest kind", "folder of an incremental archive", "label"],
)
def test_what_is_named_as_a_folder_but_holds_something_is_a_problem(name, how):
    found = seen(file(b"a.xml") + file(name, **how) + file(b"b.xml") + END)
    assert found == {"source 1/a.xml": XML, f"source 1/{name.decode()}": FOLDER, "source 1/b.xml": XML}


def test_folders_labels_and_lists_of_names_are_nothing_to_say():
    sizes = header(b"d/", 4096, b"5")  # the room that a folder takes, as some write it: no content follows
    names = file(b"e", b"Ya.xml\0Nold.xml\0Dmore\0\0", kind=b"D")
    found = seen(header(b"label", kind=b"V") + sizes + names + header(b"f/") + file(b"a.xml") + END)
    assert found == {"source 1/a.xml": XML}
    hidden = seen(file(b"a.xml") + file(b"log.evtx", kind=b"5") + END)
    assert hidden["source 1"] == (_damage(len(file(b"a.xml")) + 512, len(file(b"")) - 512), True)


def test_zeros_in_the_content_behind_a_damaged_header_are_not_the_end():
    """Event logs hold many blocks of zeros."""
    broken = bytearray(file(b"log.evtx", b"ElfFile" + bytes(4096) + b"more" + bytes(4096)))
    broken[1] ^= 4
    whole = file(b"a.xml") + broken
    found = seen(whole + file(b"b.xml") + END)
    said = (_damage(len(file(b"")), len(broken)), True)
    assert found == {"source 1/a.xml": XML, "source 1": said, "source 1/b.xml": XML}
    last = seen(whole + END)
    assert last["source 1"] == (_damage(len(file(b"")), 512 + 4096 + 512), True), "zeros at the end are not counted"


def test_one_block_of_zeros_is_no_end_mark_and_two_are():
    a, b = file(b"a.xml"), file(b"b.xml")
    assert seen(a + bytes(512)) == seen(a + bytes(512) + bytes(100)) == {"source 1/a.xml": XML}
    found = seen(a + bytes(512) + b + END)
    assert found == {"source 1/a.xml": XML, "source 1": (_damage(len(a), 512), True), "source 1/b.xml": XML}
    assert "more data behind" in seen(a + END + b)["source 1"][0]


def test_damage_in_many_places_is_said_once():
    pair = file(b"", b"x" * 5) + header(b"d/", kind=b"5")
    many = pair * 2000
    items = list(walk([file(b"a.xml") + many + END], limits=Limits(members=10)))
    reasons = [item.reason for item in items if not isinstance(item, Member)]
    assert len(reasons) == 1
    at = len(file(b"a.xml"))
    assert (
        reasons[0] == f"the tar archive is damaged from byte {at:,} on: 2,048,000 bytes in 2,000 places are no member"
    )


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (header(b"bad", b"9" * 12), "impossible size"),
        (file(b"b.xml")[:-600], "ends too early"),
        (file(b"b.xml") * 20, "--max-members"),
    ],
    ids=["an impossible header", "cut off", "a limit"],
)
def test_damage_is_said_when_the_walk_through_the_archive_ends_early(rest, said):
    items = walk([file(b"a.xml") + b"\xaa" * 512 + rest], limits=Limits(members=10))
    reasons = [item.reason for item in items if not isinstance(item, Member)]
    assert any(said in reason for reason in reasons)
    assert _damage(len(file(b"")), 512) in reasons


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"6"])
def test_a_link_with_the_name_of_a_log_is_a_problem(kind):
    made = header(b"Application.evtx", kind=kind, at157=b"a.xml") + header(b"note.md", kind=kind) + file(b"a.xml") + END
    found = seen(made)
    reason, problem = found["source 1/Application.evtx"]
    assert reason.endswith(f": not followed; {BY_HAND}")
    assert problem
    assert not found["source 1/note.md"][1]


def test_a_damaged_first_header_costs_only_its_member():
    whole = bytearray(written(["a.xml", "b.xml"], tarfile.GNU_FORMAT))
    whole[1] ^= 4
    packed = bytes(whole)
    said = (_damage(0, len(file(b""))), True)
    assert seen(packed) == {"source 1": said, "source 1/b.xml": XML}
    assert seen(gzip.compress(packed)) == {"source 1": said, "source 1/b.xml": XML}
