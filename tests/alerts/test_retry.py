"""When a mail is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from crisis.alerts.retry import GIVE_UP_AFTER, STEPS, next_attempt


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (0, 10),
        (1, 10),
        (2, 30),
        (3, 60),
        (4, 120),
        (5, 300),
        (6, 600),
        (7, 900),
        (8, 900),
        (99, 900),
    ],
)
def test_the_first_tries_follow_quickly_and_later_ones_every_quarter(
    attempts: int, seconds: int
) -> None:
    assert next_attempt(NOON, attempts, NOON) == NOON + timedelta(seconds=seconds)


def test_a_day_after_it_was_written_a_mail_is_given_up() -> None:
    assert next_attempt(NOON, 50, NOON + timedelta(hours=23, minutes=45)) is not None
    assert next_attempt(NOON, 50, NOON + timedelta(hours=23, minutes=46)) is None


def test_a_mail_server_away_for_a_day_is_asked_about_a_hundred_times() -> None:
    now, tries = NOON, 1
    while (again := next_attempt(NOON, tries, now)) is not None:
        now, tries = again, tries + 1
    assert 90 <= tries <= 110


@given(st.integers(1, 1000), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_the_next_try_is_always_later_and_within_the_day(attempts: int, age: timedelta) -> None:
    again = next_attempt(NOON, attempts, NOON + age)
    assert again is None or NOON + age < again <= NOON + GIVE_UP_AFTER
    assert tuple(sorted(STEPS)) == STEPS
