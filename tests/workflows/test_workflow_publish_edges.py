"""Sending when things go wrong in unusual places: two monitors, nobody on call, a post nobody can find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from test_workflow_publish import World

from crisis.errors import ChannelError, PermanentChannelError
from crisis.store import Store
from crisis.types import AlertKind, PublicationState

_S = PublicationState


@pytest.fixture
def world(store: Store) -> Iterator[World]:
    made = World(store)
    with made.open:
        yield made


def test_where_a_channel_does_not_answer_its_other_rows_wait(world: World) -> None:
    world.released("mastodon")
    world.released("mastodon", next_info="um 19 Uhr")
    world.masto.trouble = lambda asked: (503, {}, {})
    world.sends(1)
    assert world.masto.count("POST", "/api/v1/statuses") == 1


def test_what_was_lost_before_it_arrived_needs_not_be_taken_back(world: World) -> None:
    made = world.released("mastodon")
    (row,) = world.store.publications.of_response(made.id)
    with world.store.transaction():  # given up in doubt: nobody knows whether it is there
        world.store.publications.change(replace(row, state=_S.FAILED, begun=world.town.now))
    world.withdraw(made)
    world.sends()
    assert world.states(made) == ["publish failed", "retract cancelled"]


@pytest.mark.parametrize("refused", [False, True])
def test_a_monitor_that_lost_its_claim_writes_nothing_down(
    world: World, monkeypatch: pytest.MonkeyPatch, *, refused: bool
) -> None:
    made = world.released("mastodon")
    held = world.town.channels["mastodon"]
    really = held.publish

    def slow(what: Any, before: Any, go: Any) -> Any:
        posted = really(what, before, go)
        with world.store.transaction():  # another one took it over meanwhile
            row = world.store.publications.get(what.id)
            world.store.publications.change(row)
        if refused:
            raise PermanentChannelError("Nein.", "No.")
        return posted

    with monkeypatch.context() as patched:
        patched.setattr(held, "publish", slow)
        world.sends(1)
    assert world.states(made) == ["publish sending"]
    world.sends()
    assert world.states(made) == ["publish sent"] and len(world.masto.texts) == 1


def test_a_failure_with_nobody_on_call_is_noted_without_a_mail(world: World) -> None:
    made = world.released("mastodon")
    world.masto.trouble = lambda asked: (401, {}, {})
    with world.store.transaction():
        for person in world.store.people.all():
            world.store.people.update(replace(person, active=False))
    world.sends()
    assert world.states(made) == ["publish failed"]
    assert "publication.failed" in world.actions()
    assert world.store.alerts.recent() == []


def test_parts_that_wait_for_a_post_that_is_stopped_do_not_go_out(world: World) -> None:
    made = world.released("mastodon", next_info="am Abend, " * 20, most=120)
    held = world.town.channels["mastodon"]

    def refuses(*_: Any) -> Any:
        world.withdraw(made)
        raise ChannelError("Später.", "Later.")

    held.publish = refuses  # type: ignore[method-assign]
    world.sends()
    assert set(world.states(made)) == {"publish cancelled"}
    assert world.masto.texts == []
    assert not [m for m in world.store.alerts.recent() if m.kind is AlertKind.UNPUBLISHED]
