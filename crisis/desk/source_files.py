"""Lists of feeds, in and out (OPML): what a file holds is shown first, and kept only after that.

What such a file may be is said by ``crisis.sources.opml``; keeping is ``workflows.subscribe``.
"""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.sources import opml
from crisis.workflows import subscribe

blueprint = Blueprint("source_files", __name__, url_prefix="/quellen")


@blueprint.get("/quellen.opml")
def export() -> ResponseReturnValue:
    """All feeds as a file for other feed readers."""
    title = f"Klarstellung, {here.settings().authority.name}"
    response = make_response(opml.write(here.store().sources.all(), title))
    response.headers["Content-Type"] = "text/x-opml; charset=utf-8"
    name = f"quellen-{here.today().isoformat()}.opml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/einlesen")
def ask() -> ResponseReturnValue:
    """The form that takes a file."""
    return _form("")


@blueprint.post("/einlesen")
def look() -> ResponseReturnValue:
    """What the file holds, to choose from. Keeps nothing."""
    upload = request.files.get("datei")
    if upload is None or not upload.filename:
        return _form(_("Bitte wählen Sie eine Datei aus.")), 422
    with upload.stream:
        body = upload.stream.read(opml.LARGEST + 1)
    try:
        found = opml.read(body)
    except InvalidInputError as error:
        return _form(error.say(words.language())), 422
    known = {source.url for source in here.store().sources.all()}
    return render_template(
        "sources/choose.html",
        fresh=[one for one in found if one.url not in known],
        known=[one for one in found if one.url in known],
        interval=here.settings().monitor.interval_seconds,
    )


@blueprint.post("/einlesen/uebernehmen")
def take() -> ResponseReturnValue:
    """Keep what was chosen: all of it, or nothing."""
    chosen = [
        opml.Listed(
            url,
            request.form.get(f"name-{number}", "")[: opml.LONGEST_NAME] or url,
            request.form.get(f"lang-{number}", "")[:8],
        )
        for number in request.form.getlist("nimm", type=int)[: opml.MOST]
        if (url := request.form.get(f"url-{number}", ""))
    ]
    interval = here.settings().monitor.interval_seconds
    count = subscribe.add_all(here.store(), chosen, interval, here.person(), here.now())
    flash(
        words.ngettext(
            "Eine Quelle wird ab jetzt beobachtet.",
            "%(num)s Quellen werden ab jetzt beobachtet.",
            count,
        ),
        "success",
    )
    return redirect(url_for("sources.index"))


def _form(problem: str) -> str:
    return render_template("sources/import.html", problem=problem)
