"""Walks the knowledge page and asks `explain` for everything that it names: ids, codes, texts, statuses, outputs, timings.

Nothing of the page stands here but what is left out, with the reason.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from knowledge_folder import section, shared, table_rows
from synclens.catalogue import explain

# Shapes and patterns that the page needs to say how to read a log: no words that anybody meets.
NO_TERMS = {
    r"\s*:\s*", "(?s)", r"\b0x[0-9a-fA-F]{1,8}\b", "--->", "$_.Time", "==", "<proxy>", "DN = CN=..", "default",
    r"Microsoft\.Online\.Coexistence\.\s*Provision(Retry)?Exception", "Details:", "Details: ...",
    # what a cmdlet is piped into, how its result is put together, a row of a table
    "| Export-Csv", "Export-Clixml", "(Get-ADSyncGlobalSettings).Parameters | Select Name,Value",
    "(Get-ADSyncCSObject -ConnectorName 'contoso.com' -DistinguishedName '<DN>').ObjectId", "test.example.com True",
    # how the fault 8456 is made in a laboratory; the entry has the command that mends it
    "repadmin /options DC +DISABLE_OUTBOUND_REPL",
    # a page of other tools' errors; names of providers with a star, which the rules have
    "installation-configuration-wizard-errors.md", "Azure AD Connect*", "Microsoft Entra Connect*", "AzureADConnect*",
}  # fmt: skip


@cache
def page() -> str:
    return (shared() / "knowledge" / "phs-knowledge.md").read_text("utf-8")


def part(start: str, end: str) -> str:
    """A part of the page without its fenced blocks."""
    return re.sub(r"(?ms)^```.*?^```", "", section(page(), start, end))


def words_of(code: str) -> str:
    """The longest stretch of a quoted text that is neither cut nor a placeholder; without words that may be missing."""
    pieces = re.split(r"\.\.+|<[^>]*>|\S*\(\\w\+\)", re.sub(r"\((?:NOT|recent) \)\?", "", code))
    return max((piece.strip(" .:,\"'-") for piece in pieces), key=len)


def quoted() -> list[str]:
    text = "\n".join(
        [part("## 0.", "## 4."), part("## 5.", "## 7."), part("## 9.", "## 10.")]  # 4, 7: how files are written
    )
    return sorted(set(re.findall(r"`([^`\n]+)`", text)) - NO_TERMS)


def test_every_quoted_word_text_and_output_is_explained():
    terms = quoted()
    assert len(terms) > 180
    missing = [term for term in terms if not explain(term) and not explain(words_of(term))]
    assert missing == []


def test_what_is_left_out_is_on_the_page():
    assert {term for term in NO_TERMS if f"`{term}`" not in page()} == set()


def numbers_of(start: str, end: str) -> set[int]:
    """Numbers of the first cells, spans and lists of them included."""
    found: set[int] = set()
    for row in table_rows(part(start, end)):
        cell = re.sub(r"\(0x[0-9A-F]+\)", "", row[0])
        if re.match(r"\d", cell):
            found.update(int(n) for n in re.findall(r"\d+", cell))
    return found


@pytest.mark.parametrize(
    ("start", "end", "least"), [("### 1.1", "### 1.2", 42), ("### 1.2", "### 1.3", 34), ("### 1.4", "### 1.5", 14),
                                ("### 1.5", "### 1.6", 20)]
)  # fmt: skip
def test_every_id_and_code_of_the_tables_is_explained(start, end, least):
    numbers = numbers_of(start, end)
    assert len(numbers) >= least
    assert {n for n in numbers if not explain(str(n))} == set()


def test_every_hexadecimal_form_is_explained_in_any_case_and_as_a_number():
    # what an error of writeback drags along says nothing by itself: the page calls it noise
    noise = {"0x%lx", "0x51"}
    forms = set(re.findall(r"\b0x[0-9a-fA-F]{2,8}\b", part("## 1.", "## 4."))) - noise
    assert len(forms) > 25
    for form in forms:
        assert explain(form), form
        assert explain(form.upper().replace("0X", "0x")), form
        assert explain(form)[0]["id"] == explain(str(int(form, 16)))[0]["id"], form


def test_every_symbol_of_windows_is_explained():
    symbols = set(re.findall(r"\b(?:ERROR_DS|ERROR|RPC_S|EPT_S)_[A-Z_]+\b", page()))
    assert len(symbols) > 20
    assert {s for s in symbols if not explain(s)} == set()


def test_every_timing_is_explained():
    text = part("## 5.", "## 6.") + part("## 9.", "## 10.")
    found = set(re.findall(r"\b\d+ (?:min|minutes|h|hours|days|months)\b", text))
    found |= {"120 min", "3 h", "2 min", "30 min", "7.00:00:00", "1..50 users", "72 hours", "1 hour", "12 months"}
    assert len(found) > 14
    missing = {term for term in found if not any(item["kind"] == "timing" for item in explain(term))}
    # of a version and of another product: the topics and outputs have them
    assert {term for term in missing if not explain(term)} == set()


def test_a_line_of_a_log_is_recognised_by_its_rule():
    for line, wanted in {
        "RPC Error 8453 : Replication access was denied. There was an error calling _IDL_DRSGetNCChanges.": "8453",
        "Error Code: 90. Error Description: Password Synchronization has not been activated for this company.": "90",
        "StagingModeEnabled : True": "StagingModeEnabled",
        "WARNING: No ping event found within last 3 hours.": "No ping event found within last 3 hours",
        'Domain "contoso.com" is NOT reachable': "Domain is reachable",
        "AADSTS53003: Access has been blocked by Conditional Access policies.": "aadsts53003",
    }.items():
        ids = [item["id"].casefold() for item in explain(line)]
        assert wanted.casefold() in ids, (line, ids)


def test_numbers_and_short_words_inside_a_text_are_no_terms():
    assert explain("7 cats and 90 dogs ate 611 fish") == []
    assert explain("surely no such term, and none like it") == []
    first = explain("RPC Error 8453 : Replication access was denied.")[0]
    assert first["id"] == "8453"  # not what the word Error means as a status
