"""Every text a playbook ever had, with what changed from one to the next, and the way back to any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.desk.words import _
from crisis.errors import NotFoundError
from crisis.playbooks.difference import Line, difference
from crisis.types import PlaybookVersion
from crisis.workflows import approve as approving

blueprint = Blueprint("playbook_history", __name__, url_prefix="/playbooks")


@dataclass(frozen=True, slots=True)
class Text:
    """One version as the page shows it."""

    sha256: str
    who: str
    seen: datetime
    approved: bool
    newest: bool


@blueprint.get("/fassungen/<path:name>")
def show(name: str) -> ResponseReturnValue:
    """All versions, and what the chosen one (``fassung``) changed from the one before it."""
    versions = _versions(name)
    chosen = _chosen(versions, request.args.get("fassung", ""))
    place = versions.index(chosen)
    before = versions[place + 1] if place + 1 < len(versions) else None
    return render_template(
        "playbooks/history.html",
        name=name,
        texts=_texts(name, versions),
        chosen=chosen.sha256,
        first=before is None,
        changed=_between(name, before, chosen),
        back=_between(name, versions[0], chosen) if place else [],
    )


@blueprint.post("/fassungen/<path:name>")
def restore(name: str) -> ResponseReturnValue:
    """Make an earlier text the newest. It is written to the file; nothing in between is lost."""
    versions = _versions(name)
    chosen = _chosen(versions, request.form.get("fassung", ""))
    approving.write(
        here.store(),
        here.house().shelf,
        name,
        _text(name, chosen),
        here.person(),
        here.now(),
        expected_sha256=request.form.get("begann", ""),
    )
    flash(
        _(
            "Wiederhergestellt. Die Fassung davor steht weiter in der Liste; auch zu ihr führt ein Klick"
            " zurück."
        ),
        "success",
    )
    return redirect(url_for("playbooks.show", name=name))


def _versions(name: str) -> list[PlaybookVersion]:
    found = here.store().playbooks.versions(name)
    if not found:
        raise NotFoundError(
            "Von dieser Vorlage ist noch keine Fassung bekannt. Der Beobachter merkt sich jede, sobald er"
            " läuft.",
            "No version of this playbook is known yet. The monitor remembers each one while it runs.",
        )
    return found


def _chosen(versions: Sequence[PlaybookVersion], sha256: str) -> PlaybookVersion:
    if not sha256:
        return versions[0]
    for version in versions:
        if version.sha256 == sha256:
            return version
    raise NotFoundError(
        "Diese Fassung gibt es nicht (mehr).", "There is no such version (any more)."
    )


def _texts(name: str, versions: Sequence[PlaybookVersion]) -> list[Text]:
    store = here.store()
    people = {person.id: person.name for person in store.people.all()}
    approved = {one.sha256 for one in store.playbooks.approvals(name) if one.revoked_at is None}
    return [
        Text(
            sha256=version.sha256,
            who=people.get(version.written_by or 0, ""),
            seen=version.seen,
            approved=version.sha256 in approved,
            newest=place == 0,
        )
        for place, version in enumerate(versions)
    ]


def _between(name: str, before: PlaybookVersion | None, after: PlaybookVersion) -> list[Line]:
    return difference(_text(name, before), _text(name, after)) if before else []


def _text(name: str, version: PlaybookVersion) -> str:
    return here.store().playbooks.text(name, version.sha256) or ""
