"""The command line as its users meet it: what goes where, with which exit code."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import logs
from packing import tarred, zipped

VERBS = ["analyze", "user", "explain", "records", "dump", "rules"]


def run(*arguments, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "synclens", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": "80", **environment},
    )


@pytest.fixture(scope="module")
def put(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")

    def write(name, content):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


@pytest.fixture(scope="module")
def failing(put):
    return put("failing.xml", logs.denied())


@pytest.fixture(scope="module")
def well(put):
    return put("well.xml", logs.healthy())


def sentence(done) -> str:
    words = done.stderr.decode()
    assert "Traceback" not in words, words
    return words


@pytest.mark.parametrize(
    "arguments", [[], *([verb] for verb in VERBS), *(["rules", v] for v in ("list", "show", "lint", "test"))]
)
def test_every_help_has_an_example(arguments):
    done = run(*arguments, "--help")
    assert done.returncode == 0
    assert "Example: synclens" in " ".join(done.stdout.decode().split())
    assert done.stderr == b""


def test_the_text_answers_everything(failing):
    done = run("analyze", failing)
    said = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert said.splitlines()[0].startswith("FAILING")
    for part in (
        "contoso.com",
        "Set-ADSyncPasswordHashSyncPermissions",
        "record",
        "Verify",
        "Document",
        "https://",
        "Since",
    ):
        assert part in said
    assert "\x1b" not in said
    commands = [line for line in said.splitlines() if len(line) > 80]
    assert all(any(word in line for word in ("-", "http")) and line.startswith(" " * 13) for line in commands)


def test_colour_only_where_it_is_wanted(failing):
    assert b"\x1b[" in run("analyze", failing, FORCE_COLOR="1").stdout
    assert b"\x1b[3" not in run("analyze", failing, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_json_and_text_go_to_files_that_appear_whole(failing, tmp_path):
    target = tmp_path / "out.json"
    assert run("analyze", failing, "--format", "json", "-o", target).returncode == 0
    assert json.loads(target.read_bytes())["verdict"]["status"] == "failing"
    again = run("analyze", failing, "-o", target)
    assert again.returncode == 2
    assert "--force" in sentence(again)
    assert run("analyze", failing, "-o", target, "--force").returncode == 0
    assert target.read_text("utf-8").startswith("FAILING")
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize("target", [".", "no/such/folder/out.json"])
def test_an_output_that_cannot_be_is_refused_before_the_work(failing, target):
    done = run("analyze", failing, "-o", target)
    assert done.returncode == 2
    assert target in sentence(done)


def test_a_full_disk_is_a_sentence(failing):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "synclens", "analyze", str(failing), "--format", "json"],
            stdout=full, stderr=subprocess.PIPE, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 2
    assert "no space" in sentence(done).lower()


@pytest.mark.parametrize(("severity", "code"), [("critical", 0), ("high", 1), ("medium", 1), ("info", 1)])
def test_fail_on_looks_at_ongoing_findings(failing, well, severity, code):
    assert run("analyze", failing, "--fail-on", severity).returncode == code
    assert run("analyze", well, "--fail-on", severity).returncode == 0


def test_a_missing_path_alone_and_among_others(well):
    alone = run("analyze", "no/such.evtx")
    assert alone.returncode == 3
    assert "no/such.evtx: no such file or folder" in sentence(alone)
    among = run("analyze", "no/such.evtx", well, "--format", "json")
    assert among.returncode == 4
    assert "no/such.evtx" in sentence(among)
    said = json.loads(among.stdout)
    assert [i["path"] for i in said["inputs"] if i["problems"]] == ["no/such.evtx"]
    assert any(i["records"] == 20 for i in said["inputs"])
    assert run("analyze", "no/such.evtx", well, "--fail-on", "info").returncode == 4


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.evtx", b"", "empty"),
        ("zeros.bin", bytes(5000), "zeros"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "a picture"),
        ("fake.evtx", b"MZ" + bytes(range(255)) * 9, "no event log header"),
        ("broken.zip", b"PK\x03\x04" + bytes(100), "damaged"),
        ("log.7z", b"7z\xbc\xaf\x27\x1c" + bytes(99), "unpack"),
    ],
)
def test_what_holds_nothing_is_one_sentence_and_exit_3(put, name, content, words):
    done = run("analyze", put(name, content))
    assert done.returncode == 3
    assert words in sentence(done)
    assert name in sentence(done)
    assert len(sentence(done).strip().splitlines()) == 1
    assert run("records", put(name, content)).returncode == 3


def test_a_folder_with_nothing_readable(tmp_path):
    done = run("analyze", tmp_path)
    assert done.returncode == 3
    assert "no file" in sentence(done)
    (tmp_path / "x.bin").write_bytes(b"\x01\x02\x03")
    assert run("analyze", tmp_path).returncode == 3


def test_members_that_are_not_ours_do_not_matter(put):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("log.xml", logs.healthy())
        archive.writestr("msinfo32.bin", b"\x01\x02\x03")
        archive.writestr("HIVE.hiv", b"regf" + bytes(600))
    done = run("analyze", put("b.zip", out.getvalue()), "--format", "json")
    assert done.returncode == 0
    notes = {i["path"].rsplit("/", 1)[1]: i["notes"] for i in json.loads(done.stdout)["inputs"]}
    assert "left closed" in notes["HIVE.hiv"][0]


def test_a_log_that_cannot_be_read_makes_health_unknown(put):
    logs_of = {"well.xml": logs.healthy(), "X_Application.evtx": b"garbage" * 99}
    done = run("analyze", put("lost.zip", zipped(logs_of)), "--format", "json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["verdict"]["status"] == "unknown"
    logs_of["X_Security.evtx"] = logs_of.pop("X_Application.evtx")
    done = run("analyze", put("kept.zip", zipped(logs_of)), "--format", "json")
    assert json.loads(done.stdout)["verdict"]["status"] == "healthy"


def test_a_wrong_checksum_is_a_problem_and_the_rest_is_read(put):
    packed = zipped({"a.xml": logs.healthy(), "b.xml": logs.healthy()})
    at = packed.index(b"PK\x01\x02") + 16
    broken = packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :]
    done = run("analyze", put("crc.zip", broken), "--format", "json")
    assert done.returncode == 4
    inputs = json.loads(done.stdout)["inputs"]
    assert (
        inputs[0]["problems"][0]["what"] == "reading failed: its checksum is wrong: it was damaged after it was packed"
    )
    assert inputs[1]["problems"] == []
    assert inputs[1]["records"] == 20


def test_a_limit_is_named_with_its_flag_and_the_rest_counts(put):
    path = put("many.zip", zipped({f"{n}.xml": logs.healthy() for n in range(5)}))
    done = run("analyze", path, "--max-members", "4", "--format", "json")
    assert done.returncode == 4
    assert "--max-members" in sentence(done)
    assert sum(i["records"] for i in json.loads(done.stdout)["inputs"]) == 60


def test_stdin_and_a_pipe(failing):
    content = failing.read_bytes()
    done = run("analyze", "-", "--format", "json", stdin=content)
    assert json.loads(done.stdout)["verdict"]["status"] == "failing"
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["analyze"], "Missing argument"),
        (["analyse", "x"], "analyse"),
        (["analyze", "x", "--format", "pdf"], "pdf"),
        (["analyze", "x", "--tz", "Mars/Base"], "Mars/Base"),
        (["analyze", "x", "--since", "yesterday"], "yesterday"),
        (["analyze", "x", "--max-bytes", "-1"], "--max-bytes"),
        (["analyze", "x", "--rules", "no/such/rules"], "no/such/rules"),
        (["records", "x", "--level", "loud"], "loud"),
        (["rules", "show", "NO-SUCH"], "NO-SUCH"),
        (["records", "x", "--format", "parquet"], "-o FILE"),
    ],
)
def test_wrong_use_is_exit_2(arguments, words):
    done = run(*arguments)
    assert done.returncode == 2
    assert words in sentence(done)
    assert done.stdout == b""


def test_wrong_rules_name_file_and_line(tmp_path, well):
    (tmp_path / "rule-mine.toml").write_text('[[rule]]\nid = "X"\nnonsense = 1\n', "utf-8")
    done = run("analyze", well, "--rules", tmp_path)
    assert done.returncode == 2
    assert "rule-mine.toml" in sentence(done)


def test_hostile_text_steers_no_terminal(put):
    evil = "\x1b[2J\x9b31m\u202eevil\u2066<b>[red]{{7*7}}"
    log = logs.xml([logs.event(n, 611, "x", level=2) for n in range(0, 300, 10)]).decode()
    log = log.replace(">x<", f">{logs.DENIED.replace('dc1', evil.replace('<', '&lt;').replace(chr(27), ''))}<")
    path = put("e\x1b[31mvil\u202e.xml", log.encode())
    for arguments in (["analyze", path], ["analyze", path, "--format", "json"], ["records", path], ["user", "x", path]):
        done = run(*arguments)
        for words in (done.stdout.decode(), done.stderr.decode()):
            assert not any(c in words for c in "\x1b\x9b\u202e\u2066"), arguments
    assert "[red]" in run("records", path).stdout.decode()


def test_records_in_every_format(failing, tmp_path):
    rows = [
        json.loads(line) for line in run("records", failing, "--id", "611", "--format", "jsonl").stdout.splitlines()
    ]
    assert len(rows) == 30
    assert rows[0]["event_id"] == 611
    assert rows[0]["time"].endswith("Z")
    assert (
        run("records", failing, "--grep", "RPC Error 8453", "--format", "csv").stdout.count(b"_IDL_DRSGetNCChanges")
        >= 30
    )
    table = run("records", failing, "--provider", "directory*", "--level", "error").stdout.decode().splitlines()
    assert len(table) == 31
    assert "611" in table[1]
    explained = run("records", failing, "--cause", "replication-permission-missing", "--format", "jsonl").stdout
    assert json.loads(explained.splitlines()[0])["cause"] == "replication-permission-missing"
    pytest.importorskip("polars")
    target = tmp_path / "x.parquet"
    assert run("records", failing, "--format", "parquet", "-o", target).returncode == 0
    import polars

    assert polars.read_parquet(target).height == 50


def test_csv_holds_no_formula(put):
    path = put("formula.xml", logs.xml([logs.event(1, 1, "=cmd|' /C calc'!A0"), logs.event(2, 2, "-1+1")]))
    said = run("records", path, "--format", "csv").stdout.decode()
    assert ",'=cmd" in said or ",\"'=cmd" in said
    assert ",'-1+1" in said


def test_a_closed_pipe_is_no_error(failing):
    script = f"{sys.executable} -m synclens records {failing} --format jsonl | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {script}"], capture_output=True, check=False, timeout=60)
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_closed_pipe_leaves_the_exit_code_of_analyze(failing, tmp_path, form):
    missing = tmp_path / "missing.evtx"
    script = f"(sleep 1; {sys.executable} -m synclens analyze {failing} {missing} --format {form}; echo $? >&2) | true"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False, timeout=60)
    assert done.stderr.splitlines()[-1] == b"4", done.stderr


def test_an_interrupt_is_130_and_leaves_no_half_file(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    out = tmp_path / "out"
    out.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "synclens", "records", str(fifo), "-o", str(out / "x.csv"), "--format", "csv"],
        stderr=subprocess.PIPE,
    )
    with open(fifo, "wb") as writer:
        writer.write(b"<Events>" + logs.event(1, 611, "x").encode())
        writer.flush()
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    words = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 130, words
    assert "Traceback" not in words
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("term", ["replication-permission-missing", "8453", "staging-mode"])
def test_explain_needs_no_log(term):
    done = run("explain", term)
    assert done.returncode == 0
    assert "replication" in done.stdout.decode().lower() or "staging" in done.stdout.decode().lower()


def test_explain_says_when_nothing_is_known():
    done = run("explain", "staging-mod")
    assert done.returncode == 3
    assert "staging-mode" in sentence(done)


def test_the_shipped_rules_are_right():
    for verb in ("lint", "test"):
        done = run("rules", verb)
        assert done.returncode == 0, done.stdout.decode()[:2000]
        assert done.stdout == b""
    listed = run("rules", "list").stdout.decode()
    assert "PHS-611-8453" in listed
    assert "Hit" in run("rules", "show", "PHS-611-8453").stdout.decode()


def test_user(put):
    result = "Password Change Result - Anchor : AAAAAAAAAAAAAAAAAAAAAA==, Dn : {}, PwdChangeOnLogon=False, Result : {}."
    one, two = "CN=One,DC=contoso,DC=com", "CN=Two,DC=contoso,DC=com"
    rows = [
        logs.event(5, 657, result.format(one, "Success")),
        logs.event(6, 657, result.format(two, "Failed").replace("AAA=", "BBB=")),
    ]
    path = put("users.xml", logs.xml(rows))
    said = run("user", "cn=two", path).stdout.decode()
    assert two in said
    assert "Failed" in said
    assert "CN=One" not in said
    assert [u["dn"] for u in json.loads(run("user", one, path, "--format", "json").stdout)["users"]] == [one]
    nobody = run("user", "Nobody", path)
    assert nobody.returncode == 0
    assert "no user like Nobody" in sentence(nobody)


def test_the_same_input_gives_the_same_bytes(failing, well):
    outputs = {run("analyze", failing, well, "--format", "json", PYTHONHASHSEED=str(n)).stdout for n in range(3)}
    assert len(outputs) == 1


def test_hash(well):
    import hashlib

    said = json.loads(run("analyze", well, "--format", "json", "--hash").stdout)
    assert said["inputs"][0]["sha256"] == hashlib.sha256(well.read_bytes()).hexdigest()
    assert json.loads(run("analyze", well, "--format", "json").stdout)["inputs"][0]["sha256"] is None


@pytest.mark.parametrize("how", ["gz", "tgz", "zip", "limit"])
def test_a_damaged_member_has_no_hash_and_is_no_traceback(put, how):
    """What is hashed is read to its end, also behind what the core has read: damage there is no crash."""
    content = logs.denied() + b" " * 200_000 + os.urandom(9)
    if how == "gz":
        path = put("cut.xml.gz", gzip.compress(content) + b"behind")
    elif how == "tgz":
        path = put("cut.tgz", tarred({"a.xml": content}, "w:gz")[:-200])
    else:
        packed = bytearray(zipped({"a.xml": content}))
        at = packed.index(b"PK\1\2") + 16
        packed[at] ^= how == "zip"  # its checksum
        path = put("sum.zip", bytes(packed))
    done = run("analyze", path, "--format", "json", "--hash", *(["--max-bytes", 90_000] if how == "limit" else []))
    sentence(done)
    assert done.returncode == 4
    said = json.loads(done.stdout)
    assert [i["sha256"] for i in said["inputs"]] == [None] * len(said["inputs"])
    assert said["verdict"]["status"] == "failing"


def test_what_is_imported_meanwhile_and_cannot_be_says_nothing():
    code = (
        "import sys, threading\n"
        "from synclens.cli import common\n"
        "common.import_meanwhile('synclens.no_such_module', 'synclens.report.text')\n"
        "[t.join() for t in threading.enumerate() if t is not threading.current_thread()]\n"
        "print('synclens.report.text' in sys.modules)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, b"True", b"")
