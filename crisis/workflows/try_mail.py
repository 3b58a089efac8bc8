"""A test mail that somebody must confirm: write it -> queue it -> wait for the button in it.

That the mail server took a mail says nothing of whether anybody got it; only the person does. What was
confirmed counts for the way the mail went (``way``): another server or sender has to prove itself anew.
The address it went to counts as confirmed from then on, and as reachable again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.letters import test_mail
from crisis.errors import NotAllowedError
from crisis.interfaces import House, Store
from crisis.rights import Act, require
from crisis.types import Alert, Person
from crisis.workflows import letterhead
from crisis.workflows.admit import mail_address

VALID = timedelta(days=7)
SHOWN = 10
PURPOSE = "test-mail:"
_ADDRESS = "address:"  # which address the same link confirms


@dataclass(frozen=True, slots=True)
class Proof:
    """One test mail and how far it got. ``alert`` is None once the outbox has forgotten it."""

    sent_by: int
    asked: datetime
    confirmed: datetime | None
    same_way: bool  # as mails go today
    alert: Alert | None


def send(house: House, to: str, by: Person, now: datetime, *, base_url: str, way: str) -> Alert:
    """Queue a test mail to this address; ``way`` names how mails leave now. Raises InvalidInputError."""
    require(by, Act.CHANGE_SETTINGS)
    address = mail_address(to)
    store, terms = house.store, house.terms
    token = f"{way}.{secrets.token_urlsafe(24)}"
    known = store.people.by_email(address)
    draft = test_mail(
        person=known or by,
        link=f"{base_url}/mail-bestaetigen/{token}",
        sender=letterhead.sender(terms),
        now=now,
    )
    with store.transaction():
        store.people.put_link(PURPOSE + way, by.id, fingerprint(token), now + VALID, now)
        store.people.put_link(_ADDRESS + address, None, fingerprint(token), now + VALID, now)
        alert = store.alerts.put(replace(addressed(draft, by, now), to=address))
        store.audit.append(
            audit.entry(now, by, "mail.tested", f"alert:{alert.id}", after={"to": address})
        )
        return alert


def open_(store: Store, token: str, now: datetime) -> bool:
    """Whether this link waits for its button; False where it was pressed. Raises NotAllowedError."""
    purpose, mark = PURPOSE + token.partition(".")[0], fingerprint(token)
    if store.people.find_link(purpose, mark, now) is not None:
        return True
    if store.people.link_used(purpose, mark):
        return False
    raise NotAllowedError(
        "Dieser Link gilt nicht mehr. Bitten Sie Ihre Verwaltung um eine neue Probemail.",
        "This link no longer works. Ask your administrator for a new test mail.",
    )


def confirm(store: Store, token: str, now: datetime) -> None:
    """Somebody got the mail. Pressing again changes nothing."""
    with store.transaction():
        if not open_(store, token, now):
            return
        mark = fingerprint(token)
        store.people.use_link(PURPOSE + token.partition(".")[0], mark, now)
        for purpose in store.people.link_purposes(mark):
            if purpose.startswith(_ADDRESS):
                store.mails.confirm(purpose.removeprefix(_ADDRESS), now)
        store.audit.append(audit.entry(now, None, "mail.confirmed", "mail"))


def proofs(store: Store, way: str) -> Sequence[Proof]:
    """The newest test mails, newest first."""
    links = store.people.links(PURPOSE, limit=SHOWN)
    alerts = {alert.created: alert for alert in store.alerts.tests(limit=SHOWN)}
    return [
        Proof(
            sent_by=link.person_id or 0,
            asked=link.created,
            confirmed=link.used,
            same_way=link.purpose == PURPOSE + way,
            alert=alerts.get(link.created),
        )
        for link in links
    ]


def proven(store: Store, way: str) -> bool:
    """Whether somebody has confirmed a mail that went as mails go today."""
    return store.people.any_link_used(PURPOSE + way)


def way(*parts: object) -> str:
    """A short name of how mails leave, made of server, port, encryption, user and sender."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


def fingerprint(token: str) -> str:
    """What is kept of a token: its SHA-256 in hex, from which it cannot be got back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
