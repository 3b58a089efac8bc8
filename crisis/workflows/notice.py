"""A mail about an incident to somebody who knows it: compose -> queue -> log. Shows no posts, calls nobody.

Does not decide who is told, or when: see ``follow_up`` and ``look_after``. Inside the caller's transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.compose import addressed, compose
from crisis.interfaces import House
from crisis.oncall.rota import Why
from crisis.types import AlertKind, Incident, Person


def queue(
    house: House,
    kind: AlertKind,
    incident: Incident,
    person: Person,
    now: datetime,
    *,
    why: Why,
    first_message_id: str,
    priority: int | None = None,
    taken_by: str = "",
    back_at: datetime | None = None,
) -> None:
    """Queue one such mail. ``first_message_id``: of the thread it joins. ``priority`` None: as usual."""
    store, terms = house.store, house.terms
    draft = compose(
        kind=kind,
        incident=incident,
        rumour=store.rumours.get(incident.rumour_id),
        spread=store.incidents.spread(incident.id, now),
        sightings=(),
        sources={},
        suggestion=None,
        link=house.links.incident(incident.id),
        person=person,
        why=why,
        authority=terms.authority,
        zone=terms.timezone,
        domain=terms.mail_domain,
        replies=terms.replies,
        now=now,
        first_message_id=first_message_id,
        taken_by=taken_by,
        back_at=back_at,
    )
    mail = addressed(draft, person, now, incident=incident)
    kept = store.alerts.put(mail if priority is None else replace(mail, priority=priority))
    store.audit.append(
        audit.entry(
            now,
            None,
            "alert.queued",
            f"alert:{kept.id}",
            incident_id=incident.id,
            after={"person": person.id, "kind": kind},
            drill=incident.drill,
        )
    )
