"""Files on an incident: put there, fetched, deleted after a question. Never shown inside a page of ours."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import dump_options_header

from crisis.desk import here
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.workflows import attend

blueprint = Blueprint("files", __name__, url_prefix="/vorfaelle/<int:incident_id>/dateien")


@blueprint.post("/")
def attach(incident_id: int) -> ResponseReturnValue:
    """Put one or several files on the incident: all or none."""
    given = [file for file in request.files.getlist("datei") if file.filename]
    if not given:
        raise InvalidInputError("Bitte wählen Sie eine Datei aus.", "Please choose a file.")
    store = here.store()
    with store.transaction():
        for file in given:
            name = file.filename or ""
            attend.attach(store, incident_id, name, file.read(), here.person(), here.now())
    flash(_("Datei abgelegt."), "success")
    return redirect(url_for("incidents.show", incident_id=incident_id, _anchor="dateien"))


@blueprint.get("/<int:attachment_id>")
def show(incident_id: int, attachment_id: int) -> ResponseReturnValue:
    """The file, to be saved: browsers must neither open nor guess what it is."""
    about = here.store().attachments.get(incident_id, attachment_id)
    answer = Response(here.store().attachments.content(attachment_id))
    answer.content_type = about.media_type
    ascii_name = about.name.encode("ascii", "replace").decode().replace("?", "_")
    answer.headers["Content-Disposition"] = dump_options_header(
        "attachment", {"filename": ascii_name, "filename*": f"UTF-8''{_quoted(about.name)}"}
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")


@blueprint.get("/<int:attachment_id>/loeschen")
def ask_detach(incident_id: int, attachment_id: int) -> ResponseReturnValue:
    """The question before the file is gone."""
    return render_template(
        "incidents/detach.html",
        incident=here.store().incidents.get(incident_id),
        file=here.store().attachments.get(incident_id, attachment_id),
    )


@blueprint.post("/<int:attachment_id>/loeschen")
def detach(incident_id: int, attachment_id: int) -> ResponseReturnValue:
    """Gone for good."""
    attend.detach(here.store(), incident_id, attachment_id, here.person(), here.now())
    flash(_("Datei gelöscht."), "success")
    return redirect(url_for("incidents.show", incident_id=incident_id, _anchor="dateien"))
