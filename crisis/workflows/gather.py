"""Many mails to one person become one: what waits -> how it goes out -> hold it, or one mail for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.bundle import SPAN, sort_out
from crisis.alerts.bundle_letter import MOST_LISTED, Piece, bundle
from crisis.alerts.draft import addressed
from crisis.alerts.escalation import CALLS
from crisis.interfaces import House
from crisis.types import Alert, AlertKind, IncidentState, Person
from crisis.workflows import letterhead


def gather(house: House, now: datetime) -> int:
    """Look through what waits, person by person; says how many mails for several were written."""
    store = house.store
    if not any(_worth_it(house, alerts, now) for alerts in store.alerts.gatherable(now).values()):
        return 0
    with store.transaction():
        # Looked at again: another monitor may have gathered them, or somebody taken them.
        return sum(
            _for_one(house, [a for a in alerts if a.drill is drill], now)
            for alerts in store.alerts.gatherable(now).values()
            for drill in (False, True)
        )


def _worth_it(house: House, alerts: Sequence[Alert], now: datetime) -> bool:
    """Whether anything but one mail after the other could come of it; mostly not."""
    terms = house.terms
    if len(alerts) >= terms.together_from or _older(alerts):
        return True
    recent = house.store.alerts.lately(alerts[0].to, now - SPAN, drill=True)
    return len(recent) >= terms.most_mails


def _older(alerts: Sequence[Alert]) -> list[int]:
    """Calls that a newer one of the same incident makes needless, as after an outage."""
    newest: dict[int | None, int] = {}
    calls = [alert for alert in alerts if alert.kind in CALLS]
    for alert in calls:
        newest[alert.incident_id] = max(alert.id, newest.get(alert.incident_id, 0))
    return [alert.id for alert in calls if alert.id != newest[alert.incident_id]]


def _for_one(house: House, alerts: Sequence[Alert], now: datetime) -> int:
    store, terms = house.store, house.terms
    if not alerts:
        return 0
    older = _older(alerts)
    if older:
        store.alerts.drop(older)
        alerts = [alert for alert in alerts if alert.id not in set(older)]
    lately = store.alerts.lately(alerts[0].to, now - SPAN, drill=alerts[0].drill)
    plan = sort_out(alerts, lately, now, together_from=terms.together_from, most=terms.most_mails)
    if plan.held and plan.until is not None:
        store.alerts.hold(plan.held, plan.until)
    if not plan.together:
        return 0
    chosen = [alert for alert in alerts if alert.id in set(plan.together)]
    person = store.people.get(chosen[0].person_id)
    sender = letterhead.sender(terms)
    draft = bundle(
        pieces=_pieces(house, chosen, person, now),
        person=person,
        desk=house.links.incidents(),
        sender=sender,
        now=now,
    )
    mail = replace(
        addressed(draft, person, now),
        to=chosen[0].to,
        drill=chosen[0].drill,
        priority=min(alert.priority for alert in chosen),
    )
    kept = store.alerts.put(mail)
    store.alerts.carry(kept.id, plan.together)
    store.audit.append(
        audit.entry(
            now,
            None,
            "alert.bundled",
            f"alert:{kept.id}",
            after={"person": person.id, "mails": len(plan.together)},
            drill=kept.drill,
        )
    )
    return 1


def _pieces(house: House, alerts: Sequence[Alert], person: Person, now: datetime) -> list[Piece]:
    """Each incident once, with its newest news."""
    store = house.store
    newest = {alert.incident_id: alert for alert in alerts if alert.incident_id is not None}
    pieces = []
    for number, alert in newest.items():
        incident = store.incidents.get(number)
        waits = incident.state is IncidentState.NEW
        links = house.links
        holder = None if incident.assignee is None else store.people.get(incident.assignee)
        pieces.append(
            Piece(
                kind=alert.kind,
                incident=incident,
                rumour=store.rumours.get(incident.rumour_id),
                # Counting is slow; only what is listed needs it.
                spread=store.incidents.spread(number, now) if len(newest) <= MOST_LISTED else None,
                link=links.acknowledge(number, person.id, now) if waits else links.incident(number),
                taken_by=holder.name if holder and alert.kind is AlertKind.TAKEN else "",
            )
        )
    return pieces
