"""The playbooks: how each stands, its text, what is wrong with it, approving and editing.

Every button calls one workflow of ``workflows.approve``. Files are read by ``playbooks.folder``, judged
by ``playbooks.check``; who may approve what is said there, too.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import lists
from crisis.desk import here, words
from crisis.desk.listing import Asked, Choice, Column, Listing, csv_file
from crisis.desk.words import _
from crisis.errors import ConflictError, CrisisError, InvalidInputError
from crisis.playbooks.approval import Standing, standing, valid_approval
from crisis.playbooks.blocks import located
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.playbooks.limits import CHANNELS
from crisis.playbooks.parse import read, sha256
from crisis.playbooks.problem import Problem, has_errors
from crisis.playbooks.skeleton import skeleton
from crisis.types import Approval, Playbook
from crisis.workflows import approve as approving

blueprint = Blueprint("playbooks", __name__, url_prefix="/playbooks")


@dataclass(frozen=True, slots=True)
class Row:
    """One file of the folder. ``playbook`` is None where it cannot be read."""

    name: str
    playbook: Playbook | None
    standing: Standing
    problems: Sequence[Problem]

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def title(self) -> str:
        """Its title, or the file's name where it cannot be read."""
        return self.playbook.title if self.playbook else f"{self.name}.md"

    @property
    def state(self) -> str:
        """How it stands, as the filter names it."""
        return self.standing.value if self.playbook else "unlesbar"


def _folder() -> Folder:
    return Folder(here.settings().playbook_folder)


# --- looking ---------------------------------------------------------------------------------


def listing() -> Listing:
    """Made for each request: its words follow the page's language."""
    return Listing(
        endpoint="playbooks.index",
        search=_("Titel und Text"),
        sort="titel",
        columns=(
            Column(_("Vorlage"), "titel"),
            Column(_("Stand"), "stand"),
            Column(_("Gilt bis"), "gilt"),
            Column(_("Verantwortlich"), "wer"),
        ),
        filters=(
            Choice("stand", _("Stand"), list(_states().items())),
            Choice("sprache", _("Sprache"), [("de", "Deutsch"), ("en", "English")]),
        ),
    )


def _states() -> dict[str, str]:
    return {
        Standing.DRAFT.value: _("nicht freigegeben"),
        Standing.APPROVED.value: _("freigegeben"),
        Standing.EXPIRED.value: _("abgelaufen"),
        Standing.REVOKED.value: _("Freigabe zurückgenommen"),
        "unlesbar": _("nicht lesbar"),
    }


