"""Zip archives: whole, cut off, unusual and malicious."""

from __future__ import annotations

import bz2
import io
import os
import struct
import zipfile
import zlib

import pytest

import logs
from packing import content_of, seen, zipped
from synclens.bundle import Limits, Member, Unread, walk

XML = logs.healthy()
BY_HAND = "unpack or rename it yourself and give that file"
NOISE = os.urandom(40_000)


def entry(name: bytes, packed: bytes, *, content=b"", method=0, flags=0, extra=b"", offset=0, attributes=0, crc=None):
    """A local header with its data, and the entry of the directory for it."""
    crc = zlib.crc32(content) if crc is None else crc
    middle = struct.pack("<HHHHHIII", 20, flags, method, 0, 33, crc, len(packed), len(content))
    local = b"PK\x03\x04" + middle + struct.pack("<HH", len(name), len(extra)) + name + extra + packed
    central = b"PK\x01\x02" + struct.pack("<H", 20) + middle
    central += struct.pack("<HHHHHII", len(name), len(extra), 0, 0, 0, attributes, offset) + name + extra
    return local, central


def archive(*entries: dict) -> bytes:
    """A zip with each byte chosen."""
    body, directory = b"", b""
    for one in entries:
        local, central = entry(**{"offset": len(body), **one})
        body, directory = body + local, directory + central
    return body + directory + ending(len(entries), len(directory), len(body))


def ending(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, size, offset, 0)


def stored(name: bytes, content: bytes = XML, **how) -> dict:
    return {"name": name, "packed": content, "content": content, **how}


