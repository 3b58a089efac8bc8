"""Gateways that pass alerts on: see them, add one from a recipe, change, remove. Shows no secret."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.alerts import gateway_text
from crisis.alerts.recipes import RECIPES
from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.types import Gateway
from crisis.workflows import ways

blueprint = Blueprint("gateways", __name__, url_prefix="/einstellungen/gateways")


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """Those there are, and recipes for new ones."""
    store = here.store()
    used: dict[int, int] = {}
    for way in store.ways.all():
        if way.gateway_id is not None:
            used[way.gateway_id] = used.get(way.gateway_id, 0) + 1
    german = words.language() == "de"
    return render_template(
        "ways/gateways.html",
        gateways=store.ways.gateways(),
        used=used,
        recipes=[(code, de if german else en) for code, (de, en, _one) in RECIPES.items()],
    )


@blueprint.get("/neu")
def new() -> ResponseReturnValue:
    """A new one, perhaps from a recipe."""
    found = RECIPES.get(request.args.get("vorlage", ""))
    return _page(found[2] if found else Gateway(name="", url="https://"), "")


@blueprint.get("/<int:gateway_id>")
def edit(gateway_id: int) -> ResponseReturnValue:
    """One of them, to be changed."""
    return _page(here.store().ways.gateway(gateway_id), "")


@blueprint.post("/")
def save() -> ResponseReturnValue:
    """Add or change one."""
    form = request.form
    typed = Gateway(
        id=form.get("id", 0, type=int),
        name=" ".join(form.get("name", "").split()),
        url=form.get("adresse", "").strip(),
        method=form.get("art", "POST"),
        headers=tuple(line.strip() for line in form.get("kopf", "").splitlines() if line.strip()),
        content_type=form.get("form", "application/json"),
        body=form.get("vorlage", "").replace("\r\n", "\n").strip(),
        active=form.get("aktiv") == "1",
    )
    secret = form.get("geheimnis", "").strip()
    kept: str | None = secret or (None if typed.id and form.get("ohne") != "1" else "")
    try:
        ways.keep_gateway(here.house(), typed, kept, here.person(), here.now())
    except InvalidInputError as error:
        return _page(typed, error.say(words.language())), 422
    flash(_("Gespeichert. Wer darüber erreicht wird, steht unter „Andere Wege“."), "success")
    return redirect(url_for("gateways.show"))


@blueprint.post("/<int:gateway_id>/entfernen")
def remove(gateway_id: int) -> ResponseReturnValue:
    """Take it out, with everybody's ways over it."""
    ways.remove_gateway(here.store(), gateway_id, here.person(), here.now())
    flash(_("Entfernt. Alarme gehen weiter per Mail."), "success")
    return redirect(url_for("gateways.show"))


def _page(gateway: Gateway, problem: str) -> str:
    known = {one.id: one for one in here.store().ways.gateways()}
    before = known.get(gateway.id)
    return render_template(
        "ways/gateway.html",
        gateway=gateway,
        problem=problem,
        has_secret=bool(before and before.secret),
        methods=[(one, one) for one in gateway_text.METHODS],
        kinds=[
            ("application/json", "JSON"),
            ("application/x-www-form-urlencoded", _("Formular")),
            ("text/plain", _("Text")),
        ],
        fields=gateway_text.FIELDS,
    )
