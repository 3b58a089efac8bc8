"""A person's own duty calendar by a secret address: make -> keep the hash -> write down; take back.

The secret is shown once and kept as a hash only. What the calendar holds is made by ``oncall.calendar``.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from crisis import audit
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import Person
from crisis.workflows.admit import fingerprint


def make(store: Store, by: Person, now: datetime) -> str:
    """A new secret; the one before works no longer."""
    require(by, Act.OWN_DUTY)
    token = secrets.token_urlsafe(24)
    with store.transaction():
        store.oncall.put_feed(by.id, fingerprint(token), now)
        store.audit.append(audit.entry(now, by, "rota.feed_made", f"person:{by.id}"))
    return token


def drop(store: Store, by: Person, now: datetime) -> None:
    """Take the address back."""
    with store.transaction():
        if store.oncall.drop_feed(by.id):
            store.audit.append(audit.entry(now, by, "rota.feed_dropped", f"person:{by.id}"))


def owner(store: Store, token: str) -> Person | None:
    """Whose calendar this secret opens; None for none, and for somebody who has left."""
    person_id = store.oncall.feed_owner(fingerprint(token))
    person = store.people.get(person_id) if person_id is not None else None
    return person if person is not None and person.active else None
