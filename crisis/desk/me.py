"""What people set for themselves: their language. Everything else about people is in ``people``."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.errors import InvalidInputError
from crisis.workflows import admit

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
