"""Lists of feeds, in and out (OPML): what a file holds is shown first, and kept only after that.

What such a file may be is said by ``crisis.sources.opml``; keeping is ``workflows.subscribe``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import scope as checklist
from crisis.desk import here, scope, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError, ScopeError
from crisis.sources import opml
from crisis.types import SourceKind
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
    return _choose(found, {one.url for one in found}, "")


def _choose(found: Sequence[opml.Listed], chosen: Collection[str], problem: str) -> str:
    known = {source.url for source in here.store().sources.all()}
    return render_template(
        "sources/choose.html",
        fresh=[one for one in found if one.url not in known],
        known=[one for one in found if one.url in known],
        chosen=chosen,
        statements=checklist.of_source(SourceKind.FEED),
        confirmed=scope.confirmed(),
        problem=problem,
        interval=here.settings().monitor.interval_seconds,
    )


@blueprint.post("/einlesen/uebernehmen")
def take() -> ResponseReturnValue:
    """Keep what was chosen: all of it, or nothing."""
    ticked = set(request.form.getlist("nimm", type=int))
    rows = {number: one for number in range(1, opml.MOST + 1) if (one := _row(number))}
    chosen = [one for number, one in rows.items() if number in ticked]
    interval = here.settings().monitor.interval_seconds
    try:
        count = subscribe.add_all(
            here.store(),
            chosen,
            interval,
            here.person(),
            here.now(),
            confirmed=scope.confirmed(),
        )
    except ScopeError as error:
        said = scope.problem(error, checklist.of_source(SourceKind.FEED))
        return _choose(list(rows.values()), {one.url for one in chosen}, said), 422
    flash(
        words.ngettext(
            "Eine Quelle wird ab jetzt beobachtet.",
            "%(num)s Quellen werden ab jetzt beobachtet.",
            count,
        ),
        "success",
    )
    return redirect(url_for("sources.index"))


def _row(number: int) -> opml.Listed | None:
    """A line of the list as the form carries it."""
    url = request.form.get(f"url-{number}", "")
    name = request.form.get(f"name-{number}", "")[: opml.LONGEST_NAME] or url
    return opml.Listed(url, name, request.form.get(f"lang-{number}", "")[:8]) if url else None


def _form(problem: str) -> str:
    return render_template("sources/import.html", problem=problem)
