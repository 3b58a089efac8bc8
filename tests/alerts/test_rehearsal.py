"""Who would be told: the trial goes by the rules that really hold, hand-overs on the way included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from builders import person

from crisis.alerts.rehearsal import rehearse
from crisis.oncall.duty import Duty
from crisis.oncall.ladder import LAST_RESORT, Ladder, ladder
from crisis.types import (
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
ANA, BEN = person("Ana", Role.DUTY, id=1), person("Ben", Role.DUTY, id=2)
LAST = Person(id=99, name="Leitstelle", email="leitstelle@stadt.example")
TURN = Layer(
    id=1,
    name="Tag",
    people=(1, 2),
    rhythm=Rhythm.DAILY,
    handover=time(20),
    begins=date(2026, 11, 23),
)
STEP = PolicyStep(targets=(Target(kind=TargetKind.LEVEL),))


def played(policy: Policy, start: datetime, severity: Severity) -> list[str]:
    planned = Duty(people=(ANA, BEN), layers=(TURN,), zone=BERLIN)

    def climb(at: datetime) -> Ladder:
        wait = timedelta(minutes=10)
        return ladder(planned, policy, at, severity, wait=wait, catch_all=LAST)

    return [
        f"{told.at.astimezone(BERLIN):%H:%M} {'+'.join(t.person.name for t in told.turns)}"
        + (" !" if told.rung.step == LAST_RESORT else "")
        for told in rehearse(climb, start, severity, most=5)
    ]


def test_a_hand_over_in_the_middle_brings_the_next_person() -> None:
    start = datetime(2026, 11, 24, 19, 55, tzinfo=BERLIN).astimezone(UTC)
    assert played(Policy(steps=(STEP,), rounds=1), start, Severity.HIGH) == [
        "19:55 Ana",
        "20:05 Ben",
        "20:15 Leitstelle !",
    ]


def test_quiet_hours_hold_it_and_an_urgent_one_goes_on() -> None:
    start = datetime(2026, 11, 25, 3, tzinfo=BERLIN).astimezone(UTC)
    quiet = Policy(steps=(STEP,), rounds=1, quiet_from=time(22), quiet_until=time(6))
    assert played(quiet, start, Severity.HIGH) == ["06:00 Ben", "06:10 Leitstelle !"]
    assert played(quiet, start, Severity.URGENT) == [
        "03:00 Ben",
        "03:10 Leitstelle !",
        "04:10 Ben",
        "05:10 Leitstelle !",
        "06:10 Ben",
    ]
