"""The module that was built has what the compiler and linker can do against an attack."""

import shutil
import subprocess
import sys

import pytest

from synclens import _core

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("readelf") is None, reason="needs Linux and readelf"
)


def readelf(*options: str) -> str:
    return subprocess.run(
        ["readelf", "-W", *options, _core.__file__], check=True, capture_output=True, text=True, env={"LC_ALL": "C"}
    ).stdout


def test_relocations_are_done_at_start_and_read_only_after_it():
    assert "GNU_RELRO" in readelf("--program-headers")
    dynamic = readelf("--dynamic")
    assert "BIND_NOW" in dynamic or "NOW" in dynamic.split("FLAGS_1", 1)[-1].splitlines()[0]


def test_no_segment_is_writable_and_executable():
    headers = [line.split() for line in readelf("--program-headers").splitlines()]
    flags = [(row[0], "".join(row[6:-1])) for row in headers if row and row[0] in ("LOAD", "GNU_STACK")]
    assert len(flags) > 2
    assert not [kind for kind, flag in flags if "W" in flag and "E" in flag]
    assert [flag for kind, flag in flags if kind == "GNU_STACK"] == ["RW"]


def test_stacks_are_guarded_and_libc_calls_checked():
    needed = readelf("--dyn-syms")
    assert "__stack_chk_fail" in needed
    assert any(f"__{name}_chk" in needed for name in ("memcpy", "memmove", "read", "snprintf", "memset", "strncpy"))
