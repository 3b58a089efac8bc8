"""What came back by mail: read -> whose, about what -> a note, or an unreachable address -> remember.

A mail counts once, by its Message-ID. A reply becomes a note only if it answers a mail of ours, comes from
the confirmed address of somebody who may handle incidents, and our own mail server did not find it forged.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from crisis import audit
from crisis.alerts.incoming import Automatic, Bounce, Reply, message_id, read
from crisis.errors import CrisisError, NotAllowedError, StoreError
from crisis.interfaces import House
from crisis.types import Alert, InboxMail, InboxMark, Mailbag
from crisis.workflows import handle, record, self_test, unreachable

MARK = "inbox.mark"
"""Fact: how far the mailbox was read, as "numbering:uid"."""


def collect(house: House, bag: Mailbag, now: datetime) -> int:
    """Deal with what one look into the mailbox brought; says how many mails came to something."""
    done = sum(_one(house, mail, now) for mail in bag.mails)
    with house.store.transaction():
        house.store.facts.set(MARK, f"{bag.mark.numbering}:{bag.mark.uid}")
    return done


def mark(house: House) -> InboxMark | None:
    """From where to go on; None for a mailbox that was never read."""
    numbering, _, uid = house.store.facts.get(MARK).partition(":")
    return InboxMark(numbering=int(numbering), uid=int(uid)) if uid else None


def _one(house: House, mail: InboxMail, now: datetime) -> int:
    store = house.store
    own = message_id(mail.content) or f"<{hashlib.sha256(mail.content).hexdigest()}>"
    try:
        with store.transaction():
            if store.mails.received(own):
                return 0
            outcome, incident_id = _came_of(house, mail, now)
            store.mails.receive(own, outcome, incident_id, now)
    except StoreError:
        raise  # the database, not the mail: it is read again
    except Exception as error:
        with store.transaction():
            store.mails.receive(own, f"failed: {type(error).__name__}", None, now)
            store.audit.append(
                audit.entry(
                    now, None, "mail.refused", "mail", after={"error": type(error).__name__}
                )
            )
        return 0
    return int(outcome in ("note", "bounce", "bounce of another address", "self-test answered"))


def _came_of(house: House, mail: InboxMail, now: datetime) -> tuple[str, int | None]:
    incoming = read(mail.content)
    if not isinstance(incoming, Bounce) and self_test.replied(
        house.store, incoming.refers_to, incoming.sender, now
    ):
        return "self-test answered", None
    if isinstance(incoming, Automatic):
        return "machine", None
    ours = house.store.alerts.by_message_id(incoming.refers_to)
    if ours is None:
        return "not ours", None  # spam, and what colleagues write to the mailbox by themselves
    if isinstance(incoming, Bounce):
        return _bounced(house, incoming, ours, now), ours.incident_id
    return _replied(house, incoming, ours, now), ours.incident_id


# --- bounces --------------------------------------------------------------------------------


def _bounced(house: House, bounce: Bounce, ours: Alert, now: datetime) -> str:
    store = house.store
    if not bounce.for_good:
        return "delay"
    confirmed = store.mails.address(ours.to).confirmed_at
    if confirmed is not None and confirmed > (ours.sent_at or ours.created):
        return "bounce from before the address was confirmed"
    other = bool(bounce.address) and bounce.address != ours.to.casefold()
    said = bounce.said or "550"
    de = f"Die Mail an {ours.to} kam zurück ({said})."
    store.alerts.bounced(ours.id, de)
    store.audit.append(
        audit.entry(
            now,
            None,
            "alert.bounced",
            f"alert:{ours.id}",
            incident_id=ours.incident_id,
            after={"person": ours.person_id} | ({"other": True} if other else {}),
            drill=ours.drill,
        )
    )
    if other:
        # A forwarding that is broken, or a forgery: the next is called, yet the address is not blamed.
        return "bounce of another address"
    unreachable.mark(house, ours.to, de, f"The mail to {ours.to} came back ({said}).", now)
    return "bounce"


# --- replies --------------------------------------------------------------------------------


def _replied(house: House, reply: Reply, ours: Alert, now: datetime) -> str:
    store = house.store
    refused = _why_not(house, reply)
    person = store.people.by_email(reply.sender)
    if ours.incident_id is None:
        return "reply to no incident"
    incident = store.incidents.get(ours.incident_id)
    text = _note(reply, person.lang if person else "de")
    if not refused and person is not None and text:
        try:
            handle.note(store, incident.id, text, person, now, via="mail")
        except NotAllowedError:
            refused = "role"
        except CrisisError as error:
            refused = type(error).__name__
        else:
            return "note"
    if not text:
        return "empty"
    who = person.id if person is not None else None
    record.incident(
        store, incident, None, now, "incident.mail_refused", why=refused or "sender", person=who
    )
    return f"refused: {refused}"


def _why_not(house: House, reply: Reply) -> str:
    """Why this sender's words are not taken; "" if they are."""
    store = house.store
    person = store.people.by_email(reply.sender) if reply.sender else None
    if person is None or not person.active or person.drill:
        return "sender"
    if reply.failed_checks:
        return "forged"
    if store.mails.address(reply.sender).confirmed_at is None:
        return "not confirmed"
    return ""


def _note(reply: Reply, lang: str) -> str:
    """The note's words: what was written, and what was not taken along."""
    text = reply.text[: handle.LONGEST_NOTE - 2_500]
    if not reply.attachments:
        return text
    names = ", ".join(reply.attachments)
    left = (
        f"[Nicht übernommen: {names}. Bitte am Arbeitsplatz ablegen.]"
        if lang.startswith("de")
        else f"[Not taken: {names}. Please put it on the incident at the desk.]"
    )
    return f"{text}\n\n{left}".strip()
