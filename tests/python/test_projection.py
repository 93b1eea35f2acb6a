"""Less than everything: selected columns, counts, other units of time, sources that are memory, threads."""

from __future__ import annotations

import io
import mmap
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logs
import synclens
from synclens import Events, _core
from synclens.case import Options

pyarrow = pytest.importorskip("pyarrow")

SHARED = os.environ.get("SYNCLENS_SHARED")
COLUMNS = [name for name, _ in _core.EVENT_COLUMNS]


def some(count: int = 30) -> bytes:
    rows = []
    for n in range(count):
        data = None if n % 3 else [(None, f"value {n}"), ("named", "ü"), (None, "")]
        provider = "Directory Synchronization" if n % 2 else "ADSync"
        rows.append(logs.event(n, 600 + n, f"text {n}", provider=provider, record=n + 1, data=data))
    return logs.xml(rows)


XML = some()


@pytest.fixture(scope="module")
def real_log() -> Path:
    if not SHARED:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true, but there is no shared folder: set SYNCLENS_SHARED")
        pytest.skip("needs the real logs of the shared folder (SYNCLENS_SHARED)")
    return Path(SHARED) / "data" / "oracle" / "Application.evtx"


@settings(max_examples=40, deadline=None)
@given(names=st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True))
def test_selected_columns_are_those_of_the_whole_table(names):
    whole = pyarrow.table(Events((XML,), Options()))
    events = Events((XML,), Options()).select(*names)
    part = pyarrow.table(events)
    part.validate(full=True)
    assert part.schema.names == names
    assert part.to_pylist() == whole.select(names).to_pylist()
    frame = events.to_pandas()
    assert list(frame.columns) == names
    assert len(frame) == 30


def test_selecting_in_a_real_log_changes_no_value(real_log):
    case = synclens.open(real_log)
    whole = pyarrow.table(case.events)
    for names in (["event_id"], ["time", "data"], ["computer", "record_id", "activity_id"], ["state", "offset"]):
        part = pyarrow.table(case.events.select(*names))
        part.validate(full=True)
        assert part.equals(whole.select(names))


def test_rows_of_a_selection_have_nothing_else():
    event = Events((XML,), Options()).select("event_id", "time")[3]
    assert (event.event_id, event.time) == (603, "2026-03-10T00:03:00.0000007Z")
    assert event.provider is None
    assert event.data == ()


def test_wrong_columns_and_units_say_what_there_is():
    events = Events((XML,), Options())
    with pytest.raises(ValueError, match="no column 'ids': there are source, record_id"):
        events.select("ids")
    with pytest.raises(ValueError, match="none twice"):
        events.select("time", "time")
    with pytest.raises(ValueError, match="no unit 'ms'"):
        events.with_time("ms")


def test_units_of_time():
    events = Events((XML,), Options())
    ns, ticks = pyarrow.table(events.with_time("ns")), pyarrow.table(events.with_time("ticks"))
    ns.validate(full=True)
    assert str(ns.schema.field("time").type) == "timestamp[ns, tz=UTC]"
    assert ns["time"][1].as_py().nanosecond == 700
    assert ns["time"].cast(pyarrow.int64())[0].as_py() % 1000 == 700
    assert ticks["time"].equals(pyarrow.table(events)["filetime"])
    assert str(events.with_time("ns").to_pandas()["time"].dtype) == "datetime64[ns, UTC]"
    assert str(events.with_time("ticks").to_pandas()["time"].dtype) == "Int64"
    assert str(events.with_time("ns").select("time").__arrow_c_schema__()).startswith("<capsule")


def test_times_that_a_unit_cannot_hold_are_null():
    years = [1601, 1677, 1678, 1970, 2262, 2263, 9999, 10000, 30827]
    rows = "".join(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/>"
        f"<EventID>1</EventID><TimeCreated SystemTime='{year}-02-03T04:05:06.0000001Z'/></System></Event>"
        for year in years
        if year < 10000
    )
    events = Events((f"<Events>{rows}</Events>".encode(),), Options())
    us, ns = pyarrow.table(events)["time"].to_pylist(), pyarrow.table(events.with_time("ns"))["time"]
    assert None not in us
    valid = [t.is_valid for t in ns]
    assert valid == [False, False, True, True, True, False, False]
    assert events.with_time("ns").to_pandas()["time"].isna().tolist() == [not v for v in valid]
    assert None not in pyarrow.table(events.with_time("ticks"))["time"].to_pylist()


def test_counting_gives_what_reading_gives(real_log):
    case = synclens.open(real_log)
    for wanted in ({}, {"ids": [1000, 1001]}, {"levels": "error"}, {"text": "(?i)service"}, {"first_record": 3}):
        events = case.events.filter(**wanted)
        count = len(events)
        assert "_table" not in events.__dict__
        assert count == len(list(events)) == pyarrow.table(events).num_rows


def test_record_numbers_as_a_filter():
    events = Events((XML,), Options())
    records = [e.record_id for e in events.filter(first_record=4, last_record=6)]
    assert records == [4, 5, 6]
    assert [e.record_id for e in events.filter(first_record=4).filter(first_record=2, last_record=4)] == [4]
    assert len(events.filter(first_record=6, last_record=5)) == 0
    with pytest.raises(ValueError, match="no record number -1"):
        events.filter(first_record=-1)


