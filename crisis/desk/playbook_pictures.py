"""The pictures of playbooks on the desk: shown while somebody writes or approves, added while writing.

What may be a picture is said by ``playbooks.picture_file``; adding one saves no playbook.
"""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from crisis.desk import here
from crisis.desk.words import _
from crisis.errors import InvalidInputError, NotFoundError
from crisis.playbooks.folder import Folder
from crisis.playbooks.insert import with_picture
from crisis.playbooks.picture_file import ENDINGS
from crisis.types import Picture

blueprint = Blueprint("playbook_pictures", __name__, url_prefix="/playbooks")


@blueprint.get("/bild/<path:file>")
def show(file: str) -> Response:
    """The picture as it lies beside the playbooks now."""
    pictures = Folder(here.settings().playbook_folder).pictures
    return alone(pictures.content(file), pictures.look(file).media_type)


@blueprint.get("/freigegebenes-bild/<sha256>")
def kept(sha256: str) -> Response:
    """The picture as it was approved, whatever the file is by now."""
    found = here.store().pictures.find(sha256)
    if found is None:
        raise NotFoundError("Dieses Bild gibt es nicht.", "There is no such picture.")
    return alone(found.content, found.media_type)


def alone(content: bytes, media_type: str) -> Response:
    """A picture, and nothing that a browser could take for something else."""
    answer = Response(content)
    answer.content_type = media_type if media_type in ENDINGS else "application/octet-stream"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def added(text: str) -> tuple[str, str]:
    """The text with the picture that was sent along, and how it is called. Raises InvalidInputError."""
    given = request.files.get("bild")
    if given is None or not given.filename:
        raise InvalidInputError(
            "Bitte wählen Sie erst eine Bilddatei aus.", "Please choose a picture file first."
        )
    alt = request.form.get("bild-alt", "")
    with_picture(text, "bilder/probe.png", alt)  # before anything is kept
    folder = Folder(here.settings().playbook_folder)
    file = folder.pictures.add(given.filename, given.read())
    return with_picture(text, file, alt, request.form.get("bild-quelle", "")), file


def address(picture: Picture) -> str:
    """Where the desk shows a picture of a text that is being written."""
    return url_for("playbook_pictures.show", file=picture.file, v=picture.sha256[:12])


def where() -> str:
    """Which channels a picture goes along to, in words."""
    return _(
        "Auf der öffentlichen Seite, auf Mastodon und Bluesky und in Mails an die Presse gehen sie von selbst"
        " mit; auf Kanälen von Hand stehen sie zum Herunterladen bereit."
    )
