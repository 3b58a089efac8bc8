"""A promise to inform again: a person confirms each time, and what no longer holds never goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOON
from test_workflow_publish import World

from crisis.errors import ConflictError, IllegalMoveError, NotAllowedError
from crisis.store import Store
from crisis.types import (
    AlertKind,
    PublicationState,
    Response,
    Role,
    Shift,
    UpdatePlan,
    UpdateState,
)
from crisis.workflows import deliver, post_by_hand, publish, updates

_S = UpdateState
ALL = ("mastodon", "bluesky", "webhook", "facebook")


class Promises(World):
    """The world with an answer that is out, and people who promised to say more."""

    def promise(self, made: Response, **changes: Any) -> UpdatePlan:
        town, first = self.town, self.town.now + timedelta(minutes=20)
        plan = UpdatePlan(
            response_id=made.id,
            incident_id=0,
            channels=ALL,
            first=first,
            every=20,
            until=first + timedelta(hours=2),
            due=None,
            made_by=0,
            made=NOON,
        )
        return updates.promise(self.store, replace(plan, **changes), town.ana, town.now)

    def confirm(self, plan: UpdatePlan, *codes: str) -> UpdatePlan:
        town = self.town
        going = self.going(*(codes or ALL))
        return updates.confirm(town.house, plan.id, plan.version, going, town.ana, town.now)

    def remind(self) -> list[str]:
        """The mails that go out by this."""
        before = len(self.town.mailer.sent)
        updates.remind(self.town.house, self.town.now)
        deliver.deliver(self.town.house, "test", self.town.now)
        mails = self.town.mailer.sent[before:]
        return [f"{self.store.people.get(m.person_id).name}: {m.subject}" for m in mails]

    def out(self, *codes: str) -> Response:
        made = self.released(*(codes or ALL))
        self.sends()
        return made


@pytest.fixture
def world(store: Store) -> Iterator[Promises]:
    made = Promises(store)
    with store.transaction():
        for person, days in ((made.town.ana, 1), (made.town.chloe, 2)):
            start = NOON - timedelta(hours=1)
            store.people.add_shift(
                Shift(person_id=person.id, start=start, end=start + timedelta(days=days))
            )
    with made.open:
        yield made


def test_nothing_goes_out_before_somebody_confirms(world: Promises) -> None:
    made = world.out()
    plan = world.promise(made)
    assert world.remind() == []
    world.town.later(minutes=15)
    assert world.remind() == ["Ana: Bitte bestätigen: Meldung, fällig 23.11., 13:20 Uhr"]
    assert world.remind() == []
    world.town.later(minutes=15)
    assert world.remind() == ["Chloe: Noch nicht bestätigt: Meldung, fällig 23.11., 13:20 Uhr"]
    assert world.sends() == 0 and len(world.masto.texts) == 1
    assert world.store.updates.get(plan.id).turn == 0


def test_a_confirmed_one_stands_below_the_answer_on_every_channel(world: Promises) -> None:
    made = world.out()
    world.promise(made)
    world.town.later(minutes=19)
    (plan,) = world.store.updates.of_response(made.id)
    after = world.confirm(plan)
    assert after.turn == 1 and after.due == NOON + timedelta(minutes=40)
    assert world.sends() == 3
    first, second = world.masto.statuses.values()
    assert second["in_reply_to_id"] == first["id"]
    assert world.masto.texts[1] == (
        "Stand 23.11.2026, 13:19 Uhr, unverändert: Das Trinkwasser ist in Ordnung\n\n"
        "Nächste Meldung: 23.11.2026, 13:40 Uhr.\n\n"
        f"https://musterstadt.example/klarstellungen/{made.slug}"
    )
    assert len(world.sky.texts) == 2 and "unverändert" in world.sky.texts[1]
    assert world.hook.events[1][1]["event"] == "answer.confirmed"
    assert world.hook.events[1][1]["next_at"] == "2026-11-23T12:40:00+00:00"
    assert world.states(made, "facebook") == ["publish todo", "repeat todo"]
    assert "update.confirmed" in world.actions()
    assert world.store.audit.verify() is None


def test_two_who_confirm_at_once_send_it_once(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    world.confirm(plan, "mastodon")
    with pytest.raises(ConflictError):
        world.confirm(plan, "mastodon")
    world.sends()
    assert len(world.masto.texts) == 2


def test_what_was_withdrawn_meanwhile_is_not_said_again(world: Promises) -> None:
    made = world.out("mastodon", "bluesky")
    plan = world.promise(made)
    world.town.later(minutes=20)
    world.confirm(plan)
    world.withdraw(made)
    world.sends()
    assert len(world.masto.texts) == 1 and world.masto.texts[0].startswith("Zurückgezogen")
    assert world.sky.texts == []
    ended = world.store.updates.get(plan.id)
    assert ended.state is _S.ENDED and ended.due is None
    with pytest.raises(IllegalMoveError):
        world.confirm(ended)
    with pytest.raises(IllegalMoveError):
        world.promise(made)
    world.town.later(minutes=20)
    assert world.remind() == []


def test_a_withdrawal_in_the_middle_of_sending_stops_it_before_the_wire(
    world: Promises, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    world.confirm(plan, "mastodon")
    held = world.town.channels["mastodon"]
    really = held.publish

    def meanwhile(what: Any, before: Any, go: Any) -> Any:
        world.withdraw(made)
        return really(what, before, go)

    monkeypatch.setattr(held, "publish", meanwhile)
    world.sends()
    assert [text.startswith("Zurückgezogen") for text in world.masto.texts] == [True]


def test_a_withdrawal_takes_away_what_said_that_it_still_holds(world: Promises) -> None:
    made = world.out()
    plan = world.promise(made)
    world.town.later(minutes=20)
    world.confirm(plan)
    world.sends()
    (todo,) = [
        row
        for row in world.store.publications.of_response(made.id)
        if row.act.value == "repeat" and row.channel == "facebook"
    ]
    post_by_hand.done(world.store, todo.id, "", world.town.ana, world.town.now)
    assert len(world.masto.texts) == len(world.sky.texts) == 2
    world.withdraw(made)
    world.sends()
    assert len(world.masto.texts) == 1 and world.sky.texts == []
    events = [said["event"] for _, said in world.hook.events]
    assert events == ["answer.published", "answer.confirmed", "answer.withdrawn"]
    assert world.states(made, "facebook")[-1] == "remove todo"


def test_a_correction_takes_the_promise_over_and_the_old_words_away(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    world.confirm(plan, "mastodon")
    world.sends()
    new = world.corrected(made, "um 20 Uhr", "mastodon")
    world.sends()
    (text,) = world.masto.texts
    assert "um 20 Uhr" in text
    (moved,) = world.store.updates.of_response(new.id)
    assert moved.id == plan.id and moved.due == NOON + timedelta(minutes=40)
    world.town.later(minutes=20)
    world.confirm(moved, "mastodon")
    world.sends()
    assert len(world.masto.texts) == 2


def test_pausing_stops_what_is_queued_and_the_reminders(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    after = world.confirm(plan, "mastodon")
    ana, now = world.town.ana, world.town.now
    for _ in range(2):
        assert updates.pause(world.store, after.id, ana, now).state is _S.PAUSED
    world.sends()
    assert len(world.masto.texts) == 1
    world.town.later(hours=1)
    assert world.remind() == []
    going_on = updates.resume(world.town.house, after.id, ana, world.town.now)
    assert going_on.due == NOON + timedelta(minutes=100)
    assert updates.resume(world.town.house, after.id, ana, world.town.now) == going_on
    for _ in range(2):
        assert updates.stop(world.store, after.id, ana, world.town.now).state is _S.ENDED


def test_leaving_one_out_sends_nothing(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    town = world.town
    after = updates.leave_out(town.house, plan.id, plan.version, town.ana, town.now)
    assert after.due == NOON + timedelta(minutes=40) and after.turn == 0
    world.sends()
    assert len(world.masto.texts) == 1


def test_a_new_promise_ends_the_one_before(world: Promises) -> None:
    made = world.out("mastodon")
    first = world.promise(made)
    second = world.promise(made, every=0)
    assert world.store.updates.get(first.id).state is _S.ENDED
    assert [one.id for one in world.store.updates.of_incident(world.incident.id)] == [second.id]


def test_after_three_that_nobody_confirmed_it_pauses_and_the_log_says_so(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    mails = []
    for _ in range(30):
        mails += world.remind()
        world.town.later(minutes=5)
    assert world.store.updates.get(plan.id).state is _S.PAUSED
    assert len(mails) == 6
    assert world.actions().count("update.missed") == 2
    assert "update.paused_by_itself" in world.actions()
    assert world.sends() == 0


def test_what_could_not_be_sent_in_time_is_not_sent_late(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    world.confirm(plan, "mastodon")
    world.masto.trouble = lambda asked: (503, {}, {}) if asked["method"] == "POST" else None
    for _ in range(30):
        world.sends(1)
        world.town.later(minutes=1)
    assert world.states(made) == ["publish sent", "repeat failed"]


def test_a_newer_one_overtakes_an_older_that_has_not_gone_out(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    after = world.confirm(plan, "mastodon")
    world.town.later(minutes=20)
    world.confirm(after, "mastodon")
    world.sends()
    assert world.states(made) == ["publish sent", "repeat cancelled", "repeat sent"]


def test_a_monitor_that_dies_after_the_wire_does_not_say_it_twice(
    world: Promises, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    world.confirm(plan, "mastodon")

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publish, "_sent", dies)
        with pytest.raises(KeyboardInterrupt):
            world.sends(1)
    world.town.later(minutes=6)
    world.sends()
    assert world.states(made) == ["publish sent", "repeat sent"]
    assert len(world.masto.texts) == 2


def test_a_confirmation_that_dies_half_way_has_not_happened(
    world: Promises, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("crisis.workflows.spread._log", dies)
        with pytest.raises(KeyboardInterrupt):
            world.confirm(plan, "mastodon")
    assert world.store.updates.get(plan.id) == plan
    assert world.states(made) == ["publish sent"]
    world.confirm(plan, "mastodon")
    world.sends()
    assert len(world.masto.texts) == 2


def test_a_stranger_may_neither_promise_nor_confirm(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    town = world.town
    for move in (
        lambda: updates.promise(world.store, plan, town.dev, town.now),
        lambda: updates.pause(world.store, plan.id, town.dev, town.now),
        lambda: updates.stop(world.store, plan.id, town.dev, town.now),
        lambda: updates.confirm(
            town.house, plan.id, plan.version, world.going(), town.dev, town.now
        ),
        lambda: updates.leave_out(town.house, plan.id, plan.version, town.dev, town.now),
    ):
        with pytest.raises(NotAllowedError):
            move()


def test_without_anybody_who_could_confirm_it_is_missed_and_not_sent(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made, every=0, until=None)
    with world.store.transaction():
        for person in world.store.people.all():
            world.store.people.update(replace(person, roles=frozenset({Role.ADMIN})))
    world.town.later(minutes=30)
    assert world.remind() == []
    world.town.later(hours=3)
    assert world.remind() == []
    assert world.store.updates.get(plan.id).state is _S.ENDED
    assert "update.missed" in world.actions()


def test_an_exercise_keeps_its_updates_in_the_house(world: Promises) -> None:
    made = world.released()
    with world.store.transaction():
        response = world.store.responses.get(made.id)
        world.store.responses.update(replace(response, drill=True))
    plan = world.promise(made)
    assert plan.drill
    world.town.later(minutes=20)
    world.confirm(plan)
    assert world.states(made) == []


def test_one_that_failed_can_be_sent_again_while_it_is_the_newest(world: Promises) -> None:
    made = world.out("mastodon")
    plan = world.promise(made)
    world.town.later(minutes=20)
    world.confirm(plan, "mastodon")
    world.masto.trouble = lambda asked: (401, {}, {}) if asked["method"] == "POST" else None
    world.sends()
    row = world.store.publications.of_response(made.id)[-1]
    assert row.state is PublicationState.FAILED
    world.masto.trouble = lambda asked: None
    post_by_hand.again(world.store, row.id, world.town.ana, world.town.now)
    world.sends()
    assert len(world.masto.texts) == 2
    (mail,) = [
        m
        for m in world.store.alerts.claim(10, "test", world.town.now)
        if m.kind is AlertKind.UNPUBLISHED
    ]
    assert mail.state == "pending"
