"""The WebSub hub hears once of every change of the feeds, and a hub in trouble delays nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from builders import incident, playbook
from outlets import Drop, HookServer, serving
from town import Town

from crisis.channels.websub import Hub
from crisis.channels.wire import Wire
from crisis.interfaces import House
from crisis.store import Store
from crisis.types import Response
from crisis.workflows import respond
from crisis.workflows.tell_hub import problem, tell_hub

FEEDS = ("https://stadt.example/klarstellungen/feed.atom", "https://stadt.example/feed.json")


class Office:
    def __init__(self, store: Store) -> None:
        self.store, self.town, self.server = store, Town(store), HookServer()
        self.town.chloe_approves()
        with store.transaction():
            self.incident = store.incidents.open(incident())

    @property
    def house(self) -> House:
        wire = Wire(allowed_hosts=[self.server.host], timeout=5)
        return replace(self.town.house, hub=Hub(wire, f"{self.server.url}/hub", FEEDS))

    def tells(self) -> bool:
        return tell_hub(self.house, self.town.now)

    def releases(self) -> Response:
        town = self.town
        made = respond.draft(
            self.store, self.incident.id, playbook(), town.ana, town.now, today=town.now.date()
        )
        made = respond.fill(
            self.store,
            made.id,
            title=made.title,
            values={"naechste_info": "um 18 Uhr"},
            by=town.ana,
            now=town.now,
            version=made.version,
        )
        respond.submit(self.store, made.id, town.ana, town.now)
        return respond.release(self.store, made.id, town.chloe, town.now, today=town.now.date())


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    made = Office(store)
    with serving(made.server):
        yield made


def test_before_anything_is_public_nobody_is_told(office: Office) -> None:
    assert not office.tells()
    assert office.server.asked == []


def test_a_release_and_a_withdrawal_are_told_once_each(office: Office) -> None:
    made = office.releases()
    assert [office.tells(), office.tells()] == [True, False]
    respond.withdraw(office.store, made.id, "Falsch.", office.town.chloe, office.town.now)
    assert [office.tells(), office.tells()] == [True, False]
    first = office.server.asked[0]
    assert (first["method"], first["path"]) == ("POST", "/hub")
    assert first["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(first["body"].decode()) == [
        ("hub.mode", "publish"),
        ("hub.url", FEEDS[0]),
        ("hub.url", FEEDS[1]),
    ]
    assert len(office.server.asked) == 2 and problem(office.store) is None


def test_without_a_hub_nothing_is_noted_and_a_new_hub_hears_what_it_missed(office: Office) -> None:
    office.releases()
    assert not tell_hub(office.town.house, office.town.now)
    assert office.tells()


def test_a_hub_that_is_down_is_asked_ever_more_seldom_until_it_hears(office: Office) -> None:
    office.releases()
    office.server.trouble = lambda asked: (503, {}, {})
    assert not office.tells() and not office.tells()
    assert len(office.server.asked) == 1
    said = problem(office.store)
    assert said is not None and said[0] and said[1]
    for _ in range(40):
        office.town.later(minutes=15)
        assert not office.tells()
    assert 36 <= len(office.server.asked) <= 41
    office.server.trouble = lambda asked: None
    office.town.later(minutes=15)
    assert office.tells() and problem(office.store) is None


def test_a_hub_that_refuses_is_not_pestered_and_its_wish_to_wait_is_heard(office: Office) -> None:
    office.releases()
    office.server.trouble = lambda asked: (404, {}, {})
    assert not office.tells()
    office.town.later(hours=1)
    assert not office.tells() and len(office.server.asked) == 1
    office.server.trouble = lambda asked: (429, {"Retry-After": "3600"}, {})
    office.town.later(hours=1)
    assert not office.tells() and len(office.server.asked) == 2
    office.town.later(minutes=30)
    assert not office.tells() and len(office.server.asked) == 2
    office.server.trouble = lambda asked: None
    office.town.later(minutes=31)
    assert office.tells()


def test_after_a_crash_between_telling_and_noting_it_is_told_again(office: Office) -> None:
    office.releases()

    def drop(asked: object) -> None:
        raise Drop(done=True)

    office.server.trouble = drop
    assert not office.tells()
    office.server.trouble = lambda asked: None
    office.town.later(minutes=1)
    assert office.tells()


def test_a_clock_that_jumped_back_does_not_silence_the_hub(office: Office) -> None:
    office.town.now += timedelta(days=400)
    office.releases()
    office.server.trouble = lambda asked: (503, {}, {})
    assert not office.tells()
    office.town.now -= timedelta(days=400)
    office.server.trouble = lambda asked: None
    assert office.tells()


def test_an_exercise_changes_no_feed(office: Office) -> None:
    made = office.releases()
    with office.store.transaction():
        response = office.store.responses.get(made.id)
        office.store.responses.update(replace(response, drill=True))
    assert not office.tells()
