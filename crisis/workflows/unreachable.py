"""An address refuses mail for good: mark it -> give up what waits for it -> tell who keeps the people.

The next in line is asked by ``escalate``, which does not wait for calls that failed. A marked address
recovers when somebody there confirms a test mail (``try_mail``).
"""

from __future__ import annotations

from datetime import datetime

from crisis import audit
from crisis.alerts.address_letter import unreachable
from crisis.alerts.draft import addressed
from crisis.interfaces import House
from crisis.types import Person, Role
from crisis.workflows import letterhead


def mark(house: House, address: str, de: str, en: str, now: datetime) -> bool:
    """Remember that this address takes nothing; False if that was known."""
    store, terms = house.store, house.terms
    with store.transaction():
        if not store.mails.fail(address, de, en, now):
            return False
        store.alerts.give_up(address, de)
        person = store.people.by_email(address)
        what = "mail" if person is None else f"person:{person.id}"
        store.audit.append(audit.entry(now, None, "mail.unreachable", what, after={"said": en}))
        if person is None or person.drill:
            return True
        sender = letterhead.sender(terms)
        for keeper in _keepers(house, address):
            draft = unreachable(
                person=keeper,
                whose=person,
                said=de if keeper.lang.startswith("de") else en,
                link=house.links.addresses(),
                sender=sender,
                now=now,
            )
            store.alerts.put(addressed(draft, keeper, now))
        return True


def _keepers(house: House, address: str) -> list[Person]:
    """Who keeps the people's addresses, and can be reached: administrators, else those who approve."""
    known = house.store.mails.addresses()
    people = [
        person
        for person in house.store.people.all()
        if person.active and not person.drill and person.email.casefold() != address.casefold()
        if known.get(person.email.casefold()) is None or known[person.email.casefold()].reachable
    ]
    for role in (Role.ADMIN, Role.APPROVER, Role.DUTY):
        found = [person for person in people if role in person.roles]
        if found:
            return found
    return []
