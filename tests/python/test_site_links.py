"""Where findings lead: to their cause's page in the documentation, where somebody has said at which address it stands."""

from __future__ import annotations

import io
import json

import pytest

import logs
import synclens
from synclens import catalogue, site
from synclens.report import csv, html, knowledge, markdown, sarif, text

BASE = "https://docs.example/synclens"
PAGE = "catalogue/causes/replication-permission-missing.html"


@pytest.fixture
def raw():
    found = synclens.open(logs.denied()).to_dict()
    assert found["findings"][0]["cause"] == "replication-permission-missing"
    return found


def printed(raw) -> str:
    words = io.StringIO()
    text.render(raw, words, width=200)
    return words.getvalue()


def test_a_finding_names_its_page(raw):
    assert raw["findings"][0]["page"] == PAGE
    assert synclens.open(logs.denied()).findings[0].page == PAGE


def test_without_an_address_nothing_is_linked_and_the_page_is_named(raw, monkeypatch):
    monkeypatch.delenv(site.BASE, raising=False)
    page = html.render(raw)
    assert PAGE in page and f'{PAGE}"' not in page
    assert "synclens explain replication-permission-missing" in page
    ticket = markdown.render(raw)
    assert f"`{PAGE}`" in ticket and "`synclens explain replication-permission-missing`" in ticket
    rule = json.loads(sarif.render(raw))["runs"][0]["tool"]["driver"]["rules"][0]
    assert rule["helpUri"].startswith("https://learn.microsoft.com/")
    assert rule["properties"]["page"] == PAGE
    assert csv.render(raw).splitlines()[1].endswith(PAGE)
    assert "synclens explain replication-permission-missing" in printed(raw)


def test_with_an_address_every_report_leads_there_and_to_microsoft(raw, monkeypatch):
    monkeypatch.setenv(site.BASE, f"{BASE}/")
    whole = f"{BASE}/{PAGE}"
    microsoft = raw["findings"][0]["references"][0]["url"]
    page = html.render(raw)
    assert f'<a href="{whole}" rel="noopener noreferrer">' in page
    for said in (page, markdown.render(raw), printed(raw)):
        assert whole in said and microsoft in said
    rule = json.loads(sarif.render(raw))["runs"][0]["tool"]["driver"]["rules"][0]
    assert rule["helpUri"] == whole
    assert microsoft in rule["properties"]["documents"]
    assert csv.render(raw).splitlines()[1].endswith(whole)
    assert raw["findings"][0]["page"] == PAGE  # the contract does not change with the machine


def test_explain_leads_there_too(monkeypatch):
    monkeypatch.setenv(site.BASE, BASE)
    words = io.StringIO()
    knowledge.render(synclens.explain("8453")[:1], words, width=200)
    assert f"{BASE}/catalogue/codes/8453.html" in words.getvalue()
    words = io.StringIO()
    knowledge.render(synclens.explain("8453")[:1], words, width=200, shipped=False)
    assert BASE not in words.getvalue()


def test_the_address_of_the_package_is_taken_where_there_is_one(monkeypatch):
    monkeypatch.delenv(site.BASE, raising=False)
    monkeypatch.setattr(site, "_published", lambda: BASE)
    assert site.address(PAGE) == f"{BASE}/{PAGE}"
    assert site.address(None) is None


@pytest.mark.parametrize("wrong", ["/srv/docs", "javascript:alert(1)", "https://docs.example/?x=1", "file:///srv/docs"])
def test_what_is_no_web_address_is_refused_in_one_sentence(wrong, monkeypatch):
    monkeypatch.setenv(site.BASE, wrong)
    with pytest.raises(synclens.SynclensError, match="no web address"):
        site.address(PAGE)


def test_a_cause_of_your_own_rules_has_no_page(tmp_path, monkeypatch):
    monkeypatch.setenv(site.BASE, BASE)
    shipped = catalogue.load().causes()[0]["id"]
    (replaced,) = {finding.rule for finding in synclens.open(logs.denied()).findings}
    (tmp_path / "own.toml").write_text(OWN.replace("OWN-1", replaced))
    case = synclens.open(logs.denied(), rules=[tmp_path])
    by_cause = {finding.cause: finding.page for finding in case.findings}
    assert by_cause == {"own-cause": None}
    assert site.page("cause", shipped) not in html.render(case.to_dict())


OWN = """
[[cause]]
id = "own-cause"
title = "A cause of our own"
severity = "high"
scope = "domain"
confidence = "field"
order = 1
why = "Because."
[[cause.fix]]
text = "Do it."
[[cause.reference]]
title = "Ours"
url = "https://intranet.example/own"

[[rule]]
id = "OWN-1"
cause = "own-cause"
title = "Ours"
confidence = "field"
match.provider = ["Directory Synchronization"]
match.event_id = [611]
match.text = '''RPC Error\\s+(?P<rpc>8453)\\b.*'''
fields.rpc = "int"
summary = "Ours"
[[rule.test]]
hit = "RPC Error 8453 : denied"
[[rule.test]]
miss = "RPC Error 1722 : gone"
"""
