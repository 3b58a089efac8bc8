"""Whoever was called learns that it is settled: calls that went out -> who took or ended it -> one mail each.

Done by the monitor and not by those who acknowledge: whatever way an incident was taken, nobody is left
waiting, and twenty taken at once become one mail a person (``gather``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from crisis.alerts.wanted import priority
from crisis.interfaces import House, Store
from crisis.oncall.rota import TOLD_BEFORE
from crisis.types import OPEN_STATES, Alert, AlertKind, Incident, IncidentState, Person
from crisis.workflows import notice

_ENDINGS = frozenset({"incident.closed", "incident.dismissed", "incident.merged"})


def follow_up(house: House, now: datetime) -> int:
    """Tell those who were called for incidents that somebody has taken or ended; says how many mails."""
    waiting = house.store.alerts.to_follow_up()
    told = 0
    for number, group in groupby(waiting, key=lambda alert: alert.incident_id):
        if number is not None:
            told += _of_incident(house, number, [alert.id for alert in group], now)
    return told


def _of_incident(house: House, number: int, alert_ids: Sequence[int], now: datetime) -> int:
    store = house.store
    with store.transaction():
        incident = store.incidents.get(number)
        if incident.state is IncidentState.NEW:
            return 0  # handed back meanwhile: they are asked again, or will hear when it is settled
        calls = [a for a in store.alerts.of_incident(number) if a.id in set(alert_ids)]
        by = _settled_by(store, incident)
        people = {alert.person_id: alert for alert in calls}
        told = [
            _tell(house, incident, store.people.get(person), by, calls[0], now)
            for person in people
            if person not in {incident.assignee, by.id if by else None}
        ]
        store.alerts.follow_up([alert.id for alert in calls], now)
        return sum(told)


def _settled_by(store: Store, incident: Incident) -> Person | None:
    """Who has it, or who ended it."""
    if incident.state in OPEN_STATES:
        return None if incident.assignee is None else store.people.get(incident.assignee)
    for entry in reversed(store.audit.of_incident(incident.id)):
        if entry.action in _ENDINGS and entry.actor.startswith("person:"):
            return store.people.get(int(entry.actor.removeprefix("person:")))
    return None


def _tell(
    house: House, incident: Incident, person: Person, by: Person | None, first: Alert, now: datetime
) -> bool:
    store = house.store
    if not person.active or not store.mails.address(person.email).reachable:
        return False
    earlier = store.alerts.of_incident(incident.id)
    notice.queue(
        house,
        AlertKind.TAKEN,
        incident,
        person,
        now,
        why=TOLD_BEFORE,
        first_message_id=(earlier[0] if earlier else first).message_id,
        priority=priority(AlertKind.TAKEN, incident.severity),
        taken_by=by.name if by else "",
    )
    return True
