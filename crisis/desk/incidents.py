"""One incident: what goes round, what people said of it, the answers, and what happened so far.

Every button calls one workflow of ``workflows.handle``. Which moves are legal is decided there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import (
    here,
    incident_list,
    incident_parts,
    incident_posts,
    incident_spread,
)
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.types import (
    Ending,
    Incident,
    Severity,
)
from crisis.workflows import handle

blueprint = Blueprint("incidents", __name__, url_prefix="/vorfaelle")


@blueprint.get("/")
def ended() -> ResponseReturnValue:
    """All incidents, those that ended too."""
    return incident_list.page()


@blueprint.get("/<int:incident_id>")
def show(incident_id: int) -> ResponseReturnValue:
    """The page of one incident."""
    store = here.store()
    incident = store.incidents.get(incident_id)
    rumour = store.rumours.find(incident.rumour_id)
    people = {person.id: person for person in store.people.all()}
    return render_template(
        "incidents/show.html",
        **incident_posts.shown(incident, rumour)
        | incident_parts.case(incident, rumour, people)
        | {"wave": incident_spread.of_incident(incident)},
    )


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
