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
from crisis.desk import (
    here,
    playbook_clash,
    playbook_drafts,
    playbook_editor,
    playbook_pictures,
    playbook_review,
    playbook_stage,
    words,
)
from crisis.desk.listing import Asked, Choice, Column, Listing, csv_file
from crisis.desk.previews import of_texts
from crisis.desk.words import _
from crisis.errors import ConflictError, CrisisError
from crisis.playbooks.approval import Standing, standing, valid_approval
from crisis.playbooks.begun import Known, begun
from crisis.playbooks.blocks import located
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.playbooks.limits import channel_words
from crisis.playbooks.parse import read, sha256
from crisis.playbooks.problem import Problem, has_errors
from crisis.playbooks.review import Stage, stage
from crisis.playbooks.skeleton import skeleton
from crisis.types import Approval, Playbook, PlaybookDraft, Review
from crisis.workflows import approve as approving
from crisis.workflows import hand_in as handing
from crisis.workflows import keep_draft

blueprint = Blueprint("playbooks", __name__, url_prefix="/playbooks")


@dataclass(frozen=True, slots=True)
class Row:
    """One file of the folder. ``playbook`` is None where it cannot be read."""

    name: str
    playbook: Playbook | None
    standing: Standing
    problems: Sequence[Problem]
    stage: Stage = Stage.DRAFT

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
        return self.stage.value if self.playbook else "unlesbar"


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
    return {**playbook_stage.names(), "unlesbar": _("nicht lesbar")}


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
    rows = [row for row in every_row() if _wanted(row, asked)]
    if asked.wants_csv:
        return _file(rows)
    piece = lists.cut(rows, asked.wish, _SORTS, lambda row: row.name)
    return render_template(
        "playbooks/index.html",
        asked=asked,
        piece=piece,
        folder=folder.path,
        stages=_states(),
        drafts=playbook_drafts.mine(),
    )


def every_row() -> list[Row]:
    """All files of the folder."""
    folder, store = _folder(), here.store()
    approvals, ids, reviews = store.playbooks.approvals(), _rumour_ids(), store.reviews.newest()
    return [_row(folder, name, approvals, ids, reviews.get(name)) for name in folder.names()]


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


def _row(
    folder: Folder, name: str, approvals: Sequence[Approval], ids: set[str], review: Review | None
) -> Row:
    text, unreadable = folder.read(name)
    if text is None:
        return Row(name, None, Standing.DRAFT, [unreadable] if unreadable else [])
    made = folder.whole(name, text)
    reading = read(name, made.text)
    playbook = reading.playbook
    named = {one.value for one in reading.header.lists.get("rumours", [])}
    problems = located(_problems(name, made.text, here.today(), frozenset(named & ids)), made)
    if playbook is None:
        return Row(name, None, Standing.DRAFT, problems)
    mine = [approval for approval in approvals if approval.name == name]
    state = standing(playbook, mine, today=here.today())
    return Row(name, playbook, state, problems, stage(playbook, state, mine, review))


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
    review = next(iter(store.reviews.of_playbook(name)), None)
    row = replace(
        _row(_folder(), name, approvals, _rumour_ids(), review),
        problems=_check(name, file),  # with the whole catalogue at hand: it may mean another entry
    )
    made = row.playbook
    case = playbook_stage.case(row.playbook, row.stage, approvals) if row.playbook else None
    return render_template(
        "playbooks/show.html",
        row=row,
        text=file,
        sha256=sha256(text),
        case=case,
        stages=_states(),
        people={person.id: person for person in store.people.all()},
        statements=of_texts(made.holding, {}, top=3) if made else [],
        answers=of_texts(made.answers, {}, top=3) if made else [],
        blocked=has_errors(row.problems),
        picture_address=playbook_pictures.address,
    )


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """Line by line, as (sign, line); "…" stands for lines left out. Empty: no difference."""
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    lines = list(found)[2:]  # without the two lines that would name the files
    return [("…", "") if line.startswith("@@") else (line[0], line[1:]) for line in lines]


# --- approving -------------------------------------------------------------------------------


