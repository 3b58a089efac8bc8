"""What a match means, how urgent it is, and how an incident moves: rules as tables and properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, incident, match
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import IllegalMoveError
from crisis.incidents.decide import (
    Attach,
    Ignore,
    Open,
    Reopen,
    Suggest,
    decide,
    quiet_since,
)
from crisis.incidents.lifecycle import Move, allowed, moved
from crisis.incidents.severity import pace, severity
from crisis.types import OPEN_STATES, Band, IncidentState, Severity, Spread, Stance

NEW, ACK, ANS = IncidentState.NEW, IncidentState.ACKNOWLEDGED, IncidentState.ANSWERING
COR, CLO, DIS = IncidentState.CORRECTED, IncidentState.CLOSED, IncidentState.DISMISSED


@pytest.mark.parametrize(
    ("state", "ended_days_ago", "recent", "expected"),
    [
        (None, 0, 1, Open),
        (NEW, 0, 1, Attach),
        (ACK, 0, 100, Attach),
        (ANS, 0, 100, Attach),
        (COR, 0, 4, Attach),
        (COR, 0, 5, Reopen),
        (CLO, 1, 1, Reopen),
        (CLO, 29, 1, Reopen),
        (CLO, 31, 1, Open),
        (DIS, 0.5, 4, Attach),
        (DIS, 0.5, 5, Reopen),
        (DIS, 2, 1, Reopen),
        (DIS, 31, 1, Open),
    ],
)
def test_what_becomes_of_a_sure_match(state, ended_days_ago, recent, expected) -> None:
    latest = None
    if state is not None:
        ended = None if state in OPEN_STATES else NOON - timedelta(days=ended_days_ago)
        latest = incident(id=7, state=state, ended_at=ended)
    decision = decide(match(), latest, recent=recent, now=NOON)
    assert isinstance(decision, expected)


@pytest.mark.parametrize("state", [None, *IncidentState])
def test_doubt_is_for_people_and_corrections_never_alarm(state) -> None:
    latest = None if state is None else incident(state=state, ended_at=NOON)
    doubtful = decide(match(band=Band.SUGGEST), latest, recent=99, now=NOON)
    assert isinstance(doubtful, Suggest)
    assert isinstance(decide(match(band=Band.NONE), latest, recent=99, now=NOON), Ignore)
    correction = decide(match(stance=Stance.CORRECTS), latest, recent=99, now=NOON)
    assert isinstance(correction, Attach if state in OPEN_STATES else Ignore)


def test_recent_posts_count_from_the_correction_or_the_end_on() -> None:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert quiet_since(incident(), NOON) == NOON - hour
    corrected = incident(state=COR, corrected_at=NOON - minute)
    assert quiet_since(corrected, NOON) == NOON - minute
    assert quiet_since(incident(state=DIS, ended_at=NOON - 2 * hour), NOON) == NOON - hour


counts = st.integers(min_value=0, max_value=500)


@st.composite
def spreads(draw) -> Spread:
    posts = draw(counts)
    hour = draw(st.integers(0, posts))
    return Spread(
        posts=posts,
        last_hour=hour,
        last_10_minutes=draw(st.integers(0, hour)),
        sources=draw(st.integers(0, 20)),
        usual_per_hour=draw(st.floats(0, 1000)),
    )


@given(spreads(), st.sampled_from(["posts", "last_10_minutes", "sources"]))
def test_more_is_never_less_urgent(spread: Spread, what: str) -> None:
    more = replace(spread, **{what: getattr(spread, what) + 1})
    assert severity(more) >= severity(spread)


@given(spreads())
def test_what_is_usual_anyway_is_never_more_urgent(spread: Spread) -> None:
    assert severity(replace(spread, usual_per_hour=spread.usual_per_hour * 10)) <= severity(spread)
    assert pace(spread) >= 0


@pytest.mark.parametrize(
    ("posts", "ten", "sources", "usual", "expected"),
    [
        (1, 1, 1, 0, Severity.LOW),
        (3, 0, 1, 0, Severity.ELEVATED),
        (3, 0, 3, 0, Severity.HIGH),
        (10, 0, 1, 0, Severity.HIGH),
        (5, 5, 1, 10, Severity.HIGH),
        (5, 5, 1, 1000, Severity.ELEVATED),
        (12, 12, 1, 10, Severity.URGENT),
        (30, 0, 1, 1000, Severity.URGENT),
    ],
)
def test_severity_as_written_down(posts, ten, sources, usual, expected) -> None:
    spread = Spread(
        posts=posts, last_10_minutes=ten, last_hour=ten, sources=sources, usual_per_hour=usual
    )
    assert severity(spread) is expected


@pytest.mark.parametrize("state", IncidentState)
@pytest.mark.parametrize("move", Move)
def test_an_incident_moves_legally_or_not_at_all(state: IncidentState, move: Move) -> None:
    before = incident(state=state)
    if not allowed(before, move):
        with pytest.raises(IllegalMoveError) as told:
            moved(before, move, NOON)
        assert told.value.de and told.value.en
        return
    after = moved(before, move, NOON, reason="weil")
    assert (after.ended_at is not None) == (after.state in {CLO, DIS})
    assert (after.end_reason == "weil") == (after.state in {CLO, DIS})


@given(st.lists(st.sampled_from(list(Move)), max_size=30))
def test_whatever_happens_an_incident_can_go_on(moves: list[Move]) -> None:
    current = incident()
    for number, move in enumerate(moves):
        if allowed(current, move):
            current = moved(current, move, NOON + timedelta(minutes=number))
    assert any(allowed(current, move) for move in Move)
    assert current.wave >= 1
    if current.state is NEW:
        assert current.acknowledged_at is None


def test_a_new_wave_begins_with_its_own_times() -> None:
    taken = moved(incident(assignee=3), Move.ACKNOWLEDGE, NOON)
    corrected = moved(taken, Move.CORRECT, NOON + timedelta(minutes=5))
    assert corrected.acknowledged_at == NOON
    again = moved(corrected, Move.REOPEN, NOON + timedelta(hours=2))
    assert (again.wave, again.assignee, again.acknowledged_at) == (2, None, None)
