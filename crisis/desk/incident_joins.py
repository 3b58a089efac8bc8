"""Incidents become one and part again, and posts go to another rumour.

Asks before; ``workflows.merge`` does it.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.desk.incident_posts import marked
from crisis.desk.incident_work import Neighbour
from crisis.desk.words import _, ngettext
from crisis.errors import InvalidInputError
from crisis.workflows import merge as merging

blueprint = Blueprint("joins", __name__, url_prefix="/vorfaelle/<int:incident_id>")

MOST_SHOWN = 100  # posts to choose from
MOST_RUMOURS = 20


@blueprint.get("/zusammenfuehren")
def ask(incident_id: int) -> ResponseReturnValue:
    """In which other open incident does this one go on? Those that have to do with it stand first."""
    store = here.store()
    incident = store.incidents.get(incident_id)
    near = [
        one.incident_id
        for one in store.related.to(incident_id, incident.rumour_id, drill=incident.drill)
    ]
    others = [
        one for one in store.incidents.all_open(drill=incident.drill) if one.id != incident_id
    ]
    others.sort(key=lambda one: (near.index(one.id) if one.id in near else len(near), -one.id))
    return render_template(
        "incidents/merge.html",
        incident=incident,
        rumour=store.rumours.find(incident.rumour_id),
        others=[
            Neighbour(one, store.rumours.find(one.rumour_id), "near" if one.id in near else "")
            for one in others[:50]
        ],
    )


@blueprint.post("/zusammenfuehren")
def merge(incident_id: int) -> ResponseReturnValue:
    """This incident goes on in the other."""
    into = request.form.get("in", 0, type=int)
    if not into:
        raise InvalidInputError(
            "Bitte wählen Sie den Vorfall, in dem es weitergeht. Geändert wurde nichts.",
            "Please choose the incident in which it goes on. Nothing was changed.",
        )
    merging.merge(here.house(), incident_id, into, here.person(), here.now())
    flash(_("Zusammengeführt. Das lässt sich auf dieser Seite wieder aufheben."), "success")
    return redirect(url_for("incidents.show", incident_id=into))


@blueprint.post("/trennen")
def part(incident_id: int) -> ResponseReturnValue:
    """Undo a merge."""
    merging.part(here.house(), incident_id, here.person(), here.now())
    flash(_("Wieder getrennt. Der Vorfall ist so offen wie zuvor."), "success")
    return redirect(url_for("incidents.show", incident_id=incident_id))


@blueprint.get("/abspalten")
def ask_split(incident_id: int) -> ResponseReturnValue:
    """Which posts carry another rumour, and which?"""
    store = here.store()
    incident = store.incidents.get(incident_id)
    asked = request.args.get("suche", "").strip()[:200]
    return render_template(
        "incidents/split.html",
        incident=incident,
        rumour=store.rumours.find(incident.rumour_id),
        sightings=store.sightings.of_incident(incident_id, limit=MOST_SHOWN),
        total=store.sightings.count_of_incident(incident_id),
        sources={source.id: source for source in store.sources.all()},
        asked=asked,
        rumours=[
            one
            for one in store.rumours.search(asked, limit=MOST_RUMOURS + 1)
            if one.id != incident.rumour_id
        ][:MOST_RUMOURS],
        marked=marked,
    )


@blueprint.post("/abspalten")
def split(incident_id: int) -> ResponseReturnValue:
    """The chosen posts go to the other rumour."""
    chosen = request.form.getlist("auswahl", type=int)
    rumour_id = request.form.get("geruecht", "")
    if not rumour_id:
        raise InvalidInputError(
            "Bitte wählen Sie das andere Gerücht. Geändert wurde nichts.",
            "Please choose the other rumour. Nothing was changed.",
        )
    target = merging.split(here.house(), incident_id, chosen, rumour_id, here.person(), here.now())
    flash(
        ngettext(
            "Ein Beitrag gehört jetzt zu diesem Vorfall.",
            "%(num)s Beiträge gehören jetzt zu diesem Vorfall.",
            len(set(chosen)),
        ),
        "success",
    )
    return redirect(url_for("incidents.show", incident_id=target.id))
