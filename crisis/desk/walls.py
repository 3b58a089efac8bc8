"""Screens that nobody signs in to: their links, and the picture behind a link. Calls one workflow each.

The picture is that of ``wall``, read-only; without the names of people unless the link was made for that.
"""

from __future__ import annotations

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from crisis.desk import here, live, wall, words
from crisis.desk.security import secret
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.types import Wall
from crisis.workflows import hang

blueprint = Blueprint("walls", __name__)


@blueprint.get("/lage/wand/links")
def index() -> ResponseReturnValue:
    """All links, and the form for a new one."""
    return _page({})


@blueprint.post("/lage/wand/links")
def make() -> ResponseReturnValue:
    """A new link. It is shown in this answer and never again."""
    form = request.form
    try:
        made, token = hang.make(
            here.store(),
            form.get("name", ""),
            form.get("tage", 0, type=int),
            here.person(),
            here.now(),
            names="namen" in form,
        )
    except InvalidInputError as error:
        return _page({"name": error.say(words.language())}), 422
    link = here.settings().base_url + url_for("walls.show", token=token)
    answer = make_response(_page({}, made=made, link=link))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/lage/wand/links/<int:wall_id>/weg")
def revoke(wall_id: int) -> ResponseReturnValue:
    """It opens nothing any more."""
    gone = hang.take_down(here.store(), wall_id, here.person(), here.now())
    flash(_("Der Link für „%(name)s“ gilt nicht mehr.", name=gone.name), "success")
    return redirect(url_for("walls.index"))


@blueprint.get("/w/<token>")
def show(token: str) -> ResponseReturnValue:
    """The picture, for whoever has the link."""
    found = hang.look(here.store(), token, here.now())
    with words.spoken(here.settings().authority.language):
        if found is None:
            return secret(make_response(render_template("board/wall_gone.html"), 404))
        return secret(
            make_response(
                render_template(
                    "board/wall_link.html",
                    zone=here.zone().key,
                    token=token,
                    **_content(found),
                )
            )
        )


@blueprint.get("/w/<token>/stand")
def refresh(token: str) -> ResponseReturnValue:
    """Its changing part alone, with an ETag; 404 once the link holds no longer."""
    found = hang.look(here.store(), token, here.now())
    if found is None:
        return secret(make_response("", 404))
    with words.spoken(here.settings().authority.language):
        return secret(make_response(live.part("board/wall_live.html", **_content(found))))


def _content(found: Wall) -> dict[str, object]:
    return {**wall.content(), "names": found.names}


def _page(problems: dict[str, str], *, made: Wall | None = None, link: str = "") -> str:
    store = here.store()
    return render_template(
        "board/walls.html",
        walls=store.walls.all(),
        people={person.id: person for person in store.people.all()},
        choices=[(str(days), _("%(count)s Tage", count=days)) for days in hang.DAYS],
        problems=problems,
        made=made,
        link=link,
        typed=request.form if problems else {},
    )
