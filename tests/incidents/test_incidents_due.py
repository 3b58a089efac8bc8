"""Until when the next step should be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, incident

from crisis.incidents.due import Targets, due
from crisis.types import Advice, IncidentState

TAKE, ANSWER = timedelta(minutes=10), timedelta(hours=1)
S = IncidentState


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (S.NEW, TAKE),
        (S.ACKNOWLEDGED, ANSWER),
        (S.ANSWERING, ANSWER),
        (S.CORRECTED, None),
        (S.CLOSED, None),
        (S.DISMISSED, None),
    ],
)
def test_each_state_has_its_hour(state: IncidentState, after: timedelta | None) -> None:
    one = replace(incident(opened=NOON), state=state)
    found = due(one, Targets(TAKE, ANSWER))
    assert found == (None if after is None else NOON + after)


def test_no_target_no_hour() -> None:
    for state in S:
        one = replace(incident(), state=state)
        assert due(one, Targets()) is None


@pytest.mark.parametrize("advice", Advice)
def test_who_waits_on_purpose_misses_nothing(advice: Advice) -> None:
    one = replace(incident(), state=S.ACKNOWLEDGED)
    found = due(one, Targets(TAKE, ANSWER), advice)
    assert (found is None) == (advice in (Advice.NONE, Advice.WATCH))


def test_a_later_wave_counts_from_whoever_took_it() -> None:
    again = replace(incident(opened=NOON), wave=2, state=S.NEW)
    assert due(again, Targets(TAKE, ANSWER)) is None
    taken = replace(again, state=S.ACKNOWLEDGED, acknowledged_at=NOON + timedelta(days=3))
    assert due(taken, Targets(TAKE, ANSWER)) == NOON + timedelta(days=3, hours=1)


@pytest.mark.parametrize("state", S)
def test_what_people_were_promised_counts_first_once_somebody_has_it(state: IncidentState) -> None:
    promised = NOON + timedelta(hours=7)
    one = replace(incident(opened=NOON), state=state)
    found = due(one, Targets(TAKE, ANSWER), promised=promised)
    has_it = state in (S.ACKNOWLEDGED, S.ANSWERING, S.CORRECTED)
    assert (found == promised) == has_it
