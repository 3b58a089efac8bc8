"""Somebody who was called cannot: keep it -> their calls stop -> the next in line is called at once."""

from __future__ import annotations

from datetime import datetime

from crisis.interfaces import House
from crisis.types import CallAnswer, IncidentState, Person
from crisis.workflows import escalate, record


def pass_on(house: House, incident_id: int, by: Person, now: datetime) -> bool:
    """``by`` cannot take the incident; True if somebody else is called for it now.

    Said twice, or of an incident that somebody has taken, it changes nothing.
    """
    store = house.store
    with store.transaction():
        incident = store.incidents.get(incident_id)
        if incident.state is not IncidentState.NEW:
            return False
        if not store.mails.answer(incident_id, incident.wave, by.id, CallAnswer.CANNOT, now):
            return False
        store.alerts.cancel(incident_id, person_id=by.id)
        record.incident(store, incident, by, now, "incident.passed_on", via="mail")
    return escalate.one(house, incident_id, now) > 0
