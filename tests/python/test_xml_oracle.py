"""The reader of event XML against Python's own parser: slow, plain, and written by others."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synclens import Events, _core
from synclens.case import Options

NS = "{http://schemas.microsoft.com/win/2004/08/events/event}"
SHARED = os.environ.get("SYNCLENS_SHARED")

words = st.text(
    st.one_of(
        st.sampled_from("<>&'\" \t\nab;#x"), st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn"))
    ),
    max_size=12,
)
names = st.text("abcXYZ_", min_size=1, max_size=8)


def number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text, 16 if text.lower().startswith("0x") else 10) if text else None


def by_element_tree(event: ET.Element) -> dict:
    system = event.find(NS + "System")
    assert system is not None

    def text(name: str) -> str:
        found = system.find(NS + name)
        return "" if found is None else found.text or ""

    def attribute(name: str, key: str) -> str | None:
        found = system.find(NS + name)
        return None if found is None else found.get(key)

    data: list[tuple[str | None, str]] = []

    def leaves(part: ET.Element, top: bool) -> None:
        if len(part):
            for inner in part:
                leaves(inner, False)
        elif not top or (part.text or "").strip():
            data.append((part.tag.rsplit("}", 1)[-1], part.text or ""))

    for part in event:
        if part.tag == NS + "EventData":
            for item in part:
                if item.tag == NS + "Data" and not len(item):
                    data.append((item.get("Name") or None, item.text or ""))
                elif item.tag != NS + "Binary":
                    leaves(item, True)
        elif part.tag not in (NS + "System", NS + "RenderingInfo", NS + "BinaryEventData"):
            leaves(part, True)
    return {
        "provider": attribute("Provider", "Name") or attribute("Provider", "EventSourceName") or None,
        "event_id": number(text("EventID")),
        "record_id": number(text("EventRecordID")),
        "keywords": number(text("Keywords")),
        "channel": text("Channel") or None,
        "computer": text("Computer") or None,
        "process_id": number(attribute("Execution", "ProcessID")),
        "user_sid": attribute("Security", "UserID") or None,
        "data": tuple(data),
    }


def even(value: object) -> object:
    """Line ends as the standard normalises them; ours keeps what stands there."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return tuple(map(even, value)) if isinstance(value, tuple) else value


def same(source: bytes, root: ET.Element) -> int:
    events = Events((source,), Options())
    expected = [by_element_tree(event) for event in root.iter(NS + "Event")]
    got = list(events)
    assert len(got) == len(expected)
    for ours, theirs in zip(got, expected, strict=True):
        for name, value in theirs.items():
            assert even(getattr(ours, name)) == even(value), name
    return len(got)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            words,
            st.integers(0, 2**16 - 1),
            st.integers(0, 2**64 - 1),
            st.lists(st.tuples(st.none() | names, words), max_size=5),
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["", "\n", "\r\n  "]),
)
def test_made_events_are_read_as_elementtree_reads_them(rows, space):
    text = "<Events>"
    for provider, event_id, record, data in rows:
        # An attribute's white space and a text's line ends are normalised by the standard; ours keeps what stands there.
        shown = quoteattr(" ".join(provider.split()))
        text += f"<Event xmlns='{NS[1:-1]}'>{space}<System>{space}<Provider Name={shown}/><EventID>{event_id}</EventID>{space}"
        text += f"<Keywords>{record:#x}</Keywords><EventRecordID>{record}</EventRecordID></System>{space}<EventData>"
        for name, value in data:
            named = "" if name is None else f" Name='{name}'"
            text += f"<Data{named}>{escape(value)}</Data>{space}"
        text += f"</EventData></Event>{space}"
    text += "</Events>"
    assert same(text.encode(), ET.fromstring(text)) == len(rows)


def test_real_events_are_read_as_elementtree_reads_them():
    if not SHARED:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true, but there is no shared folder: set SYNCLENS_SHARED")
        pytest.skip("needs the real logs of the shared folder (SYNCLENS_SHARED)")
    read = 0
    for log in sorted((Path(SHARED) / "data" / "oracle").glob("*.evtx")):
        parts: list[bytes] = []
        _core.dump(str(log), parts.append)
        text = b"<Events>" + b"".join(parts) + b"</Events>"
        try:
            root = ET.fromstring(text)
        except ET.ParseError:
            continue  # a character that XML does not allow: ours reads it, the standard forbids it
        read += same(text, root)
    assert read > 100


def test_a_doctype_is_refused_and_its_entities_are_not_expanded():
    bomb = (
        '<!DOCTYPE Events [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Events>'
        f"<Event xmlns='{NS[1:-1]}'><System><EventID>1</EventID></System><EventData><Data>&b;</Data></EventData></Event></Events>"
    )
    events = Events((bomb.encode(),), Options())
    assert [e.data for e in events] == [((None, "&b;"),)]
    assert any("DOCTYPE" in p["what"] for p in events.problems)
