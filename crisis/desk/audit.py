"""The audit log: who did what to what, newest first, and whether its chain is whole. Changes nothing."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, story
from crisis.desk.words import _
from crisis.types import AuditEntry

blueprint = Blueprint("audit", __name__, url_prefix="/protokoll")

ENTRIES_A_PAGE = 50


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """A page of entries; ``pruefen`` goes through the whole chain first."""
    store = here.store()
    what, actor = request.args.get("was", "").strip(), request.args.get("wer", "")
    before = request.args.get("vor", type=int)
    found = store.audit.page(limit=ENTRIES_A_PAGE + 1, before=before, what=what, actor=actor)
    people = {person.id: person for person in store.people.all()}
    checking = "pruefen" in request.args
    shown = found[:ENTRIES_A_PAGE]
    return render_template(
        "audit/index.html",
        entries=shown,
        people=people,
        actors=[("", _("alle")), ("system", _("Klarstellung"))]
        + [(f"person:{person.id}", person.name) for person in people.values()],
        what=what,
        actor=actor,
        newest=before is None,
        older=url_for("audit.index", vor=shown[-1].id, was=what or None, wer=actor or None)
        if len(found) > ENTRIES_A_PAGE
        else "",
        checked=checking,
        broken=store.audit.verify() if checking else None,
        head=store.audit.head() if checking else "",
        say=story.say,
        who=story.who,
        address=address,
    )


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
