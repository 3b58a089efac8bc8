"""Taken, and nothing happens: who holds what -> when was anything done last -> remind, or hand back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis.incidents.lifecycle import Move, moved
from crisis.incidents.stalled import HandBack, Remind, stalled
from crisis.interfaces import House
from crisis.oncall.rota import TAKEN_ON
from crisis.types import AlertKind, AlertState, Incident, IncidentState
from crisis.workflows import accompany, notice, record


def look_after(house: House, now: datetime) -> int:
    """Remind holders and hand back what they left alone; says how many incidents."""
    held = [
        incident
        for incident in house.store.incidents.all_open()
        if incident.state is IncidentState.ACKNOWLEDGED and _due(house, incident, now) is not None
    ]
    return sum(_act(house, incident.id, now) for incident in held)


def _due(house: House, incident: Incident, now: datetime) -> Remind | HandBack | None:
    store, terms = house.store, house.terms
    taken = incident.acknowledged_at or incident.updated
    # Most were touched just now: only for the others the log is asked.
    shortest = min((span for span in (terms.remind_holder, terms.hand_back) if span), default=None)
    if shortest is None or now < taken + shortest:
        return None
    reminders = [
        alert.created
        for alert in store.alerts.of_incident(incident.id)
        if alert.kind is AlertKind.STILL
        and alert.person_id == incident.assignee
        and alert.state is not AlertState.CANCELLED
    ]
    return stalled(
        incident,
        store.audit.last_by_people(incident.id) or taken,
        max(reminders, default=None),
        now,
        remind_after=terms.remind_holder,
        back_after=terms.hand_back,
    )


def _act(house: House, incident_id: int, now: datetime) -> int:
    store = house.store
    with store.transaction():
        # Looked at again: somebody may have done something since, or another monitor this.
        incident = store.incidents.get(incident_id)
        due = _due(house, incident, now)
        if isinstance(due, Remind):
            _remind(house, incident, due.back_at, now)
        elif isinstance(due, HandBack):
            _hand_back(house, incident, now)
        return 0 if due is None else 1


def _remind(house: House, incident: Incident, back_at: datetime | None, now: datetime) -> None:
    store = house.store
    assert incident.assignee is not None  # noqa: S101 - ``stalled`` asks for one
    holder = store.people.get(incident.assignee)
    earlier = store.alerts.of_incident(incident.id)
    notice.queue(
        house,
        AlertKind.STILL,
        incident,
        holder,
        now,
        why=TAKEN_ON,
        first_message_id=earlier[0].message_id if earlier else "",
        back_at=back_at,
    )
    spread = store.incidents.spread(incident.id, now)
    link = house.links.incident(incident.id)
    accompany.person_beside(house, incident, AlertKind.STILL.value, holder, spread, link, now)


def _hand_back(house: House, incident: Incident, now: datetime) -> None:
    """The log says who had it; ``escalate`` calls the next one."""
    store = house.store
    after = replace(moved(incident, Move.HAND_BACK, now), assignee=None)
    store.incidents.update(after)
    store.alerts.cancel(incident.id)
    store.alerts.unsettle(incident.id)
    record.incident(
        store, incident, None, now, "incident.handed_back", assignee=None, had_it=incident.assignee
    )
