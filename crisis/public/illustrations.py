"""The pictures that go with a correction, as they were approved. Views only; share pictures: ``pictures``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, url_for

from crisis.channels.plan import picture_name
from crisis.desk import here
from crisis.errors import NotFoundError
from crisis.public import corrections as found
from crisis.public.corrections import Correction, blueprint
from crisis.public.kept import kept, public


@dataclass(frozen=True, slots=True)
class Illustration:
    """One picture on a page."""

    address: str  # path on this server
    alt: str
    source: str
    width: int  # pixels
    height: int


def illustrations(correction: Correction) -> Sequence[Illustration]:
    """What a page shows; nothing of what was withdrawn."""
    if correction.withdrawn:
        return ()
    made = []
    for picture in correction.answer.pictures:
        image = here.store().pictures.find(picture.sha256)
        if image is not None:
            address = url_for(
                "public.illustration", slug=correction.slug, name=picture_name(picture)
            )
            made.append(
                Illustration(address, picture.alt, picture.source, image.width, image.height)
            )
    return made


@blueprint.get("/<slug>/abbildung/<name>")
@kept
def illustration(slug: str, name: str) -> Response:
    """One picture of what stands at this address now."""
    correction = found.shown(slug)
    shown = () if correction.withdrawn else correction.answer.pictures
    picture = next((one for one in shown if picture_name(one) == name), None)
    image = here.store().pictures.find(picture.sha256) if picture is not None else None
    if image is None:
        raise NotFoundError("Dieses Bild gibt es hier nicht.", "There is no such picture here.")
    response = make_response(image.content)
    response.content_type = image.media_type
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Other websites and apps show it: that is what it is for.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return public(response, correction.updated)
