"""Times of maintenance: plan one -> new incidents are kept and told afterwards -> it ends by itself.

What may not wait (urgent) is told all the same. What was held back is told by ``escalate`` once it is over;
where that is much, ``gather`` makes one mail of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crisis import audit
from crisis.errors import IllegalMoveError, InvalidInputError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import Incident, Maintenance, Person, Severity

LONGEST = timedelta(hours=24)
LONGEST_REASON = 300  # characters


def plan(
    store: Store, start: datetime, end: datetime, reason: str, by: Person, now: datetime
) -> Maintenance:
    """Plan a time of maintenance. Raises InvalidInputError."""
    require(by, Act.CHANGE_SETTINGS)
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInputError(
            f"Bitte schreiben Sie in einem Satz, warum (höchstens {LONGEST_REASON} Zeichen).",
            f"Please write in a sentence why (at most {LONGEST_REASON} characters).",
        )
    if end <= now or end <= start:
        raise InvalidInputError(
            "Das Ende muss nach dem Anfang und in der Zukunft liegen.",
            "The end must come after the beginning and lie in the future.",
        )
    if end - start > LONGEST:
        raise InvalidInputError(
            "Länger als 24 Stunden hält eine Wartung keine Alarme zurück. Tragen Sie sonst zwei ein.",
            "Maintenance holds back alerts for 24 hours at most. Enter two if you need more.",
        )
    with store.transaction():
        kept = store.mails.add_maintenance(
            Maintenance(start=start, end=end, reason=reason, made_by=by.id, made=now)
        )
        store.audit.append(
            audit.entry(
                now,
                by,
                "maintenance.planned",
                f"maintenance:{kept.id}",
                after={"start": start.isoformat(), "end": end.isoformat(), "reason": reason},
            )
        )
        return kept


def end(store: Store, window_id: int, by: Person, now: datetime) -> None:
    """End it before its time, or call it off. Raises IllegalMoveError where it is over."""
    require(by, Act.CHANGE_SETTINGS)
    with store.transaction():
        window = store.mails.maintenance(window_id)
        if window.end <= now or not store.mails.end_maintenance(window_id, now):
            raise IllegalMoveError("Diese Wartung ist schon vorbei.", "This maintenance is over.")
        store.audit.append(audit.entry(now, by, "maintenance.ended", f"maintenance:{window_id}"))


def current(store: Store, now: datetime) -> Maintenance | None:
    """The one that holds now and lasts longest."""
    holding = [window for window in store.mails.windows(now) if window.holds(now)]
    return max(holding, key=lambda window: window.end, default=None)


def holds(store: Store, incident: Incident, now: datetime) -> bool:
    """Whether calls for this incident wait for the end of maintenance. An exercise's never do."""
    if incident.drill or incident.severity is Severity.URGENT:
        return False
    return current(store, now) is not None
