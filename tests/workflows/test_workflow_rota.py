"""Swaps that two people agree on, absences from calendars, and the warning before a gap."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from builders import NOON, person
from town import Town

from crisis.errors import (
    ConflictError,
    FetchError,
    IllegalMoveError,
    InvalidInputError,
    NotAllowedError,
)
from crisis.oncall.duty import on_call
from crisis.types import (
    Absence,
    AlertKind,
    Layer,
    Policy,
    PolicyStep,
    Role,
    Shadowing,
    Shift,
    Swap,
    SwapState,
    Target,
    TargetKind,
)
from crisis.workflows import duty_feed, plan_duty, read_absences, roster, swap, warn_of_gaps

HOUR = timedelta(hours=1)
URL = "https://kalender.example/ana.ics"


@pytest.fixture
def eva(town: Town):  # type: ignore[no-untyped-def]
    with town.store.transaction():
        return town.store.people.add(person("Eva", Role.DUTY), town.now)


@pytest.fixture
def greta(town: Town):  # type: ignore[no-untyped-def]
    with town.store.transaction():
        return town.store.people.add(person("Greta", Role.ADMIN), town.now)


def layer(town: Town, *people: int) -> Layer:
    with town.store.transaction():
        return town.store.oncall.put_layer(
            Layer(name="Woche", people=people, begins=date(2026, 11, 23))
        )


def who(town: Town, at: datetime) -> list[int]:
    return [p.person_id for p in on_call(roster.of_house(town.house, town.now), at)]


def wish(town: Town, eva, **changes: object) -> Swap:  # type: ignore[no-untyped-def]
    told: dict[str, object] = {
        "from_id": town.ana.id,
        "to_id": eva.id,
        "start": NOON + 6 * HOUR,
        "end": NOON + 10 * HOUR,
        "offered": town.now,
    }
    return Swap(**(told | changes))  # type: ignore[arg-type]


class TestSwap:
    def test_nothing_changes_before_the_other_says_yes(self, town: Town, eva) -> None:  # type: ignore[no-untyped-def]
        layer(town, town.ana.id, eva.id)
        offered = swap.offer(town.house, wish(town, eva), town.ana, town.now)
        assert who(town, NOON + 7 * HOUR) == [town.ana.id]
        swap.answer(town.house, offered.id, True, eva, town.later(minutes=1))
        assert who(town, NOON + 7 * HOUR) == [eva.id]
        assert who(town, NOON + 11 * HOUR) == [town.ana.id]
        mails = [(a.to, a.kind) for a in reversed(town.store.alerts.recent())]
        assert mails == [
            ("eva@stadt.example", AlertKind.ROTA),
            ("ana@stadt.example", AlertKind.ROTA),
            ("eva@stadt.example", AlertKind.ROTA),
        ]
        actions = [e.action for e in town.store.audit.of_object(f"swap:{offered.id}")]
        assert actions == ["swap.offered", "swap.accepted"]

    def test_both_times_change_hands(self, town: Town, eva) -> None:  # type: ignore[no-untyped-def]
        layer(town, town.ana.id, eva.id)
        back = NOON + timedelta(days=8)
        offered = swap.offer(
            town.house,
            wish(town, eva, back_start=back, back_end=back + HOUR),
            town.ana,
            town.now,
        )
        swap.answer(town.house, offered.id, True, eva, town.now)
        assert who(town, back + HOUR / 2) == [town.ana.id]
        assert who(town, back + 2 * HOUR) == [eva.id]

    def test_of_an_entry_by_hand_the_rest_stays(self, town: Town, eva) -> None:  # type: ignore[no-untyped-def]
        with town.store.transaction():
            town.store.people.add_shift(
                Shift(person_id=town.ana.id, start=NOON, end=NOON + 20 * HOUR)
            )
        offered = swap.offer(town.house, wish(town, eva), town.ana, town.now)
        swap.answer(town.house, offered.id, True, eva, town.now)
        found = [who(town, NOON + n * HOUR) for n in (5, 6, 10)]
        assert found == [[town.ana.id], [eva.id], [town.ana.id]]

    def test_only_ones_own_time_can_be_given_and_only_once(self, town: Town, eva) -> None:  # type: ignore[no-untyped-def]
        layer(town, eva.id)
        with pytest.raises(InvalidInputError) as told:
            swap.offer(town.house, wish(town, eva), town.ana, town.now)
        assert "durchgehend" in told.value.de
        layer(town, town.ana.id)
        with town.store.transaction():
            town.store.people.add_shift(
                Shift(person_id=town.ana.id, start=NOON, end=NOON + 20 * HOUR)
            )
        offered = swap.offer(town.house, wish(town, eva), town.ana, town.now)
        with pytest.raises(NotAllowedError):
            swap.answer(town.house, offered.id, True, town.ana, town.now)
        swap.answer(town.house, offered.id, False, eva, town.now)
        with pytest.raises(IllegalMoveError):
            swap.withdraw(town.house, offered.id, town.ana, town.now)
        assert town.store.oncall.swap(offered.id).state is SwapState.DECLINED
        assert who(town, NOON + 7 * HOUR) == [town.ana.id]


def ics(day: str) -> bytes:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTAMP:20261101T000000Z\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:Zahnarzt\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


class TestAbsences:
    def test_a_calendar_is_read_every_hour_and_only_its_times(self, town: Town, eva) -> None:  # type: ignore[no-untyped-def]
        layer(town, town.ana.id, eva.id)
        plan_duty.add_calendar(
            town.store, town.ana.id, URL.replace("https", "webcal"), town.ana, town.now
        )
        town.fetch.pages[URL] = ics("20261125")
        assert read_absences.read_absences(town.house, town.now) == 1
        assert who(town, datetime(2026, 11, 25, 12, tzinfo=UTC)) == [eva.id]
        [absence] = town.store.oncall.absences(town.now)
        assert "Zahnarzt" not in repr(absence)
        assert read_absences.read_absences(town.house, town.later(minutes=30)) == 0
        town.fetch.pages[URL] = ics("20261126")
        assert read_absences.read_absences(town.house, town.later(minutes=31)) == 1
        assert who(town, datetime(2026, 11, 25, 12, tzinfo=UTC)) == [town.ana.id]
        with pytest.raises(IllegalMoveError):
            [now_away] = town.store.oncall.absences(town.now)
            plan_duty.remove_absence(town.store, now_away.id, town.ana, town.now)

    def test_one_that_cannot_be_read_keeps_what_it_said(self, town: Town) -> None:
        plan_duty.add_calendar(town.store, town.ana.id, URL, town.ana, town.now)
        town.fetch.pages[URL] = ics("20261125")
        read_absences.read_absences(town.house, town.now)
        for broken in (FetchError("Weg.", "Gone."), b"<html>"):
            town.fetch.pages[URL] = broken
            assert read_absences.read_absences(town.house, town.later(hours=2)) == 0
            [calendar] = town.store.oncall.calendars()
            assert calendar.problem and len(town.store.oncall.absences(town.now)) == 1

    def test_people_enter_their_own_and_planners_everybodys(self, town: Town, greta) -> None:  # type: ignore[no-untyped-def]
        mine = Absence(person_id=town.ana.id, start=NOON, end=NOON + HOUR)
        plan_duty.add_absence(town.store, mine, town.ana, town.now)
        plan_duty.add_absence(town.store, mine, greta, town.now)
        for stranger in (town.chloe, town.ben, town.dev):
            with pytest.raises(NotAllowedError):
                plan_duty.add_absence(town.store, mine, stranger, town.now)
        with pytest.raises(InvalidInputError):
            late = Absence(person_id=town.ana.id, start=NOON - 2 * HOUR, end=NOON - HOUR)
            plan_duty.add_absence(town.store, late, town.ana, town.now)


class TestWarning:
    def test_who_plans_hears_of_a_gap_once_before_it_begins(self, town: Town, eva, greta) -> None:  # type: ignore[no-untyped-def]
        with town.store.transaction():
            town.store.people.add_shift(Shift(person_id=eva.id, start=NOON, end=NOON + 72 * HOUR))
        assert warn_of_gaps.warn_of_gaps(town.house, town.now) == 0
        assert warn_of_gaps.warn_of_gaps(town.house, town.later(hours=30)) == 1
        [mail] = town.store.alerts.recent()
        assert (mail.to, mail.kind) == (greta.email, AlertKind.ROTA)
        assert "Ana" in mail.text  # who would be told instead
        for _day in range(6):
            assert warn_of_gaps.warn_of_gaps(town.house, town.later(hours=12)) == 0

    def test_where_nobody_plans_there_is_nothing_to_warn_of(self, town: Town, greta) -> None:  # type: ignore[no-untyped-def]
        assert warn_of_gaps.warn_of_gaps(town.house, town.now) == 0


class TestPlanning:
    def test_two_who_change_the_rules_at_once_do_not_overwrite_each_other(
        self, town: Town, greta
    ) -> None:  # type: ignore[no-untyped-def]
        policy = Policy(steps=(PolicyStep(targets=(Target(kind=TargetKind.LEVEL),)),))
        plan_duty.keep_policy(town.store, policy, 0, greta, town.now)
        with pytest.raises(ConflictError):
            plan_duty.keep_policy(town.store, policy, 0, greta, town.now)
        with pytest.raises(InvalidInputError):
            plan_duty.keep_policy(town.store, Policy(steps=()), 1, greta, town.now)

    def test_a_learner_is_somebody_else_and_can_be_taken_back(self, town: Town, eva, greta) -> None:  # type: ignore[no-untyped-def]
        told = Shadowing(learner_id=eva.id, mentor_id=town.ana.id, start=NOON, end=NOON + HOUR)
        kept = plan_duty.add_learner(town.store, told, greta, town.now)
        [change] = town.store.oncall.changes()
        plan_duty.undo(town.store, change.id, greta, town.now)
        assert town.store.oncall.shadowings(NOON) == []
        assert kept.id
        with pytest.raises(InvalidInputError):
            same = Shadowing(learner_id=eva.id, mentor_id=eva.id, start=NOON, end=NOON + HOUR)
            plan_duty.add_learner(town.store, same, greta, town.now)

    def test_a_calendar_address_is_known_by_its_hash_and_ends_with_the_next(
        self, town: Town
    ) -> None:
        first = duty_feed.make(town.store, town.ana, town.now)
        assert duty_feed.owner(town.store, first) == town.ana
        second = duty_feed.make(town.store, town.ana, town.now)
        assert duty_feed.owner(town.store, first) is None
        duty_feed.drop(town.store, town.ana, town.now)
        assert duty_feed.owner(town.store, second) is None
        with pytest.raises(NotAllowedError):
            duty_feed.make(town.store, town.dev, town.now)
