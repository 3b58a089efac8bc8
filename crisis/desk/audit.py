"""The audit log: who did what to what, newest first, and whether its chain is whole. Changes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from crisis.audit import Place
from crisis.desk import here, story
from crisis.desk.listing import Asked, Choice, Column, Listing, Text, csv_file, days
from crisis.desk.words import _
from crisis.types import AuditEntry, Person

blueprint = Blueprint("audit", __name__, url_prefix="/protokoll")

PIECE = 5_000  # entries checked in one request: about a tenth of a second


def listing(people: dict[int, Person]) -> Listing:
    """Made for each request: its words follow the page's language."""
    actors = [(f"person:{person.id}", person.name) for person in people.values()]
    actions = [(action, story.action(action)) for action in here.store().lists.actions()]
    return Listing(
        endpoint="audit.index",
        sort="zeit",
        down=True,
        columns=(Column(_("Zeit"), "zeit", down=True),),
        filters=(
            Choice("wer", _("Wer"), [("system", _("Klarstellung")), *actors]),
            Choice("handlung", _("Was geschah"), sorted(actions, key=lambda pair: pair[1])),
            Text("was", _("Gegenstand"), _("Zum Beispiel incident:12")),
            *days(),
        ),
    )


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """A page of entries; ``pruefen`` goes through the whole chain first."""
    store = here.store()
    people = {person.id: person for person in store.people.all()}
    asked = listing(people).asked()
    if asked.wants_csv:
        return _file(asked, people)
    check = _check() if "pruefen" in request.args else None
    return render_template(
        "audit/index.html",
        asked=asked,
        piece=store.lists.audit(asked.wish),
        people=people,
        check=check,
        broken=check.broken if check else None,
        say=story.say,
        who=story.who,
        address=address,
    )


@dataclass(frozen=True, slots=True)
class Check:
    """How the check of the chain stands. ``on``: where it goes on; "" once it is through."""

    broken: int | None
    done: int
    all: int
    head: str
    on: str


def _check() -> Check:
    """A piece of the check, from where the one before ended. The address is signed: no part is skipped."""
    store, place = here.store(), Place()
    if mark := request.args.get("stelle"):
        try:
            place = Place(*_signer().loads(mark))
        except (BadSignature, TypeError):
            place = Place()  # from the beginning
    place, broken = store.audit.verify_on(place, limit=PIECE)
    if broken is None and place == Place(drill=True, done=place.done):  # that of exercises is short
        place, broken = store.audit.verify_on(place, limit=PIECE)
    over = broken is not None or place.through
    on = "" if over else url_for("audit.index", pruefen=1, stelle=_signer().dumps(place))
    return Check(broken, place.done, store.audit.count(), store.audit.head() if over else "", on)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="audit.check")


def _file(asked: Asked, people: dict[int, Person]) -> ResponseReturnValue:
    header = (
        *(_("Nummer"), _("Zeit"), _("Wer"), _("Was geschah"), _("Handlung"), _("Gegenstand")),
        *(_("Vorher"), _("Nachher"), _("Übung"), _("Prüfsumme")),
    )

    def cells(entry: AuditEntry) -> list[object]:
        return [
            *(entry.id, entry.at, story.who(entry, people), story.say(entry, people)),
            *(entry.action, entry.what, _json(entry.before), _json(entry.after)),
            *(_("ja") if entry.drill else "", entry.hash),
        ]

    return csv_file(
        _("protokoll"), header, lambda store: store.lists.every_entry(asked.wish), cells
    )


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else ""


def address(entry: AuditEntry) -> str:
    """The page of what the entry is about, if it has one."""
    kind, _colon, key = entry.what.partition(":")
    if kind == "incident" and key.isdigit():
        return url_for("incidents.show", incident_id=int(key))
    if kind == "response" and key.isdigit():
        return url_for("responses.show", response_id=int(key))
    if kind == "alert" and key.isdigit():
        return url_for("outbox.show", alert_id=int(key))
    if kind == "rumour":
        return url_for("rumours.show", rumour_id=key)
    if kind == "playbook":
        return url_for("playbooks.show", name=key)
    return ""
