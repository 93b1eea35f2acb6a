"""The walk through a bundle, by atheris: never raises, ends within its limits, names what it leaves alone.

python tests/fuzz/bundle_fuzz.py -runs=1000000 build/fuzz/corpus/bundle build/fuzz/seeds/bundle
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["synclens", "zipfile", "tarfile", "gzip", "_compression"]):
    import gzip
    import tarfile
    import zipfile

    from synclens.bundle import Limits, Member, Unread, walk

__all__ = ["gzip", "tarfile", "zipfile"]

LIMITS = Limits(bytes=1 << 20, ratio=50, members=50, depth=3, seconds=5.0, memory=1 << 20)
BLOCK = 4096


def one_input(data: bytes) -> None:
    items = given = 0
    for item in walk([data], limits=LIMITS):
        items += 1
        item.name.encode("utf-8")
        if isinstance(item, Unread):
            assert item.reason.encode("utf-8"), "left alone without a reason"
            continue
        assert isinstance(item, Member)
        assert item.path is None, "a file of the disk out of bytes"
        assert item.stream is not None
        try:
            while part := item.stream.read(BLOCK):
                given += len(part)
                assert given <= LIMITS.bytes + (1 << 20), "more bytes than the limit"
        except Exception as error:  # a member's damage reaches its reader, which makes a problem of it
            assert not isinstance(error, (AssertionError, MemoryError, RecursionError)), repr(error)
    assert items > 0 or b"PK\x01\x02" in data, "bytes that vanish"  # a zip of folders holds nothing
    assert items <= LIMITS.members + 8, "more members than the limit"


def main() -> None:
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
