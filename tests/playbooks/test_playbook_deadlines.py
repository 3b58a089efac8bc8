"""Which day of a playbook is near, and at which step somebody is reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import playbook
from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks.approval import Standing
from crisis.playbooks.deadlines import (
    FORGET,
    OVER,
    deadlines,
    step_of,
    steps,
)
from crisis.types import Deadline, Why

TODAY = date(2026, 11, 23)
BOTH = replace(playbook(), valid_until=date(2026, 12, 1), review_by=date(2026, 11, 30))


def on(left: int) -> Deadline:
    return Deadline("wasser", "Wasser", "", Why.EXPIRES, TODAY + timedelta(days=left))


@pytest.mark.parametrize(
    ("left", "step"),
    [
        (31, None),
        (30, 30),
        (8, 30),
        (7, 7),
        (2, 7),
        (1, 1),
        (0, 1),
        (-1, OVER),
        (-FORGET, OVER),
        (-FORGET - 1, None),
    ],
)
def test_the_next_step_is_due_once_its_day_has_come(left: int, step: int | None) -> None:
    assert step_of(on(left), TODAY, (30, 7, 1)) == step


def test_a_setting_says_when_it_begins() -> None:
    assert steps(30) == (30, 7, 1)
    assert steps(5) == (5, 1)
    assert steps(1) == (1,)
    assert steps(0) == ()
    assert step_of(on(-1), TODAY, ()) is None


@given(st.integers(-40, 400), st.integers(0, 365))
def test_every_step_comes_at_most_once_and_never_after_a_nearer_one(left: int, first: int) -> None:
    wanted = steps(first)
    order = [step_of(on(day), TODAY, wanted) for day in range(left, -FORGET - 2, -1)]
    seen = [step for step in order if step is not None]
    assert seen == sorted(seen, reverse=True)


def test_what_is_in_use_has_days_and_a_draft_has_none() -> None:
    assert [d.why for d in deadlines(BOTH, Standing.APPROVED)] == [Why.EXPIRES, Why.REVIEW]
    assert [d.why for d in deadlines(BOTH, Standing.EXPIRED)] == [Why.EXPIRES]
    assert deadlines(BOTH, Standing.DRAFT) == deadlines(BOTH, Standing.REVOKED) == []
    endless = replace(BOTH, valid_until=None, review_by=None)
    assert deadlines(endless, Standing.APPROVED) == []
