"""The question whether somebody wants our mails: asked once, never to somebody who is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from town import Town

from crisis.errors import InvalidInputError, MailError
from crisis.interfaces import House
from crisis.types import Role, Subscriber
from crisis.workflows import mailing_list


def house(town: Town, ask: Callable[[Subscriber], None] | None) -> House:
    return replace(town.house, ask_subscriber=ask)


def added(town: Town, *names: str) -> list[Subscriber]:
    return [
        mailing_list.add(town.store, f"{name}@paper.example", name, town.chloe, town.now)
        for name in names
    ]


def test_without_a_mail_server_nobody_is_asked(town: Town) -> None:
    added(town, "mia")
    assert mailing_list.ask(house(town, None), town.now) == 0


def test_somebody_removed_while_the_mail_is_under_way_stays_removed(town: Town) -> None:
    (mia,) = added(town, "mia")

    def meanwhile(subscriber: Subscriber) -> None:
        mailing_list.remove(town.store, subscriber.id, town.chloe, town.now)

    assert mailing_list.ask(house(town, meanwhile), town.now) == 1
    assert town.store.subscribers.find(mia.id) is None


@pytest.mark.parametrize("gone", [True, False])
def test_a_server_that_does_not_answer_is_not_asked_for_the_others(
    town: Town, *, gone: bool
) -> None:
    added(town, "mia", "tom")
    asked: list[str] = []

    def fails(subscriber: Subscriber) -> None:
        asked.append(subscriber.name)
        if gone:
            mailing_list.remove(town.store, subscriber.id, town.chloe, town.now)
        raise MailError("Keine Antwort.", "No answer.")

    assert mailing_list.ask(house(town, fails), town.now) == 0
    assert asked == ["mia"]
    assert len(town.store.subscribers.all()) == (1 if gone else 2)


def test_whoever_has_answered_is_not_asked_again(town: Town) -> None:
    (mia,) = added(town, "mia")
    mailing_list.confirm(town.store, mia.id, town.now)
    with pytest.raises(InvalidInputError):
        mailing_list.ask_again(town.store, mia.id, town.chloe, town.now)
    assert Role.APPROVER in town.chloe.roles
