"""The one answer everybody must see now: put above all citizens' pages for some hours, and taken down again.

Changes nothing of the answer itself; that is ``respond``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.errors import IllegalMoveError, InvalidInputError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import Person, Response, ResponseState

HOURS = (6, 24, 72)  # what people choose from
LONGEST = timedelta(hours=max(HOURS))
FIRST = timedelta(
    hours=24
)  # a first statement stands there by itself, until the answer or somebody ends it


def put_up(store: Store, response_id: int, hours: int, by: Person, now: datetime) -> Response:
    """Shown above every citizens' page for so many hours, from now on; again means anew.

    Raises:
        NotAllowedError: ``by`` may not release answers.
        IllegalMoveError: the answer is not public.
        InvalidInputError: ``hours`` is none of ``HOURS``.
    """
    if hours not in HOURS:
        raise InvalidInputError(
            "Bitte wählen Sie 6, 24 oder 72 Stunden.", "Please choose 6, 24 or 72 hours."
        )
    with store.transaction():
        before = store.responses.get(response_id)
        require(by, Act.RELEASE, drill=before.drill)
        if before.state is not ResponseState.RELEASED:
            raise IllegalMoveError(
                "Oben stehen kann nur eine Antwort, die gerade öffentlich ist.",
                "Only an answer that is public now can stand at the top.",
            )
        after = store.responses.update(replace(before, pinned_until=now + timedelta(hours=hours)))
        _log(store, after, by, now, "response.pinned", until=after.pinned_until)
        return after


def take_down(store: Store, response_id: int, by: Person, now: datetime) -> Response:
    """No longer above the pages. Twice is once. Raises NotAllowedError."""
    with store.transaction():
        before = store.responses.get(response_id)
        require(by, Act.RELEASE, drill=before.drill)
        if before.pinned_until is None:
            return before
        after = store.responses.update(replace(before, pinned_until=None))
        _log(store, after, by, now, "response.unpinned")
        return after


def first(before: Response, replaced: Response | None, now: datetime) -> datetime | None:
    """Until when an answer that goes out now stands at the top: as before, as what it replaces, or, for a
    first statement, from now on."""
    if before.pinned_until or replaced is not None:
        return before.pinned_until or (replaced.pinned_until if replaced else None)
    return now + FIRST if before.holding and not before.drill else None


def note_first(store: Store, response: Response, by: Person, now: datetime) -> None:
    """The line in the log for what put itself up."""
    if response.pinned_until == now + FIRST:
        _log(store, response, by, now, "response.pinned", until=response.pinned_until)


def _log(
    store: Store, response: Response, by: Person, now: datetime, action: str, **after: object
) -> None:
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"response:{response.id}",
            incident_id=response.incident_id,
            after=after,
            drill=response.drill,
        )
    )
