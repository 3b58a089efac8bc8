"""How good a rota is: every finding, the score, and who carries how much."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from builders import person
from hypothesis import given
from hypothesis import strategies as st

from crisis.oncall.duty import Duty, holes
from crisis.oncall.quality import Kind, quality
from crisis.types import Layer, Rhythm, Role, Shift

BERLIN = ZoneInfo("Europe/Berlin")
ANA, BEN, EVA = (person(n, Role.DUTY, id=i) for i, n in enumerate(("Ana", "Ben", "Eva"), 1))
START = datetime(2026, 11, 23, 7, tzinfo=UTC)  # Monday, eight o'clock in Berlin
END = START + timedelta(weeks=4)
ALL = {1, 2, 3}


def duty(*layers: Layer, people: tuple = (ANA, BEN, EVA), **more: object) -> Duty:  # type: ignore[type-arg]
    return Duty(people=people, layers=layers, zone=BERLIN, **more)  # type: ignore[arg-type]


def layer(**changes: object) -> Layer:
    told: dict[str, object] = {
        "id": 1,
        "name": "Woche",
        "people": (1, 2, 3),
        "begins": date(2026, 11, 23),
    }
    return Layer(**(told | changes))  # type: ignore[arg-type]


def test_a_rota_without_holes_with_confirmed_people_has_a_hundred() -> None:
    found = quality(duty(layer()), START, END, confirmed=ALL)
    assert (found.score, found.findings) == (100, ())


def test_every_hole_is_named_and_weighs_most() -> None:
    office = layer(rhythm=Rhythm.WORKDAYS, opens=time(8), closes=time(20))
    found = quality(duty(office), START, END, confirmed=ALL)
    assert {one.kind for one in found.findings} == {Kind.GAP}
    assert found.score == 40  # the most that holes can take
    one = Shift(id=1, person_id=1, start=START, end=END - timedelta(minutes=30))
    assert quality(duty(shifts=[one], people=(ANA, BEN)), START, END, confirmed=ALL).score < 100


def test_a_second_level_for_office_hours_has_no_hole_at_night() -> None:
    office = layer(id=2, level=2, rhythm=Rhythm.WORKDAYS, opens=time(8), closes=time(16))
    found = quality(duty(layer(), office), START, END, confirmed=ALL)
    assert found.score == 100
    gone = duty(layer(), office, people=(ANA, BEN, EVA))
    assert holes(gone, START, END, 2) == []


def test_unconfirmed_alone_too_long_and_too_many_nights_are_named() -> None:
    alone = layer(people=(1,))
    found = quality(duty(alone, people=(ANA,)), START, END, confirmed=())
    assert {one.kind for one in found.findings} == {
        Kind.UNCONFIRMED,
        Kind.NOBODY_NEXT,
        Kind.ALONE,
        Kind.NIGHTS,
    }
    nights = next(one for one in found.findings if one.kind is Kind.NIGHTS)
    assert nights.nights == 28
    assert found.score == 100 - 10 - 20 - 10 - 5


def test_hours_nights_and_weekends_are_shared_out() -> None:
    found = quality(duty(layer(rhythm=Rhythm.WEEKLY)), START, END, confirmed=ALL)
    by_person = {one.person_id: one for one in found.burdens}
    assert [by_person[n].hours for n in (1, 2, 3)] == [336, 168, 168]
    assert by_person[2].night_hours == 7 * 8
    assert by_person[2].weekend_hours == 48


@given(st.integers(1, 200), st.integers(0, 600))
def test_the_score_stays_between_nothing_and_a_hundred(length: int, begins: int) -> None:
    shift = Shift(
        id=1,
        person_id=1,
        start=START + timedelta(hours=begins),
        end=START + timedelta(hours=begins + length),
    )
    found = quality(duty(shifts=[shift]), START, END, confirmed={1})
    assert 0 <= found.score <= 100
    assert (found.score == 100) == (not found.findings)
