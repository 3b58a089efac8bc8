"""The outbox: every mail, what became of it, and its text. Sends nothing: the monitor delivers.

A mail holds links that act in the name of whoever got it. So it is shown to them, and to administrators
with these links taken out; mails of an exercise are shown to all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from crisis.desk import day_charts, here, rota_words, words
from crisis.desk.listing import Asked, Choice, Column, Listing, csv_file, days
from crisis.desk.words import _
from crisis.errors import NotAllowedError
from crisis.types import Alert, AlertKind, AlertState, Ring, Role

if TYPE_CHECKING:
    from crisis.store.lists import AlertLine

blueprint = Blueprint("outbox", __name__, url_prefix="/postausgang")

_SECRET = re.compile(
    r"(?:https?://[^\s<>\"/]+)?/(a|einladung|mail-bestaetigen|weg-bestaetigen)/[\w.~-]+"
)
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
# Of a mail's own HTML only its looks count: no script, no picture, no form, and no site of ours.
_FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


def listing() -> Listing:
    """Made for each request: its words follow the page's language."""
    people = [(p.id, p.name) for p in here.store().people.all() if not p.drill]
    return Listing(
        endpoint="outbox.index",
        search=_("Betreff und Empfänger"),
        sort="geschrieben",
        down=True,
        columns=(
            Column(_("Betreff"), "betreff"),
            Column(_("An")),
            Column(_("Stand"), "stand"),
            Column(_("Geschrieben"), "geschrieben", down=True),
        ),
        filters=(
            Choice("stand", _("Stand"), [(s.value, words.word(s)) for s in AlertState]),
            Choice("art", _("Anlass"), [(k.value, words.word(k)) for k in AlertKind]),
            Choice("an", _("An"), people),
            *days(),
        ),
    )


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """All mails, the newest first; with ``als=csv`` as a file, without their texts."""
    asked = listing().asked()
    if asked.wants_csv:
        return _file(asked)
    whole = not asked.narrowed and asked.wish.cursor is None
    return render_template(
        "outbox/index.html",
        asked=asked,
        chart=day_charts.mails() if whole else None,
        piece=here.store().lists.alerts(asked.wish),
        mail=bool(here.settings().mail.host),
        may_read=_may_read,
    )


def _file(asked: Asked) -> ResponseReturnValue:
    header = (
        *(_("Nummer"), _("Betreff"), _("An"), _("Anlass"), _("Stand"), _("Vorfall")),
        *(_("Geschrieben"), _("Verschickt"), _("Versuche"), _("Letzter Fehler"), _("Übung")),
    )
    return csv_file(
        _("postausgang"), header, lambda store: store.lists.every_alert(asked.wish), _cells
    )


def _cells(line: AlertLine) -> list[object]:
    one = line.alert
    return [
        *(one.id, one.subject, line.person, words.word(one.kind), words.word(one.state)),
        *(one.incident_id, one.created, one.sent_at, one.attempts, one.last_error),
        _("ja") if one.drill else "",
    ]


@blueprint.get("/<int:alert_id>")
def show(alert_id: int) -> ResponseReturnValue:
    """One mail: its text, with links."""
    alert = _readable(alert_id)
    return render_template(
        "outbox/show.html",
        alert=alert,
        text=linked(_for_me(alert, alert.text)),
        masked=_is_masked(alert),
        mail=bool(here.settings().mail.host),
        folder=here.settings().outbox,
        why=rota_words.reason(alert),
        beside=_beside(alert),
    )


@blueprint.get("/<int:alert_id>/ansicht")
def html(alert_id: int) -> ResponseReturnValue:
    """The HTML part as it was sent, for a frame in which nothing can run."""
    alert = _readable(alert_id)
    response = make_response(_for_me(alert, alert.html))
    response.headers["Content-Security-Policy"] = _FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _beside(alert: Alert) -> list[tuple[str, Ring]]:
    """What went to the same person with this mail by other ways, and by which."""
    store = here.store()
    if alert.incident_id is None:
        return []
    names = {gateway.id: gateway.name for gateway in store.ways.gateways()}
    return [
        (names.get(one.gateway_id or 0, _("E-Mail an SMS")), one)
        for one in store.ways.of_incident(alert.incident_id)
        if one.person_id == alert.person_id and one.created == alert.created
    ]


def linked(text: str) -> Markup:
    """Plain text with its web addresses as links."""
    parts: list[Markup] = []
    position = 0
    for found in _LINK.finditer(text):
        parts.append(escape(text[position : found.start()]))
        parts.append(
            Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(found.group())
        )
        position = found.end()
    parts.append(escape(text[position:]))
    return Markup("").join(parts)


def _may_read(alert: Alert) -> bool:
    return alert.drill or alert.person_id == here.person().id or here.may(Role.ADMIN)


def _readable(alert_id: int) -> Alert:
    alert = here.store().alerts.get(alert_id)
    if not _may_read(alert):
        raise NotAllowedError(
            "Diese Mail ging an jemand anderen. Lesen können sie nur die Person selbst und die"
            " Verwaltung.",
            "This mail went to somebody else. Only they and the administrators can read it.",
        )
    return alert


def _is_masked(alert: Alert) -> bool:
    secret = _SECRET.search(alert.text) is not None
    return secret and not alert.drill and alert.person_id != here.person().id


def _for_me(alert: Alert, text: str) -> str:
    return _SECRET.sub(r"/\1/…", text) if _is_masked(alert) else text
