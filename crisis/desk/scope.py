"""The checklist for what is there already: which sources and rumours nobody has gone through it for.

What must be confirmed is said by ``crisis.scope``; confirming calls one workflow of ``workflows.vouch``.
Pages that take something new show the same checklist.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import scope
from crisis.desk import here, sources, words
from crisis.desk.words import _, ngettext
from crisis.errors import ScopeError
from crisis.types import Source
from crisis.workflows import vouch

blueprint = Blueprint("scope", __name__, url_prefix="/pruefliste")

PAGE = 50  # rumours gone through at once


def confirmed() -> list[str]:
    """What was ticked in the form that was sent."""
    return request.form.getlist("pruefung")


def problem(error: ScopeError, statements: Collection[scope.Statement]) -> str:
    """What to say at the checklist: which sentence nobody confirmed."""
    missing = [one.say(words.language()) for one in statements if one.code in error.missing]
    return ngettext(
        "Nicht bestätigt: %(missing)s Trifft der Satz nicht zu, gehört es nicht hierher.",
        "Nicht bestätigt: %(missing)s Trifft ein Satz nicht zu, gehört es nicht hierher.",
        len(missing),
        missing=" ".join(missing),
    )


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What nobody has looked at yet."""
    return _page("", (), ())


@blueprint.get("/quelle/<int:source_id>")
def source(source_id: int) -> ResponseReturnValue:
    """The checklist of one source."""
    return _source(here.store().sources.get(source_id), "")


@blueprint.post("/quelle/<int:source_id>")
def vouch_for_source(source_id: int) -> ResponseReturnValue:
    """It may be followed."""
    one = here.store().sources.get(source_id)
    try:
        vouch.source(here.store(), source_id, confirmed(), here.person(), here.now())
    except ScopeError as error:
        return _source(one, problem(error, scope.of_source(one.kind))), 422
    flash(_("„%(name)s“ ist geprüft.", name=one.name), "success")
    return redirect(url_for("scope.index"))


@blueprint.post("/geruechte")
def rumours() -> ResponseReturnValue:
    """These may stand in the catalogue."""
    chosen = request.form.getlist("geruecht")
    if not chosen:
        return _page(
            _("Bitte kreuzen Sie an, welche Gerüchte Sie durchgesehen haben."), (), confirmed()
        ), 422
    try:
        count = vouch.rumours(here.store(), chosen, confirmed(), here.person(), here.now())
    except ScopeError as error:
        return _page(problem(error, scope.RUMOUR), chosen, confirmed()), 422
    flash(ngettext("Ein Gerücht ist geprüft.", "%(num)s Gerüchte sind geprüft.", count), "success")
    return redirect(url_for("scope.index"))


def _page(said: str, chosen: Collection[str], ticked: Collection[str]) -> str:
    store = here.store()
    found = [store.rumours.get(one) for one in store.vouched.open_rumours(limit=PAGE)]
    return render_template(
        "scope/index.html",
        sources=[store.sources.get(one) for one in store.vouched.open_sources()],
        rumours=found,
        rumours_count=store.vouched.waiting()[1],
        statements=scope.RUMOUR,
        where=sources.where,
        problem=said,
        chosen=chosen,
        confirmed=ticked,
    )


def _source(one: Source, said: str) -> str:
    return render_template(
        "scope/source.html",
        source=one,
        where=sources.where(one),
        statements=scope.of_source(one.kind),
        confirmed=confirmed(),
        problem=said,
    )
