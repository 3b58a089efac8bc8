"""What people set for themselves: language and quiet hours. All else about people is in ``people``."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.workflows import admit, rest

blueprint = Blueprint("me", __name__)


@blueprint.post("/ich/sprache")
def language() -> ResponseReturnValue:
    """In which language pages and mails speak to this person, on every machine."""
    lang = request.form.get("sprache", "")
    if lang not in words.LANGUAGES:
        raise InvalidInputError(
            "Diese Sprache gibt es hier nicht. Möglich sind Deutsch und Englisch.",
            "This language is not available. German and English are.",
        )
    admit.speak(here.store(), here.person(), lang, here.now())
    session["lang"] = lang
    back = request.form.get("weiter", "")
    # Only to a page of ours: one slash, no backslash, no other host.
    inside = back.startswith("/") and not back.startswith("//") and "\\" not in back
    return redirect(back if inside else url_for("board.show"))


@blueprint.get("/ich/ruhezeit")
def quiet() -> ResponseReturnValue:
    """When this person is called only for what cannot wait."""
    held = here.store().mails.quiet().get(here.person().id)
    times = ("", "") if held is None else (f"{held.start:%H:%M}", f"{held.end:%H:%M}")
    return render_template("me/quiet.html", form={"von": times[0], "bis": times[1]}, problem="")


@blueprint.post("/ich/ruhezeit")
def set_quiet() -> ResponseReturnValue:
    """Change it, or have none."""
    form = {name: request.form.get(name, "") for name in ("von", "bis")}
    try:
        held = rest.set_quiet(here.store(), form["von"], form["bis"], here.person(), here.now())
    except InvalidInputError as error:
        page = render_template("me/quiet.html", form=form, problem=error.say(words.language()))
        return page, 422
    flash(_("Ihre Ruhezeit gilt.") if held else _("Sie haben keine Ruhezeit."), "success")
    return redirect(url_for("me.quiet"))
