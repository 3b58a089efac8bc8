"""What goes beside a mail: who has other ways -> what it says -> queue it; and once more that it is settled.

Whoever has a way (SMS, call, chat: ``types.ways``) is told by it with each mail that asks them for something.
Called inside the transaction that queued the mail. Sends nothing (``ring``). Mail alone counts as reaching
somebody, unless the way was confirmed (``ways.confirm``). Exercises stay mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from crisis.alerts import gateway_text
from crisis.alerts.wanted import priority
from crisis.interfaces import House
from crisis.types import AlertKind, AlertState, Incident, Person, Ring, Spread


def person_beside(
    house: House,
    incident: Incident,
    event: str,
    person: Person,
    spread: Spread,
    link: str,
    now: datetime,
    *,
    due: datetime | None = None,
) -> int:
    """Queue what goes to this person beside the mail; says how many. Inside the caller's transaction."""
    store = house.store
    ways = [] if incident.drill else store.ways.of(person.id)
    if not ways:
        return 0
    active = {gateway.id for gateway in store.ways.gateways() if gateway.active}
    rumour = store.rumours.get(incident.rumour_id)
    count = 0
    for way in ways:
        if way.gateway_id is not None and way.gateway_id not in active:
            continue
        payload = gateway_text.payload(
            event=event,
            title=gateway_text.headline(event, incident, rumour, person.lang),
            link=link,
            name=person.name,
            address=way.address,
            incident=incident,
            posts=spread.posts,
        )
        store.ways.put(
            Ring(
                way_id=way.id,
                gateway_id=way.gateway_id,
                person_id=person.id,
                incident_id=incident.id,
                wave=incident.wave,
                event=event,
                address=way.address,
                payload=payload,
                counts=way.counts,
                priority=_priority(event, incident),
                key=key(event, incident.id, incident.wave, way.id, now),
                created=now,
                due=due or now,
            )
        )
        count += 1
    return count


def to_gateways(
    house: House,
    incident: Incident,
    event: str,
    gateway_ids: Sequence[int],
    spread: Spread,
    now: datetime,
) -> int:
    """Queue what a step of the rules tells by itself, such as a room where everybody reads.

    The link leads to the desk: whoever reads it there has to sign in. Inside the caller's transaction.
    """
    store = house.store
    if not gateway_ids or incident.drill:
        return 0
    known = {gateway.id: gateway for gateway in store.ways.gateways() if gateway.active}
    rumour = store.rumours.get(incident.rumour_id)
    chosen = [one for one in dict.fromkeys(gateway_ids) if one in known]
    for one in chosen:
        payload = gateway_text.payload(
            event=event,
            title=gateway_text.headline(event, incident, rumour, "de"),
            link=house.links.incident(incident.id),
            name=known[one].name,
            address="",
            incident=incident,
            posts=spread.posts,
        )
        store.ways.put(
            Ring(
                way_id=None,
                gateway_id=one,
                person_id=None,
                incident_id=incident.id,
                wave=incident.wave,
                event=event,
                payload=payload,
                priority=_priority(event, incident),
                key=key(event, incident.id, incident.wave, f"gateway{one}", now),
                created=now,
                due=now,
            )
        )
    return len(chosen)


def settle(house: House, now: datetime) -> int:
    """Tell gateways that were told of an incident that somebody has it; says how many.

    Those that take the signed JSON can stop a telephone that rings, and rooms show who need not look.
    A text message would only wake people again: they learn it by mail.
    """
    store = house.store
    if not store.ways.to_settle():
        return 0
    count = 0
    with store.transaction():
        waiting = store.ways.to_settle()
        known = {gateway.id: gateway for gateway in store.ways.gateways() if gateway.active}
        told: set[tuple[int, str, int]] = set()
        for ring in waiting:
            gateway = known.get(ring.gateway_id or 0)
            where = (ring.gateway_id or 0, ring.address, ring.incident_id or 0)
            wants = gateway is not None and (not gateway.body or ring.way_id is None)
            if wants and where not in told:
                told.add(where)
                count += _settled(house, ring, now)
        store.ways.settle([ring.id for ring in waiting])
    return count


def _settled(house: House, ring: Ring, now: datetime) -> int:
    store = house.store
    if ring.incident_id is None:
        return 0
    incident = store.incidents.get(ring.incident_id)
    person = store.people.get(ring.person_id) if ring.person_id is not None else None
    event = gateway_text.TAKEN
    payload = gateway_text.payload(
        event=event,
        title=gateway_text.headline(
            event, incident, store.rumours.get(incident.rumour_id), person.lang if person else "de"
        ),
        link=house.links.incident(incident.id),
        name=str(ring.payload.get("name", "")),
        address=ring.address,
        incident=incident,
    )
    store.ways.put(
        replace(
            ring,
            id=0,
            event=event,
            payload=payload,
            counts=False,
            priority=2,
            key=key(event, incident.id, incident.wave, f"{ring.gateway_id}{ring.address}", now),
            created=now,
            due=now,
            attempts=0,
            state=AlertState.PENDING,
            sent_at=None,
            settled=True,
        )
    )
    return 1


def _priority(event: str, incident: Incident) -> int:
    return priority(AlertKind(event), incident.severity)


def key(*parts: object) -> str:
    """By which a gateway recognises a repeat; says nothing to others."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
