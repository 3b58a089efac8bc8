"""Who is asked next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from builders import NOON, incident
from hypothesis import given
from hypothesis import strategies as st
from mails import mail

from crisis.alerts.escalation import ROUNDS, SLOW, Step, due_step, next_step
from crisis.types import Alert, AlertKind, AlertState, Incident, IncidentState, Severity

TEN = timedelta(minutes=10)
ANA, BEN, CHLOE = 1, 2, 3


def told(
    person: int,
    minute: int = 0,
    state: AlertState = AlertState.SENT,
    kind: AlertKind = AlertKind.RAISED,
    sent_after: int = 0,
) -> Alert:
    at = NOON + timedelta(minutes=minute)
    sent = at + timedelta(minutes=sent_after) if state is AlertState.SENT else None
    return mail(person_id=person, created=at, state=state, kind=kind, sent_at=sent)


def step(*alerts: Alert, line: tuple[int, ...] = (ANA, BEN), **changes: object) -> Step | None:
    return next_step(incident(**changes), alerts, line, TEN)


def minutes(found: Step | None) -> float:
    assert found is not None
    return (found.at - NOON) / timedelta(minutes=1)


def test_whoever_does_not_answer_is_followed_by_the_next_after_ten_minutes() -> None:
    found = step(told(ANA))
    assert found == Step(person_id=BEN, at=NOON + TEN, kind=AlertKind.ESCALATED, round=1, after=ANA)
    assert due_step(incident(), [told(ANA)], [ANA, BEN], TEN, NOON + TEN) == found
    early = NOON + TEN - timedelta(seconds=1)
    assert due_step(incident(), [told(ANA)], [ANA, BEN], TEN, early) is None


@pytest.mark.parametrize("state", [s for s in IncidentState if s is not IncidentState.NEW])
def test_paging_ends_once_somebody_has_it_or_it_has_ended(state: IncidentState) -> None:
    assert step(told(ANA), state=state, severity=Severity.URGENT) is None


def test_nobody_in_line_means_nobody_is_told() -> None:
    assert step(told(ANA), line=()) is None


def test_an_incident_of_which_nobody_was_told_is_told_at_once() -> None:
    assert step() == Step(person_id=ANA, at=NOON, kind=AlertKind.RAISED, round=1)
    found = step(wave=2)
    assert found is not None
    assert found.kind is AlertKind.REOPENED


def test_after_the_last_the_first_is_asked_again() -> None:
    found = step(told(ANA), told(BEN, 10, kind=AlertKind.ESCALATED))
    assert found is not None
    assert (found.person_id, found.round, minutes(found)) == (ANA, 2, 20)


def test_somebody_alone_is_asked_again() -> None:
    found = step(told(ANA), line=(ANA,))
    assert found is not None
    assert (found.person_id, found.after, minutes(found)) == (ANA, None, 10)


def test_three_rounds_are_enough_unless_it_is_urgent() -> None:
    asked = [told(ANA, 10 * n, kind=AlertKind.ESCALATED) for n in range(ROUNDS)]
    assert step(*asked, line=(ANA,)) is None
    urgent = step(*asked, line=(ANA,), severity=Severity.URGENT)
    assert urgent is not None
    assert urgent.at == NOON + timedelta(minutes=20) + SLOW


def test_the_wait_counts_from_when_the_mail_left() -> None:
    assert minutes(step(told(ANA, sent_after=4))) == 14


def test_a_mail_that_is_stuck_holds_nobody_up() -> None:
    assert minutes(step(told(ANA, state=AlertState.PENDING))) == 10


def test_an_address_that_refuses_is_not_waited_for() -> None:
    found = step(told(ANA, state=AlertState.FAILED))
    assert found is not None
    assert (found.person_id, minutes(found)) == (BEN, 0)


def test_addresses_that_refuse_are_asked_last_and_not_in_a_stream() -> None:
    dead = told(ANA, state=AlertState.FAILED)
    found = step(dead, told(BEN, 1, kind=AlertKind.ESCALATED))
    assert found is not None
    assert found.person_id == BEN
    all_dead = step(dead, told(BEN, 1, AlertState.FAILED, AlertKind.ESCALATED))
    assert all_dead is not None
    assert (all_dead.person_id, minutes(all_dead)) == (ANA, 11)


def test_who_comes_on_call_meanwhile_is_asked_before_a_second_round() -> None:
    found = step(told(ANA), told(BEN, 10, kind=AlertKind.ESCALATED), line=(CHLOE, ANA, BEN))
    assert found is not None
    assert found.person_id == CHLOE


def test_news_that_it_got_worse_neither_asks_anew_nor_gives_more_time() -> None:
    found = step(told(ANA), told(ANA, 8, kind=AlertKind.WORSE))
    assert found is not None
    assert (found.person_id, minutes(found)) == (BEN, 10)


def test_a_cancelled_mail_told_nobody() -> None:
    found = step(told(ANA, state=AlertState.CANCELLED))
    assert found is not None
    assert found.person_id == ANA


def test_a_new_wave_begins_with_the_first_again() -> None:
    before = [told(ANA, 10 * n, kind=AlertKind.ESCALATED) for n in range(ROUNDS)]
    again = told(ANA, 100, kind=AlertKind.REOPENED)
    found = step(*before, again, wave=2)
    assert found is not None
    assert (found.person_id, minutes(found)) == (BEN, 110)


def play(
    about: Incident, line: list[int], refusing: set[int], hours: int
) -> list[tuple[datetime, int]]:
    """Ask as the monitor does, every minute, with nobody answering; whom, when."""
    alerts: list[Alert] = []
    asked = []
    for minute in range(hours * 60):
        now = NOON + timedelta(minutes=minute)
        due = due_step(about, alerts, line, TEN, now)
        if due is None:
            continue
        asked.append((now, due.person_id))
        state = AlertState.FAILED if due.person_id in refusing else AlertState.SENT
        alerts.append(
            replace(
                mail(person_id=due.person_id, created=now, kind=due.kind),
                id=len(alerts) + 1,
                state=state,
                sent_at=now if state is AlertState.SENT else None,
            )
        )
    return asked


LINES = st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True)


@given(LINES, st.sets(st.integers(1, 6)))
def test_everybody_is_asked_in_order_and_an_urgent_one_never_falls_silent(
    line: list[int], refusing: set[int]
) -> None:
    asked = play(incident(severity=Severity.URGENT), line, refusing, hours=8)
    assert [p for _, p in asked][: len(line)] == line
    times = [NOON, *(at for at, _ in asked), NOON + timedelta(hours=8)]
    assert max(b - a for a, b in pairwise(times)) <= SLOW + TEN


@given(LINES, st.sets(st.integers(1, 6)))
def test_an_ordinary_incident_asks_each_at_most_three_times(
    line: list[int], refusing: set[int]
) -> None:
    asked = [p for _, p in play(incident(), line, refusing, hours=8)]
    assert set(asked) == set(line)
    assert all(asked.count(p) <= ROUNDS for p in line)
    assert all(asked.count(p) == ROUNDS for p in set(line) - refusing)
