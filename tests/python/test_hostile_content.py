"""Files made to be too much: each is read in bounded memory, ends soon, and the answer names the limit."""

import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import zipfile

import pytest

import logs
from makers import binxml as bx
from makers.event import Event
from makers.evtx_writer import FILE_HEADER, encode_evtx
from makers.log import at
from packing import zipped

MEMORY = 512 << 20
MANY = 80 << 20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux does")

EVENT = logs.event(1, 611, "MARK").encode()
BEFORE, AFTER = (part for part in logs.xml([logs.event(0, 654, "before"), "MARK"]).split(b"MARK"))
CSV = b"Level,Date and Time,Source,Event ID,Task Category\r\nError,11/3/2026 2:21:36 PM,ADSync,611,None,"
BLOCK = b"Log Name:      Application\r\nSource:        ADSync\r\nDate:          11/3/2026 2:21:36 PM\r\nEvent ID:      611\r\nDescription:\r\n"
OBJECTS = b'<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
LIST = b"\r\nAllowedSyncCycleInterval : 00:30:00\r\nStagingModeEnabled : "


def prints_much(times: int) -> bytes:
    """A log whose records each print one value of 12,000 letters `times` times."""
    data = bx.Element("Data", content=(bx.Slot(0, bx.STRING, optional=False),))
    body = bx.Instance(bx.Template(bx.Element("EventData", content=(data,) * times)), [bx.string("x" * 12_000)])
    head, chunk = FILE_HEADER, [Event("ADSync", 611, at("2026-11-03 14:21:36"), body=[body], record_id=1)]
    log = encode_evtx(chunk)
    return log[:head] + log[head:] * 40


def held(size: int) -> bytes:
    """A zip in a zip, which has to be held whole to be read."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr("log.xml", logs.denied())
        made.writestr("noise.bin", os.urandom(1 << 20) * (size >> 20))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as made:
        made.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


HOSTILE = {
    "one-value.xml": lambda: (BEFORE + EVENT.replace(b"MARK", b"x" * MANY) + AFTER, "16777216 bytes"),
    "one-attribute.xml": lambda: (BEFORE + EVENT.replace(b"Name='", b"Name='" + b"x" * MANY, 1) + AFTER, "16777216 bytes"),
    "open-comment.xml": lambda: (BEFORE + b"<!--" + b"- " * (MANY // 2), ""),
    "deep.xml": lambda: (BEFORE + EVENT.replace(b"MARK", b"<a>" * 5_000_000) + AFTER, "64 elements"),
    "attributes.xml": lambda: (BEFORE + EVENT.replace(b"<EventData>", b"<UserData><a " + b"".join(b"a%d='1' " % n for n in range(100_000)) + b"/></UserData><EventData>") + AFTER, "256 attributes"),
    "entities.xml": lambda: (b"<!DOCTYPE e [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a;" * 10) for n in range(20)) + b"]>" + BEFORE + EVENT.replace(b"MARK", b"&a19;") + AFTER, "DOCTYPE"),
    "open-quote.csv": lambda: (CSV + b'"' + b"x,\r\n" * (MANY // 4), ""),
    "one-cell.csv": lambda: (CSV + b'"' + b"x" * MANY + b'"\r\n', "limit"),
    "columns.csv": lambda: (CSV + b"x," * 1_000_000 + b"\r\n", "limit"),
    "one-line.txt": lambda: (BLOCK + b"x" * MANY + b"\r\n", "limit"),
    "many-lines.txt": lambda: (BLOCK + b"x\r\n" * (MANY // 3), "limit"),
    "settings.txt": lambda: (LIST + b"x" * MANY + b"\r\n", "bytes"),
    "utf16-no-mark.txt": lambda: ((BLOCK + b"x" * (MANY // 2)).decode().encode("utf-16-le"), "limit"),
    "broken.txt": lambda: (BLOCK + b"\xe2\x82 \xff\n" * (1 << 22), ""),
    "nuls.txt": lambda: (BLOCK + bytes(MANY), ""),
    "value.clixml": lambda: (
        OBJECTS + b'<Obj RefId="0"><Props><I32 N="Id">611</I32><S N="Message">' + b"x" * MANY + b"</S></Props></Obj></Objs>",
        "limit",
    ),
    "depth.clixml": lambda: (
        OBJECTS + b'<Obj RefId="0"><LST>' * 2_000_000,
        "",
    ),
    "prints-much.evtx": lambda: (prints_much(300), ""),
    "prints-too-much.evtx": lambda: (prints_much(900), "beyond measure"),
    "bomb.xml.gz": lambda: (gzip.compress(BEFORE + b" " * (600 << 20)), "--max-ratio"),
    "bomb.zip": lambda: (zipped({"a.clixml": OBJECTS + b" " * (600 << 20)}), "--max-ratio"),
    "bombs.zip": lambda: (zipped({f"{n}.zip": zipped({"a.xml": BEFORE + bytes(MANY)}) for n in range(9)}), "--max-ratio"),
    "dictionary.xz": lambda: (lzma.compress(BEFORE, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]), "--max-memory"),
    "held.zip": lambda: (held(370 << 20), ""),
    "held-too-much.zip": lambda: (held(400 << 20), "--max-memory"),
}  # fmt: skip


# A new process counts what its parent held until then, so the one that is measured has a small parent.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:], check=False).returncode
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code if code >= 0 else 100)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_too_much_is_read_in_bounded_memory_and_the_limit_is_named(tmp_path, name):
    content, words = HOSTILE[name]()
    path = tmp_path / name
    path.write_bytes(content)
    answer = tmp_path / "answer.json"
    peak = tmp_path / "peak"
    program = [sys.executable, "-m", "synclens", "analyze", str(path), "--format", "json", "-o", str(answer)]
    process = subprocess.run([sys.executable, "-c", MEASURED, str(peak), *program], stderr=subprocess.PIPE, check=False)
    complaint = process.stderr.decode()
    assert process.returncode in (0, 3, 4), complaint
    assert int(peak.read_text()) << 10 < MEMORY
    assert "Traceback" not in complaint
    said = complaint
    if answer.exists():
        told = json.loads(answer.read_text())
        assert told["verdict"]["status"] != "healthy"
        said += " ".join(problem["what"] for entry in told["inputs"] for problem in entry["problems"])
    assert words in said, said[:2000]
