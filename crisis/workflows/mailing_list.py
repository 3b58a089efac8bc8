"""Who gets answers by mail: add -> ask them -> they say yes -> they leave. Nobody gets a mail unasked.

Each step is one transaction with its line in the log; addresses stand in the list only, not in the log.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.channels.networks import MAILED
from crisis.errors import InvalidInputError, MailError
from crisis.interfaces import House, Store
from crisis.rights import Act, require
from crisis.types import Person, Subscriber

BATCH = 5
MOST_TRIES = 6
WAIT = timedelta(minutes=10)
LONGEST = 200
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def add(
    store: Store, address: str, name: str, by: Person, now: datetime, *, channel: str = "press"
) -> Subscriber:
    """Put an address onto a list; it is asked by mail first. One that has left is asked anew.

    Raises InvalidInputError for what is no address or no list, and for an address that is there already.
    """
    require(by, Act.MANAGE_SUBSCRIBERS)
    _known(channel)
    address, name = address.strip(), " ".join(name.split())
    if not _ADDRESS.fullmatch(address) or len(address) > LONGEST:
        raise InvalidInputError(
            "Das ist keine E-Mail-Adresse, wie sie überall ankommt (keine Umlaute, keine Leerzeichen).",
            "This is no e-mail address that arrives everywhere (no umlauts, no spaces).",
        )
    if not name or len(name) > LONGEST:
        raise InvalidInputError(
            f"Bitte sagen Sie, wem die Adresse gehört, in höchstens {LONGEST} Zeichen.",
            f"Please say whose address it is, in at most {LONGEST} characters.",
        )
    with store.transaction():
        known = store.subscribers.by_address(address)
        if known is not None and known.left_at is None:
            raise InvalidInputError(
                "Diese Adresse steht schon im Verteiler.", "This address is on the list already."
            )
        fresh = Subscriber(
            address=address, name=name, channel=channel, added_by=by.id, added=now, due=now
        )
        if known is not None:
            store.subscribers.update(replace(fresh, id=known.id))
            kept = store.subscribers.get(known.id)
        else:
            kept = store.subscribers.add(fresh)
        _log(store, kept, by, now, "subscriber.added")
        return kept


def ask(house: House, now: datetime) -> int:
    """Mail the question to those who have not been asked; says how many mails went out."""
    if house.ask_subscriber is None:
        return 0
    asked = 0
    for subscriber in house.store.subscribers.to_ask(now, limit=BATCH):
        try:
            house.ask_subscriber(subscriber)
        except MailError as error:
            _not_asked(house.store, subscriber, error, now)
            if error.retry:
                break  # the others would wait for the same server
        else:
            with house.store.transaction():
                current = house.store.subscribers.find(subscriber.id)
                if current is not None:
                    done = replace(current, asked_at=now, problem_de="", problem_en="")
                    house.store.subscribers.update(done)
            asked += 1
    return asked


def _not_asked(store: Store, subscriber: Subscriber, error: MailError, now: datetime) -> None:
    with store.transaction():
        current = store.subscribers.find(subscriber.id)
        if current is None:
            return
        tries = current.attempts + 1
        over = not error.retry or tries >= MOST_TRIES
        store.subscribers.update(
            replace(
                current,
                attempts=tries,
                due=now + (timedelta(days=36_500) if over else WAIT),
                problem_de=error.de,
                problem_en=error.en,
            )
        )


def ask_again(store: Store, subscriber_id: int, by: Person, now: datetime) -> Subscriber:
    """Send the question once more to somebody who has not answered it."""
    require(by, Act.MANAGE_SUBSCRIBERS)
    with store.transaction():
        subscriber = store.subscribers.get(subscriber_id)
        if subscriber.confirmed_at is not None or subscriber.left_at is not None:
            raise InvalidInputError(
                "Diese Adresse hat schon geantwortet.", "This address has answered already."
            )
        # Another time makes another Message-ID: mail programs shall show it.
        store.subscribers.update(replace(subscriber, added=now, asked_at=None, due=now, attempts=0))
        _log(store, subscriber, by, now, "subscriber.asked_again")
        return subscriber


def move(store: Store, subscriber_id: int, channel: str, by: Person, now: datetime) -> Subscriber:
    """Onto the other list: they said yes to our mails, whichever text these bring. Twice is once."""
    require(by, Act.MANAGE_SUBSCRIBERS)
    _known(channel)
    with store.transaction():
        subscriber = store.subscribers.get(subscriber_id)
        if subscriber.channel != channel:
            store.subscribers.update(replace(subscriber, channel=channel))
            _log(store, subscriber, by, now, "subscriber.moved")
        return store.subscribers.get(subscriber_id)


def confirm(store: Store, subscriber_id: int, now: datetime) -> Subscriber:
    """They want the mails. Twice is once; whoever has left stays away until asked anew."""
    with store.transaction():
        subscriber = store.subscribers.get(subscriber_id)
        if subscriber.confirmed_at is None and subscriber.left_at is None:
            store.subscribers.update(replace(subscriber, confirmed_at=now))
            _log(store, subscriber, None, now, "subscriber.confirmed")
        return store.subscribers.get(subscriber_id)


def leave(store: Store, subscriber_id: int, now: datetime) -> None:
    """They want no more mails, at once. One who is gone is gone."""
    with store.transaction():
        subscriber = store.subscribers.find(subscriber_id)
        if subscriber is not None and subscriber.left_at is None:
            store.subscribers.update(replace(subscriber, left_at=now))
            _log(store, subscriber, None, now, "subscriber.left")


def remove(store: Store, subscriber_id: int, by: Person, now: datetime) -> None:
    """Take an address off the list and forget it."""
    require(by, Act.MANAGE_SUBSCRIBERS)
    with store.transaction():
        subscriber = store.subscribers.get(subscriber_id)
        store.subscribers.remove(subscriber_id)
        _log(store, subscriber, by, now, "subscriber.removed")


def _known(channel: str) -> None:
    if channel not in MAILED:
        raise InvalidInputError(
            "Bitte wählen Sie: Presse oder Partner.", "Please choose: press or partners."
        )


def _log(
    store: Store, subscriber: Subscriber, by: Person | None, now: datetime, action: str
) -> None:
    store.audit.append(audit.entry(now, by, action, f"subscriber:{subscriber.id}"))
