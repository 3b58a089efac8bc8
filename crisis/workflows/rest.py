"""What people say of their own quiet hours: check -> keep -> write it down. See ``out_of_reach``."""

from __future__ import annotations

from datetime import datetime, time

from crisis import audit
from crisis.errors import InvalidInputError
from crisis.interfaces import Store
from crisis.types import Person, Quiet


def set_quiet(store: Store, start: str, end: str, by: Person, now: datetime) -> Quiet | None:
    """Quiet from ``start`` to ``end`` ("22:00"); both empty: none. Raises InvalidInputError."""
    quiet = _read(start.strip(), end.strip())
    with store.transaction():
        store.mails.set_quiet(by.id, quiet)
        span = "" if quiet is None else f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"
        store.audit.append(
            audit.entry(now, by, "person.quiet", f"person:{by.id}", after={"quiet": span})
        )
    return quiet


def _read(start: str, end: str) -> Quiet | None:
    if not start and not end:
        return None
    try:
        quiet = Quiet(start=time.fromisoformat(start), end=time.fromisoformat(end))
    except ValueError as error:
        raise _incomplete() from error
    if quiet.start == quiet.end:
        raise _incomplete()
    return quiet


def _incomplete() -> InvalidInputError:
    return InvalidInputError(
        "Bitte tragen Sie beide Uhrzeiten ein, zum Beispiel 22:00 und 06:00, oder keine.",
        "Please enter both times, such as 22:00 and 06:00, or none.",
    )