def streamed_zip(members: dict[str, bytes], how=zipfile.ZIP_DEFLATED) -> bytes:
    """As written to a pipe: sizes and checksums stand behind each member."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise io.UnsupportedOperation

        tell = seek

    out = Pipe()
    with zipfile.ZipFile(out, "w", how) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def test_zip64_and_sizes_behind_the_members():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, made.open("log.xml", "w", force_zip64=True) as member:
        member.write(XML)
    assert list(seen(out.getvalue()).values()) == [XML]
    assert list(seen(streamed_zip({"log.xml": XML})).values()) == [XML]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_are_read(how):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        made.writestr("log.xml", XML)
    assert list(seen(out.getvalue()).values()) == [XML]


def test_deflate64_and_zstandard_are_read_with_their_packages():
    inflate64 = pytest.importorskip("inflate64")
    zstd = pytest.importorskip("backports.zstd")
    deflater = inflate64.Deflater()
    packed = deflater.deflate(XML * 3) + deflater.flush()
    made = archive(
        {"name": b"big.xml", "packed": packed, "content": XML * 3, "method": 9},
        {"name": b"new.xml", "packed": zstd.compress(XML), "content": XML, "method": 93},
    )
    assert list(seen(made).values()) == [XML * 3, XML]
    assert list(seen(made[: made.index(b"PK\x01\x02")]).values())[:2] == [XML * 3, XML]


@pytest.mark.parametrize(("method", "word"), [(9, "Deflate64"), (93, "Zstandard")])
def test_what_a_package_is_missing_for(monkeypatch, method, word):
    from synclens.bundle import unpack

    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(unpack, "import_module", missing)
    found = seen(archive({"name": b"a.evtx", "packed": b"123", "content": b"123", "method": method}, stored(b"b.xml")))
    assert word in found["source 1/a.evtx"][0]
    assert "synclens[archives]" in found["source 1/a.evtx"][0]
    assert found["source 1/b.xml"] == XML


def test_methods_that_nobody_reads_are_named():
    found = seen(archive(*(stored(b"%d" % n, b"xyz", method=n) for n in (1, 6, 97, 98, 77)), stored(b"b.xml")))
    assert [v[0].split(",")[0] for n, v in found.items() if not n.endswith("b.xml")] == [
        "packed by Shrink (method 1)",
        "packed by Implode (method 6)",
        "packed by WavPack (method 97)",
        "packed by PPMd (method 98)",
        "packed by an unknown method (method 77)",
    ]
    assert found["source 1/b.xml"] == XML


def test_a_zip_behind_a_program_or_text(tmp_path):
    plain = zipped({"log.xml": XML})
    for prefix in (b"MZ\x90\0" + NOISE, b"some words\n" * 20):
        path = tmp_path / "bundle.exe"
        path.write_bytes(prefix + plain)
        assert seen(path) == {f"{path}/log.xml": XML}
        assert list(seen(prefix + plain).values()) == [XML]
    path.write_bytes(NOISE + b"PK\x05\x06" + bytes(7))
    assert "not an event log" in seen(path)[str(path)][0]


@pytest.mark.parametrize(
    ("raw", "how", "shown"),
    [
        ("Zürich/lög.xml".encode(), {"flags": 0x800}, "Zürich/lög.xml"),
        ("Zürich/lög.xml".encode(), {}, "Zürich/lög.xml"),
        ("Zürich/lög.xml".encode("cp437"), {}, "Zürich/lög.xml"),
        (b"lg.xml", {}, "lg.xml"),
    ],
)
def test_names_in_utf8_marked_or_not_and_in_the_oem_code_page(raw, how, shown):
    assert seen(archive(stored(raw, **how))) == {f"source 1/{shown}": XML}


def test_the_unicode_name_of_info_zip():
    raw, name = "日本.xml".encode("cp932"), "日本.xml".encode()
    extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(raw)) + name
    assert seen(archive(stored(raw, extra=extra))) == {"source 1/日本.xml": XML}


def test_names_that_leave_the_archive_links_folders_and_duplicates():
    names = (b"../up.xml", b"/abs.xml", b"C:\\drive.xml", b"ok.xml")
    link = stored(b"link", b"ok.xml", attributes=0o120777 << 16)
    made = archive(*map(stored, names), link, stored(b"ok.xml", XML + b" "), stored(b"folder/"))
    items = list(walk([made]))
    assert [i.name for i in items if isinstance(i, Member)] == ["source 1/ok.xml"]
    reasons = {i.name: i.reason for i in items if isinstance(i, Unread)}
    assert len(reasons) == 6
    assert reasons["source 1/ok.xml (again)"] == f"a second file of the same name: only the first is read; {BY_HAND}"
    assert reasons["source 1/link"] == f"a link or device: not followed; {BY_HAND}"
    assert "folder" in reasons["source 1/folder/"]
    assert all("leaves the archive" in reasons[f"source 1/{n}"] for n in ("../up.xml", "/abs.xml", "C:/drive.xml"))


def test_an_encrypted_member_is_named():
    reason, problem = seen(archive(stored(b"log.xml", flags=1)))["source 1/log.xml"]
    assert reason == "encrypted: unpack it with its password first"
    assert problem


@pytest.mark.parametrize("content", [XML, XML + NOISE], ids=["small", "large"])
@pytest.mark.parametrize("cut", [False, True], ids=["whole", "without directory"])
def test_a_wrong_checksum_is_said_after_all_bytes_were_given(content, cut):
    packed = archive(stored(b"log.xml", content, crc=7))
    item = next(walk([packed[: packed.index(b"PK\x01\x02")] if cut else packed]))
    got = b""
    with pytest.raises(ValueError, match="checksum"):
        while part := item.stream.read(1 << 16):
            got += part
    assert got == content


def test_a_zip_whose_end_was_cut_off_gives_what_is_there():
    for make in (zipped, streamed_zip):
        whole = make({"a.xml": XML, "b/": b"", "b/c.xml": XML, "d.bin": NOISE, "e.xml": XML})
        cut = whole[: whole.index(b"PK\x03\x04", whole.index(b"d.bin") - 30) + 20_000]
        items = [(i, content_of(i) if isinstance(i, Member) else i.reason) for i in walk([cut])]
        found = {i.name: said for i, said in items}
        assert found["source 1/a.xml"] == found["source 1/b/c.xml"] == XML
        assert "3 files in front of that were read; d.bin is incomplete" in found["source 1"]
        assert "Ask for it again" in found["source 1"]
        assert items[-1][0].is_problem


def test_a_directory_that_cannot_be_decoded_is_done_without():
    packed = archive(stored(b"a.xml"), stored(b"\xff\xfe.xml", flags=0x800))
    found = seen(packed)
    assert found["source 1/a.xml"] == XML
    assert found["source 1/\ufffd\ufffd.xml"] == XML
    assert "its list of files cannot be read" in found["source 1"][0]


def test_overlapping_members_are_refused():
    """A bomb in which many entries of the directory share one packed kernel."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(1 << 20)
    packed = kernel.compress(content) + kernel.flush()
    how = {"packed": packed, "content": content, "method": 8}
    local, _ = entry(b"0", **how)
    entries = [entry(b"%d" % n, offset=0, **how)[1] for n in range(2000)]
    body = local + b"".join(entries) + ending(len(entries), sum(map(len, entries)), len(local))
    reasons = [item.reason for item in walk([body])]
    assert reasons.count(f"it overlaps the file behind it, as in a zip bomb: not read; {BY_HAND}") == 1999
    assert reasons[-1] == f"the archive gives it two names: not read; {BY_HAND}"


def test_a_zip_of_itself_ends_at_the_depth():
    nested = zipped({"log.xml": XML})
    for _ in range(9):
        nested = zipped({"again.zip": nested, "log.xml": XML})
    found = seen(nested)
    assert sum(v == XML for v in found.values()) == 6
    assert sum("--max-depth" in v[0] for v in found.values() if v != XML) == 1


