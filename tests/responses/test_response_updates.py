"""When people hear again: at six, every twenty minutes, in nights whose clocks change."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import IllegalMoveError, InvalidInputError
from crisis.responses import updates
from crisis.types import UpdatePlan, UpdateState

BERLIN = ZoneInfo("Europe/Berlin")
_S = UpdateState
MINUTE = timedelta(minutes=1)


def plan(**changes: Any) -> UpdatePlan:
    """Every twenty minutes for two hours, from half past on."""
    first = NOON + 30 * MINUTE
    made = UpdatePlan(
        response_id=1,
        incident_id=1,
        channels=(),
        first=first,
        every=20,
        until=first + timedelta(hours=2),
        due=first,
        made_by=1,
        made=NOON,
    )
    return replace(made, **changes)


def once(**changes: Any) -> UpdatePlan:
    return plan(every=0, until=None, **changes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": NOON},
        {"every": 4},
        {"every": updates.LONGEST + 1},
        {"until": None},
        {"until": NOON + MINUTE},
        {"until": NOON + timedelta(days=32)},
        {"first": NOON + timedelta(days=40), "every": 0},
    ],
)
def test_what_nobody_could_mean_is_not_promised(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        updates.checked(plan(**wrong), NOON)


def test_a_promise_begins_with_its_first_time() -> None:
    made = updates.checked(plan(due=None), NOON)
    assert made.due == made.first
    assert updates.checked(once(due=None, first=NOON + MINUTE), NOON).until is None


def test_every_twenty_minutes_until_the_end() -> None:
    made, given_at = plan(), []
    while made.state is _S.RUNNING:
        assert made.due is not None
        given_at.append(made.due)
        made = updates.given(made, made.due, BERLIN)
    assert given_at == [plan().first + n * 20 * MINUTE for n in range(7)]
    assert made.turn == 7 and made.due is None and made.last == given_at[-1]


def test_a_late_confirmation_shifts_nothing_and_doubles_nothing() -> None:
    made = updates.given(plan(), plan().first + 25 * MINUTE, BERLIN)
    assert made.due == plan().first + 40 * MINUTE


def test_an_early_one_counts_for_its_time_but_not_for_two() -> None:
    made = updates.given(plan(), plan().first - 5 * MINUTE, BERLIN)
    assert made.due == plan().first + 20 * MINUTE
    with pytest.raises(IllegalMoveError):
        updates.given(made, plan().first - 5 * MINUTE, BERLIN)


@pytest.mark.parametrize(
    ("first", "hours"),
    [
        (datetime(2026, 3, 28, 6, tzinfo=BERLIN), 23),  # clocks go forward in this night
        (datetime(2026, 10, 24, 6, tzinfo=BERLIN), 25),  # and back in this one
        (datetime(2026, 11, 22, 6, tzinfo=BERLIN), 24),
    ],
)
def test_at_six_every_day_is_at_six_when_the_clocks_change(first: datetime, hours: int) -> None:
    start = first.astimezone(UTC)
    made = plan(first=start, due=start, every=24 * 60, until=start + timedelta(days=3))
    found = updates.following(made, start, BERLIN)
    assert found == start + timedelta(hours=hours)
    assert found is not None and found.astimezone(BERLIN).hour == 6
    third = updates.following(made, found, BERLIN)
    assert third is not None and third.astimezone(BERLIN).hour == 6


def test_an_hour_that_is_leapt_over_becomes_the_one_after() -> None:
    start = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN).astimezone(UTC)
    made = plan(first=start, due=start, every=24 * 60, until=start + timedelta(days=3))
    found = updates.following(made, start, BERLIN)
    assert found is not None and f"{found.astimezone(BERLIN):%d %H:%M}" == "29 03:30"
    after = updates.following(made, found, BERLIN)
    assert after is not None and f"{after.astimezone(BERLIN):%d %H:%M}" == "30 02:30"


def test_minutes_are_minutes_in_a_night_with_25_hours() -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN).astimezone(UTC)
    made = plan(first=start, due=start, until=start + timedelta(hours=4))
    times = [made.due]
    while (after := updates.following(made, times[-1] or start, BERLIN)) is not None:
        times.append(after)
    assert len(times) == 13
    assert {(b - a) for a, b in itertools.pairwise(times) if a and b} == {20 * MINUTE}


def test_somebody_is_asked_a_little_before_and_once_more_when_it_is_late() -> None:
    made = plan()
    assert not updates.asks(made, made.first - 6 * MINUTE)
    assert updates.tells(made, made.first - 5 * MINUTE)
    told = replace(made, told=1)
    assert not updates.tells(told, made.first + 9 * MINUTE)
    assert updates.tells(told, made.first + 10 * MINUTE)
    assert not updates.tells(replace(made, told=2), made.first + timedelta(hours=1))
    assert updates.asks(once(), plan().first - 10 * MINUTE)
    assert not updates.asks(replace(made, state=_S.PAUSED), made.first)


def test_what_was_missed_while_the_machine_was_off_is_asked_for_once() -> None:
    made = updates.settled(replace(plan(), told=2), plan().first + 45 * MINUTE, BERLIN)
    assert made.due == plan().first + 40 * MINUTE
    assert made.missed == 2 and made.told == 0 and made.state is _S.RUNNING
    assert updates.settled(made, plan().first + 45 * MINUTE, BERLIN) == made
    assert updates.given(made, plan().first + 46 * MINUTE, BERLIN).missed == 0


def test_three_missed_in_a_row_pause_it_instead_of_sending_mails_for_ever() -> None:
    made = updates.settled(plan(), plan().first + 61 * MINUTE, BERLIN)
    assert made.state is _S.PAUSED and made.missed == 3
    assert updates.settled(made, plan().first + 90 * MINUTE, BERLIN) == made
    again = updates.resumed(made, plan().first + 65 * MINUTE, BERLIN)
    assert again.due == plan().first + 80 * MINUTE and again.missed == 0
    with pytest.raises(IllegalMoveError):
        updates.resumed(again, NOON, BERLIN)
    with pytest.raises(IllegalMoveError):
        updates.resumed(made, plan().first + timedelta(hours=3), BERLIN)


def test_the_last_one_may_be_late_but_not_for_ever() -> None:
    late = once().first + timedelta(hours=2)
    assert updates.settled(once(), late, BERLIN) == once()
    over = updates.settled(once(), late + MINUTE, BERLIN)
    assert over.state is _S.ENDED and over.due is None and over.missed == 1
    with pytest.raises(IllegalMoveError):
        updates.given(over, late, BERLIN)


def test_a_clock_that_was_wrong_for_a_while_makes_nobody_wait_for_days() -> None:
    made = plan(until=plan().first + timedelta(days=20))
    ahead = replace(made, due=made.first + timedelta(days=10))
    back = updates.settled(ahead, made.first + 3 * MINUTE, BERLIN)
    assert back.due == made.first + 20 * MINUTE
    assert updates.settled(made, made.first - timedelta(days=1), BERLIN) == made


def test_pausing_and_stopping_twice_is_once() -> None:
    held = updates.paused(updates.paused(plan()))
    assert held.state is _S.PAUSED
    over = updates.stopped(updates.stopped(held))
    assert over.state is _S.ENDED
    with pytest.raises(IllegalMoveError):
        updates.paused(over)
    with pytest.raises(IllegalMoveError):
        updates.left_out(over, NOON, BERLIN)


@given(
    every=st.sampled_from([0, 5, 20, 60, 90, 24 * 60, 2 * 24 * 60]),
    hours=st.integers(0, 400),
    after=st.integers(-100, 30_000),
    minutes=st.integers(0, 2 * 365 * 24 * 60),
)
def test_the_next_one_is_always_later_and_never_after_the_end(
    every: int, hours: int, after: int, minutes: int
) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
    made = plan(first=first, due=first, every=every, until=first + timedelta(hours=hours))
    moment = first + after * MINUTE
    found = updates.following(made, moment, BERLIN)
    if found is not None:
        assert moment < found <= (made.until or found) and found >= first
        assert not every or found - max(moment, first - MINUTE) <= every * MINUTE + 61 * MINUTE
    settled = updates.settled(made, moment, BERLIN)
    assert updates.settled(settled, moment, BERLIN) == settled
