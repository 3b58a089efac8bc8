"""Who is asked next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, incident, person
from hypothesis import given
from hypothesis import strategies as st
from mails import mail

from crisis.alerts.escalation import SLOW, Call, due_call, next_call
from crisis.oncall.ladder import Ladder, Rung
from crisis.oncall.rota import ON_DUTY, Turn
from crisis.types import Alert, AlertKind, AlertState, Incident, IncidentState, Severity

TEN = timedelta(minutes=10)
ROUNDS = 3
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


def rungs(*groups: tuple[int, ...], step: int | None = None, times: int = 1) -> Ladder:
    """One rung for each group of people; all of one step, or of steps 1, 2, ..."""
    made = tuple(
        Rung(
            step=step or number,
            turns=tuple(Turn(person(f"P{one}", id=one), ON_DUTY) for one in group),
            wait=TEN,
            times=times,
        )
        for number, group in enumerate(groups, 1)
    )
    return Ladder(rungs=made, rounds=ROUNDS, zone=ZoneInfo("Europe/Berlin"))


def one_by_one(line: Sequence[int]) -> Ladder:
    return rungs(*((one,) for one in line), step=1)


def step(*alerts: Alert, line: tuple[int, ...] = (ANA, BEN), **changes: object) -> Call | None:
    return next_call(incident(**changes), alerts, one_by_one(line))


def minutes(found: Call | None) -> float:
    assert found is not None
    return (found.at - NOON) / timedelta(minutes=1)


def test_whoever_does_not_answer_is_followed_by_the_next_after_ten_minutes() -> None:
    found = step(told(ANA))
    assert found is not None
    assert (found.people, found.at, found.kind, found.round) == (
        (BEN,),
        NOON + TEN,
        AlertKind.ESCALATED,
        1,
    )
    ladder = one_by_one([ANA, BEN])
    assert due_call(incident(), [told(ANA)], ladder, NOON + TEN) == found
    early = NOON + TEN - timedelta(seconds=1)
    assert due_call(incident(), [told(ANA)], ladder, early) is None


@pytest.mark.parametrize("state", [s for s in IncidentState if s is not IncidentState.NEW])
def test_paging_ends_once_somebody_has_it_or_it_has_ended(state: IncidentState) -> None:
    assert step(told(ANA), state=state, severity=Severity.URGENT) is None


def test_nobody_in_line_means_nobody_is_told() -> None:
    assert step(told(ANA), line=()) is None


def test_an_incident_of_which_nobody_was_told_is_told_at_once() -> None:
    first = step()
    assert first is not None
    assert (first.people, first.at, first.kind) == ((ANA,), NOON, AlertKind.RAISED)
    found = step(wave=2)
    assert found is not None
    assert found.kind is AlertKind.REOPENED


def test_after_the_last_the_first_is_asked_again() -> None:
    found = step(told(ANA), told(BEN, 10, kind=AlertKind.ESCALATED))
    assert found is not None
    assert (found.people, found.round, minutes(found)) == ((ANA,), 2, 20)


def test_somebody_alone_is_asked_again() -> None:
    found = step(told(ANA), line=(ANA,))
    assert found is not None
    assert (found.people, minutes(found)) == ((ANA,), 10)


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
    assert (found.people, minutes(found)) == ((BEN,), 0)


def test_addresses_that_refuse_are_asked_last_and_not_in_a_stream() -> None:
    dead = told(ANA, state=AlertState.FAILED)
    found = step(dead, told(BEN, 1, kind=AlertKind.ESCALATED))
    assert found is not None
    assert found.people == (BEN,)
    all_dead = step(dead, told(BEN, 1, AlertState.FAILED, AlertKind.ESCALATED))
    assert all_dead is not None
    assert (all_dead.people, minutes(all_dead)) == ((ANA,), 11)


def test_who_comes_on_call_meanwhile_is_asked_before_a_second_round() -> None:
    found = step(told(ANA), told(BEN, 10, kind=AlertKind.ESCALATED), line=(CHLOE, ANA, BEN))
    assert found is not None
    assert found.people == (CHLOE,)


def test_news_that_it_got_worse_neither_asks_anew_nor_gives_more_time() -> None:
    found = step(told(ANA), told(ANA, 8, kind=AlertKind.WORSE))
    assert found is not None
    assert (found.people, minutes(found)) == ((BEN,), 10)


def test_a_cancelled_mail_told_nobody() -> None:
    found = step(told(ANA, state=AlertState.CANCELLED))
    assert found is not None
    assert found.people == (ANA,)


def test_a_new_wave_begins_with_the_first_again() -> None:
    before = [told(ANA, 10 * n, kind=AlertKind.ESCALATED) for n in range(ROUNDS)]
    again = told(ANA, 100, kind=AlertKind.REOPENED)
    found = step(*before, again, wave=2)
    assert found is not None
    assert (found.people, minutes(found)) == ((BEN,), 110)


def play(
    about: Incident, line: list[int], refusing: set[int], hours: int
) -> list[tuple[datetime, int]]:
    """Ask as the monitor does, every minute, with nobody answering; whom, when."""
    alerts: list[Alert] = []
    asked = []
    for minute in range(hours * 60):
        now = NOON + timedelta(minutes=minute)
        due = due_call(about, alerts, one_by_one(line), now)
        if due is None:
            continue
        [one] = due.people
        asked.append((now, one))
        state = AlertState.FAILED if one in refusing else AlertState.SENT
        alerts.append(
            replace(
                mail(person_id=one, created=now, kind=due.kind),
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


# --- several people at once ------------------------------------------------------------------


def at_step(number: int, who: int, minute: int = 0, **more: object) -> Alert:
    kind = AlertKind.ESCALATED if minute else AlertKind.RAISED
    return replace(told(who, minute, kind=kind), step=number, id=minute * 10 + who, **more)  # type: ignore[arg-type]


TEAM = rungs((ANA,), (BEN, CHLOE))


def test_all_of_a_step_are_told_at_once_and_the_wait_is_theirs_together() -> None:
    found = next_call(incident(), [at_step(1, ANA)], TEAM)
    assert found is not None
    assert (found.people, minutes(found)) == ((BEN, CHLOE), 10)
    both = [at_step(1, ANA), at_step(2, BEN, 10), at_step(2, CHLOE, 10)]
    again = next_call(incident(), both, TEAM)
    assert again is not None
    assert (again.people, again.round, minutes(again)) == ((ANA,), 2, 20)


def test_who_comes_into_a_step_meanwhile_is_told_alone() -> None:
    both = [at_step(1, ANA), at_step(2, BEN, 10)]
    found = next_call(incident(), both, TEAM)
    assert found is not None
    assert (found.people, found.round, minutes(found)) == ((CHLOE,), 1, 20)


def test_a_step_that_repeats_is_told_twice_before_the_next() -> None:
    ladder = rungs((ANA,), (BEN,), times=2)
    first = next_call(incident(), [at_step(1, ANA)], ladder)
    second = next_call(incident(), [at_step(1, ANA), at_step(1, ANA, 10)], ladder)
    assert first is not None and second is not None
    assert (first.people, second.people) == ((ANA,), (BEN,))


def test_a_person_in_two_steps_is_told_at_both() -> None:
    ladder = rungs((ANA,), (BEN,), (ANA, BEN))
    found = next_call(incident(), [at_step(1, ANA), at_step(2, BEN, 10)], ladder)
    assert found is not None
    assert (found.rung.step, found.people) == (3, (ANA, BEN))


def test_who_cannot_is_not_waited_for_and_comes_last() -> None:
    found = next_call(incident(), [at_step(1, ANA)], TEAM, declined={ANA})
    assert found is not None
    assert (found.people, minutes(found)) == ((BEN, CHLOE), 0)
    after = [at_step(1, ANA), at_step(2, BEN, 1), at_step(2, CHLOE, 1)]
    next_round = next_call(incident(), after, TEAM, declined={ANA, CHLOE})
    assert next_round is not None
    assert (next_round.people, minutes(next_round)) == ((BEN,), 11)


def test_a_mail_from_before_steps_were_kept_counts() -> None:
    found = next_call(incident(), [told(ANA)], TEAM)
    assert found is not None
    assert found.people == (BEN, CHLOE)


def test_quiet_hours_hold_the_first_and_every_later_call() -> None:
    quiet = (time(22), time(6))
    night = datetime(2026, 11, 23, 23, tzinfo=ZoneInfo("Europe/Berlin"))
    ladder = replace(TEAM, quiet=quiet)
    first = next_call(incident(updated=night), [], ladder)
    assert first is not None
    assert first.at == datetime(2026, 11, 24, 6, tzinfo=ZoneInfo("Europe/Berlin"))
    late = replace(at_step(1, ANA), created=night - TEN / 2, sent_at=night - TEN / 2)
    later = next_call(incident(), [late], ladder)
    assert later is not None and later.at == first.at
