"""The parts of an incident's page, each also alone: so that what others do appears without a reload.

Posts are in ``incident_posts``. A part is known by its signs, a query or two; where they are the same,
nothing is read and nothing drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from crisis.desk import (
    board,
    here,
    incident_work,
    official,
    second_answer,
    shelf,
    story,
    updates,
    words,
)
from crisis.desk.words import _
from crisis.incidents.lifecycle import Move, allowed
from crisis.responses.suggest import suggest
from crisis.types import OPEN_STATES, AlertState, Incident, Person, Role, Rumour, Severity
from crisis.workflows.fit import clues

blueprint = Blueprint("incident_parts", __name__, url_prefix="/vorfaelle/<int:incident_id>/teil")

MOST_SUGGESTIONS = 5
TEMPLATES = {"kopf": "head", "wissen": "known", "antwort": "answers", "verlauf": "story"}


@dataclass(frozen=True, slots=True)
class Times:
    """When the steps of an answer were reached, in order; None where not yet."""

    steps: Sequence[tuple[str, datetime | None, timedelta | None]]  # name, when, since the first


@blueprint.get("/<any(kopf, wissen, antwort, verlauf):name>")
def part(incident_id: int, name: str) -> ResponseReturnValue:
    """One part alone, with an ETag that is known before anything is drawn."""
    store, now = here.store(), here.now()
    incident = store.incidents.get(incident_id)
    signs = (
        name,
        store.incidents.stamp(incident_id),
        # Only the top counts posts and says how long until the next step.
        (incident.posts, now.replace(second=0, microsecond=0)) if name == "kopf" else "",
        store.rumours.stamp(),
        here.today(),
        words.language(),
        here.person().id,
        "alles" in request.args,
        official.signs() if name == "wissen" else "",
    )
    tag = hashlib.sha256(repr(signs).encode()).hexdigest()[:20]
    if request.if_none_match.contains(tag):
        response = make_response("", 304)
    else:
        rumour = store.rumours.find(incident.rumour_id)
        people = {person.id: person for person in store.people.all()}
        context = case(incident, rumour, people, suggesting=name in ("wissen", "antwort"))
        response = make_response(
            render_template(f"incidents/part_{TEMPLATES[name]}.html", **context)
        )
    response.set_etag(tag)
    return response


def case(
    incident: Incident,
    rumour: Rumour | None,
    people: Mapping[int, Person],
    *,
    suggesting: bool = True,
) -> dict[str, object]:
    """What the page says of an incident beside its posts; ``suggesting``: which playbooks would fit, too."""
    store, now = here.store(), here.now()
    suggestions = []
    able = here.may(Role.DUTY, Role.AUTHOR, Role.DRAFTER, Role.APPROVER)
    if suggesting and rumour is not None and able:
        suggestions = suggest(
            incident,
            rumour,
            shelf.approved(drill=incident.drill),
            langs=store.incidents.langs(incident.id),
            clues=clues(store, incident.id, now),
        )[:MOST_SUGGESTIONS]
    return {
        "incident": incident,
        "rumour": rumour,
        "people": people,
        "assignees": [p for p in people.values() if _may_take(p, incident)],
        "spread": store.incidents.spread(incident.id, now),
        "next_step": board.next_step(incident),
        "next_due": board.next_due(incident),
        "promised": updates.due_of(incident),
        "official": official.official() if incident.state in OPEN_STATES else None,
        "suggestions": suggestions,
        "responses": store.responses.of_incident(incident.id),
        "rivals": second_answer.of_incident(incident, people),
        "times": _times(incident),
        "story": story.of_incident(incident, people, whole="alles" in request.args),
        "allowed": {move.value: allowed(incident, move) for move in Move},
        "severities": list(Severity),
        **incident_work.context(incident, people, [one.playbook for one in suggestions]),
    }


def _may_take(person: Person, incident: Incident) -> bool:
    handles = not person.roles.isdisjoint({Role.DUTY, Role.APPROVER})
    return person.active and handles and (incident.drill or not person.drill)


def _times(incident: Incident) -> Times:
    store = here.store()
    first = store.incidents.first_post_at(incident.id)
    sent = [a.sent_at for a in store.alerts.of_incident(incident.id) if a.state is AlertState.SENT]
    reached = [
        (_("Erster Beitrag"), first),
        (_("Vorfall erkannt"), incident.opened),
        (_("Alarm verschickt"), min((s for s in sent if s is not None), default=None)),
        (_("Übernommen"), incident.acknowledged_at),
        (_("Richtiggestellt"), incident.corrected_at),
    ]
    begin = first or incident.opened
    return Times([(name, at, None if at is None else at - begin) for name, at in reached])
