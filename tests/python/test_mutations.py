"""The tables beside tests/mutate_judgement.py: each sentence of the contract has what holds it, and nothing stands there
that is gone. What a test notices is tried by the program itself, which takes an hour."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

import pytest

from knowledge_folder import shared

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from mutations.changes import SOURCES, all_changes, switched  # noqa: E402
from mutations.tables import Rule, matches, reason_for, reasons, rules, sentences  # noqa: E402


@cache
def keys() -> list[str]:
    return [change.key for change in all_changes()]


@cache
def names_of_tests() -> str:
    files = [*TESTS.glob("cpp/*_test.cpp"), *TESTS.glob("python/test_*.py")]
    # a name of two lines stands in the source as two texts
    return "\n".join(re.sub(r'"\s*\n\s*"', "", file.read_text("utf-8")) for file in files)


def test_every_change_has_a_name_of_its_own():
    assert len(keys()) > 1400
    assert len(set(keys())) == len(keys())


@pytest.mark.parametrize("source", SOURCES)
def test_every_change_has_its_switch(source):
    numbered = [(n, change) for n, change in enumerate(all_changes()) if change.source == source]
    text = switched(source, numbered)
    for number, change in numbered:
        assert re.search(rf"\b{number}\b", text), change.description


def test_every_sentence_of_the_contract_has_what_holds_it():
    page = sentences((shared() / "knowledge" / "verdicts.md").read_text("utf-8"))
    assert len(page) > 80
    known = [rule.says for rule in rules()]
    assert [s for s in page if not any(s.startswith(says) for says in known)] == []
    assert [says for says in known if not any(s.startswith(says) for s in page)] == []
    assert len(known) == len(set(known))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.says[:40])
def test_what_holds_a_rule_is_there(rule: Rule):
    assert rule.changes or rule.tests or rule.words
    for pattern in rule.changes:
        assert any(matches(pattern, key) for key in keys()), pattern
    for name in rule.tests:
        is_file = (TESTS.parent / name).is_file() or (TESTS / "python" / name).is_file()
        assert is_file or name in names_of_tests(), name


def test_every_reason_is_of_a_change():
    for reason in reasons():
        assert len(reason.why) > 20
        for pattern in reason.changes:
            assert any(matches(pattern, key) for key in keys()), pattern


def test_no_rule_rests_on_reasons_alone():
    known = reasons()
    by_key = {change.key: change for change in all_changes()}
    for rule in rules():
        held = [key for pattern in rule.changes for key in keys() if matches(pattern, key)]
        if held and not rule.tests:
            assert any(reason_for(by_key[key], known) is None for key in held), rule.says
