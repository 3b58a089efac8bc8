"""Absences from calendars: what counts, repetitions, time zones, and what strangers may put in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.oncall.absences import MOST_BYTES, absent
from crisis.oncall.calendar import as_ics
from crisis.oncall.duty import Period

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 23, tzinfo=UTC)
END = START + timedelta(days=60)


def calendar(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}@test\r\nDTSTAMP:20261101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//DE\r\n"
    return (head + body + "END:VCALENDAR\r\n").encode()


def read(*events: str) -> list[str]:
    return [
        f"{a.astimezone(BERLIN):%d.%m. %H:%M} – {b.astimezone(BERLIN):%d.%m. %H:%M}"
        for a, b in absent(calendar(*events), START, END, BERLIN)
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            "DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261205",
            ["01.12. 00:00 – 05.12. 00:00"],
        ),
        ("DTSTART:20261201T080000Z\r\nDTEND:20261201T100000Z", ["01.12. 09:00 – 01.12. 11:00"]),
        ("DTSTART:20261201T080000\r\nDTEND:20261201T100000", ["01.12. 08:00 – 01.12. 10:00"]),
        (
            "DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=WEEKLY;COUNT=2",
            ["01.12. 00:00 – 02.12. 00:00", "08.12. 00:00 – 09.12. 00:00"],
        ),
        (
            "DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\nEXDATE;VALUE=DATE:20261208",
            ["01.12. 00:00 – 02.12. 00:00"],
        ),
        ("DTSTART;VALUE=DATE:20261201\r\nTRANSP:TRANSPARENT", []),
        ("DTSTART;VALUE=DATE:20261201\r\nSTATUS:TENTATIVE", []),
        ("DTSTART;VALUE=DATE:20261201\r\nSTATUS:CANCELLED", []),
        ("DTSTART;VALUE=DATE:20250101", []),
    ],
)
def test_what_counts_as_away(event: str, expected: list[str]) -> None:
    assert read(event) == expected


def test_times_that_touch_become_one() -> None:
    assert read(
        "DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203",
        "DTSTART;VALUE=DATE:20261203\r\nDTEND;VALUE=DATE:20261204",
    ) == ["01.12. 00:00 – 04.12. 00:00"]


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sign in</html>",
        b"",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        calendar("DTSTART:20261201T080000Z\r\nRRULE:FREQ=SECONDLY"),
        b"x" * (MOST_BYTES + 1),
    ],
)
def test_what_is_no_calendar_of_a_person_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(InvalidInputError) as told:
        absent(body, START, END, BERLIN)
    assert "Kalender" in told.value.de and "calendar" in told.value.en


@given(st.binary(max_size=200), st.integers(0, 3))
def test_rubbish_never_does_worse_than_being_refused(junk: bytes, place: int) -> None:
    whole = calendar("DTSTART;VALUE=DATE:20261201")
    cut = len(whole) * place // 3
    try:
        found = absent(whole[:cut] + junk + whole[cut:], START, END, BERLIN)
    except InvalidInputError:
        return
    assert all(a < b for a, b in found)


def test_our_own_feed_says_who_and_when_and_makes_nobody_absent() -> None:
    shift = Period(level=2, start=START, end=START + timedelta(hours=8), person_id=1, layer_id=4)
    body = as_ics([shift], {1: "Ana"}, START, title="Bereitschaft", domain="stadt.example")
    assert b"SUMMARY:Bereitschaft Ebene 2: Ana" in body
    assert b"UID:l4-" in body and b"DTSTART:20261123T000000Z" in body
    assert absent(body, START, END, BERLIN) == []
