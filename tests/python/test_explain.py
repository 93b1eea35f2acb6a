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
