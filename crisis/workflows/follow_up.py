"""Whoever was called learns that it is settled: calls that went out -> who took or ended it -> one mail each.

Done by the monitor and not by those who acknowledge: whatever way an incident was taken, nobody is left
waiting, and twenty taken at once become one mail a person (``gather``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from crisis import audit
from crisis.alerts.compose import addressed, compose
from crisis.alerts.wanted import priority
from crisis.interfaces import House, Store
from crisis.oncall.rota import TOLD_BEFORE
from crisis.types import OPEN_STATES, Alert, AlertKind, Incident, IncidentState, Person

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
    store, terms = house.store, house.terms
    if not person.active or not store.mails.address(person.email).reachable:
        return False
    earlier = store.alerts.of_incident(incident.id)
    draft = compose(
        kind=AlertKind.TAKEN,
        incident=incident,
        rumour=store.rumours.get(incident.rumour_id),
        spread=store.incidents.spread(incident.id, now),
        sightings=(),
        sources={},
        suggestion=None,
        link=house.links.incident(incident.id),
        person=person,
        why=TOLD_BEFORE,
        authority=terms.authority,
        zone=terms.timezone,
        domain=terms.mail_domain,
        replies=terms.replies,
        now=now,
        first_message_id=(earlier[0] if earlier else first).message_id,
        taken_by=by.name if by else "",
    )
    mail = addressed(draft, person, now, incident=incident)
    kept = store.alerts.put(replace(mail, priority=priority(AlertKind.TAKEN, incident.severity)))
    store.audit.append(
        audit.entry(
            now,
            None,
            "alert.queued",
            f"alert:{kept.id}",
            incident_id=incident.id,
            after={"person": person.id, "kind": AlertKind.TAKEN},
            drill=incident.drill,
        )
    )
    return True
