"""People come and go: invite -> redeem -> change, and who is on call -> write down who did it."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.errors import IllegalMoveError, InvalidInputError, NotAllowedError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import Person, Role, Shift
from crisis.workflows.plan_duty import note_change

SETUP_HOURS = 24
INVITATION_DAYS = 7
LONGEST_SHIFT = timedelta(days=31)
_EMAIL = re.compile(r"[^@\s<>\"(),:;]+@[^@\s<>\"(),:;]+\.[^@\s<>\"(),:;.]+|[^@\s<>]+@localhost")
_SETUP, _INVITATION = "setup", "invitation"


def setup_token(store: Store, now: datetime) -> str | None:
    """A new secret with which the first administrator may set themselves up, or None if there is one.

    Earlier secrets stop working, so that a link left in some log is worth nothing.
    """
    with store.transaction():
        if _administrators(store):
            return None
        store.people.drop_links(_SETUP)
        return _link(store, _SETUP, None, now, timedelta(hours=SETUP_HOURS))


def first_administrator(
    store: Store, token: str, *, name: str, email: str, password_hash: str, now: datetime
) -> Person:
    """The person who set the system up. Gets every role; releasing one's own texts stays impossible."""
    with store.transaction():
        if _administrators(store):
            raise NotAllowedError(
                "Es gibt schon eine Verwaltung. Bitte melden Sie sich an.",
                "There is an administrator already. Please sign in.",
            )
        _use(store, _SETUP, token, now)
        person = store.people.add(
            Person(name=_name(name), email=mail_address(email), roles=frozenset(Role)), now
        )
        store.people.set_password(person.id, password_hash)
        _log(store, person, person, now, "person.set_up", roles=sorted(person.roles))
        return person


def invite(store: Store, person: Person, by: Person | None, now: datetime) -> str:
    """Add a person who cannot sign in yet; returns the secret part of their invitation's link."""
    require(by, Act.MANAGE_PEOPLE)
    with store.transaction():
        kept = store.people.add(
            replace(
                person, id=0, name=_name(person.name), email=mail_address(person.email), drill=False
            ),
            now,
        )
        _log(store, kept, by, now, "person.invited", roles=sorted(kept.roles))
        return _link(store, _INVITATION, kept.id, now, timedelta(days=INVITATION_DAYS))


def invite_again(store: Store, person_id: int, by: Person | None, now: datetime) -> str:
    """A new link for somebody whose invitation expired or who forgot their password."""
    require(by, Act.MANAGE_PEOPLE)
    with store.transaction():
        person = store.people.get(person_id)
        if person.drill:
            raise _no_exercise_people()
        _log(store, person, by, now, "person.invited_again")
        return _link(store, _INVITATION, person_id, now, timedelta(days=INVITATION_DAYS))


def invited(store: Store, token: str, now: datetime) -> Person | None:
    """Whose invitation this is, if it still works."""
    person_id = store.people.find_link(_INVITATION, fingerprint(token), now)
    return store.people.get(person_id) if person_id else None


def awaits_setup(store: Store, token: str, now: datetime) -> bool:
    """Whether this set-up link still works."""
    return store.people.find_link(_SETUP, fingerprint(token), now) is not None


def redeem(store: Store, token: str, *, name: str, password_hash: str, now: datetime) -> Person:
    """The invited person sets name and password. The link works once."""
    with store.transaction():
        person = invited(store, token, now)
        if person is None:
            raise _dead_link()
        _use(store, _INVITATION, token, now)
        after = replace(person, name=_name(name))
        store.people.update(after)
        store.people.set_password(person.id, password_hash)
        _log(store, after, after, now, "person.joined")
        return after


def change(store: Store, person: Person, by: Person | None, now: datetime) -> Person:
    """Change name, address, roles, language, or whether the person is active."""
    require(by, Act.MANAGE_PEOPLE)
    with store.transaction():
        before = store.people.get(person.id)
        if before.drill:
            raise _no_exercise_people()
        after = replace(
            person, name=_name(person.name), email=mail_address(person.email), drill=before.drill
        )
        store.people.update(after)
        if not _administrators(store):
            raise IllegalMoveError(
                "Das ist die letzte Person mit der Rolle Verwaltung. Geben Sie die Rolle zuerst"
                " jemand anderem.",
                "This is the last administrator. Give the role to somebody else first.",
            )
        entry = audit.entry(
            now,
            by,
            "person.changed",
            f"person:{person.id}",
            before={"roles": sorted(before.roles), "active": before.active},
            after={"roles": sorted(after.roles), "active": after.active},
        )
        store.audit.append(entry)
        return after


