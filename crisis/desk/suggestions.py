"""Posts that may carry a known rumour: a person says whether they do. Made for the keyboard."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, phrasings
from crisis.desk.incident_posts import marked, why
from crisis.desk.words import _
from crisis.errors import InvalidInputError, NotFoundError
from crisis.types import Verdict
from crisis.workflows import handle

blueprint = Blueprint("suggestions", __name__, url_prefix="/vorschlaege")

AT_ONCE = 20


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The surest first; the first button has the focus."""
    store = here.store()
    sightings = store.sightings.suggestions(limit=AT_ONCE)
    rumours = {s.match.rumour_id: store.rumours.find(s.match.rumour_id) for s in sightings}
    return render_template(
        "suggestions/show.html",
        sightings=sightings,
        rumours=rumours,
        total=store.sightings.count_suggestions(),
        sources={source.id: source for source in store.sources.all()},
        marked=marked,
        why=why,
        taken=_taken(),
    )


def _taken() -> phrasings.Offer | None:
    """The phrasing offered by the post that was taken up just now."""
    number = request.args.get("passt", 0, type=int)
    if not number:
        return None
    try:
        sighting = here.store().sightings.get(number)
    except NotFoundError:
        return None
    return phrasings.offer(sighting, here.store().rumours.find(sighting.match.rumour_id))


@blueprint.post("/<int:sighting_id>")
def judge(sighting_id: int) -> ResponseReturnValue:
    """It fits: it joins or opens an incident. It does not: it is gone from here."""
    said, me, now = request.form.get("urteil", ""), here.person(), here.now()
    if said == Verdict.FITS.value:
        incident = handle.take_up(here.house(), sighting_id, me, now)
        flash(_("Der Beitrag gehört jetzt zu Vorfall %(id)s.", id=incident.id), "success")
        return redirect(url_for("suggestions.show", passt=sighting_id))
    if said in (Verdict.DOES_NOT_FIT.value, Verdict.CORRECTS.value):
        handle.judge(here.store(), sighting_id, Verdict(said), me, now)
        flash(_("Gemerkt. Der Beitrag wird nicht weiter vorgeschlagen."), "success")
    else:
        raise InvalidInputError("Dieses Urteil gibt es nicht.", "There is no such verdict.")
    return redirect(url_for("suggestions.show"))
