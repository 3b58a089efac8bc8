"""Periods by the authority's calendar, and figures split by week, source, topic and severity."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from crisis.figures.courses import Course, Happening
from crisis.figures.overview import (
    Alarms,
    Choice,
    Period,
    Steady,
    alarms,
    begun_in,
    overview,
    period,
    steady,
    week_of,
)
from crisis.figures.spans import Step
from crisis.types import IncidentState, Severity

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 23)


def course(opened: datetime = NOON, **changes: object) -> Course:
    given = {"incident_id": 1, "rumour_id": "wasser", "opened": opened, **changes}
    return Course(**given)  # type: ignore[arg-type]


def test_a_period_ends_today_and_the_one_before_is_as_long() -> None:
    month = period(Choice.MONTH, TODAY, BERLIN)
    assert (month.first, month.last, month.days) == (date(2026, 10, 25), TODAY, 30)
    assert (month.before.first, month.before.last) == (date(2026, 9, 25), date(2026, 10, 24))


def test_days_begin_at_the_authority_s_midnight_also_when_the_clocks_change() -> None:
    day = Period(date(2026, 10, 25), date(2026, 10, 25), BERLIN)
    assert day.start.astimezone(UTC) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert day.end.astimezone(UTC) == datetime(2026, 10, 25, 23, tzinfo=UTC)
    begun = begun_in([course(day.start), course(day.end), course(NOON)], day)
    assert [wave.begun for wave in begun] == [day.start]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), (date(2026, 1, 1), date(2026, 1, 31))),
        (date(2026, 1, 31), date(2026, 1, 1), (date(2026, 1, 1), date(2026, 1, 31))),
        (date(2026, 1, 1), date(2030, 1, 1), (date(2026, 1, 1), TODAY)),
        (date(2029, 1, 1), date(2030, 1, 1), (TODAY, TODAY)),
        (None, None, (TODAY, TODAY)),
        (date(2026, 11, 1), None, (date(2026, 11, 1), TODAY)),
    ],
)
def test_an_own_period_is_put_in_order(
    first: date | None, last: date | None, expected: tuple[date, date]
) -> None:
    found = period(Choice.OWN, TODAY, BERLIN, first, last)
    assert (found.first, found.last) == expected


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_every_moment_of_a_period_lies_in_one_of_its_weeks(first: date, days: int) -> None:
    found = Period(first, first + timedelta(days=days), BERLIN)
    assert found.weeks[0] <= first < found.weeks[0] + timedelta(days=7)
    assert week_of(found.start, BERLIN) == found.weeks[0]
    assert week_of(found.end - timedelta(seconds=1), BERLIN) == found.weeks[-1]


def test_only_waves_that_began_in_the_period_count() -> None:
    back = course(
        NOON - timedelta(days=400),
        events=((Happening.REOPENED, NOON - timedelta(days=1)),),
    )
    found = begun_in([back, course()], period(Choice.MONTH, TODAY, BERLIN))
    assert [wave.number for wave in found] == [2, 1]


def test_figures_are_split_by_what_an_incident_is_about() -> None:
    made = [
        course(incident_id=1, topics=("Wasser", "Gesundheit"), source_id=3),
        course(incident_id=2, topics=(), severity=Severity.URGENT),
        course(NOON - timedelta(days=40), incident_id=3, acknowledged_at=NOON),
    ]
    within = period(Choice.MONTH, TODAY, BERLIN)
    view = overview(made, within, NOON, {Step.ANSWER: 60})
    assert {key: len(group) for key, group in view.by_topic().items()} == {
        "Wasser": 1,
        "Gesundheit": 1,
        "": 1,
    }
    assert set(view.by_source()) == {3, None}
    assert set(view.by_severity()) == {Severity.LOW, Severity.URGENT}
    assert sum(len(group) for group in view.by_week().values()) == 2
    assert len(view.by_week()) == 6
    assert view.begun_by_hour()[13] == 2  # noon in UTC
    assert view.before[Step.ACKNOWLEDGEMENT].counted == 1
    assert view.of(view.found, Step.ANSWER).within == 0
    assert view.past == 0


def test_false_alarms_are_what_was_dismissed_and_what_did_not_fit() -> None:
    made = [
        course(state=IncidentState.DISMISSED, ended_at=NOON, fits=1, does_not_fit=2),
        course(state=IncidentState.CLOSED, ended_at=NOON, corrects=1),
        course(),
    ]
    found = alarms(begun_in(made, period(Choice.MONTH, TODAY, BERLIN)))
    assert found == Alarms(incidents=2, dismissed=1, judged=4, does_not_fit=2)
    assert found.share == 0.5
    assert Alarms(0, 0, 0, 0).share is None


def test_a_year_falls_into_stretches_at_whose_ends_the_clock_is_changed() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31), BERLIN)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    march, october = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert steady(year.start, year.end, BERLIN) == [
        Steady(year.start, march, winter),
        Steady(march, october, summer),
        Steady(october, year.end, winter),
    ]
    assert steady(NOON, NOON, BERLIN) == []


@given(
    st.integers(0, 3 * 365 * 24 * 60),
    st.integers(1, 24 * 500),
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "UTC"]),
)
def test_stretches_follow_each_other_and_never_span_a_change(
    minutes: int, length: int, name: str
) -> None:
    zone = ZoneInfo(name)
    begin = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = steady(begin, begin + timedelta(hours=length), zone)
    assert found[0].start == begin and found[-1].end == begin + timedelta(hours=length)
    assert all(a.end == b.start for a, b in pairwise(found))
    for one in found:
        for at in (one.start, one.start + (one.end - one.start) / 2):
            assert at.astimezone(zone).utcoffset() == one.offset
