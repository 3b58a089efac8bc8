"""Who is told first, who next, and when nobody would be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, person
from hypothesis import given
from hypothesis import strategies as st

from crisis.oncall.rota import (
    ADMINISTRATOR,
    APPROVER,
    CATCH_ALL,
    EXERCISE,
    NEXT_SHIFT,
    ON_CALL,
    ON_DUTY,
    gaps,
    line,
    turns,
)
from crisis.types import Person, Role, Shift

BERLIN = ZoneInfo("Europe/Berlin")
ANA = person("Ana", Role.DUTY, id=1)
BEN = person("Ben", Role.DUTY, id=2)
EVA = person("Eva", Role.DUTY, id=3)
CHLOE = person("Chloe", Role.APPROVER, id=4)
DEV = person("Dev", Role.ADMIN, id=5)
PLAYER = person("Player", Role.APPROVER, id=6, drill=True)
LAST = Person(id=99, name="Leitstelle", email="leitstelle@stadt.example")


def shift(who: Person, begins: float, ends: float, **changes: bool) -> Shift:
    """From and until so many hours after noon."""
    return Shift(
        id=int(begins * 10) + 500,
        person_id=who.id,
        start=NOON + timedelta(hours=begins),
        end=NOON + timedelta(hours=ends),
        drill=changes.get("drill", False),
    )


def test_first_the_shift_then_the_next_shift_then_duty_then_the_last_resort() -> None:
    found = turns(
        [shift(EVA, 5, 9), shift(BEN, -1, 1)], [ANA, BEN, EVA, CHLOE], NOON, catch_all=LAST
    )
    assert [(t.person.name, t.why) for t in found] == [
        ("Ben", ON_CALL),
        ("Eva", NEXT_SHIFT),
        ("Ana", ON_DUTY),
        ("Leitstelle", CATCH_ALL),
    ]


def test_of_two_shifts_the_one_that_began_first_comes_first() -> None:
    shifts = [shift(ANA, -1, 1), shift(BEN, -3, 1)]
    assert line(shifts, [ANA, BEN], NOON, catch_all=None) == [BEN, ANA]


def test_a_shift_counts_from_its_first_until_just_before_its_last_moment() -> None:
    people = [ANA, BEN]
    assert line([shift(BEN, 0, 1)], people, NOON, catch_all=None)[0] == BEN
    assert line([shift(BEN, -1, 0)], people, NOON, catch_all=None)[0] == ANA


def test_who_is_not_active_is_left_out() -> None:
    gone = person("Ben", Role.DUTY, id=2, active=False)
    assert line([shift(gone, -1, 1)], [ANA, gone], NOON, catch_all=None) == [ANA]


def test_a_shift_of_somebody_unknown_is_left_out() -> None:
    assert line([shift(LAST, -1, 1)], [ANA], NOON, catch_all=None) == [ANA]


def test_without_duty_those_who_release_are_told_else_the_administrators() -> None:
    assert turns([], [DEV, CHLOE], NOON, catch_all=None)[0].why is APPROVER
    assert turns([], [DEV], NOON, catch_all=None)[0].why is ADMINISTRATOR
    assert turns([], [], NOON, catch_all=None) == []


def test_the_last_resort_who_is_in_line_already_keeps_the_better_place() -> None:
    same = Person(id=99, name="Ana", email="ANA@stadt.example")
    assert line([], [ANA], NOON, catch_all=same) == [ANA]


def test_an_exercise_asks_the_real_people_and_leaves_the_last_resort_in_peace() -> None:
    found = line([shift(ANA, -1, 1)], [ANA, PLAYER], NOON, catch_all=LAST, drill=True)
    assert found == [ANA]


def test_in_an_exercise_its_own_person_stands_in_where_there_is_nobody() -> None:
    found = turns([], [PLAYER], NOON, catch_all=LAST, drill=True)
    assert [(t.person, t.why) for t in found] == [(PLAYER, EXERCISE)]


def test_people_and_shifts_of_an_exercise_do_not_count_outside_it() -> None:
    shifts = [shift(PLAYER, -2, 1, drill=True), shift(BEN, -2, 1, drill=True)]
    assert line(shifts, [ANA, BEN, PLAYER], NOON, catch_all=None) == [ANA, BEN]
    assert line(shifts, [ANA, BEN, PLAYER], NOON, catch_all=None, drill=True)[0] == PLAYER


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_rule_is_worded_for_people(lang: str) -> None:
    for why in (ON_CALL, NEXT_SHIFT, ON_DUTY, APPROVER, ADMINISTRATOR, EXERCISE, CATCH_ALL):
        assert ("Sie" in why.say(lang) or "diese" in why.say(lang)) == (lang == "de")


def test_a_night_on_which_the_clock_is_put_back_has_no_hole() -> None:
    def local(day: int, hour: int) -> datetime:
        return datetime(2026, 10, day, hour, tzinfo=BERLIN).astimezone(UTC)

    night = Shift(id=1, person_id=1, start=local(24, 20), end=local(25, 8))
    day = Shift(id=2, person_id=2, start=local(25, 8), end=local(25, 20))
    assert night.end - night.start == timedelta(hours=13)
    assert gaps([day, night], night.start, day.end) == []
    for fold in (0, 1):  # 02:30 comes twice, and both times the night has it
        twice = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold).astimezone(UTC)
        assert line([night, day], [ANA, BEN], twice, catch_all=None)[0] == ANA


def test_a_night_on_which_the_clock_is_put_forward_is_short_and_has_no_hole() -> None:
    start = datetime(2026, 3, 28, 20, tzinfo=BERLIN).astimezone(UTC)
    end = datetime(2026, 3, 29, 8, tzinfo=BERLIN).astimezone(UTC)
    assert end - start == timedelta(hours=11)
    assert gaps([Shift(id=1, person_id=1, start=start, end=end)], start, end) == []


def test_gaps_are_what_no_shift_covers() -> None:
    shifts = [shift(BEN, 4, 6), shift(ANA, 1, 3), shift(ANA, 2, 2.5), shift(BEN, 20, 30)]
    begin = NOON
    found = gaps(shifts, begin, NOON + timedelta(hours=8))
    assert [((a - NOON).seconds / 3600, (b - NOON).seconds / 3600) for a, b in found] == [
        (0, 1),
        (3, 4),
        (6, 8),
    ]


def test_shifts_of_an_exercise_or_of_somebody_gone_fill_no_gap() -> None:
    gone = person("Ben", Role.DUTY, id=2, active=False)
    shifts = [shift(ANA, 0, 1, drill=True), shift(gone, 1, 2)]
    whole = [(NOON, NOON + timedelta(hours=2))]
    assert gaps(shifts, *whole[0], people=[ANA, gone]) == whole
    assert gaps([shift(gone, 0, 2)], *whole[0]) == []


HOURS = st.integers(-48, 48)
SHIFTS = st.lists(
    st.tuples(
        st.sampled_from([ANA, BEN, EVA, CHLOE, DEV, PLAYER]),
        HOURS,
        st.integers(1, 24),
        st.booleans(),
    ),
    max_size=8,
).map(lambda rows: [shift(who, a, a + n, drill=drill) for who, a, n, drill in rows])
PEOPLE = st.lists(
    st.sampled_from([ANA, BEN, EVA, CHLOE, DEV, PLAYER]), max_size=6, unique_by=lambda p: p.id
)


@given(SHIFTS, PEOPLE, st.booleans())
def test_there_is_always_somebody_as_long_as_anybody_has_a_role(
    shifts: list[Shift], people: list[Person], drill: bool
) -> None:
    found = line(shifts, people, NOON, catch_all=None, drill=drill)
    assert len({p.id for p in found}) == len(found)
    assert bool(found) == any(drill or not p.drill for p in people)


@given(SHIFTS, st.integers(1, 72))
def test_a_moment_is_in_a_gap_exactly_if_nobody_has_a_shift(
    shifts: list[Shift], length: int
) -> None:
    holes = gaps(shifts, NOON, NOON + timedelta(hours=length))
    for quarter in range(length * 4):
        at = NOON + timedelta(minutes=15 * quarter)
        covered = any(s.start <= at < s.end and not s.drill for s in shifts)
        assert any(a <= at < b for a, b in holes) != covered
