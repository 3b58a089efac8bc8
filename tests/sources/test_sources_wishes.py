"""How often servers and feeds want to be asked, whose turn it is, and who has moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.sources import moving, reading
from crisis.sources.lanes import Lanes
from crisis.sources.timetable import next_due, next_pace, pace, slowest
from crisis.sources.wishes import asked_by_feed, fresh_for
from crisis.types import Source

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
SOURCE = Source(id=1, url="https://a.example/feed", name="A", interval=300)
DATE = "Tue, 03 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'public, Max-Age="600"', "age": "100"}, 500),
        ({"cache-control": "max-age=60", "age": "100"}, 0),
        ({"cache-control": "max-age=600, no-cache"}, None),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"expires": "Tue, 03 Nov 2026 12:30:00 GMT", "date": DATE}, 1800),
        ({"expires": "Tue, 03 Nov 2026 11:30:00 GMT", "date": DATE}, 0),
        ({"expires": "0", "date": DATE}, None),
        ({"expires": DATE}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_holds_is_read_from_its_headers(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert fresh_for(headers) == seconds


@pytest.mark.parametrize(
    ("ttl", "period", "frequency", "seconds"),
    [
        ("60", "", "", 3600),
        ("0", "", "", None),
        ("bald", "hourly", "", 3600),
        ("", "hourly", "4", 900),
        ("", "Daily", "1", 86_400),
        ("", "sometimes", "1", None),
        ("", "hourly", "0", 3600),
        ("", "", "", None),
    ],
)
def test_how_often_a_feed_wants_to_be_asked_is_read_from_it(
    ttl: str, period: str, frequency: str, seconds: int | None
) -> None:
    assert asked_by_feed(ttl, period, frequency) == seconds


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text()))
def test_no_header_is_too_odd_to_be_read(headers: dict[str, str]) -> None:
    found = fresh_for(headers)
    assert found is None or found >= 0


def test_both_kinds_of_wish_are_found_in_real_feeds() -> None:
    rss = (
        b'<rss version="2.0"><channel><title>A</title><ttl>15</ttl>'
        b"<item><title>x</title></item></channel></rss>"
    )
    assert reading.read(rss).ask_every == 900
    rdf = (
        b'<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        b"<title>A</title><sy:updatePeriod>hourly</sy:updatePeriod>"
        b"<sy:updateFrequency>2</sy:updateFrequency><item><title>x</title></item></channel></rss>"
    )
    assert reading.read(rdf).ask_every == 1800


# --- the source's own timetable --------------------------------------------------------------


def test_a_silent_source_is_asked_seldom_and_a_lively_one_often() -> None:
    silent = SOURCE
    for _ in range(30):
        silent = replace(silent, pace=next_pace(silent, 0))
    assert pace(silent) == 4 * SOURCE.interval
    lively = silent
    for _ in range(5):
        lively = replace(lively, pace=next_pace(lively, 3))
    assert pace(lively) == SOURCE.interval


def test_the_feed_of_an_exercise_is_asked_as_often_as_ever() -> None:
    drill = replace(SOURCE, interval=1, drill=True)
    for _ in range(9):
        drill = replace(drill, pace=next_pace(drill, 0))
    assert pace(drill) == 1


def test_a_wish_is_honoured_up_to_the_bound_a_person_set() -> None:
    def pause(source: Source, wish: float) -> float:
        return (next_due(source, NOW, failed=False, wish=wish) - NOW).total_seconds()

    assert pause(SOURCE, 900) == 900
    assert pause(SOURCE, 10**9) == 3600
    assert pause(replace(SOURCE, slowest=600), 10**9) == 600
    assert 270 <= pause(replace(SOURCE, slowest=300), 900) <= 300
    assert pause(SOURCE, 5) >= 270


@given(
    st.integers(10, 86_400),
    st.integers(0, 86_400),
    st.floats(0, 10**7),
    st.lists(st.integers(0, 3), max_size=40),
)
def test_the_pace_stays_within_the_bounds_whatever_a_source_brings(
    interval: int, slow: int, start: float, brought: list[int]
) -> None:
    source = replace(SOURCE, interval=interval, slowest=slow, pace=start)
    for new in brought:
        source = replace(source, pace=next_pace(source, new))
        assert interval <= pace(source) <= slowest(source)


def test_the_night_in_which_the_clock_goes_back_changes_nothing() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in Berlin, the first time
    assert 270 <= (next_due(SOURCE, before, failed=False) - before).total_seconds() <= 300


# --- whose turn it is ------------------------------------------------------------------------


def many(number: int, host: str = "h{}.example", **changes: int) -> list[Source]:
    made = [replace(SOURCE, id=n, url=f"https://{host.format(n)}/") for n in range(1, number + 1)]
    return [replace(source, **changes) for source in made]  # type: ignore[arg-type]


def ids(sources: list[Source]) -> list[int]:
    return [source.id for source in sources]


def test_so_many_at_a_time_and_the_longest_overdue_first() -> None:
    lanes, due = Lanes(3), many(5)
    assert ids(lanes.admit(due, NOW)) == [1, 2, 3]
    assert lanes.admit(due, NOW) == []
    lanes.free(2, NOW)
    assert ids(lanes.admit(due[3:], NOW)) == [4]


def test_one_host_is_asked_one_thing_at_a_time_and_rests_after_it() -> None:
    lanes, due = Lanes(8), many(3, "one.example")
    assert ids(lanes.admit(due, NOW)) == [1]
    lanes.free(1, NOW)
    assert lanes.admit(due[1:], NOW + timedelta(seconds=0.5)) == []
    assert ids(lanes.admit(due[1:], NOW + timedelta(seconds=1))) == [2]


def test_sources_that_hang_leave_room_for_the_others() -> None:
    lanes = Lanes(8)
    hanging = many(20, failures=3)
    assert len(lanes.admit(hanging, NOW)) == 4
    well = [replace(source, id=source.id + 100, failures=0) for source in many(20, "w{}.example")]
    assert len(lanes.admit([*hanging, *well], NOW)) == 4
    assert lanes.admit(hanging, NOW) == []


def test_a_rest_ends_even_when_the_clock_is_put_back() -> None:
    lanes, due = Lanes(2), many(1)
    lanes.admit(due, NOW)
    lanes.free(1, NOW)
    assert ids(lanes.admit(due, NOW - timedelta(days=900))) == [1]


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), max_size=60))
def test_there_are_never_more_than_the_places(events: list[tuple[int, bool]]) -> None:
    lanes, taken, now = Lanes(4), set(), NOW
    for number, ends in events:
        now += timedelta(seconds=0.4)
        if ends and taken:
            source_id = taken.pop()
            lanes.free(source_id, now)
        due = [s for s in many(30, "h{}.example") if s.id <= number]
        new = set(ids(lanes.admit(due, now)))
        assert not new & taken
        taken |= new
        assert len(taken) <= 4


# --- moving ----------------------------------------------------------------------------------


def test_a_move_is_believed_once_it_was_said_five_times_over_a_day() -> None:
    source, now = SOURCE, NOW
    for _ in range(4):
        source = moving.heard(source, "https://b.example/feed", now)
        now += timedelta(hours=10)
        assert not moving.is_sure(source, now)
    source = moving.heard(source, "https://b.example/feed", now)
    assert moving.is_sure(source, now)
    there = moving.moved(source)
    assert (there.url, there.moved_from, there.moved_to) == (
        "https://b.example/feed",
        SOURCE.url,
        "",
    )


def test_five_times_within_an_hour_or_with_another_in_between_is_no_move() -> None:
    source = SOURCE
    for _ in range(9):
        source = moving.heard(source, "https://b.example/", NOW)
    assert not moving.is_sure(source, NOW + timedelta(hours=1))
    other = moving.heard(source, "https://c.example/", NOW)
    assert other.moved_times == 1
    assert moving.heard(other, "", NOW).moved_to == ""
    assert moving.heard(other, other.url, NOW).moved_times == 0
