"""Keeping a view of a list under a name, and dropping it. Shows nothing: lists show their own views."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.workflows import keep_view

blueprint = Blueprint("views", __name__, url_prefix="/ansichten")

LISTS = (
    "incidents.ended",
    "audit.index",
    "outbox.index",
    "answers.index",
    "sources.index",
    "people.index",
    "playbooks.index",
    "upkeep.index",
    "rumours.index",
)


@blueprint.post("/")
def keep() -> ResponseReturnValue:
    """Keep what is shown under a name."""
    of, query = _list(), _query()
    name = request.form.get("name", "")
    kept = keep_view.keep(here.store(), name, of, query, here.person(), here.now())
    flash(_("Ansicht „%(name)s“ gemerkt.", name=kept.name), "success")
    return redirect(_address(of, query))


@blueprint.post("/<int:view_id>/loeschen")
def drop(view_id: int) -> ResponseReturnValue:
    """Forget a view."""
    keep_view.drop(here.store(), view_id, here.person())
    flash(_("Ansicht gelöscht."), "success")
    return redirect(_address(_list(), _query()))


def _list() -> str:
    of = request.form.get("liste", "")
    if of not in LISTS:
        raise InvalidInputError("Diese Liste gibt es nicht.", "There is no such list.")
    return of


def _query() -> str:
    """What was sent, written anew: it becomes part of an address of ours."""
    return urlencode(parse_qsl(request.form.get("ansicht", "")[:5000]))


def _address(of: str, query: str) -> str:
    return f"{url_for(of)}?{query}" if query else url_for(of)