@blueprint.post("/freigeben/<path:name>")
def approve(name: str) -> ResponseReturnValue:
    """Stand for the text that was on the page, and for no other."""
    playbook = playbook_review.as_seen(name)
    comment = request.form.get("kommentar", "")
    handing.approve(here.house(), playbook, here.person(), here.now(), comment=comment)
    if valid_approval(playbook, here.store().playbooks.approvals(name)) is None:
        flash(_("Ihre Freigabe ist notiert. Wegen des Risikos fehlt noch eine zweite."), "success")
        return redirect(url_for("playbooks.show", name=name))
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
    number = request.args.get("vorfall", 0, type=int)
    text = _begun(number) if number else ""
    fresh = text or skeleton(today=here.today(), lang=words.language())
    draft = playbook_drafts.offered("", fresh)
    if draft is not None and request.args.get("entwurf"):
        return _editor(draft.typed, draft.text, "", began_from=draft.began)
    return _editor("", fresh, "", draft=draft)


def _begun(incident_id: int) -> str:
    """Filled with what an incident tells; "" where its rumour is gone."""
    store = here.store()
    incident = store.incidents.get(incident_id)
    rumour = store.rumours.find(incident.rumour_id)
    if rumour is None:
        return ""
    spread = store.incidents.spread(incident_id, here.now())
    known = Known(
        since=store.incidents.first_post_at(incident_id) or incident.opened,
        posts=spread.posts,
        sources=spread.sources,
        places=tuple(store.glance.of([incident_id], here.now())[incident_id].places),
    )
    contact = here.settings().authority.contact_email
    return begun(rumour, known, today=here.today(), zone=here.zone(), contact=contact)


@blueprint.get("/bearbeiten/<path:name>")
def edit(name: str) -> ResponseReturnValue:
    """The file as plain text."""
    text = _folder().text(name)
    draft = playbook_drafts.offered(name, text)
    if draft is not None and request.args.get("entwurf"):
        return _editor(name, draft.text, draft.sha256, began_from=draft.began)
    return _editor(name, text, sha256(text), draft=draft)


@blueprint.post("/speichern")
def save() -> ResponseReturnValue:
    """Check what was typed, or keep it. Whatever goes wrong, the text stays in the field."""
    form = request.form
    name, began = form.get("name", "").strip(), form.get("sha256", "")
    text = playbook_clash.text().replace("\r\n", "\n").replace("\r", "\n")
    if form.get("tun") == "pruefen":
        return _editor(name, text, began)
    try:
        if form.get("tun") == "bild":
            text, file = playbook_pictures.added(text)
            flash(
                _("%(file)s ist im Kopf eingetragen. Noch nicht gespeichert.", file=file), "success"
            )
            return _editor(name, text, began)
        if not began:
            head = read("neu", text).header
            name = _folder().name_for(name, head.value("title"), head.value("lang").casefold())
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
        if began and name in _folder().names():
            return playbook_clash.ask(name, text, _folder().text(name))
        return _editor(name, text, began, refused=error), 409
    except CrisisError as error:
        return _editor(name, text, began, refused=error), 422
    keep_draft.drop(here.store(), playbook_drafts.key(name, began), here.person())
    _commit(playbook, fresh=not began)
    flash(
        _(
            "„%(title)s“ ist gespeichert. Reichen Sie sie ein, wenn sie fertig ist.",
            title=playbook.title,
        ),
        "success",
    )
    return redirect(url_for("playbooks.show", name=name))


def _commit(playbook: Playbook, *, fresh: bool) -> None:
    """Into git, where the settings want that. What goes wrong there is said; the text is saved already."""
    from crisis import wiring

    me = here.person()
    message = f"{playbook.name}: {'neu' if fresh else 'geändert'} ({playbook.title})"
    failed = wiring.commit(here.settings(), playbook, name=me.name, email=me.email, message=message)
    if failed is not None:
        flash(
            _(
                "Gespeichert, aber nicht in Git festgehalten. %(why)s",
                why=failed.say(words.language()),
            ),
            "warning",
        )


def _check(name: str, text: str) -> list[Problem]:
    made = _folder().whole(name, text)
    found = check(name, made.text, today=here.today(), rumour_ids=_rumour_ids())
    return located(found, made)


def _editor(
    name: str,
    text: str,
    began: str,
    *,
    refused: CrisisError | None = None,
    draft: PlaybookDraft | None = None,
    began_from: str = "",
) -> str:
    return render_template(
        "playbooks/edit.html",
        name=name,
        text=text,
        sha256=began,
        side=playbook_editor.side(name, text),
        counted=playbook_editor.counted,
        blocks=_folder().blocks(),
        channel_words=channel_words(words.language()),
        picture_address=playbook_pictures.address,
        pictures_where=playbook_pictures.where,
        typed=request.form,
        refused=refused.say(words.language()) if refused else "",
        draft=draft,
        draft_address=playbook_drafts.address(draft) if draft else "",
        start=playbook_clash.start(text, began_from),
    )
