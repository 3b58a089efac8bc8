"""Until when the next step should be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, incident

from crisis.incidents.due import due
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
    found = due(one, acknowledgement=TAKE, answer=ANSWER)
    assert found == (None if after is None else NOON + after)


def test_no_target_no_hour() -> None:
    for state in S:
        one = replace(incident(), state=state)
        assert due(one, acknowledgement=timedelta(), answer=timedelta()) is None


@pytest.mark.parametrize("advice", Advice)
def test_who_waits_on_purpose_misses_nothing(advice: Advice) -> None:
    one = replace(incident(), state=S.ACKNOWLEDGED)
    found = due(one, acknowledgement=TAKE, answer=ANSWER, decided=advice)
    assert (found is None) == (advice in (Advice.NONE, Advice.WATCH))


def test_a_later_wave_counts_from_whoever_took_it() -> None:
    again = replace(incident(opened=NOON), wave=2, state=S.NEW)
    assert due(again, acknowledgement=TAKE, answer=ANSWER) is None
    taken = replace(again, state=S.ACKNOWLEDGED, acknowledged_at=NOON + timedelta(days=3))
    assert due(taken, acknowledgement=TAKE, answer=ANSWER) == NOON + timedelta(days=3, hours=1)