_SORTS: dict[str, Callable[[Row], lists.Key]] = {
    "titel": lambda row: row.title.casefold(),
    "stand": lambda row: row.state,
    "gilt": lambda row: str(row.playbook.valid_until or "") if row.playbook else "",
    "wer": lambda row: row.playbook.owner.casefold() if row.playbook else "",
}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Every file of the folder and how it stands; with ``als=csv`` as a file."""
    asked, folder = listing().asked(), _folder()
    approvals, ids = here.store().playbooks.approvals(), _rumour_ids()
    every = [_row(folder, name, approvals, ids) for name in folder.names()]
    rows = [row for row in every if _wanted(row, asked)]
    if asked.wants_csv:
        return _file(rows)
    piece = lists.cut(rows, asked.wish, _SORTS, lambda row: row.name)
    return render_template("playbooks/index.html", asked=asked, piece=piece, folder=folder.path)


def _wanted(row: Row, asked: Asked) -> bool:
    filters, playbook = asked.wish.filters, row.playbook
    lang = playbook.lang if playbook else ""
    text = playbook.text if playbook else ""
    return (
        lists.has(asked.wish.words, row.name, text)
        and filters.get("stand", row.state) == row.state
        and filters.get("sprache", lang) == lang
    )


def _file(rows: Sequence[Row]) -> ResponseReturnValue:
    def cells(row: Row) -> list[object]:
        one = row.playbook
        known = (one.lang, one.owner, one.audience, one.valid_until) if one else ("", "", "", "")
        return [row.name, row.title, _states()[row.state], *known, row.errors]

    header = (
        *(_("Datei"), _("Titel"), _("Stand"), _("Sprache"), _("Verantwortlich"), _("Zielgruppe")),
        *(_("Gilt bis"), _("Fehler")),
    )
    return csv_file(_("vorlagen"), header, lambda _store: rows, cells)


def _row(folder: Folder, name: str, approvals: Sequence[Approval], ids: set[str]) -> Row:
    text, unreadable = folder.read(name)
    if text is None:
        return Row(name, None, Standing.DRAFT, [unreadable] if unreadable else [])
    made = folder.whole(name, text)
    reading = read(name, made.text)
    playbook = reading.playbook
    named = {one.value for one in reading.header.lists.get("rumours", [])}
    problems = located(_problems(name, made.text, here.today(), frozenset(named & ids)), made)
    state = (
        Standing.DRAFT if playbook is None else standing(playbook, approvals, today=here.today())
    )
    return Row(name, playbook, state, problems)


@lru_cache(maxsize=512)  # the same text has the same problems until the day is over
def _problems(name: str, text: str, today: date, known: frozenset[str]) -> tuple[Problem, ...]:
    """What is wrong; ``known`` are those of the rumours it names that are in the catalogue."""
    return tuple(check(name, text, today=today, rumour_ids=known))


def _rumour_ids() -> set[str]:
    return here.store().rumours.ids()


@blueprint.get("/ansehen/<path:name>")
def show(name: str) -> ResponseReturnValue:
    """One playbook as people will use it."""
    store, file = here.store(), _folder().text(name)
    text = _folder().whole(name, file).text
    approvals = store.playbooks.approvals(name)
    row = replace(
        _row(_folder(), name, approvals, _rumour_ids()),
        problems=_check(name, file),  # with the whole catalogue at hand: it may mean another entry
    )
    version = store.playbooks.version(name, sha256(text))
    return render_template(
        "playbooks/show.html",
        row=row,
        text=file,
        sha256=sha256(text),
        approval=valid_approval(row.playbook, approvals) if row.playbook else None,
        approvals=sorted(approvals, key=lambda approval: approval.id, reverse=True),
        changes=_changes(name, text, approvals),
        people={person.id: person for person in store.people.all()},
        wrote_it=version is not None and version.written_by == here.person().id,
        channels=CHANNELS,
        blocked=has_errors(row.problems),
    )


def _changes(name: str, text: str, approvals: Sequence[Approval]) -> list[tuple[str, str]]:
    """Lines added ("+"), removed ("-") and around them (" ") since the last text that was approved."""
    real = [a for a in approvals if not a.drill]
    if not real or any(a.sha256 == sha256(text) and a.revoked_at is None for a in real):
        return []
    last = max(real, key=lambda approval: approval.id)
    return difference(here.store().playbooks.text(name, last.sha256) or "", text)


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """Line by line, as (sign, line); "…" stands for lines left out. Empty: no difference."""
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    lines = list(found)[2:]  # without the two lines that would name the files
    return [("…", "") if line.startswith("@@") else (line[0], line[1:]) for line in lines]


# --- approving -------------------------------------------------------------------------------


@blueprint.post("/freigeben/<path:name>")
def approve(name: str) -> ResponseReturnValue:
    """Stand for the text that was on the page, and for no other."""
    text = _folder().whole(name, _folder().text(name)).text
    playbook = read(name, text).playbook
    if playbook is None or playbook.sha256 != request.form.get("sha256", ""):
        raise ConflictError(
            "Der Text hat sich geändert, während Sie ihn gelesen haben. Bitte lesen Sie ihn neu.",
            "The text has changed while you were reading it. Please read it again.",
        )
    approving.approve(
        here.store(),
        playbook,
        here.person(),
        here.now(),
        today=here.today(),
        comment=request.form.get("kommentar", ""),
    )
    flash(_("„%(title)s“ ist freigegeben.", title=playbook.title), "success")
    return redirect(url_for("playbooks.show", name=name))


@blueprint.post("/zuruecknehmen/<int:approval_id>")
def revoke(approval_id: int) -> ResponseReturnValue:
    """Take an approval back."""
    store = here.store()
    reason = request.form.get("grund", "")
    approving.revoke(store, approval_id, here.person(), here.now(), reason=reason)
    name = next(a.name for a in store.playbooks.approvals() if a.id == approval_id)
    flash(_("Die Freigabe gilt nicht mehr."), "success")
    return redirect(url_for("playbooks.show", name=name))


# --- writing ---------------------------------------------------------------------------------


@blueprint.get("/neu")
def new() -> ResponseReturnValue:
    """A skeleton to fill."""
    return _editor("", skeleton(today=here.today(), lang=words.language()), "")


@blueprint.get("/bearbeiten/<path:name>")
def edit(name: str) -> ResponseReturnValue:
    """The file as plain text."""
    text = _folder().text(name)
    return _editor(name, text, sha256(text), problems=_check(name, text))


@blueprint.post("/speichern")
def save() -> ResponseReturnValue:
    """Check what was typed, or keep it. Whatever goes wrong, the text stays in the field."""
    form = request.form
    name, began = form.get("name", "").strip(), form.get("sha256", "")
    text = form.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    problems = _check(name or "neu", text)
    if form.get("tun") == "pruefen":
        return _editor(name, text, began, problems=problems, checked=True)
    try:
        if not name:
            raise InvalidInputError("Bitte geben Sie einen Namen ein.", "Please enter a name.")
        playbook = approving.write(
            here.store(),
            here.house().shelf,
            name,
            text,
            here.person(),
            here.now(),
            expected_sha256=began or None,
        )
    except ConflictError as error:
        return _editor(name, text, began, problems=problems, refused=error, theirs=True), 409
    except CrisisError as error:
        return _editor(name, text, began, problems=problems, refused=error), 422
    flash(
        _("„%(title)s“ ist gespeichert und wartet auf Freigabe.", title=playbook.title), "success"
    )
    return redirect(url_for("playbooks.show", name=name))


def _check(name: str, text: str) -> list[Problem]:
    made = _folder().whole(name, text)
    found = check(name, made.text, today=here.today(), rumour_ids=_rumour_ids())
    return located(found, made)


def _editor(
    name: str,
    text: str,
    began: str,
    *,
    problems: Sequence[Problem] = (),
    refused: CrisisError | None = None,
    checked: bool = False,
    theirs: bool = False,
) -> str:
    changes: list[tuple[str, str]] = []
    if theirs and name in _folder().names():
        changes = difference(text.rstrip("\n") + "\n", _folder().text(name))
    return render_template(
        "playbooks/edit.html",
        name=name,
        text=text,
        sha256=began,
        problems=problems,
        refused=refused.say(words.language()) if refused else "",
        checked=checked,
        changes=changes,
    )
