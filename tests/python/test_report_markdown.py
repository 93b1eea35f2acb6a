"""The Markdown report: complete for a ticket, and without effect whatever the input holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import hostile
import synclens
from synclens.report import markdown

# As a tracker reads it: tables, strike-through and bare links are on, and HTML passes.
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
BARE_LINK = re.compile(r"https?://|www\.|[\w.+-]+@[\w-]+\.\w", re.IGNORECASE)
MENTION = re.compile(r"(?<![\w/])@\w|(?<!\w)#\d|\b[A-Z]{2,}-\d+\b|\w#\d")


@pytest.fixture(scope="module")
def raw():
    return hostile.diagnosis()


def leaves(words: str):
    for token in READER.parse(words):
        yield token
        yield from token.children or ()


def test_it_answers_what_a_ticket_asks(raw):
    words = markdown.render(raw)
    lines = words.splitlines()
    assert lines[0] == "# Password hash synchronization: failing"
    assert lines[2] == markdown.prose(raw["verdict"]["summary"])
    assert "- For whom: domain contoso.com" in lines
    finding = raw["findings"][0]
    fences = [t.content.strip() for t in leaves(words) if t.type == "fence" and t.info == "powershell"]
    assert fences == [step["command"] for step in finding["fix"] if step["command"]]
    assert f"<{finding['references'][0]['url']}>" in words
    assert finding["why"][:60] in words and "record" in words
    assert "contoso.com · errors" in words and "## Checks" in words


def test_headings_and_lists_are_ours_alone(raw):
    ours = [t.tag for t in leaves(markdown.render(raw)) if t.type == "heading_open"]
    assert ours[0] == "h1" and set(ours[1:]) == {"h2", "h3"}


@pytest.mark.parametrize("attack", hostile.ATTACKS)
def test_nothing_in_the_input_has_effect(attack):
    words = markdown.render(hostile.poisoned(attack))
    calm = markdown.render(hostile.poisoned("calm"))
    found, expected = list(leaves(words)), list(leaves(calm))
    for kind in (
        "heading_open",
        "bullet_list_open",
        "ordered_list_open",
        "list_item_open",
        "fence",
        "code_block",
        "hr",
    ):
        assert [t.type for t in found if t.type == kind] == [t.type for t in expected if t.type == kind], kind
    for token in found:
        assert token.type not in (
            "html_block", "html_inline", "image", "em_open", "strong_open", "s_open", "table_open", "blockquote_open",
        ), (token.type, token.content)  # fmt: skip
        if token.type == "link_open":
            assert token.attrs["href"].startswith("https://learn.microsoft.com/")
    texts = [t.content for t in found if t.type == "text" and not t.content.startswith("https://learn.microsoft.com/")]
    assert not [t for t in texts if BARE_LINK.search(t) or MENTION.search(t)]
    assert not [c for c in hostile.CONTROLS if c in words]
    words.encode()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("plain words, 5 of them.", "plain words, 5 of them."),
        ("2026.11", "2026.11"),
        ("1. item", "1\\. item"),
        ("- item", "\\- item"),
        ("a_b*c", "a\\_b\\*c"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("see www.example.com now", "see `www.example.com` now"),
        ("mail a@b.example", "mail `a@b.example`"),
        ("a `tick` @b", "a \\`tick\\` `@b`"),
        ("#12", "`#12`"),
    ],
)
def test_prose(words, shown):
    assert markdown.prose(words) == shown


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab `*_<>[]()!#|~$&;:@/\\\n\r\t-+=.1{}\u202e\x1b", max_size=40))
def test_prose_and_code_come_back_as_text(words):
    for token in leaves(f"x {markdown.prose(words)}"):
        assert token.type in ("paragraph_open", "paragraph_close", "inline", "text", "text_special", "code_inline")
    shown = markdown.code(words)
    if shown:
        assert [t.type for t in READER.parseInline(shown)[0].children] == ["code_inline"]


@given(st.text(alphabet="a`~\n", max_size=30))
def test_a_block_ends_where_we_end_it(words):
    (token,) = READER.parse("\n".join(markdown.block(words)))
    assert token.type == "fence"


def test_long_lists_are_cut_with_their_count(raw):
    user = {"dn": "CN=x", "anchor": None, "status": "Failed", "last_request": None, "last_result": None, "cause": None}
    words = markdown.render({**raw, "users": [user] * 5_000, "checks": raw["checks"][:1] * 3_000})
    assert "4975 more users are in the JSON report." in words
    assert "2910 more checks" in words
    assert len(words) < 60_000


def test_it_needs_neither_timeline_nor_server(raw):
    bare = {k: v for k, v in raw.items() if k not in ("timeline", "server")}
    assert "## Timeline" not in markdown.render(bare)
    assert markdown.render(bare).endswith(f"synclens {synclens.__version__}, catalogue {raw['tool']['catalogue']}\n")
