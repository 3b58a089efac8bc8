"""Share pictures of corrections, for link previews and where only pictures travel. Views only."""

from __future__ import annotations

from flask import Response, make_response

from crisis import wiring
from crisis.channels.card import Card, Shape
from crisis.desk import here, words
from crisis.errors import NotFoundError
from crisis.public import corrections as found
from crisis.public.corrections import Correction, blueprint
from crisis.public.kept import kept, public

FORMS = {"png": "image/png", "svg": "image/svg+xml"}


@blueprint.get("/<slug>/bild-<shape>.<form>")
@kept
def picture(slug: str, shape: str, form: str) -> Response:
    """One picture; ``shape`` "wide", "square" or "tall", ``form`` "png" or "svg"."""
    shapes = {one.name.lower(): one for one in Shape}
    if shape not in shapes or form not in FORMS:
        raise NotFoundError("Dieses Bild gibt es nicht.", "There is no such picture.")
    correction = found.shown(slug)
    drawn = wiring.share_picture(card(correction), shapes[shape], form, here.settings())
    response = make_response(drawn)
    response.content_type = FORMS[form]
    if form == "svg":  # opened by itself it may do nothing but show itself
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox"
        )
    # Other websites and apps show it: that is what it is for.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return public(response, correction.updated)


def card(correction: Correction) -> Card:
    """What stands on the picture of this correction."""
    settings, lang = here.settings(), correction.page.lang
    with words.spoken(lang if lang in words.LANGUAGES else settings.authority.language):
        date = found.in_words(correction.updated)
    return wiring.card(correction.answer, settings, here.store(), date=date)
