"""Who is on call when: rotations, nights on which the clocks change, holidays, absences, overrides."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from builders import person
from hypothesis import given
from hypothesis import strategies as st

from crisis.oncall.duty import Duty, gaps, on_call, periods, shifts
from crisis.oncall.holidays import STATES, holiday
from crisis.oncall.rotation import pieces
from crisis.types import Absence, Layer, OnHolidays, Rhythm, Role, Shadowing, Shift

BERLIN = ZoneInfo("Europe/Berlin")
ANA, BEN, EVA, FINN = (
    person(name, Role.DUTY, id=number)
    for number, name in enumerate(("Ana", "Ben", "Eva", "Finn"), 1)
)
PEOPLE = (ANA, BEN, EVA, FINN)
MONDAY = date(2026, 11, 23)


def at(text: str) -> datetime:
    """ "24.11. 08:00" of 2026 in Berlin; with "'" behind it the second of an hour that comes twice."""
    fold = int(text.endswith("'"))
    wall = datetime.strptime(text.rstrip("'") + " 2026", "%d.%m. %H:%M %Y")  # noqa: DTZ007
    return wall.replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


def layer(**changes: object) -> Layer:
    told: dict[str, object] = {"id": 1, "name": "Woche", "people": (1, 2, 3), "begins": MONDAY}
    return Layer(**(told | changes))  # type: ignore[arg-type]


def duty(*layers: Layer, **more: object) -> Duty:
    told: dict[str, object] = {"people": PEOPLE, "layers": layers, "zone": BERLIN, "state": "NW"}
    return Duty(**(told | more))  # type: ignore[arg-type]


def says(planned: Duty, begins: str, ends: str, level: int = 1) -> list[str]:
    """The periods of a level as lines to be compared: who from when until when."""
    names = {p.id: p.name for p in planned.people}
    return [
        f"{names[p.person_id]} {p.start.astimezone(BERLIN):%d.%m. %H:%M}"
        f" – {p.end.astimezone(BERLIN):%d.%m. %H:%M}"
        for p in periods(planned, at(begins), at(ends), levels=(level,))
    ]


def test_people_take_turns_by_the_week() -> None:
    assert says(duty(layer()), "23.11. 08:00", "15.12. 08:00") == [
        "Ana 23.11. 08:00 – 30.11. 08:00",
        "Ben 30.11. 08:00 – 07.12. 08:00",
        "Eva 07.12. 08:00 – 14.12. 08:00",
        "Ana 14.12. 08:00 – 15.12. 08:00",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rhythm": Rhythm.DAILY}, "Ben 24.11. 08:00 – 25.11. 08:00"),
        ({"rhythm": Rhythm.DAILY, "length": 2}, "Ana 23.11. 08:00 – 25.11. 08:00"),
        ({"rhythm": Rhythm.HOURS, "length": 12}, "Eva 24.11. 08:00 – 24.11. 20:00"),
        ({"rhythm": Rhythm.WORKDAYS}, "Ben 24.11. 00:00 – 25.11. 00:00"),
        (
            {"rhythm": Rhythm.WORKDAYS, "opens": time(9), "closes": time(17)},
            "Ben 24.11. 09:00 – 24.11. 17:00",
        ),
        (
            {"rhythm": Rhythm.DAILY, "opens": time(20), "closes": time(6)},
            None,  # at noon nobody
        ),
    ],
)
def test_every_rhythm_has_its_turns(changes: dict[str, object], expected: str | None) -> None:
    planned = duty(layer(**changes))
    noon = at("24.11. 12:00")
    found = says(planned, "23.11. 00:00", "26.11. 00:00")
    running = on_call(planned, noon)
    assert (expected in found) if expected else not running
    assert len(running) == (expected is not None)


def test_a_weekend_moves_nobodys_turn_of_working_days() -> None:
    planned = duty(layer(rhythm=Rhythm.WORKDAYS, people=(1, 2, 3, 4)))
    days = [f"{n:02}.11. 12:00" for n in (23, 24, 25, 26, 27, 30)]
    names = [on_call(planned, at(day))[0].person_id for day in days]
    assert names == [1, 2, 3, 4, 1, 2]
    assert on_call(planned, at("28.11. 12:00")) == []


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    fridays = layer(
        rhythm=Rhythm.WEEKLY, weekdays=frozenset({4}), opens=time(22), closes=time(6), people=(1,)
    )
    assert says(duty(fridays), "23.11. 00:00", "30.11. 00:00") == [
        "Ana 27.11. 22:00 – 28.11. 06:00"
    ]


@pytest.mark.parametrize(
    ("begins", "handover", "night", "hours"),
    [
        (date(2026, 10, 23), time(8), "24.10.", 25),  # the clocks go back on 25 October
        (date(2026, 3, 27), time(8), "28.03.", 23),  # and forward on 29 March
        (date(2026, 10, 23), time(2, 30), "24.10.", 24),  # until the first of the two 02:30
        (date(2026, 10, 23), time(2, 30), "25.10.", 25),
        (date(2026, 3, 27), time(2, 30), "28.03.", 24),  # 02:30 does not come: it is 03:30
        (date(2026, 3, 27), time(2, 30), "29.03.", 23),
    ],
)
def test_a_day_of_duty_is_as_long_as_the_clocks_make_it(
    begins: date, handover: time, night: str, hours: int
) -> None:
    planned = layer(begins=begins, handover=handover, rhythm=Rhythm.DAILY)
    noon = at(f"{night} 12:00")
    days = pieces(planned, noon, noon + timedelta(days=4), BERLIN, lambda _day: "")
    assert (days[0][1] - days[0][0]) / timedelta(hours=1) == hours
    assert all(a[1] == b[0] for a, b in pairwise(days))


def test_in_the_hour_that_comes_twice_the_handover_is_made_once() -> None:
    planned = duty(layer(begins=date(2026, 10, 24), handover=time(2, 30), rhythm=Rhythm.DAILY))
    who = [
        on_call(planned, at(moment))[0].person_id
        for moment in ("25.10. 02:10", "25.10. 02:40", "25.10. 02:10'", "25.10. 02:40'")
    ]
    assert who == [1, 2, 2, 2]


def test_in_the_hour_that_never_comes_nobody_is_missing() -> None:
    planned = duty(layer(begins=date(2026, 3, 28), handover=time(2, 30), rhythm=Rhythm.DAILY))
    leap = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 becomes 03:00
    minutes = [on_call(planned, leap + timedelta(minutes=n))[0].person_id for n in (-1, 0, 29, 30)]
    assert minutes == [1, 1, 1, 2]


def test_twelve_hours_by_the_clock_are_thirteen_when_it_goes_back() -> None:
    planned = duty(
        layer(rhythm=Rhythm.HOURS, length=12, begins=date(2026, 10, 24), handover=time(20))
    )
    [night] = periods(planned, at("24.10. 20:00"), at("25.10. 08:00"))
    assert night.end - night.start == timedelta(hours=13)


def test_a_layer_holds_on_holidays_or_not_or_only_then() -> None:
    # All Saints' Day is a holiday in North Rhine-Westphalia, not in Berlin.
    day = "01.11. 12:00"
    week = {"begins": date(2026, 10, 5), "people": (1,)}
    assert on_call(duty(layer(**week)), at(day))
    assert not on_call(duty(layer(**week, holidays=OnHolidays.NOT)), at(day))
    assert on_call(duty(layer(**week, holidays=OnHolidays.NOT), state="BE"), at(day))
    only = duty(layer(**week, holidays=OnHolidays.ONLY))
    assert on_call(only, at(day)) and not on_call(only, at("02.11. 12:00"))


def test_the_holidays_of_every_state_have_names() -> None:
    assert all(holiday(date(2026, 10, 3), state) for state in STATES)
    assert holiday(date(2026, 10, 31), "TH") == "Reformationstag"
    assert not holiday(date(2026, 10, 31), "BY")


def test_the_layer_of_the_lower_rank_holds_and_the_other_fills_its_holes() -> None:
    office = layer(
        id=2, rank=1, people=(4,), rhythm=Rhythm.WORKDAYS, opens=time(8), closes=time(16)
    )
    behind = layer(id=1, rank=2, people=(1,))
    assert says(duty(behind, office), "24.11. 00:00", "25.11. 00:00") == [
        "Ana 24.11. 00:00 – 24.11. 08:00",
        "Finn 24.11. 08:00 – 24.11. 16:00",
        "Ana 24.11. 16:00 – 25.11. 00:00",
    ]


def shift(who: int, begins: str, ends: str, **more: object) -> Shift:
    told: dict[str, object] = {"id": who * 10, "start": at(begins), "end": at(ends)}
    return Shift(person_id=who, **(told | more))  # type: ignore[arg-type]


def test_what_was_entered_by_hand_goes_before_the_layers() -> None:
    planned = duty(layer(), shifts=[shift(3, "24.11. 12:00", "24.11. 18:00")])
    found = periods(planned, at("24.11. 08:00"), at("25.11. 08:00"))
    assert [(p.person_id, p.instead_of) for p in found] == [(1, None), (3, 1), (1, None)]
    assert says(planned, "24.11. 08:00", "25.11. 08:00")[1] == "Eva 24.11. 12:00 – 24.11. 18:00"


def test_who_is_away_is_stood_in_for_by_the_next_and_keeps_the_turns_of_others() -> None:
    ill = Absence(person_id=1, start=at("24.11. 00:00"), end=at("25.11. 00:00"))
    planned = duty(layer(), absences=[ill])
    assert says(planned, "23.11. 08:00", "08.12. 08:00") == [
        "Ana 23.11. 08:00 – 24.11. 00:00",
        "Ben 24.11. 00:00 – 25.11. 00:00",
        "Ana 25.11. 00:00 – 30.11. 08:00",
        "Ben 30.11. 08:00 – 07.12. 08:00",
        "Eva 07.12. 08:00 – 08.12. 08:00",
    ]


def test_where_all_of_a_layer_are_away_there_is_a_gap() -> None:
    away = [
        Absence(person_id=one, start=at("24.11. 10:00"), end=at("24.11. 12:00")) for one in (1, 2)
    ]
    planned = duty(layer(people=(1, 2)), absences=away)
    assert gaps(planned, at("24.11. 00:00"), at("25.11. 00:00")) == [
        (at("24.11. 10:00"), at("24.11. 12:00"))
    ]


def test_a_shift_of_somebody_away_covers_nothing_and_the_layer_holds() -> None:
    planned = duty(
        layer(),
        shifts=[shift(3, "24.11. 12:00", "24.11. 18:00")],
        absences=[Absence(person_id=3, start=at("24.11. 00:00"), end=at("25.11. 00:00"))],
    )
    assert on_call(planned, at("24.11. 13:00"))[0].person_id == 1


def test_who_left_and_who_only_learns_never_count() -> None:
    gone = person("Ana", Role.DUTY, id=1, active=False)
    learner = Shadowing(learner_id=4, mentor_id=2, start=at("23.11. 00:00"), end=at("30.11. 00:00"))
    planned = duty(layer(), people=(gone, BEN, EVA, FINN), shadowings=[learner])
    assert on_call(planned, at("24.11. 12:00"))[0].person_id == 2
    assert planned.learners([2], at("24.11. 12:00")) == [4]
    assert planned.learners([2], at("30.11. 12:00")) == planned.learners([3], at("24.11. 12:00"))
    alone = duty(shadowings=[learner])
    assert on_call(alone, at("24.11. 12:00")) == []


def test_before_it_begins_and_without_people_a_layer_holds_nobody() -> None:
    assert on_call(duty(layer()), at("22.11. 12:00")) == []
    assert on_call(duty(layer(people=())), at("24.11. 12:00")) == []
    assert on_call(duty(layer(active=False)), at("24.11. 12:00")) == []


def test_levels_stand_side_by_side() -> None:
    planned = duty(layer(), layer(id=2, level=2, people=(4,)))
    assert [p.person_id for p in periods(planned, at("24.11. 08:00"), at("24.11. 09:00"))] == [1, 4]


def test_plain_shifts_begin_where_the_turn_began_and_bring_an_exercises_along() -> None:
    drill = shift(2, "24.11. 08:00", "24.11. 20:00", drill=True)
    planned = duty(layer(rhythm=Rhythm.DAILY), shifts=[drill])
    found = shifts(planned, at("24.11. 12:00"), at("25.11. 12:00"))
    assert [(s.person_id, s.start, s.drill) for s in found] == [
        (2, at("24.11. 08:00"), False),
        (2, at("24.11. 08:00"), True),
        (3, at("25.11. 08:00"), False),
    ]


LAYERS = st.builds(
    layer,
    id=st.integers(1, 9),
    level=st.just(1),
    rank=st.integers(1, 3),
    people=st.lists(st.integers(1, 5), max_size=4, unique=True).map(tuple),
    rhythm=st.sampled_from(Rhythm),
    length=st.integers(1, 30),
    begins=st.dates(date(2026, 3, 1), date(2026, 4, 1)),
    handover=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    weekdays=st.frozensets(st.integers(0, 6)),
    opens=st.sampled_from([None, time(8), time(22), time(2, 30)]),
    closes=st.sampled_from([None, time(6), time(18), time(2, 30)]),
    holidays=st.sampled_from(OnHolidays),
)
MOMENTS = st.integers(0, 14 * 24 * 4).map(
    lambda quarter: datetime(2026, 3, 22, tzinfo=UTC) + timedelta(minutes=15 * quarter)
)
ABSENCES = st.lists(
    st.builds(
        lambda who, begins, hours: Absence(
            person_id=who, start=begins, end=begins + timedelta(hours=hours)
        ),
        st.integers(1, 4),
        MOMENTS,
        st.integers(1, 72),
    ),
    max_size=4,
)


@given(st.lists(LAYERS, max_size=3), ABSENCES, MOMENTS)
def test_a_moment_looked_at_alone_and_in_a_window_is_the_same(
    layers: list[Layer], absences: list[Absence], moment: datetime
) -> None:
    planned = duty(*layers, absences=absences)
    window = periods(planned, moment - timedelta(days=3), moment + timedelta(days=3), levels=(1,))
    inside = [(p.person_id, p.layer_id) for p in window if p.start <= moment < p.end]
    assert inside == [(p.person_id, p.layer_id) for p in on_call(planned, moment)]
    assert len(inside) <= 1
    assert all(not planned.away(p.person_id, p.start) for p in window)
    # Gaps and periods together are the whole window, and do not overlap.
    holes = gaps(planned, moment, moment + timedelta(days=3))
    covered = sum(
        (
            p.end - p.start
            for p in periods(planned, moment, moment + timedelta(days=3), levels=(1,))
        ),
        timedelta(),
    )
    assert covered + sum((b - a for a, b in holes), timedelta()) == timedelta(days=3)
