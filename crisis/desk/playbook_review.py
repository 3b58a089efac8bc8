"""A playbook's way to its approval: hand it in, take it back, return it with a comment.

Each button calls one workflow of ``workflows.hand_in``. The page itself is ``playbooks.show``; approving
and withdrawing an approval are there, too.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.desk.words import _
from crisis.errors import ConflictError
from crisis.playbooks.folder import Folder
from crisis.playbooks.parse import read
from crisis.types import Playbook
from crisis.workflows import hand_in as handing

blueprint = Blueprint("reviews", __name__, url_prefix="/playbooks")


def as_seen(name: str) -> Playbook:
    """The playbook as it lies in the folder. Raises ConflictError if it is not what was on the page."""
    folder = Folder(here.settings().playbook_folder)
    text = folder.whole(name, folder.text(name)).text
    playbook = read(name, text).playbook
    if playbook is None or playbook.sha256 != request.form.get("sha256", ""):
        raise ConflictError(
            "Der Text hat sich geändert, während Sie ihn gelesen haben. Bitte lesen Sie ihn neu.",
            "The text has changed while you were reading it. Please read it again.",
        )
    return playbook


@blueprint.post("/einreichen/<path:name>")
def hand_in(name: str) -> ResponseReturnValue:
    """Ask a second person to approve exactly this text."""
    form = request.form
    handing.hand_in(
        here.house(),
        as_seen(name),
        here.person(),
        here.now(),
        note=form.get("notiz", ""),
        to=form.get("an", type=int) or None,
    )
    flash(_("Eingereicht. Wer prüfen kann, bekommt eine Mail."), "success")
    return _to(name)


@blueprint.post("/zurueckholen/<path:name>")
def take_back(name: str) -> ResponseReturnValue:
    """Go on writing."""
    handing.take_back(here.store(), name, here.person(), here.now())
    flash(_("Zurückgeholt. Niemand muss den Text jetzt prüfen."), "success")
    return _to(name)


@blueprint.post("/zurueckgeben/<path:name>")
def give_back(name: str) -> ResponseReturnValue:
    """Return it with what is to be changed."""
    comment = request.form.get("anmerkung", "")
    handing.give_back(here.house(), as_seen(name), comment, here.person(), here.now())
    flash(_("Zurückgegeben. Ihre Anmerkung ist unterwegs."), "success")
    return _to(name)


def _to(name: str) -> ResponseReturnValue:
    return redirect(url_for("playbooks.show", name=name))
