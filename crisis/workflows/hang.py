"""A screen on the wall that nobody signs in to: make its link -> look -> take it down.

The link shows the picture and nothing else. Its secret is shown once and kept as a hash; knowing the
database is not enough to open it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from crisis import audit
from crisis.errors import InvalidInputError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import Person, Wall

DAYS = (7, 30, 90, 365)  # what people choose from
LONGEST_NAME = 80  # characters
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last look is kept


def make(
    store: Store, name: str, days: int, by: Person, now: datetime, *, names: bool = False
) -> tuple[Wall, str]:
    """A new link for ``days`` days and its secret; ``names``: whether the picture names people.

    Raises:
        NotAllowedError: ``by`` is no administrator.
        InvalidInputError: no name, one too long, or another number of days than ``DAYS``.
    """
    require(by, Act.CHANGE_SETTINGS)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInputError(
            f"Bitte sagen Sie, wo der Bildschirm hängt (höchstens {LONGEST_NAME} Zeichen).",
            f"Please say where the screen hangs (at most {LONGEST_NAME} characters).",
        )
    if days not in DAYS:
        raise InvalidInputError(
            "Bitte wählen Sie, wie lange der Link gilt.", "Please choose how long the link holds."
        )
    token = secrets.token_urlsafe(32)
    with store.transaction():
        wall = store.walls.add(
            Wall(
                name=name,
                names=names,
                created_by=by.id,
                created=now,
                expires=now + timedelta(days=days),
            ),
            hashed(token),
        )
        _log(store, wall, by, now, "wall.made", days=days, names=names)
    return wall, token


def look(store: Store, token: str, now: datetime) -> Wall | None:
    """What this secret opens now; None where it opens nothing. Remembers that somebody looked."""
    wall = store.walls.find(hashed(token), now)
    if wall is not None and (wall.last_seen is None or now - wall.last_seen >= SEEN_EVERY):
        with store.transaction():
            store.walls.seen(wall.id, now)
    return wall


def take_down(store: Store, wall_id: int, by: Person, now: datetime) -> Wall:
    """The link opens nothing any more. Twice is once. Raises NotAllowedError, NotFoundError."""
    require(by, Act.CHANGE_SETTINGS)
    with store.transaction():
        wall = store.walls.get(wall_id)
        if wall.revoked is None:
            store.walls.revoke(wall_id, now)
            _log(store, wall, by, now, "wall.revoked")
        return store.walls.get(wall_id)


def hashed(token: str) -> str:
    """How a secret is kept. It has 256 random bits, so that no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _log(store: Store, wall: Wall, by: Person, now: datetime, action: str, **after: object) -> None:
    what = {"name": wall.name, **after}
    store.audit.append(audit.entry(now, by, action, f"wall:{wall.id}", after=what))
