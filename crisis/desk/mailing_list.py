"""The lists that answers are mailed to: press, and partners. Buttons call ``workflows.mailing_list``."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.channels.networks import MAILED, NETWORKS
from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.workflows import mailing_list

blueprint = Blueprint("mailing_list", __name__, url_prefix="/verteiler")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Everybody on it, and how they stand."""
    return _page({}, {})


def _page(typed: dict[str, str], problems: dict[str, str], code: int = 200) -> ResponseReturnValue:
    everybody = here.store().subscribers.all()
    return (
        render_template(
            "mailing_list/index.html",
            subscribers=[one for one in everybody if one.left_at is None],
            left=[one for one in everybody if one.left_at is not None],
            counted=sum(one.gets_mail for one in everybody),
            lists=[(code, words.either((NETWORKS[code].de, NETWORKS[code].en))) for code in MAILED],
            on=here.settings().channels_press.enabled,
            typed=typed,
            problems=problems,
        ),
        code,
    )


@blueprint.post("/")
def add() -> ResponseReturnValue:
    """Put an address onto it; it is asked first."""
    typed = {name: request.form.get(name, "") for name in ("name", "adresse", "liste")}
    try:
        mailing_list.add(
            here.store(),
            typed["adresse"],
            typed["name"],
            here.person(),
            here.now(),
            channel=typed["liste"] or "press",
        )
    except InvalidInputError as error:
        field = "adresse" if typed["name"].strip() else "name"
        return _page(typed, {field: error.say(words.language())}, 422)
    flash(_("Aufgenommen. Die Adresse wird per Mail gefragt, ob sie das will."), "success")
    return redirect(url_for("mailing_list.index"))


@blueprint.post("/<int:subscriber_id>/noch-einmal")
def ask_again(subscriber_id: int) -> ResponseReturnValue:
    """Send the question once more."""
    mailing_list.ask_again(here.store(), subscriber_id, here.person(), here.now())
    flash(_("Die Frage geht noch einmal hinaus."), "success")
    return redirect(url_for("mailing_list.index"))


@blueprint.post("/<int:subscriber_id>/liste")
def move(subscriber_id: int) -> ResponseReturnValue:
    """Onto the other list."""
    channel = request.form.get("liste", "")
    mailing_list.move(here.store(), subscriber_id, channel, here.person(), here.now())
    flash(_("Bekommt künftig den Text dieses Verteilers."), "success")
    return redirect(url_for("mailing_list.index"))


@blueprint.get("/<int:subscriber_id>/entfernen")
def ask_remove(subscriber_id: int) -> ResponseReturnValue:
    """Really?"""
    subscriber = here.store().subscribers.get(subscriber_id)
    return render_template("mailing_list/remove.html", subscriber=subscriber)


@blueprint.post("/<int:subscriber_id>/entfernen")
def remove(subscriber_id: int) -> ResponseReturnValue:
    """Take it off and forget it."""
    mailing_list.remove(here.store(), subscriber_id, here.person(), here.now())
    flash(_("Entfernt und vergessen."), "success")
    return redirect(url_for("mailing_list.index"))
