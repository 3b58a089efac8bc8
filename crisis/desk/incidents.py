"""One incident: what goes round, what people said of it, the answers, and what happened so far.

Every button calls one workflow of ``workflows.handle``. Which moves are legal is decided there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import (
    board,
    here,
    incident_list,
    incident_posts,
    incident_spread,
    incident_work,
    second_answer,
    shelf,
    story,
    updates,
)
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.incidents.lifecycle import Move, allowed
from crisis.responses.suggest import suggest
from crisis.types import (
    AlertState,
    Ending,
    Incident,
    Person,
    Role,
    Severity,
)
from crisis.workflows import handle
from crisis.workflows.fit import clues

blueprint = Blueprint("incidents", __name__, url_prefix="/vorfaelle")

MOST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Times:
    """When the steps of an answer were reached, in order; None where not yet."""

    steps: Sequence[tuple[str, datetime | None, timedelta | None]]  # name, when, since the first


@blueprint.get("/")
def ended() -> ResponseReturnValue:
    """All incidents, those that ended too."""
    return incident_list.page()


@blueprint.get("/<int:incident_id>")
def show(incident_id: int) -> ResponseReturnValue:
    """The page of one incident."""
    store, now = here.store(), here.now()
    incident = store.incidents.get(incident_id)
    rumour = store.rumours.find(incident.rumour_id)
    people = {person.id: person for person in store.people.all()}
    suggestions = []
    if rumour is not None and here.may(Role.DUTY, Role.AUTHOR, Role.DRAFTER, Role.APPROVER):
        playbooks = shelf.approved(drill=incident.drill)
        langs = store.incidents.langs(incident_id)
        suggestions = suggest(
            incident, rumour, playbooks, langs=langs, clues=clues(store, incident_id, now)
        )[:MOST_SUGGESTIONS]
    return render_template(
        "incidents/show.html",
        **incident_posts.shown(incident, rumour),
        wave=incident_spread.of_incident(incident),
        rumour=rumour,
        people=people,
        assignees=[p for p in people.values() if _may_take(p, incident)],
        spread=store.incidents.spread(incident_id, now),
        next_step=board.next_step(incident),
        next_due=board.next_due(incident),
        promised=updates.due_of(incident),
        suggestions=suggestions,
        responses=store.responses.of_incident(incident_id),
        rivals=second_answer.of_incident(incident, people),
        times=_times(incident),
        story=story.of_incident(incident, people, whole="alles" in request.args),
        allowed={move.value: allowed(incident, move) for move in Move},
        severities=list(Severity),
        **incident_work.context(incident, people, [one.playbook for one in suggestions]),
    )


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


def _page() -> int:
    return max(1, request.args.get("seite", 1, type=int))


# --- buttons ---------------------------------------------------------------------------------


@blueprint.post("/<int:incident_id>/uebernehmen")
def acknowledge(incident_id: int) -> ResponseReturnValue:
    """The person takes the incident."""
    handle.acknowledge(here.store(), incident_id, here.person(), here.now())
    return _back(incident_id, _("Sie haben den Vorfall übernommen. Nun eine Antwort auswählen."))


@blueprint.post("/<int:incident_id>/zuteilen")
def assign(incident_id: int) -> ResponseReturnValue:
    """Give it to somebody, or to nobody."""
    to = request.form.get("person", type=int)
    handle.assign(here.store(), incident_id, to or None, here.person(), here.now())
    return _back(incident_id, _("Zuteilung geändert."))


@blueprint.post("/<int:incident_id>/notiz")
def note(incident_id: int) -> ResponseReturnValue:
    """Write something down."""
    text = request.form.get("text", "")
    named = request.form.getlist("an", type=int)
    handle.note(here.store(), incident_id, text, here.person(), here.now(), mention=named)
    return _back(incident_id, _("Notiz gespeichert."), "verlauf")


@blueprint.post("/<int:incident_id>/dringlichkeit")
def rate(incident_id: int) -> ResponseReturnValue:
    """Say how much of a hurry there is."""
    level = request.form.get("dringlichkeit", 0, type=int)
    if level not in [severity.value for severity in Severity]:
        raise InvalidInputError("Diese Dringlichkeit gibt es nicht.", "There is no such severity.")
    handle.rate(here.store(), incident_id, Severity(level), here.person(), here.now())
    return _back(incident_id, _("Dringlichkeit geändert."))


@blueprint.post("/<int:incident_id>/verwerfen")
def dismiss(incident_id: int) -> ResponseReturnValue:
    """No matter for us."""
    return _ended(handle.dismiss, incident_id, _("Vorfall verworfen."))


@blueprint.post("/<int:incident_id>/abschliessen")
def close(incident_id: int) -> ResponseReturnValue:
    """The work is done."""
    said = request.form.get("ende", Ending.OTHER.value)
    if said not in {ending.value for ending in Ending}:
        raise InvalidInputError("Dieses Ende gibt es nicht.", "There is no such ending.")
    close = partial(handle.close, ending=Ending(said), lesson=request.form.get("gelernt", ""))
    return _ended(close, incident_id, _("Vorfall abgeschlossen."))


@blueprint.post("/<int:incident_id>/wieder-oeffnen")
def reopen(incident_id: int) -> ResponseReturnValue:
    """Work on it again."""
    return _ended(handle.reopen, incident_id, _("Vorfall wieder geöffnet."))


def _ended(move: Callable[..., Incident], incident_id: int, done: str) -> ResponseReturnValue:
    reason = request.form.get("grund", "")
    move(here.store(), incident_id, reason, here.person(), here.now())
    return _back(incident_id, done)


def _back(incident_id: int, done: str, anchor: str = "") -> ResponseReturnValue:
    flash(done, "success")
    return redirect(url_for("incidents.show", incident_id=incident_id, _anchor=anchor or None))
