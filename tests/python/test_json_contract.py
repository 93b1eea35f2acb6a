"""The JSON contract: everything that analyze prints is as the shipped schema says."""

from __future__ import annotations

import copy
import json

import pytest

import logs
import make
import synclens
from synclens.report.json import render, schema

jsonschema = pytest.importorskip("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(schema())
KEYS = {
    "schema_version", "tool", "inputs", "verdict", "checks", "findings", "users", "coverage", "unclassified",
}  # fmt: skip


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert set(schema()["required"]) == KEYS


@pytest.mark.parametrize("name", make.SAMPLES)
def test_every_sample_is_valid(name, tmp_path):
    files = make.SAMPLES[name]()
    for file, content in files.items():
        (tmp_path / file).write_bytes(content)
    case = synclens.open([tmp_path / file for file in sorted(files)])
    said = json.loads(render(case.to_dict()))
    VALIDATOR.validate(said)
    assert said == case.to_dict()


def test_the_schema_refuses_what_is_wrong():
    good = synclens.open(logs.denied()).to_dict()
    VALIDATOR.validate(good)
    for path, value in (
        (("verdict", "status"), "fine"),
        (("findings", 0, "severity"), "bad"),
        (("findings", 0, "fix"), []),
        (("findings", 0, "first_seen"), "yesterday"),
        (("schema_version",), 2),
        (("inputs", 0, "records"), -1),
    ):
        wrong = copy.deepcopy(good)
        at = wrong
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        assert not VALIDATOR.is_valid(wrong), path
    for key in KEYS:
        wrong = {k: v for k, v in good.items() if k != key}
        assert not VALIDATOR.is_valid(wrong), key


def test_the_objects_say_what_the_dict_says():
    case = synclens.open(logs.denied())
    raw = case.to_dict()
    assert case.verdict.status == raw["verdict"]["status"] == "failing"
    assert [f.cause for f in case.findings] == [f["cause"] for f in raw["findings"]]
    finding = case.findings[0]
    assert finding.scope == synclens.Scope("domain", "contoso.com")
    assert finding.fix[0].text == raw["findings"][0]["fix"][0]["text"]
    assert finding.fields["event_ids"] == ("611",)
    assert {hash(f) for f in case.findings}
    assert [c.id for c in case.checks] == [c["id"] for c in raw["checks"]]
    assert case.inputs[0].records == 50
    assert case.coverage.logs[0].records == 50
    with pytest.raises(AttributeError):
        finding.cause = "x"
    with pytest.raises(KeyError, match="no user"):
        case.user("nobody")
    assert repr(case).startswith("<Case failing: 1 finding")


def test_escapes_cannot_steer_a_terminal():
    said = render({"x": "\x1b[31m\x9b\u202eé\u2028 日本"})
    assert "é" in said
    assert "日本" in said
    assert not any(c in said for c in "\x1b\x9b\u202e\u2028")
    assert json.loads(said) == {"x": "\x1b[31m\x9b\u202eé\u2028 日本"}
