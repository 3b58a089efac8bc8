"""The list of all answers: drafts, those that wait, those that are public, as a page and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.listing import Asked, Choice, Column, Listing, csv_file, days
from crisis.desk.words import _
from crisis.types import ResponseState

if TYPE_CHECKING:
    from crisis.store.lists import ResponseLine

blueprint = Blueprint("answers", __name__, url_prefix="/antworten")


def listing() -> Listing:
    """Made for each request: its words follow the page's language."""
    states = [(state.value, words.word(state)) for state in ResponseState]
    people = [(p.id, p.name) for p in here.store().people.all() if not p.drill]
    return Listing(
        endpoint="answers.index",
        search=_("Titel und Text"),
        sort="neu",
        down=True,
        columns=(
            Column(_("Antwort"), "titel"),
            Column(_("Stand"), "stand"),
            Column(_("Geschrieben"), "neu", down=True),
            Column(_("Freigegeben"), "freigegeben", down=True),
        ),
        filters=(
            Choice("stand", _("Stand"), [("oeffentlich", _("öffentlich, auch früher")), *states]),
            Choice("sprache", _("Sprache"), [("de", "Deutsch"), ("en", "English")]),
            Choice("von_wem", _("Geschrieben von"), people),
            *days(),
        ),
    )


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The page, or with ``als=csv`` the file."""
    asked = listing().asked()
    if asked.wants_csv:
        return _file(asked)
    piece = here.store().lists.responses(asked.wish)
    return render_template("answers/index.html", asked=asked, piece=piece)


def _file(asked: Asked) -> ResponseReturnValue:
    header = (
        *(_("Nummer"), _("Vorfall"), _("Titel"), _("Stand"), _("Sprache"), _("Fassung")),
        *(_("Vorlage"), _("Geschrieben von"), _("Geschrieben"), _("Zur Freigabe")),
        *(_("Freigegeben von"), _("Freigegeben"), _("Zurückgezogen"), _("Adresse"), _("Übung")),
    )
    return csv_file(
        _("antworten"), header, lambda store: store.lists.every_response(asked.wish), _cells
    )


def _cells(line: ResponseLine) -> list[object]:
    one = line.response
    return [
        *(one.id, one.incident_id, one.title, words.word(one.state), one.lang, one.revision),
        *(one.playbook, line.writer, one.written_at, one.submitted_at),
        *(line.releaser, one.released_at, one.withdrawn_at, one.slug, _("ja") if one.drill else ""),
    ]
