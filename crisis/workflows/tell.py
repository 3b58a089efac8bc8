"""Write the mail about an incident and put it into the outbox: who -> what is known -> compose -> queue.

Called inside the transaction that made the news. Does not send (``deliver``) and does not choose the rule
by which people are in line (``oncall``) or when the next one is asked (``alerts.escalation``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.compose import EXAMPLES, addressed, compose
from crisis.interfaces import House
from crisis.oncall.rota import ON_CALL, Turn, turns
from crisis.playbooks.approval import Standing, standing
from crisis.responses.suggest import Suggestion, suggest
from crisis.types import (
    Alert,
    AlertKind,
    AlertState,
    Incident,
    IncidentState,
    Person,
    Playbook,
    Rumour,
    Spread,
)
from crisis.workflows.fit import clues

Drawer = Sequence[Playbook]  # the playbooks as read from the folder before the transaction began


def drawer(house: House) -> Drawer:
    """Read the folder of playbooks; slow, so call it before a transaction is open."""
    return tuple(house.shelf.playbooks())


def tell(
    house: House,
    incident: Incident,
    kind: AlertKind,
    spread: Spread,
    playbooks: Drawer,
    now: datetime,
) -> Alert | None:
    """Tell whoever must know of this news: the first in line, or who has the incident already."""
    line = in_line(house, incident, now)
    if not line:
        _nobody(house, incident, now)
        return None
    turn = line[0]
    if kind is AlertKind.WORSE and incident.assignee is not None:
        turn = Turn(house.store.people.get(incident.assignee), ON_CALL)
    return queue(house, incident, kind, spread, playbooks, turn, now, followed=len(line) > 1)


def queue(
    house: House,
    incident: Incident,
    kind: AlertKind,
    spread: Spread,
    playbooks: Drawer,
    turn: Turn,
    now: datetime,
    *,
    followed: bool,
) -> Alert:
    """Put the mail to this person into the outbox."""
    store, terms = house.store, house.terms
    earlier = store.alerts.of_incident(incident.id)
    waiting = _waiting(earlier, kind, turn)
    rumour = store.rumours.get(incident.rumour_id)
    sightings = store.sightings.of_incident(incident.id, limit=EXAMPLES)
    best = fitting(house, incident, rumour, playbooks, now)
    draft = compose(
        kind=waiting.kind if waiting else kind,
        incident=incident,
        rumour=rumour,
        spread=spread,
        sightings=sightings,
        sources={s.post.source_id: store.sources.get(s.post.source_id).name for s in sightings},
        suggestion=best[0].playbook.title if best else None,
        link=_link(house, incident, turn, now),
        person=turn.person,
        why=turn.why,
        authority=terms.authority,
        zone=terms.timezone,
        domain=terms.mail_domain,
        now=now,
        first_message_id=earlier[0].message_id if earlier else "",
        answer_within=terms.escalate_after,
        followed=followed,
    )
    alert = addressed(draft, turn.person, now, incident=incident)
    if waiting is not None and store.alerts.rewrite(replace(alert, id=waiting.id)):
        return waiting
    alert = store.alerts.put(alert)
    store.audit.append(
        audit.entry(
            now,
            None,
            "alert.queued",
            f"alert:{alert.id}",
            incident_id=incident.id,
            after={"person": turn.person.id, "kind": kind, "why": turn.why.en},
            drill=incident.drill,
        )
    )
    return alert


def _link(house: House, incident: Incident, turn: Turn, now: datetime) -> str:
    """Where to take the incident; for one that is taken, where it stands."""
    if incident.state is IncidentState.NEW:
        return house.links.acknowledge(incident.id, turn.person.id, now)
    return house.links.incident(incident.id)


def _waiting(earlier: Sequence[Alert], kind: AlertKind, turn: Turn) -> Alert | None:
    """The mail to this person that has not gone out yet: growth is told in it, not in a second one."""
    if kind is not AlertKind.WORSE:
        return None
    return next(
        (
            alert
            for alert in reversed(earlier)
            if alert.state is AlertState.PENDING and alert.person_id == turn.person.id
        ),
        None,
    )


def in_line(house: House, incident: Incident, now: datetime) -> list[Turn]:
    """Who is to be asked about this incident, the first one first."""
    store = house.store
    people = store.people.all()
    catch_all = None if incident.drill else _catch_all(house, people, now)
    return turns(store.people.shifts(now), people, now, catch_all=catch_all, drill=incident.drill)


def fitting(
    house: House, incident: Incident, rumour: Rumour, playbooks: Drawer, now: datetime
) -> list[Suggestion]:
    """Approved playbooks that fit the incident, best first."""
    approvals = house.store.playbooks.approvals()
    today = house.terms.today(now)
    approved = [
        playbook
        for playbook in playbooks
        if standing(playbook, approvals, today=today, drill=incident.drill) is Standing.APPROVED
    ]
    langs = house.store.incidents.langs(incident.id)
    known = clues(house.store, incident.id, now)
    return suggest(incident, rumour, approved, langs=langs, clues=known)


def _catch_all(house: House, people: Sequence[Person], now: datetime) -> Person | None:
    """The last address in line, as a person without roles: they get a mail and cannot sign in."""
    address = house.terms.catch_all
    if not address:
        return None
    known = next((p for p in people if p.email.casefold() == address.casefold()), None)
    if known is not None:
        return known
    with house.store.transaction():
        return house.store.people.add(Person(name=CATCH_ALL_NAME, email=address), now)


CATCH_ALL_NAME = "Auffangadresse"


def _nobody(house: House, incident: Incident, now: datetime) -> None:
    """Nobody can be told: the desk must show it, and the log must say so."""
    house.store.audit.append(audit.of_incident(now, None, "alert.nobody", incident))
