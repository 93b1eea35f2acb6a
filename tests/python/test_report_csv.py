"""The CSV tables: whole, and no formula in any spreadsheet."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hostile
from synclens.report import csv as report

FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")


@pytest.fixture(scope="module")
def raw():
    return hostile.diagnosis()


def read(words: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(words, newline=""), delimiter=separator))


def test_findings_in_their_order(raw):
    rows = read(report.render(raw))
    assert rows[0] == list(report.FINDINGS)
    assert len(rows) == 1 + len(raw["findings"])
    first = dict(zip(rows[0], rows[1], strict=True))
    finding = raw["findings"][0]
    assert first["order"] == "1" and first["count"] == str(finding["count"])
    for name in ("severity", "status", "title", "why", "cause", "first_seen", "id"):
        assert first[name] == finding[name]
    command = next(s["command"] for s in finding["fix"] if s["command"])
    assert first["first_command"] == command.replace("\n", "; ")
    assert (first["scope_kind"], first["scope_name"]) == ("domain", "contoso.com")
    assert first["recovered_at"] == "" and first["password_sync"] == "true"


def test_lines_end_as_spreadsheets_expect(raw):
    words = report.render(raw)
    assert words.endswith("\r\n") and words.startswith("order,severity,")


def test_users_and_an_empty_table(raw):
    user = {
        "dn": "CN=Ada, Voss",
        "anchor": "AAE=",
        "status": "Success",
        "last_request": None,
        "last_result": "t",
        "cause": None,
    }
    rows = read(report.render({**raw, "users": [user, {**user, "dn": None}]}, "users"))
    assert rows[0] == list(report.USERS)
    assert rows[1] == ["CN=Ada, Voss", "AAE=", "Success", "", "t", ""]
    assert rows[2][0] == "AAE="
    assert read(report.render({**raw, "users": []}, "users")) == [list(report.USERS)]


@pytest.mark.parametrize("attack", hostile.ATTACKS)
@pytest.mark.parametrize("table", ["findings", "users"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_no_cell_is_a_formula(attack, table, separator):
    words = report.render(hostile.poisoned(attack), table)
    for row in read(words, separator):
        for cell in row:
            assert not FORMULA.match(cell), cell
            for inner in re.split(r';\s*"?', cell):
                assert not re.match(r"[=@\uff1d\uff20]", inner), cell
    assert "\t" not in words
    assert not [c for c in hostile.CONTROLS if c in words]
    words.encode()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""), (5, "5"), (True, "true"), (False, "false"), ("plain", "plain"), ("CN=x", "CN=x"), ("a-b+c@d=e", "a-b+c@d=e"),
        ("=1", "'=1"), (" =1", "' =1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "' =1"), ("\uff1d1", "'\uff1d1"),
        ("a;=1", "a;'=1"), ('a; "=1', "a; \"'=1"),
        ("Import-Module 'x'; Get-Thing -Name y", "Import-Module 'x'; Get-Thing -Name y"),
        ("one\r\ntwo", "one two"),
    ],
)  # fmt: skip
def test_cells(value, shown):
    assert report.cell(value) == shown


def test_a_command_of_several_lines_is_one_line():
    assert report.one_line("A\r\n  B\nC |\n  D\nif ($x) {\n  E\n}\n") == "A; B; C |   D; if ($x) {   E; }"


@given(st.text(max_size=30))
def test_any_text_is_one_harmless_cell(words):
    shown = report.cell(words)
    assert not FORMULA.match(shown)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([shown, "end"])
    ((first, last),) = read(out.getvalue())
    assert last == "end" and first == shown
