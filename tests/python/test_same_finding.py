"""However a log was exported, split, ordered or mixed with other programs' events, it means the same."""

from __future__ import annotations

import io
import itertools
import zipfile
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logs
import synclens
from logs import DENIED, TRAILER, pings
from makers import windows_text
from makers.event import UTC, Event, number
from makers.evtx_writer import encode_evtx

START = datetime(2026, 3, 10, tzinfo=UTC)
DIRSYNC = "Directory Synchronization"
FORMS = {
    "log.evtx": encode_evtx,
    "viewer.xml": windows_text.viewer_xml,
    "wevtutil.xml": windows_text.wevtutil_xml,
    "viewer.csv": windows_text.viewer_csv,
    "viewer.txt": windows_text.viewer_txt,
    "winevent.csv": windows_text.winevent_csv,
    "eventlog.csv": windows_text.eventlog_csv,
    "list.txt": windows_text.format_list,
    "clixml.xml": windows_text.clixml,
    "pasted.txt": windows_text.pasted_text,
}
ANA = "CN=Ana,OU=Staff,DC=contoso,DC=com"
ANCHOR = "H552hI9GwEykZwosf74JeOQ=="
CREDENTIAL = "The user name or password is incorrect. Verify your user name, and then type your password again."
ASKED = f"Password Change Request - Anchor : {ANCHOR}, Dn : {ANA}, Change Date : 03/10/2026 01:00:00{TRAILER}"
FAILED = f"Password Change Result - Anchor : {ANCHOR}, Dn : {ANA}, Result : Failed.{TRAILER}"
ACCESS = "Error Description: Access to Windows Azure Active Directory has been denied. Contact Technical Support."

Row = tuple[float, int, str]
NOT_REACHED = DENIED.replace(
    "RPC Error 8453 : Replication access was denied.", "RPC Error 1722 : The RPC server is unavailable."
)
EMEA = NOT_REACHED.replace("contoso.com", "emea.contoso.com")
SCENARIOS: dict[str, list[Row]] = {
    "healthy": pings(0, 600),
    "denied": [*pings(0, 600), *[(minute, 611, DENIED) for minute in range(5, 600, 10)]],
    "recovered": [*pings(0, 600), *[(minute, 611, EMEA) for minute in range(65, 120, 2)]],
    "silent": [*pings(0, 200), *[(minute, 653, f"Provision credentials ping start.{TRAILER}") for minute in range(210, 600, 30)]],
    "credential": [*pings(0, 300), *[row for minute in range(300, 600, 30) for row in (
        (minute, 115, ACCESS), (minute + 0.1, 0, CREDENTIAL), (minute + 0.2, 655, CREDENTIAL))]],
    "user": [*pings(0, 600), (300, 656, ASKED), (300.5, 657, FAILED)],
    "unanswered": [*pings(0, 600), (300, 656, ASKED)],
}  # fmt: skip


def events_of(rows: list[Row], step: timedelta = timedelta(0)) -> list[Event]:
    """Times to the second, which is all that most exports keep."""
    made = []
    for minute, event_id, text in rows:
        time = START + timedelta(seconds=round(minute * 60)) + step
        made.append(Event(DIRSYNC, event_id, time, [text], level=2 if event_id in (0, 611, 655) else 4))
    return number(made, 500)


def opened(*given: tuple[str, bytes]) -> dict:
    sources = []
    for name, data in given:
        source = io.BytesIO(data)
        source.name = name
        sources.append(source)
    return synclens.open(sources).to_dict()


def told(said: dict) -> dict:
    """What must not depend on the form; times to the second."""

    def second(time: str | None) -> str | None:
        return time and time[:19]

    return {
        "verdict": (said["verdict"]["status"], second(said["verdict"]["since"])),
        "findings": [
            (
                f["cause"], f["rule"], f["scope"]["kind"], f["scope"]["name"], f["status"], f["severity"], f["count"],
                second(f["first_seen"]), second(f["last_seen"]), second(f["recovered_at"]),
            )
            for f in said["findings"]
        ],
        "users": [
            (u["dn"], u["status"], u["cause"], second(u["last_request"]), second(u["last_result"]))
            for u in said["users"]
        ],
        "checks": [(c["id"], c["status"]) for c in said["checks"]],
    }  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_form_says_the_same(scenario):
    events = events_of(SCENARIOS[scenario])
    expected = told(opened(("viewer.xml", windows_text.viewer_xml(events))))
    assert bool(expected["findings"]) == (scenario != "healthy")
    for name, write in FORMS.items():
        assert told(opened((name, write(events)))) == expected, name