def test_an_absurd_directory_costs_no_memory(tmp_path):
    """300,000 entries, as one of ten million would be: only what stands in front of the members is used."""
    import tracemalloc

    local, central = entry(b"log.xml", XML, content=XML)
    path = tmp_path / "absurd.zip"
    path.write_bytes(local + central * 300_000 + ending(300_000, len(central) * 300_000, len(local)))
    tracemalloc.start()
    found = seen(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[f"{path}/log.xml"] == XML
    assert "lists more than 199,999 files; raise the limit with --max-members" in found[str(path)][0]
    assert peak < 64 << 20
    path.write_bytes(local + central * 700_000 + ending(700_000, len(central) * 700_000, len(local)))
    assert "its directory claims 37,100,000 bytes" in seen(path, limits=Limits(members=10**7))[str(path)][0]


def test_a_name_of_64_kib_is_cut():
    found = seen(archive(stored(b"n" * 65_535)))
    (name,) = found
    assert len(name) < 1100
    assert "(65,535 characters)" in name


def test_an_lzma_member_may_not_ask_for_gigabytes():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("log.xml", XML)
    packed = bytearray(out.getvalue())
    at = 30 + len("log.xml") + 5
    packed[at : at + 4] = b"\xff\xff\xff\x7f"
    reason, problem = seen(bytes(packed))["source 1/log.xml"]
    assert "--max-memory" in reason
    assert problem


def test_a_part_of_a_split_zip_is_said():
    packed = bytearray(zipped({"log.xml": XML}))
    at = packed.rindex(b"PK\x05\x06")
    packed[at + 4 : at + 8] = b"\x02\0\x02\0"
    assert any("several parts" in str(v) for v in seen(bytes(packed)).values()) or XML in seen(bytes(packed)).values()


def test_inner_zips_share_the_memory_that_may_be_held():
    outer = zipped({"in.zip": zipped({"x.bin": NOISE})})
    reason, problem = seen(outer, limits=Limits(memory=1000))["source 1/in.zip"]
    assert "--max-memory" in reason
    assert problem
    twice = zipped({"a.zip": zipped({"b.zip": zipped({"x.bin": NOISE, "log.xml": XML})})})
    assert "--max-memory" in str(seen(twice, limits=Limits(memory=60_000)))
    one_after_the_other = zipped({f"{n}.zip": zipped({"x.bin": NOISE, "log.xml": XML}) for n in range(5)})
    found = seen(one_after_the_other, limits=Limits(memory=60_000))
    assert sum(v == XML for v in found.values()) == 5


def test_compressed_twice_is_read():
    assert list(seen(zipped({"log.xml.bz2": bz2.compress(XML)})).values()) == [XML]


def test_a_zip_whose_list_of_files_is_empty_is_read_without_it():
    whole = zipped({"a.txt": b"x" * 100})
    lost = whole[: whole.index(b"PK\x01\x02")] + b"PK\x05\x06" + bytes(18)
    items = list(walk([zipped({"inner.zip": lost})]))
    assert items[0].name.endswith("inner.zip/a.txt")
    assert any(
        isinstance(item, Unread) and item.is_problem and "list of files is empty" in item.reason for item in items
    )
    [item] = walk([zipped({"inner.zip": b"PK\x05\x06" + bytes(18)})])
    assert isinstance(item, Unread) and not item.is_problem and "without a file" in item.reason


def test_a_folder_that_claims_no_bytes_but_holds_some_is_a_problem():
    said = (f"named as a folder, but with content: not read; {BY_HAND}", True)
    packed = zlib.compress(XML)[2:-4]
    found = seen(archive({"name": b"log.evtx/", "packed": packed, "method": 8}, stored(b"a.xml")))
    assert found == {"source 1/log.evtx/": said, "source 1/a.xml": XML}
    marked = stored(b"log.evtx", attributes=0o040755 << 16)
    assert seen(archive(marked))["source 1/log.evtx"] == said


def test_folders_without_content_are_nothing_to_say():
    deflated = {"name": b"a/", "packed": b"\3\0", "method": 8}  # as Java writes them
    marked = {"name": b"b", "packed": b"", "attributes": 0o040755 << 16}
    assert seen(archive(deflated, marked, {"name": b"c/", "packed": b""}, stored(b"a.xml"))) == {"source 1/a.xml": XML}


def test_a_link_in_a_zip_is_a_problem_since_its_content_may_be_a_log():
    """Its kind is one bit of the list, without a checksum."""
    links = [stored(name, attributes=0o120777 << 16) for name in (b"Application.evtx", b"log.xml")]
    found = seen(archive(*links, stored(b"a.xml")))
    assert all("not followed" in found[f"source 1/{name}"][0] for name in ("Application.evtx", "log.xml"))
    assert all(found[f"source 1/{name}"][1] for name in ("Application.evtx", "log.xml"))


def test_lists_of_zips_in_zips_share_the_memory_that_may_be_held():
    """A level of 3,000 folders holds some 2 MB for its list while what is inside is walked through."""
    nested = zipped({"log.xml": XML})
    for _ in range(4):
        nested = zipped({**{f"{n}/": b"" for n in range(3000)}, "in.zip": nested})
    assert list(seen(nested).values()) == [XML]
    found = seen(nested, limits=Limits(memory=7 << 20))
    assert any("a list of 3,001 files does not fit into the 7,340,032 bytes" in str(said) for said in found.values())
    side_by_side = zipped({f"{n}.zip": nested for n in range(3)})
    assert list(seen(side_by_side, limits=Limits(memory=24 << 20)).values()) == [XML] * 3
