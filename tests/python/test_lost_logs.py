"""What may have been a log and was not read: then nothing is said to be healthy."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import warnings
import zipfile

import pytest

import logs
from packing import zipped
from synclens.bundle import Limits


def glued(members) -> bytes:
    """A zip with two files of one name."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def glued_tar(members) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


WELL, ILL = ("a/log.xml", logs.healthy()), ("b/log.xml", logs.denied())
INNER = zipped(dict([ILL]))
LOST = {
    "zip cut at the second": (glued([WELL, ILL])[: 30 + len("a/log.xml") + len(WELL[1])], {}),
    "zip cut in the second": (glued([WELL, ILL])[: 30 + len("a/log.xml") + len(WELL[1]) + 60], {}),
    "tar cut at the second": (glued_tar([WELL, ILL])[: 512 + -(-len(WELL[1]) // 512) * 512], {}),
    "tar cut in the second": (glued_tar([WELL, ILL])[: 1024 + -(-len(WELL[1]) // 512) * 512], {}),
    "tar with a damaged header": (glued_tar([WELL, ILL]).replace(b"b/log.xml", b"c/log.xml", 1), {}),
    "export cut in its first element": (glued_tar([WELL, ("b/log.xml", b"<Event xmlns='ht")]), {}),
    "export in UTF-16 cut so": (glued([WELL, ("b/log.xml", "\ufeff<Events><".encode("utf-16-le"))]), {}),
    "zip whose list is short": (glued([ILL]) + glued([WELL]), {}),
    "second of a name in a zip": (glued([WELL, (WELL[0], ILL[1])]), {}),
    "second of a name in a tar": (glued_tar([WELL, (WELL[0], ILL[1])]), {}),
    "members of a zip": (glued([WELL, ILL]), {"members": 2}),
    "members of a tar": (glued_tar([WELL, ILL]), {"members": 2}),
    "bytes of a zip": (glued([WELL, ILL]), {"bytes": len(WELL[1]) + 100}),
    "bytes of a tar": (glued_tar([WELL, ILL]), {"bytes": len(WELL[1]) + 100}),
    "depth of a zip": (glued([WELL, ("in", INNER)]), {"depth": 1}),
    "depth of a tar": (glued_tar([WELL, ("in", INNER)]), {"depth": 1}),
    "memory of a zip": (glued([WELL, ("in", INNER)]), {"memory": 1000}),
    "memory of a tar": (glued_tar([WELL, ("in", INNER)]), {"memory": 1000}),
    "inner zip cut": (glued([WELL, ("in", INNER[:40])]), {}),
    "inner gzip cut": (glued([WELL, ("in", gzip.compress(ILL[1])[:9])]), {}),
    "cut in the first bytes": (glued([WELL, ("in", gzip.compress(os.urandom(999) + ILL[1])[:500])]), {}),
    "7z": (glued([WELL, ("in", b"7z\xbc\xaf\x27\x1c" + bytes(99))]), {}),
    "RAR": (glued_tar([WELL, ("in", b"Rar!\x1a\x07\0" + bytes(99))]), {}),
    "LZ4": (glued([WELL, ("in", b"\x04\x22\x4d\x18" + bytes(99))]), {}),
    "two names": (glued([WELL, ILL]).replace(ILL[0].encode(), b"c/log.xml", 1), {}),
    "zip of zeros": (glued([WELL, ("in.zip", b"garbage" * 9)]), {}),
}


@pytest.mark.parametrize("how", LOST)
def test_nothing_is_healthy_when_a_log_may_be_lost(how):
    import synclens

    content, limits = LOST[how]
    case = synclens.open(content, limits=Limits(**limits))
    assert any(i.kind == "event_xml" and i.records for i in case.inputs), "the healthy log is read"
    assert case.verdict.status == "unknown"
    assert case.is_partial
    assert not any(i.kind == "evtx" for i in case.inputs), "what was left keeps its kind"


def test_nothing_is_healthy_beside_a_folder_that_was_not_entered(tmp_path):
    import synclens

    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "log.xml").write_bytes(WELL[1])
    (tmp_path / "a/b/log.xml").write_bytes(ILL[1])
    assert synclens.open(tmp_path).verdict.status == "failing"
    assert synclens.open(tmp_path, limits=Limits(folders=2)).verdict.status == "unknown"
    assert synclens.open([tmp_path / "log.xml", tmp_path / "nope"]).verdict.status == "unknown"


def test_a_picture_or_a_security_log_that_is_not_read_loses_no_log():
    import synclens

    for name, content in (("a.png", b"\x89PNG" + bytes(99)), ("X_Security.evtx", b"garbage" * 99)):
        assert synclens.open(glued([WELL, (name, content)])).verdict.status == "healthy"
    assert synclens.open([WELL[1], b"\x89PNG" + bytes(99)]).verdict.status == "healthy"
    trace = glued([WELL, ("a.etl", b"1"), ("a.etl", b"2")])
    assert synclens.open(trace).verdict.status == "healthy"
    both = glued([WELL, ("Security.evtx", b"garbage" * 99), ("Security.evtx", b"garbage" * 99)])
    assert synclens.open(both).verdict.status == "healthy"