@pytest.mark.parametrize("event_id, text", [(611, DENIED), (655, CREDENTIAL), (657, FAILED)])
def test_a_lone_event_is_the_same_in_every_form(event_id, text):
    events = events_of([(61, event_id, text)])
    expected = told(opened(("viewer.xml", windows_text.viewer_xml(events))))
    assert len(expected["findings"]) == 1 and expected["findings"][0][6] == 1
    assert expected["findings"][0][7] == "2026-03-10T01:01:00"
    for name, write in FORMS.items():
        assert told(opened((name, write(events)))) == expected, name


@pytest.mark.parametrize("first, second", list(itertools.combinations(FORMS, 2)))
def test_two_forms_at_once_count_once(first, second):
    events = events_of([*SCENARIOS["denied"], *SCENARIOS["user"][-2:]])
    expected = told(opened((first, FORMS[first](events))))
    assert len(expected["findings"]) == 2
    assert told(opened((first, FORMS[first](events)), (second, FORMS[second](events)))) == expected


def test_two_events_of_one_text_are_two():
    """What counts once is a record in two files, not an event that comes again."""
    events = events_of([*pings(0, 300), (298, 611, DENIED), (299, 611, DENIED)])
    for name, write in FORMS.items():
        assert [f["count"] for f in opened((name, write(events)))["findings"]] == [2], name


scenarios = st.sampled_from(sorted(SCENARIOS))
forms = st.sampled_from(sorted(FORMS))


@settings(max_examples=40, deadline=None)
@given(scenarios, st.lists(forms, min_size=2, max_size=4, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_files_changes_nothing(scenario, names, random):
    events = events_of(SCENARIOS[scenario])
    given_files = [(name, FORMS[name](events)) for name in names]
    expected = opened(*given_files)
    random.shuffle(given_files)
    assert opened(*given_files) == expected  # all of it, evidence and inputs too


@settings(max_examples=60, deadline=None)
@given(scenarios, forms, forms, st.integers(1, 10_000), st.booleans())
def test_a_log_in_two_parts_is_one_log(scenario, first, second, where, turned):
    events = events_of(SCENARIOS[scenario])
    expected = told(opened((first, FORMS[first](events))))
    cut = 1 + where % (len(events) - 1)
    parts = [("a-" + first, FORMS[first](events[:cut])), ("b-" + second, FORMS[second](events[cut:]))]
    assert told(opened(*(reversed(parts) if turned else parts))) == expected


irrelevant = st.builds(
    Event,
    st.sampled_from(["MSSQLSERVER", "VSS", "ESENT", "Application Error", "Directory Synchronization Helper"]),
    st.sampled_from([0, 115, 611, 650, 652, 654, 655, 657, 1000, 2002, 6900]),
    st.integers(0, 570 * 60).map(lambda seconds: START + timedelta(seconds=seconds)),
    st.sampled_from([[DENIED], [CREDENTIAL], ["x"], [""], [ASKED]]),
    level=st.sampled_from([1, 2, 3, 4]),
)


@settings(max_examples=60, deadline=None)
@given(scenarios, forms, st.lists(irrelevant, min_size=1, max_size=30))
def test_records_of_others_in_between_change_nothing(scenario, name, others):
    events = events_of(SCENARIOS[scenario])
    assert min(e.time for e in events) <= min(o.time for o in others)
    expected = told(opened((name, FORMS[name](events))))
    assert told(opened((name, FORMS[name](number([*events, *others]))))) == expected


def test_an_archive_of_the_log_beside_the_log_counts_once():
    data = logs.denied()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Application.xml", data)
    expected = told(opened(("log.xml", data)))
    assert told(opened(("log.xml", data), ("case.zip", packed.getvalue()))) == expected
