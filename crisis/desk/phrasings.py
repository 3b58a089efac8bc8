"""A confirmed post becomes a further phrasing of its rumour: offered where people say that it fits.

What goes from the words of a post is decided in ``rumours.phrasing``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import ConflictError, InvalidInputError
from crisis.rumours import phrasing
from crisis.types import Rumour, Sighting, Verdict
from crisis.workflows import catalogue

blueprint = Blueprint("phrasings", __name__, url_prefix="/formulierungen")


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be kept of a post, and names in it that somebody should look at."""

    sighting_id: int
    text: str
    names: tuple[str, ...]


def offer(sighting: Sighting, rumour: Rumour | None) -> Offer | None:
    """The phrasing a post that fits offers; None where it brings nothing new, or belongs to an exercise."""
    if rumour is None or sighting.verdict is not Verdict.FITS or sighting.post.drill:
        return None
    text = phrasing.cleaned(sighting.post.text)
    if phrasing.too_short(text) or phrasing.known_as(text, rumour):
        return None
    return Offer(sighting.id, text, tuple(phrasing.names(text)))


def offers(sightings: Iterable[Sighting], rumour: Rumour | None) -> dict[int, Offer]:
    """The offers of several posts by sighting; the same words are offered once."""
    found: dict[str, Offer] = {}
    for sighting in sightings:
        one = offer(sighting, rumour)
        if one is not None:
            found.setdefault(one.text.casefold(), one)
    return {one.sighting_id: one for one in found.values()}


@blueprint.post("/<int:sighting_id>")
def remember(sighting_id: int) -> ResponseReturnValue:
    """Keep the words, as they were cleaned or changed by hand."""
    store = here.store()
    sighting = store.sightings.get(sighting_id)
    if sighting.verdict is not Verdict.FITS or sighting.post.drill:
        raise InvalidInputError(
            "Nur ein echter Beitrag, der passt, wird zur Formulierung.",
            "Only a real post that fits becomes a phrasing.",
        )
    text = request.form.get("formulierung", "")
    try:
        catalogue.add_phrasing(store, sighting.match.rumour_id, text, here.person(), here.now())
    except ConflictError as error:
        flash(error.say(words.language()), "info")
    except InvalidInputError as error:
        return _again(sighting, text, error.say(words.language()))
    else:
        flash(_("Gemerkt: Beiträge, die das so sagen, erkennt Klarstellung ab jetzt."), "success")
    return redirect(_back(sighting))


def _again(sighting: Sighting, text: str, problem: str) -> ResponseReturnValue:
    page = render_template(
        "phrasings/edit.html",
        sighting=sighting,
        rumour=here.store().rumours.get(sighting.match.rumour_id),
        text=text,
        problem=problem,
        back=_back(sighting),
    )
    return page, 422


def _back(sighting: Sighting) -> str:
    if request.form.get("von") == "vorschlaege" or sighting.incident_id is None:
        return url_for("suggestions.show")
    return url_for("incidents.show", incident_id=sighting.incident_id, _anchor=f"b{sighting.id}")
