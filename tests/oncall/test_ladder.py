"""The steps of the policy at a moment: who stands on each rung, and what is passed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import person

from crisis.oncall.duty import Duty
from crisis.oncall.ladder import LAST_RESORT, Ladder, ladder
from crisis.oncall.rota import CATCH_ALL, LAST_ADMINISTRATOR, NEXT_SHIFT, ON_CALL, ON_DUTY
from crisis.types import (
    DEFAULT_POLICY,
    Absence,
    Hours,
    Layer,
    Person,
    Policy,
    PolicyStep,
    Rhythm,
    Role,
    Severity,
    Target,
    TargetKind,
)

BERLIN = ZoneInfo("Europe/Berlin")
TEN = timedelta(minutes=10)
ANA, BEN, EVA = (person(n, Role.DUTY, id=i) for i, n in enumerate(("Ana", "Ben", "Eva"), 1))
CHLOE = person("Chloe", Role.APPROVER, id=4)
GRETA = person("Greta", Role.ADMIN, id=5)
LAST = Person(id=99, name="Leitstelle", email="leitstelle@stadt.example")
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=BERLIN).astimezone(UTC)
SUNDAY_AT_THREE = datetime(2026, 11, 29, 3, tzinfo=BERLIN).astimezone(UTC)
FIRST = Layer(id=1, name="Tag", people=(1, 2), begins=date(2026, 11, 23), rhythm=Rhythm.DAILY,
              handover=time(0))  # fmt: skip
BEHIND = Layer(id=2, name="Hintergrund", level=2, people=(3,), begins=date(2026, 11, 23))
PLANNED = Duty(people=(ANA, BEN, EVA, CHLOE, GRETA), layers=(FIRST, BEHIND), zone=BERLIN)


def level(number: int, **more: object) -> PolicyStep:
    return PolicyStep(targets=(Target(kind=TargetKind.LEVEL, level=number),), **more)  # type: ignore[arg-type]


def role(which: Role, **more: object) -> PolicyStep:
    return PolicyStep(targets=(Target(kind=TargetKind.ROLE, role=which),), **more)  # type: ignore[arg-type]


def climb(
    policy: Policy = DEFAULT_POLICY,
    at: datetime = MONDAY_NOON,
    severity: Severity = Severity.HIGH,
    planned: Duty = PLANNED,
    **more: object,
) -> Ladder:
    told: dict[str, object] = {"wait": TEN, "catch_all": LAST}
    return ladder(planned, policy, at, severity, **(told | more))  # type: ignore[arg-type]


def names(found: Ladder) -> list[tuple[int, str]]:
    return [(r.step, "+".join(t.person.name for t in r.turns)) for r in found.rungs]


def test_without_a_policy_of_ones_own_it_goes_down_the_line_as_ever() -> None:
    found = climb()
    assert names(found) == [(1, "Ana"), (1, "Eva"), (1, "Ben"), (LAST_RESORT, "Leitstelle")]
    assert [r.turns[0].why for r in found.rungs[::2]] == [ON_CALL, NEXT_SHIFT]
    assert found.rungs[-1].turns[0].why == CATCH_ALL
    assert {r.wait for r in found.rungs} == {TEN}
    none_planned = climb(planned=replace(PLANNED, layers=()))
    assert [r.turns[0].why for r in none_planned.rungs[:3]] == [ON_DUTY] * 3


def test_steps_tell_a_level_a_role_and_several_at_once() -> None:
    policy = Policy(steps=(level(1, wait=5), level(2), role(Role.APPROVER, times=2)))
    found = climb(policy)
    assert names(found) == [(1, "Ana"), (2, "Eva"), (3, "Chloe"), (LAST_RESORT, "Leitstelle")]
    assert [r.wait / TEN for r in found.rungs] == [0.5, 1, 1, 1]
    assert found.rungs[2].times == 2
    assert "(Schritt 2 von 3)" in found.rungs[1].turns[0].why.de
    assert "level 2" in found.rungs[1].turns[0].why.en
    both = Policy(steps=(PolicyStep(targets=(*level(1).targets, *role(Role.DUTY).targets)),))
    assert names(climb(both))[0] == (1, "Ana+Ben+Eva")
    rota = Policy(steps=(PolicyStep(targets=(Target(kind=TargetKind.ROTA),)),))
    assert names(climb(rota))[0] == (1, "Ana+Ben")
    named = Policy(steps=(PolicyStep(targets=(Target(kind=TargetKind.PEOPLE, people=(5, 3)),)),))
    assert names(climb(named))[0] == (1, "Greta+Eva")


@pytest.mark.parametrize(
    ("step", "at", "why"),
    [
        (level(3), MONDAY_NOON, "niemand"),
        (level(2, severity=Severity.URGENT), MONDAY_NOON, "dringendere"),
        (level(2, hours=Hours.OUTSIDE), MONDAY_NOON, "anderen Zeiten"),
        (level(2, hours=Hours.OFFICE), SUNDAY_AT_THREE, "anderen Zeiten"),
    ],
)
def test_a_step_that_does_not_hold_is_passed_over_and_says_why(
    step: PolicyStep, at: datetime, why: str
) -> None:
    found = climb(Policy(steps=(step, level(1))), at)
    assert [s for s, _ in names(found)] == [2, LAST_RESORT]
    assert [one.step for one in found.left] == [1]
    assert why in found.left[0].why.de


def test_office_hours_end_on_holidays() -> None:
    christmas = datetime(2026, 12, 25, 12, tzinfo=BERLIN).astimezone(UTC)
    policy = Policy(steps=(level(2, hours=Hours.OFFICE),))
    assert names(climb(policy, christmas)) == [(LAST_RESORT, "Leitstelle")]


def test_an_empty_policy_still_ends_at_the_last_resort() -> None:
    assert names(climb(Policy(steps=()))) == [(LAST_RESORT, "Leitstelle")]


def test_without_an_address_the_administrators_are_the_last_resort() -> None:
    found = climb(catch_all=None)
    assert names(found)[-1] == (LAST_RESORT, "Greta")
    assert found.rungs[-1].turns[0].why == LAST_ADMINISTRATOR


def test_whoever_is_away_is_left_out_of_steps_and_comes_last_in_the_line() -> None:
    away = Absence(person_id=1, start=MONDAY_NOON - TEN, end=MONDAY_NOON + TEN)
    planned = replace(PLANNED, absences=(away,))
    assert names(climb(planned=planned)) == [
        (1, "Ben"),
        (1, "Eva"),
        (1, "Ana"),
        (LAST_RESORT, "Leitstelle"),
    ]
    assert names(climb(Policy(steps=(role(Role.DUTY),)), planned=planned))[0] == (1, "Ben+Eva")


def test_quiet_hours_hold_what_is_less_severe_and_never_what_is_urgent() -> None:
    policy = Policy(steps=(level(1),), quiet_from=time(22), quiet_until=time(6))
    high, urgent = (climb(policy, severity=s) for s in (Severity.HIGH, Severity.URGENT))
    assert high.held(SUNDAY_AT_THREE) == datetime(2026, 11, 29, 6, tzinfo=BERLIN)
    late = datetime(2026, 11, 28, 22, tzinfo=BERLIN)
    assert high.held(late) == datetime(2026, 11, 29, 6, tzinfo=BERLIN)
    assert high.held(MONDAY_NOON) == MONDAY_NOON
    assert urgent.held(SUNDAY_AT_THREE) == SUNDAY_AT_THREE
    day = climb(replace(policy, quiet_from=time(12), quiet_until=time(14)))
    assert day.held(MONDAY_NOON) == MONDAY_NOON + timedelta(hours=2)


def test_in_an_exercise_the_simple_line_holds_without_the_last_resort() -> None:
    found = climb(Policy(steps=(role(Role.APPROVER),)), drill=True)
    assert names(found)[0] == (1, "Ana")
    assert LAST_RESORT not in [step for step, _ in names(found)]
