"""Drafts of playbooks: kept while somebody types, offered when they come back on whatever machine.

What was typed in this tab is kept there, too (``drafts.js``): for when there is no connection.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import conflict, here, words
from crisis.desk.words import _
from crisis.errors import CrisisError
from crisis.playbooks.folder import Folder
from crisis.types import PlaybookDraft
from crisis.workflows import keep_draft

blueprint = Blueprint("playbook_drafts", __name__, url_prefix="/playbooks/entwurf")


@blueprint.post("/")
def keep() -> ResponseReturnValue:
    """What stands in the form now; says when it was kept."""
    form, now = request.form, here.now()
    sha256 = form.get("sha256", "")
    draft = PlaybookDraft(
        person_id=here.person().id,
        name=key(form.get("name", ""), sha256),
        typed=form.get("name", "").strip(),
        text=form.get("text", "").replace("\r\n", "\n").replace("\r", "\n"),
        sha256=sha256,
        began=form.get(conflict.BEGAN, ""),
        kept=now,
    )
    kept = keep_draft.keep(here.store(), draft, here.person(), saved=_saved(draft.name))
    return {"said": _("Entwurf gesichert, %(time)s.", time=words.clock(now)) if kept else ""}


@blueprint.post("/weg")
def drop() -> ResponseReturnValue:
    """Thrown away."""
    name = request.form.get("name", "")
    keep_draft.drop(here.store(), name, here.person())
    flash(_("Der Entwurf ist weg."), "success")
    if name in Folder(here.settings().playbook_folder).names():
        return redirect(url_for("playbooks.edit", name=name))
    return redirect(url_for("playbooks.index"))


def key(name: str, sha256: str) -> str:
    """Under which name a draft is kept: new playbooks have none yet."""
    return name.strip() if sha256 else ""


def offered(name: str, text: str) -> PlaybookDraft | None:
    """What the person who looks has written of this playbook and not saved; None if it says the same."""
    found = here.store().drafts.find(here.person().id, name)
    return found if found is not None and found.text.rstrip() != text.rstrip() else None


def mine() -> list[tuple[PlaybookDraft, str]]:
    """All drafts of the person who looks, with where each goes on."""
    drafts = here.store().drafts.of_person(here.person().id)
    return [(one, address(one)) for one in drafts]


def address(draft: PlaybookDraft) -> str:
    """Where it goes on."""
    if draft.name:
        return url_for("playbooks.edit", name=draft.name, entwurf=1)
    return url_for("playbooks.new", entwurf=1)


def _saved(name: str) -> str:
    if not name:
        return ""
    try:
        return Folder(here.settings().playbook_folder).text(name)
    except CrisisError:  # removed meanwhile: then the draft is all there is
        return ""
