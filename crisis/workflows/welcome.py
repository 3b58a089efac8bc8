"""Bring a colleague in: invite (or invite again) -> write the mail with their link -> queue it.

One transaction, so that nobody is invited without a mail. The rules of invitations are in ``admit``.
"""

from __future__ import annotations

from datetime import datetime

from crisis.alerts.draft import addressed
from crisis.alerts.letters import invitation
from crisis.errors import NotFoundError
from crisis.interfaces import House
from crisis.types import Person
from crisis.workflows import admit, letterhead


def invite(house: House, person: Person, by: Person | None, now: datetime, *, base_url: str) -> str:
    """Add a person and mail them; returns the link with which they set their password, once."""
    with house.store.transaction():
        token = admit.invite(house.store, person, by, now)
        return _write(house, token, now, base_url)


def invite_again(
    house: House, person_id: int, by: Person | None, now: datetime, *, base_url: str
) -> str:
    """Mail a new link to somebody whose invitation expired or who forgot their password."""
    with house.store.transaction():
        token = admit.invite_again(house.store, person_id, by, now)
        return _write(house, token, now, base_url)


def _write(house: House, token: str, now: datetime, base_url: str) -> str:
    person = admit.invited(house.store, token, now)
    if person is None:
        raise NotFoundError("Diese Einladung gibt es nicht.", "There is no such invitation.")
    link = f"{base_url}/einladung/{token}"
    terms = house.terms
    draft = invitation(
        person=person,
        link=link,
        days=admit.INVITATION_DAYS,
        sender=letterhead.sender(terms),
        now=now,
    )
    house.store.alerts.put(addressed(draft, person, now))
    return link
