"""What one walk may spend: each limit is named, and what was read before it counts."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os

import pytest

import logs
from packing import content_of, seen, tarred, zipped
from synclens.bundle import FLAGS, Limits, Member, Unread, unpack, walk
from synclens.bundle import limits as limits_module

XML = logs.healthy()
SMALL = 2 << 20
RAISE = "raise the limit with --max-memory if the source is to be trusted"


@pytest.fixture
def small(monkeypatch):
    """Ratios are looked at from 2 MiB on, so that the bombs of these tests stay small."""
    for module in (limits_module, unpack):
        monkeypatch.setattr(module, "RATIO_FROM", SMALL)


def read(source, limits):
    """Members read whole, the errors of others, and what was left."""
    whole, errors, left = [], [], []
    for item in walk([source], limits=limits):
        if isinstance(item, Unread):
            left.append(item)
            continue
        try:
            whole.append(content_of(item))
        except Exception as error:
            errors.append(str(error))
    return whole, errors, left


@pytest.mark.parametrize("make", [zipped, tarred, lambda m: tarred(m, "w:gz"), lambda m: tarred(m, "w:xz")])
@pytest.mark.parametrize(
    ("limits", "flag", "most"),
    [
        (Limits(members=5), "--max-members", 4),
        (Limits(bytes=len(XML) * 4), "--max-bytes", 4),
        (Limits(seconds=-1), "--max-seconds", 0),
    ],
)
def test_each_limit_ends_the_walk_with_its_name_and_keeps_what_was_read(make, limits, flag, most):
    whole, _, left = read(make({f"{n}.xml": XML for n in range(10)}), limits)
    assert min(most, 1) <= len(whole) <= most
    assert flag in left[-1].reason
    assert left[-1].is_problem


def test_folders_and_depth(tmp_path):
    nested = XML
    for _ in range(4):
        nested = zipped({"log": nested})
    assert "--max-depth" in next(iter(seen(nested, limits=Limits(depth=2)).values()))[0]
    assert XML in seen(nested, limits=Limits(depth=4)).values()
    folder = tmp_path
    for name in "abcde":
        folder = folder / name
        folder.mkdir()
        (folder / "log.xml").write_bytes(XML)
    found = seen(tmp_path, limits=Limits(folders=3))
    assert sum(v == XML for v in found.values()) == 2
    assert any("--max-folders" in v[0] for v in found.values() if v != XML)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_bomb_is_stopped_while_it_unpacks(pack, small):
    _, errors, left = read(pack(b"<Events>" + bytes(SMALL + (8 << 20))), Limits(ratio=10))
    assert "--max-ratio" in (errors[0] if errors else left[-1].reason)


def test_a_bomb_among_others_costs_only_itself(small):
    """One member that grows too far ends that member; all of them together end the walk."""
    bomb = b"<Events>" + bytes(SMALL + (1 << 20))
    noise = os.urandom(SMALL)
    whole, errors, left = read(zipped({"a.xml": XML, "b.xml": bomb, "c.xml": XML, "d.bin": noise}), Limits(ratio=900))
    assert whole == [XML, XML]
    assert [i.name for i in left] == ["source 1/d.bin"]
    assert "read in part: it unpacks to more than 900 times its size" in errors[0]


def test_many_small_bombs_end_the_walk(small):
    many = zipped({f"{n}.xml": b"<Events>" + bytes(SMALL // 3) for n in range(16)})
    whole, _, left = read(many, Limits())
    assert len(whole) < 16
    assert "everything together unpacks to more than 250 times its size" in left[-1].reason


def test_every_limit_has_a_flag_and_the_help_states_its_default():
    from click.testing import CliRunner

    from synclens.cli import group

    shown = CliRunner().invoke(group, ["analyze", "--help"], terminal_width=200).output
    limits = Limits()
    words = {
        "bytes": "64 GiB", "ratio": "250", "members": "200000", "depth": "6", "folders": "64", "seconds": "3600",
        "memory": "384 MiB",
    }  # fmt: skip
    assert set(FLAGS) == set(Limits.__slots__) == set(words)
    for name, flag in FLAGS.items():
        line = next(line for line in shown.splitlines() if f"{flag} " in line)
        assert f"[{words[name]}]" in line
    assert limits == Limits(64 << 30, 250, 200_000, 6, 64, 3600.0, 384 << 20)


def test_a_dictionary_of_gigabytes_is_refused():
    packed = lzma.compress(XML, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}])
    ((reason, problem),) = seen(packed, limits=Limits(memory=64 << 20)).values()
    assert reason == f"its dictionary does not fit into the 67,108,864 bytes that may be held; {RAISE}"
    assert problem


@pytest.mark.parametrize(
    ("window", "memory", "fits"), [(27, 1_000_000, False), (27, 64 << 20, False), (28, 384 << 20, True)]
)
def test_a_window_of_zstandard_counts_as_memory(window, memory, fits):
    zstd = pytest.importorskip("backports.zstd")
    content = XML + b" " * 1000
    options = {zstd.CompressionParameter.window_log: window, zstd.CompressionParameter.compression_level: 1}
    pack = zstd.ZstdCompressor(options=options)
    packed = pack.compress(content) + pack.flush()
    said = (f"its dictionary does not fit into the {memory:,} bytes that may be held; {RAISE}", True)
    assert list(seen(packed, limits=Limits(memory=memory)).values()) == [content if fits else said]
    inner = seen(zipped({"log.xml.zst": packed, "a.xml": XML}), limits=Limits(memory=memory))
    assert inner["source 1/a.xml"] == XML
    assert said in inner.values() or fits


def test_the_command_reports_what_was_read_before_a_limit(tmp_path):
    import json
    import subprocess
    import sys

    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{n}.xml": logs.denied() for n in range(10)}))
    command = [sys.executable, "-m", "synclens", "analyze", path, "--format", "json", "--max-members", "3"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 4
    raw = json.loads(done.stdout)
    assert raw["verdict"]["status"] == "failing"
    assert sum(i["kind"] == "event_xml" for i in raw["inputs"]) == 2
    assert "--max-members" in done.stderr
    assert isinstance(next(walk([path])), Member)


@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_second_file_of_one_name_is_not_said_of_the_first(make, tmp_path):
    import io
    import tarfile
    import warnings
    import zipfile

    import synclens

    out, xml = io.BytesIO(), logs.denied()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if make is zipped:
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr("log.xml", xml)
                archive.writestr("log.xml", xml + b" ")
        else:
            with tarfile.open(fileobj=out, mode="w") as tar:
                for _ in range(2):
                    info = tarfile.TarInfo("log.xml")
                    info.size = len(xml)
                    tar.addfile(info, io.BytesIO(xml))
    case = synclens.open(out.getvalue())
    assert case.verdict.status == "failing"
    assert [i.path for i in case.inputs] == ["source 1/log.xml", "source 1/log.xml (again)"]
    assert case.is_partial


@pytest.mark.parametrize("damage", ["checksum", "cut off"])
def test_a_log_whose_stream_fails_counts_as_far_as_it_was_read(damage):
    import synclens

    packed = bytearray(gzip.compress(logs.denied() + b" " * 200_000 + os.urandom(9)))
    if damage == "checksum":
        packed[-6] ^= 1
    case = synclens.open(bytes(packed if damage == "checksum" else packed[:-20]))
    assert case.verdict.status == "failing"
    assert [i.kind for i in case.inputs if i.records] == ["event_xml"]
    assert case.is_partial
    assert any("reading failed" in p["what"] for i in case.inputs for p in i.problems)
    assert len(case.events) > 0


@pytest.mark.parametrize("how", ["gzip", "bzip2", "xz", "zstd"])
def test_thousands_of_packed_streams_one_after_the_other_are_one_file(how):
    pack = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}.get(how)
    if pack is None:
        pack = pytest.importorskip("backports.zstd").compress
    begin, line, end = pack(b"<Events>"), pack(b"<!-- -->\n"), pack(b"</Events>")
    packed = begin + (line + pack(b"")) * 3000 + end
    assert list(seen(packed).values()) == [b"<Events>" + b"<!-- -->\n" * 3000 + b"</Events>"]
    if how in ("gzip", "bzip2"):
        padded = begin + (line + bytes(7)) * 300 + bytes(200_000) + end
        assert list(seen(padded).values()) == [b"<Events>" + b"<!-- -->\n" * 300 + b"</Events>"]


def test_packed_streams_without_a_byte_cost_time_that_is_counted():
    found = seen(gzip.compress(b"") * 2_000_000, limits=Limits(seconds=0.3))
    assert "--max-seconds" in found["source 1"][0]


def test_what_follows_a_packed_stream_and_is_none_is_damage():
    with pytest.raises(ValueError, match="damaged compressed data"):
        seen(gzip.compress(XML + os.urandom(100_000)) + b"no stream")
