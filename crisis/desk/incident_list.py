"""The list of all incidents, those that ended too, as a page and as a file. Changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import render_template
from flask.typing import ResponseReturnValue

from crisis.desk import board, here, words
from crisis.desk.listing import Asked, Choice, Column, Listing, csv_file, days
from crisis.desk.words import _
from crisis.incidents.due import due
from crisis.types import IncidentState, Severity

if TYPE_CHECKING:
    from crisis.store.lists import IncidentLine


def listing() -> Listing:
    """Made for each request: its words follow the page's language."""
    states = [(state.value, words.word(state)) for state in IncidentState]
    people = [(p.id, p.name) for p in here.store().people.all() if not p.drill]
    return Listing(
        endpoint="incidents.ended",
        search=_("Gerücht, Notiz, Abschluss oder Nummer"),
        sort="dringend",
        down=True,
        columns=(
            Column(_("Gerücht"), "geruecht"),
            Column(_("Stand")),
            Column(_("Dringlichkeit"), "dringend", down=True),
            Column(_("Fällig"), "faellig"),
            Column(_("Wer")),
            Column(_("Beiträge"), "beitraege", down=True, numeric=True),
            Column(_("Eröffnet"), "eroeffnet", down=True),
            Column(_("Ende")),
        ),
        filters=(
            Choice(
                "stand",
                _("Stand"),
                [("offen", _("offen")), ("beendet", _("beendet")), *states],
            ),
            Choice(
                "dringlichkeit", _("Dringlichkeit"), [(s.value, words.word(s)) for s in Severity]
            ),
            Choice("wer", _("Wer kümmert sich?"), [(0, _("niemand")), *people]),
            *days(),
        ),
    )


def page() -> ResponseReturnValue:
    """The page, or with ``als=csv`` the file."""
    asked = listing().asked()
    if asked.wants_csv:
        return _file(asked)
    return render_template(
        "incidents/all.html",
        asked=asked,
        piece=here.store().lists.incidents(asked.wish, board.targets()),
        due_of=_due,
    )


def _due(line: IncidentLine) -> datetime | None:
    """Until when its next step should be done; None where nothing presses."""
    return due(line.incident, board.targets(), line.decided, line.promised)


def _file(asked: Asked) -> ResponseReturnValue:
    header = (
        *(_("Nummer"), _("Gerücht"), _("Kennung"), _("Stand"), _("Dringlichkeit"), _("Wer")),
        *(_("Beiträge"), _("Welle"), _("Eröffnet"), _("Übernommen"), _("Richtiggestellt")),
        *(_("Ende"), _("Grund"), _("Übung"), _("Fällig")),
    )
    targets = board.targets()
    return csv_file(
        _("vorfaelle"),
        header,
        lambda store: store.lists.every_incident(asked.wish, targets),
        _cells,
    )


def _cells(line: IncidentLine) -> list[object]:
    one = line.incident
    return [
        *(one.id, line.rumour, one.rumour_id, words.word(one.state), words.word(one.severity)),
        *(line.assignee, one.posts, one.wave, one.opened, one.acknowledged_at, one.corrected_at),
        *(one.ended_at, one.end_reason, _("ja") if one.drill else "", _due(line)),
    ]
