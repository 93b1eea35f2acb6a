"""`explain` answers for every id, code, hex form, status, cause, rule and build of the catalogue, and only for those."""

from __future__ import annotations

import re

import pytest

from knowledge_folder import shared
from synclens.catalogue import explain, load


@pytest.fixture(scope="module")
def catalogue():
    return load(with_entries=True)


def test_every_entry_answers_to_its_id_and_aliases(catalogue):
    for entry in catalogue.entries():
        for term in (entry["id"], *entry["aliases"]):
            assert any(e["id"] == entry["id"] for e in explain(term)), (term, entry["id"])


def test_every_cause_and_rule_answers(catalogue):
    for item in (*catalogue.causes(), *catalogue.rules()):
        assert any(e["id"] == item["id"] for e in explain(item["id"])), item["id"]


def test_a_code_answers_in_decimal_and_hex():
    for term in ("8453", "0x2105", "RPC error 8453", "error 8453"):
        assert explain(term)[0]["id"] == "8453", term


def test_every_build_answers(catalogue):
    for build in catalogue.builds():
        answer = explain(build["version"])[0]
        assert answer["kind"] == "build"
        assert (build["end_of_support"] or "Out of support since") in answer["text"] or "in support" in answer["text"]


def test_a_build_between_two_rows_is_judged_by_the_next_one():
    answer = explain("2.4.50.0")[0]
    assert "2.4.129.0" in answer["text"]
    assert "2026-03-27" in answer["text"]
    assert answer["confidence"] == "inferred"
    assert "2023-10-01" in explain("1.4.18.0")[0]["text"]  # a case of 2020, when it was in support
    assert "in support" in explain("9.9.9.9")[0]["text"]


def test_every_event_id_of_the_knowledge_page_answers():
    page = (shared() / "knowledge" / "phs-knowledge.md").read_text("utf-8")
    ids = set(re.findall(r"^\| (\d+)(?: / (\d+))* \|", page, flags=re.M))
    flat = {number for pair in ids for number in pair if number}
    assert len(flat) > 60
    for number in sorted(flat, key=int):
        assert explain(number), number


def test_what_nobody_knows_has_no_answer():
    assert explain("surely-no-such-term") == []


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("1722", "1722"), ("RPC 1722", "1722"), ("0x6BA", "1722"), ("0x6ba", "1722"), ("81", "81"), ("0x51", "0x51"),
    ],
)  # fmt: skip
def test_what_was_typed_comes_first_and_password_hash_sync_before_writeback(term, first):
    assert explain(term)[0]["id"] == first
    assert len(explain(term)) > 1, "the other is not lost"


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("id 611", "611"), ("eventid 611", "611"), ("Event ID: 611", "611"), ("Win32 1331", "1331"),
        ("ErrorCode 81", "81"), ("6ba", "1722"), ("2.4.18", "2.4.18.0"), ("build 2.4.18", "2.4.18.0"),
        ("0x80072105", "8453"), ("80072105", "8453"), ("-2147016443", "8453"), ("-2147186688", "-2147186688"),
        ("failed-connection", "no-start-connection"), ("0x800700b7", "0x800700b7"),
    ],
)  # fmt: skip
def test_spellings_that_people_type(term, first):
    assert explain(term)[0]["id"] == first


def test_a_number_is_no_part_of_another():
    for number in ("112", "113", "108"):
        assert [e["id"] for e in explain(number)] == ["108"]
    assert explain("172") == []
    for number in ("110", "624", "637", "649", "350", "351"):
        assert explain(number)[0]["title"].startswith("Not documented"), number


def test_a_denied_switch_is_no_switch():
    sentence = "Password Synchronization has not been activated for this company"
    for text in (
        sentence,
        f"{sentence}.",
        f"Error Code: 90. Error Description: {sentence}.",
    ):
        found = [item["id"] for item in explain(text)]
        assert found[0] == "90", text
        assert not {"AUDIT-2506-ON", "AUDIT-2506-OFF"} & set(found), text
    assert "AUDIT-2506-ON" not in [item["id"] for item in explain(f"event 2506: {sentence}")]
    assert "AUDIT-2506-ON" in [item["id"] for item in explain("Event 2506: the feature was activated by an admin")]


def test_the_command_takes_numbers_below_zero_and_no_unknown_option():
    from click.testing import CliRunner

    from synclens.cli import group

    for number in ("-2147186688", "-21451857952"):
        done = CliRunner().invoke(group, ["explain", number], standalone_mode=False)
        assert (done.exception, done.return_value) == (None, 0) and number in done.output
    assert "No such option" in CliRunner().invoke(group, ["explain", "8453", "--formt"]).output
