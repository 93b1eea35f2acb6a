"""Events as columns, and what today's data tools make of them."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logs
from synclens import Events, _core
from synclens.case import Options

pyarrow = pytest.importorskip("pyarrow")


def events_of(*sources: bytes, **wanted) -> Events:
    return Events(sources, Options()).filter(**wanted)


def some(count: int = 7) -> bytes:
    rows = []
    for n in range(count):
        data = None if n % 3 else [(None, f"value {n}"), ("named", "ü\u202e"), (None, "")]
        provider = "Directory Synchronization" if n % 2 else "ADSync"
        rows.append(logs.event(n, 600 + n, f"text {n}", provider=provider, record=n + 1, data=data))
    return logs.xml(rows)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 200])
def test_arrow_takes_it_and_finds_it_valid(count):
    table = pyarrow.table(events_of(some(count)) if count else Events((), Options()))
    table.validate(full=True)
    assert table.num_rows == count
    assert table["record_id"].to_pylist() == list(range(1, count + 1))
    assert str(table.schema.field("time").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("provider").type) == "dictionary<values=string, indices=int32, ordered=0>"
    assert table.schema.names == [name for name, _ in _core.EVENT_COLUMNS]


def test_values_are_those_of_the_source():
    table = pyarrow.table(events_of(some())).to_pylist()
    assert table[0]["provider"] == "ADSync"
    assert table[0]["data"] == [
        {"name": None, "value": "value 0"},
        {"name": "named", "value": "ü\u202e"},
        {"name": None, "value": ""},
    ]
    assert table[1]["data"] == [{"name": None, "value": "text 1"}]
    assert table[1]["time"].isoformat() == "2026-03-10T00:01:00+00:00"
    assert table[0]["keywords"] == 0x80000000000000
    assert table[0]["message"] is None
    assert table[0]["user_sid"] is None


def test_the_stream_can_be_read_again_and_outlives_its_maker():
    events = events_of(some())
    first = pyarrow.table(events)
    assert pyarrow.table(events).equals(first)
    kept = pyarrow.table(events_of(some()))
    gc.collect()
    assert kept.equals(first)
    kept.validate(full=True)


def test_an_unread_stream_is_released():
    events = events_of(some())
    for _ in range(100):
        events.__arrow_c_stream__()
        events.__arrow_c_schema__()
    gc.collect()


@settings(max_examples=60, deadline=None)
@given(first=st.integers(-30, 30), last=st.integers(-30, 30))
def test_slices_are_those_of_a_list(first, last):
    whole = pyarrow.table(EVENTS).to_pylist()
    part = EVENTS[first:last]
    table = pyarrow.table(part)
    table.validate(full=True)
    assert table.to_pylist() == whole[first:last]
    assert [e.record_id for e in part] == [r["record_id"] for r in whole[first:last]]


EVENTS = events_of(some(21), some(4))


def test_slices_of_slices():
    assert [e.record_id for e in EVENTS[3:20][2:5]] == [6, 7, 8]
    assert EVENTS[-1].record_id == 4
    assert EVENTS[20:22].to_pandas()["source"].tolist() == ["source 1", "source 2"]


def test_polars():
    polars = pytest.importorskip("polars")
    for frame in (polars.DataFrame(EVENTS), EVENTS.to_polars(), polars.LazyFrame(EVENTS).collect()):
        assert frame.height == 25
        assert frame["event_id"].to_list() == [*range(600, 621), *range(600, 604)]
        assert frame["provider"].to_list()[:2] == ["ADSync", "Directory Synchronization"]
    assert EVENTS[3:5].to_polars()["data"].to_list() == [pyarrow.table(EVENTS)["data"].to_pylist()[n] for n in (3, 4)]


def test_duckdb():
    duckdb = pytest.importorskip("duckdb")
    events = EVENTS
    assert events is EVENTS
    rows = duckdb.sql("select provider, count(*) from events group by provider order by provider").fetchall()
    assert rows == [("ADSync", 13), ("Directory Synchronization", 12)]
    joined = duckdb.sql("select count(*) from events a join events b on a.event_id = b.event_id").fetchall()
    assert joined == [(17 + 4 * 4,)]
    assert duckdb.sql("select data[2].value from events where event_id = 603").fetchall() == [
        ("ü\u202e",),
        ("ü\u202e",),
    ]


def test_pandas_without_losing_digits_or_kinds():
    pandas = pytest.importorskip("pandas")
    frame = EVENTS.to_pandas()
    assert len(frame) == 25
    assert str(frame["record_id"].dtype) == "UInt64"
    assert str(frame["time"].dtype) == "datetime64[us, UTC]"
    assert isinstance(frame["provider"].dtype, pandas.CategoricalDtype)
    assert frame["user_sid"].isna().all()
    assert frame["line"].isna().all() or str(frame["line"].dtype) == "UInt64"
    assert frame["data"][0][1] == ("named", "ü\u202e")
    assert frame["time"][1] == pandas.Timestamp("2026-03-10T00:01:00Z")
    assert len(Events((), Options()).to_pandas()) == 0


CSV = """"TimeCreated","Id","ProviderName","Message"
"3/10/2026 12:00:00 AM","611","Directory Synchronization","Password hash synchronization failed. \u00fc\U0001f600"
"3/10/2026 12:01:00 AM","904","Directory Synchronization",
"3/10/2026 12:02:00 AM","654","Directory Synchronization","Provision credentials ping end."
""".encode()


def test_texts_in_pandas_are_the_strings_that_pandas_would_make_of_them():
    pandas = pytest.importorskip("pandas")
    events = Events((CSV,), Options())
    texts = [event.message for event in events]
    assert len(texts) == 3 and texts[0] and "\u00fc\U0001f600" in texts[0]
    for part, expected in ((events, texts), (events[1:], texts[1:]), (events[:1], texts[:1])):
        column = part.to_pandas()["message"]
        pandas.testing.assert_series_equal(column, pandas.Series(expected, name="message"))
    frame = events.to_pandas()
    frame.loc[0, "message"] = "changed"
    assert events.to_pandas()["message"].tolist() == pandas.Series(texts).tolist()
    assert frame["message"].str.startswith("changed").tolist()[0]


def test_rows_as_events_keep_100_ns():
    event = EVENTS[0]
    assert event.time == "2026-03-10T00:00:00.0000007Z"
    assert event.text == "value 0\nü\u202e\n"
    assert EVENTS[1].text == "text 1"
    assert set(event.to_dict()) >= {"source", "time", "data", "state"}
    assert "user_sid" not in event.to_dict()
