"""case.events: lazy, filtered, sliced."""

from __future__ import annotations

import datetime
import io

import pytest

import logs
import synclens

ROWS = logs.xml(
    [
        logs.event(0, 653, "Provision credentials ping start.", record=1),
        logs.event(10, 611, logs.DENIED, record=2, level=2),
        logs.event(20, 611, "Something else entirely", provider="ESENT", record=3, level=2),
        logs.event(30, 654, "Provision credentials ping end.", record=4),
        logs.event(40, 6900, "The server encountered an unexpected error", provider="ADSync", record=5, level=2),
    ]
)


@pytest.fixture(scope="module")
def case():
    return synclens.open(ROWS)


def records(events):
    return [event.record_id for event in events]


def test_nothing_is_read_before_it_is_asked_for(case):
    events = case.events.filter(ids=[611])
    assert "not read yet" in repr(events)
    assert len(events) == 2
    assert repr(events).startswith("<Events: 2>")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"ids": 611}, [2, 3]),
        ({"ids": [653, 654]}, [1, 4]),
        ({"provider": "directory synchronization"}, [1, 2, 4]),
        ({"provider": ["ADSync", "ESENT"]}, [3, 5]),
        ({"provider": "AD*"}, [5]),
        ({"levels": "error"}, [2, 3, 5]),
        ({"levels": [4, "critical"]}, [1, 4]),
        ({"channel": "application"}, [1, 2, 3, 4, 5]),
        ({"channel": "System"}, []),
        ({"computer": "SYNC01.contoso.com"}, [1, 2, 3, 4, 5]),
        ({"since": "2026-03-10T00:20"}, [3, 4, 5]),
        ({"until": "2026-03-10T00:20:00Z"}, [1, 2]),
        ({"since": datetime.datetime(2026, 3, 10, 0, 30, tzinfo=datetime.UTC)}, [4, 5]),
        ({"text": r"RPC Error \d+"}, [2]),
        ({"text": "(?i)PING"}, [1, 4]),
        ({"ids": [611], "provider": "ESENT"}, [3]),
        ({"ids": []}, []),
        ({"cause": "replication-permission-missing"}, [2]),
        ({"cause": "no-such-cause"}, []),
    ],
)
def test_filters(case, wanted, found):
    assert records(case.events.filter(**wanted)) == found


def test_filters_of_filters_all_hold(case):
    events = case.events.filter(ids=[611, 654]).filter(ids=[654, 653])
    assert records(events) == [4]
    assert records(case.events.filter(ids=611).filter(ids=612)) == []
    assert records(case.events.filter(since="2026-03-10T00:10").filter(since="2026-03-10T00:05")) == [2, 3, 4, 5]
    assert records(case.events.filter(provider="ADSYNC").filter(provider="adsync")) == [5]


@pytest.mark.parametrize(
    ("wanted", "error", "words"),
    [
        ({"levels": "loud"}, ValueError, "no level 'loud'"),
        ({"levels": 300}, ValueError, "no level 300"),
        ({"since": "yesterday"}, synclens.SynclensError, "not a time: 'yesterday'"),
        ({"text": "(unclosed"}, synclens.SynclensError, "pattern"),
    ],
)
def test_wrong_filters_say_what_is_wrong(case, wanted, error, words):
    with pytest.raises(error, match=words.replace("(", r"\(")):
        len(case.events.filter(**wanted))


def test_indexing(case):
    assert case.events[0].event_id == 653
    assert case.events[-1].provider == "ADSync"
    assert records(case.events[1:3]) == [2, 3]
    assert records(case.events[4:2]) == []
    with pytest.raises(IndexError, match="5 events"):
        case.events[5]
    with pytest.raises(ValueError, match="steps of one"):
        case.events[::2]


def test_explained_events_carry_rule_and_cause(case):
    by_record = {event.record_id: event for event in case.events.explained()}
    assert by_record[2].cause == "replication-permission-missing"
    assert by_record[2].rule
    assert by_record[3].cause is None
    assert case.events[1].cause is None


def test_a_stream_can_be_gone_through_again():
    case = synclens.open(io.BytesIO(ROWS))
    assert len(case.events) == 5
    assert len(case.events.filter(ids=653)) == 1


def test_batches_come_source_by_source():
    case = synclens.open([ROWS, ROWS])
    assert [len(batch) for batch in case.events.batches()] == [5, 5]


def test_times_of_the_case_hold_for_its_events():
    case = synclens.open(ROWS, since="2026-03-10T00:10", until="2026-03-10T00:30")
    assert records(case.events) == [2, 3]


def test_batches_of_nothing_wanted_are_none(case):
    for nothing in (case.events.filter(ids=[]), case.events.filter(ids=[611]).filter(ids=[653])):
        assert len(nothing) == 0
        assert list(nothing.batches()) == []


def test_what_was_read_in_batches_is_counted_and_its_problems_known_without_reading_again():
    events = synclens.open([ROWS, ROWS[:-200]]).events
    asked = []
    events.on_source = asked.append
    assert sum(map(len, events.batches())) == len(events) == 9
    assert len(events.problems) == 1
    assert len(asked) == 2
