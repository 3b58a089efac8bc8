"""Tokens of other programs: make one, see who uses which, take it back. Calls one workflow each.

A secret is shown in the answer that made it and never again.
"""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import scope as checklist
from crisis.desk import here, words
from crisis.desk import scope as scope_page
from crisis.desk.words import _
from crisis.errors import InvalidInputError, ScopeError
from crisis.types import Scope, SourceKind, Token
from crisis.workflows import push

blueprint = Blueprint("tokens", __name__, url_prefix="/quellen/zugaenge")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """All tokens, and the form for a new one."""
    return _page({})


@blueprint.post("/")
def make() -> ResponseReturnValue:
    """A new token. Its secret is shown in this answer and never again."""
    form = request.form
    try:
        scope = Scope(form.get("scope", ""))
    except ValueError:
        return _page({"scope": _("Bitte wählen Sie, wofür der Zugang ist.")}), 422
    try:
        made, secret = push.make(
            here.store(),
            form.get("name", ""),
            scope,
            form.get("tage", 0, type=int),
            here.person(),
            here.now(),
            lang=form.get("lang", "").strip()[:8],
            confirmed=scope_page.confirmed(),
        )
    except ScopeError as error:
        said = scope_page.problem(error, checklist.of_source(SourceKind.PUSH))
        return _page({"pruefung": said}), 422
    except InvalidInputError as error:
        return _page({"name": error.say(words.language())}), 422
    answer = make_response(_page({}, made=made, secret=secret))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<int:token_id>/weg")
def revoke(token_id: int) -> ResponseReturnValue:
    """It opens nothing any more."""
    gone = push.revoke(here.store(), token_id, here.person(), here.now())
    flash(_("Der Zugang „%(name)s“ gilt nicht mehr.", name=gone.name), "success")
    return redirect(url_for("tokens.index"))


def _page(problems: dict[str, str], *, made: Token | None = None, secret: str = "") -> str:
    store = here.store()
    return render_template(
        "sources/tokens.html",
        tokens=store.tokens.all(),
        people={person.id: person for person in store.people.all()},
        choices=[(str(days), _("%(count)s Tage", count=days)) for days in push.DAYS],
        scopes=[(scope.value, words.word(scope)) for scope in Scope],
        statements=checklist.of_source(SourceKind.PUSH),
        confirmed=scope_page.confirmed() if problems else (),
        problems=problems,
        made=made,
        secret=secret,
        address=here.settings().base_url,
        typed=request.form if problems else {},
    )