@pytest.mark.parametrize("made", [bytes, bytearray, memoryview, lambda b: memoryview(b"  " + b)[2:], io.BytesIO])
def test_sources_in_memory(made):
    case = synclens.open(made(XML))
    assert len(case.events) == 30
    assert len(case.events.filter(ids=611)) == 1
    assert case.verdict.status


def test_a_mapped_file(tmp_path, real_log):
    with real_log.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        case = synclens.open(mapped)
        events = case.events
        assert events.to_pandas().drop(columns="source").equals(
            synclens.open(real_log).events.to_pandas().drop(columns="source")
        ) or len(events) == len(synclens.open(real_log).events)
        assert case.verdict.status
    # nothing holds the map any more: closing it did not raise


def test_memory_that_is_not_in_one_piece_is_refused():
    with pytest.raises((TypeError, BufferError)):
        len(synclens.open(memoryview(XML)[::2]).events)


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_change_nothing(threads, real_log, tmp_path):
    whole = tmp_path / "long.evtx"
    blob = real_log.read_bytes()
    chunks = blob[4096:]
    whole.write_bytes(blob[:4096] + chunks * (1 + (9 << 20) // len(chunks)))
    one = synclens.open(whole, threads=1).events
    many = synclens.open(whole, threads=threads).events
    for wanted in ({}, {"levels": ["error", "warning"]}):
        first, second = pyarrow.table(one.filter(**wanted)), pyarrow.table(many.filter(**wanted))
        second.validate(full=True)
        assert first.equals(second)
        assert [c.num_chunks for c in first.columns] == [c.num_chunks for c in second.columns]
        assert first["provider"].chunk(0).dictionary.equals(second["provider"].chunk(0).dictionary)
        assert len(many.filter(**wanted)) == first.num_rows
    assert many.problems == one.problems


def test_an_interrupted_stream_of_many_threads_stops(tmp_path):
    class Failing(io.RawIOBase):
        def __init__(self) -> None:
            self.left = 3

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1, /) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            return (b"ElfFile\0" + bytes(4088) + b"ElfChnk\0")[:size] if self.left == 2 else bytes(size)

    reader = _core.EventReader(threads=4)
    with pytest.raises(KeyboardInterrupt):
        reader.add_stream(Failing(), "failing")


def test_a_single_log_is_concluded_when_it_is_asked(real_log, monkeypatch):
    case = synclens.open(real_log)
    assert len(case.events) > 0
    assert "_concluded" not in case.__dict__
    assert case.verdict.status == "unknown"
    assert "_concluded" in case.__dict__


def test_what_is_wrong_is_said_at_once(tmp_path):
    plain = tmp_path / "log.xml"
    plain.write_bytes(XML)
    with pytest.raises(synclens.SynclensError, match="zone"):
        synclens.open(plain, tz="Nowhere/Land")
    with pytest.raises(synclens.SynclensError, match="not a time"):
        synclens.open(plain, since="soon")
    with pytest.raises(synclens.UnsupportedInput):
        synclens.open(tmp_path / "missing.evtx")


def test_data_in_pandas_is_made_when_it_is_looked_at():
    pandas = pytest.importorskip("pandas")
    frame = Events((XML,), Options()).to_pandas()
    data = frame["data"]
    assert str(data.dtype) == "event_data"
    assert data[0] == ((None, "value 0"), ("named", "ü"), (None, ""))
    assert data[1] == ((None, "text 1"),)
    assert data.map(len).tolist()[:4] == [3, 1, 1, 3]
    assert data.iloc[[3, 0]].tolist() == [data[3], data[0]]
    assert data[frame["event_id"] == 603].tolist() == [data[3]]
    assert frame.explode("data")["data"].tolist()[:4] == [*data[0], (None, "text 1")]
    assert pandas.concat([data, data]).tolist() == data.tolist() * 2
    assert pandas.concat([data, frame.copy()["data"]]).shape == (60,)
    assert data.reindex([0, 99]).isna().tolist() == [False, True]
    assert pickle.loads(pickle.dumps(frame))["data"].tolist() == data.tolist()
    assert data.astype(object).tolist() == data.tolist()
    assert (data == data.copy()).all()
    assert "value 0" in repr(frame[["data"]]) and "value 0" in frame.to_csv()
    changed = data.copy()
    changed[1] = (("a", "b"),)
    assert changed[1] == (("a", "b"),) and data[1] != changed[1]
    assert pyarrow.array(data.array).to_pylist()[0][1] == {"name": "named", "value": "ü"}


def test_parquet_and_nanoarrow(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    events = Events((XML,), Options())
    parquet.write_table(pyarrow.table(events), tmp_path / "events.parquet")
    again = parquet.read_table(tmp_path / "events.parquet")
    assert again.to_pylist() == pyarrow.table(events).to_pylist()
    polars = pytest.importorskip("polars")
    events.to_polars().write_parquet(tmp_path / "polars.parquet")
    assert polars.read_parquet(tmp_path / "polars.parquet")["record_id"].to_list() == list(range(1, 31))
    nanoarrow = pytest.importorskip("nanoarrow")
    assert nanoarrow.Array(nanoarrow.ArrayStream(events.select("event_id")).read_all()).to_pylist()[2] == {
        "event_id": 602
    }