def speak(store: Store, person: Person, lang: str, now: datetime) -> Person:
    """A person chooses the language of their own pages and mails."""
    with store.transaction():
        after = replace(store.people.get(person.id), lang=lang)
        store.people.update(after)
        _log(store, after, after, now, "person.language", lang=lang)
        return after


def put_on_call(store: Store, shift: Shift, by: Person | None, now: datetime) -> Shift:
    """Somebody answers the alerts from ``start`` to ``end``, whatever the layers say."""
    require(by, Act.PLAN_DUTY)
    if not shift.start < shift.end or shift.end - shift.start > LONGEST_SHIFT:
        raise InvalidInputError(
            "Der Dienst muss nach seinem Beginn enden und darf höchstens 31 Tage dauern.",
            "The shift must end after it begins and may last 31 days at most.",
        )
    with store.transaction():
        person = store.people.get(shift.person_id)
        if not person.active:
            raise NotAllowedError(
                f"{person.name} ist nicht mehr aktiv.", f"{person.name} is no longer active."
            )
        kept = store.people.add_shift(shift)
        note_change(store, "shift", kept.id, None, by, now)
        _log(store, person, by, now, "shift.added", shift=kept.id, start=shift.start, end=shift.end)
        return kept


def take_off_call(store: Store, shift_id: int, by: Person | None, now: datetime) -> None:
    """Remove a shift; it can be put back."""
    require(by, Act.PLAN_DUTY)
    with store.transaction():
        before = store.oncall.raw("shift", shift_id)
        store.people.remove_shift(shift_id)
        if before is not None:
            note_change(store, "shift", shift_id, before, by, now)
        store.audit.append(audit.entry(now, by, "shift.removed", f"shift:{shift_id}"))


def fingerprint(token: str) -> str:
    """What is kept of a link's secret: its SHA-256, in hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _administrators(store: Store) -> list[Person]:
    return [
        person
        for person in store.people.all()
        if person.active and not person.drill and Role.ADMIN in person.roles
    ]


def _link(
    store: Store, purpose: str, person_id: int | None, now: datetime, valid: timedelta
) -> str:
    token = secrets.token_urlsafe(32)
    store.people.put_link(purpose, person_id, fingerprint(token), now + valid, now)
    return token


def _use(store: Store, purpose: str, token: str, now: datetime) -> None:
    known = store.people.find_link(purpose, fingerprint(token), now)
    if known is None or not store.people.use_link(purpose, fingerprint(token), now):
        raise _dead_link()


def _dead_link() -> NotAllowedError:
    return NotAllowedError(
        "Dieser Link gilt nicht mehr. Er wirkt nur einmal und nur für begrenzte Zeit; bitten Sie um"
        " einen neuen.",
        "This link no longer works. It works once and for a limited time; please ask for a new one.",
    )


def _no_exercise_people() -> NotAllowedError:
    return NotAllowedError(
        "Personen einer Übung lassen sich nicht ändern.",
        "People of an exercise cannot be changed.",
    )


def _name(text: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= 100 or not text.isprintable():
        raise InvalidInputError(
            "Bitte geben Sie einen Namen mit 1 bis 100 Zeichen ein.",
            "Please enter a name of 1 to 100 characters.",
        )
    return text


def mail_address(text: str) -> str:
    """The address without spaces around it. Raises InvalidInputError for what is none."""
    text = text.strip()
    if len(text) > 254 or not text.isprintable() or not _EMAIL.fullmatch(text):
        raise InvalidInputError(
            f"„{text[:60]}“ ist keine E-Mail-Adresse.", f"“{text[:60]}” is no e-mail address."
        )
    return text


def _log(
    store: Store, person: Person, by: Person | None, now: datetime, action: str, **after: object
) -> None:
    store.audit.append(audit.entry(now, by, action, f"person:{person.id}", after=after))
