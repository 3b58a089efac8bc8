"""Times of maintenance: plan one -> new incidents are kept and told afterwards -> it ends by itself.

What may not wait (urgent) is told all the same. What was held back is told by ``escalate`` once it is over;
where that is much, ``gather`` makes one mail of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.escalation import CALLS
from crisis.alerts.held_letter import held_back
from crisis.errors import IllegalMoveError, InvalidInputError
from crisis.interfaces import House, Store
from crisis.oncall.duty import on_call
from crisis.rights import Act, require
from crisis.types import Incident, Maintenance, Person, Severity
from crisis.workflows import letterhead, roster

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


def summarise(house: House, now: datetime) -> int:
    """Tell who is on call, and who planned it, what a time of maintenance held back; says how many mails.

    Once for each, and only where anything was held back.
    """
    store = house.store
    if not store.mails.untold_maintenance(now):
        return 0
    with store.transaction():
        count = 0
        for window in store.mails.untold_maintenance(now):
            store.mails.tell_maintenance(window.id, now)
            held = _held_back(store, window)
            count += _mail(house, window, held, now) if held else 0
        return count


def _held_back(store: Store, window: Maintenance) -> list[Incident]:
    """Incidents that opened in it and that nobody was told of before it was over."""
    found = [
        incident
        for incident in store.incidents.touched(window.start, window.over, limit=1_000)
        if window.start <= incident.opened < window.over and not incident.drill
    ]
    quiet = [
        incident
        for incident in found
        if not any(
            alert.kind in CALLS and alert.created < window.over
            for alert in store.alerts.of_incident(incident.id)
        )
    ]
    return sorted(quiet, key=lambda incident: (-incident.severity, incident.opened, incident.id))


def _mail(house: House, window: Maintenance, held: list[Incident], now: datetime) -> int:
    store, terms = house.store, house.terms
    sender = letterhead.sender(terms)
    planned = roster.of_house(house, now)
    on = [period.person_id for period in on_call(planned, now)]
    people = [
        planned.known[one]
        for one in dict.fromkeys([*on, window.made_by or 0])
        if one in planned.known
    ]
    told = [(incident, store.rumours.get(incident.rumour_id)) for incident in held]
    count = 0
    for person in people:
        if not person.active or person.drill:
            continue
        letter = held_back(
            person=person,
            window=window,
            held=told,
            link=house.links.incidents(),
            sender=sender,
            now=now,
        )
        store.alerts.put(addressed(letter, person, now))
        count += 1
    store.audit.append(
        audit.entry(
            now,
            None,
            "maintenance.summed_up",
            f"maintenance:{window.id}",
            after={"held": len(held)},
        )
    )
    return count


def holds(store: Store, incident: Incident, now: datetime) -> bool:
    """Whether calls for this incident wait for the end of maintenance. An exercise's never do."""
    if incident.drill or incident.severity is Severity.URGENT:
        return False
    return current(store, now) is not None
