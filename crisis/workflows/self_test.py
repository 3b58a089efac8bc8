"""The daily self-test: a mail through the real relay to an address that must answer, by the button in it.

write it -> queue it -> wait. What no answer means is said by ``vitals``; the button's page is that of the
test mail (``try_mail``), and a program may press it too. Where the mailbox is read (``collect``), a reply by
mail is an answer as well.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.letters import test_mail
from crisis.interfaces import House, Store
from crisis.types import Person
from crisis.workflows import letterhead, try_mail
from crisis.workflows.vigil import responsible

DAY, SENT, MARK = "selftest.day", "selftest.sent", "selftest.mark"
ANSWERED = "selftest.answered"
MESSAGE, TO = "selftest.message", "selftest.to"


def send(house: House, to: str, hour: int, now: datetime, *, base_url: str, way: str) -> bool:
    """Queue today's self-test once it is ``hour`` o'clock there; True if that happened now."""
    store, terms = house.store, house.terms
    today = terms.today(now).isoformat()
    if not to or now.astimezone(terms.timezone).hour < hour or store.facts.get(DAY) == today:
        return False
    people = responsible(store)
    if not people:
        return False  # a mail belongs to somebody, and nobody would read the findings either
    with store.transaction():
        if store.facts.get(DAY) == today:
            return False
        _queue(house, to, people[0], now, base_url=base_url, way=way)
        store.facts.set(DAY, today)
    return True


def sent(store: Store) -> datetime | None:
    """When the last one was written."""
    return _time(store, SENT)


def answered(store: Store) -> datetime | None:
    """When the last answer was noticed that belongs to the last one or an earlier one."""
    return _time(store, ANSWERED)


def notice(store: Store, now: datetime) -> bool:
    """Note that the last one was answered, if it was; True if that is news."""
    written, mark = sent(store), store.facts.get(MARK)
    done = answered(store)
    if written is None or not mark or (done is not None and done >= written):
        return False
    purpose, _, fingerprint = mark.partition(" ")
    if not store.people.link_used(purpose, fingerprint):
        return False
    with store.transaction():
        store.facts.set(ANSWERED, max(now, written).isoformat())
        store.audit.append(audit.entry(now, None, "selftest.answered", "mail"))
    return True


def replied(store: Store, refers_to: Collection[str], sender: str, now: datetime) -> bool:
    """Whether a mail that came in answers the last one: from where it went, by its number.

    A machine's answer will do: a mailbox that answers by itself proves the way there and back.
    """
    message, to = store.facts.get(MESSAGE), store.facts.get(TO)
    if not message or message not in refers_to or sender.casefold() != to.casefold():
        return False
    written, done = sent(store), answered(store)
    if written is not None and (done is None or done < written):
        with store.transaction():
            store.facts.set(ANSWERED, max(now, written).isoformat())
            said = {"by": "mail"}
            store.audit.append(audit.entry(now, None, "selftest.answered", "mail", after=said))
    return True


def _queue(
    house: House, to: str, person: Person, now: datetime, *, base_url: str, way: str
) -> None:
    store, terms = house.store, house.terms
    token = f"{way}.{secrets.token_urlsafe(24)}"
    purpose, mark = try_mail.PURPOSE + way, try_mail.fingerprint(token)
    draft = test_mail(
        person=person,
        link=f"{base_url}/mail-bestaetigen/{token}",
        sender=letterhead.sender(terms),
        now=now,
    )
    store.people.put_link(purpose, None, mark, now + try_mail.VALID, now)
    alert = store.alerts.put(replace(addressed(draft, person, now), to=to))
    store.facts.set(SENT, now.isoformat())
    store.facts.set(MESSAGE, alert.message_id)
    store.facts.set(TO, to)
    store.facts.set(MARK, f"{purpose} {mark}")
    store.audit.append(
        audit.entry(now, None, "selftest.sent", f"alert:{alert.id}", after={"to": to})
    )


def _time(store: Store, name: str) -> datetime | None:
    text = store.facts.get(name)
    return datetime.fromisoformat(text) if text else None
