"""The list of playbooks that need somebody: in review, returned, without approval, ending, to be read again.

Its rows are those of ``playbooks``; what is near is said by ``playbooks.deadlines``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crisis import lists
from crisis.desk import here, playbook_stage
from crisis.desk.listing import Asked, Choice, Column, Listing, csv_file
from crisis.desk.playbooks import Row, every_row
from crisis.desk.words import _
from crisis.playbooks.deadlines import deadlines
from crisis.playbooks.review import Stage
from crisis.types import Deadline, Review, ReviewState, Why

blueprint = Blueprint("upkeep", __name__, url_prefix="/playbooks")

SOON = 30  # days, where the settings remind of nothing
_LATE = "9999-12-31"  # sorts after every day


@dataclass(frozen=True, slots=True)
class Need:
    """One playbook and what is to be done."""

    row: Row
    what: str
    waits_for: str  # a person or a role
    on: date | None  # the day it ends or should be read again
    over: bool

    @property
    def owner(self) -> str:
        return self.row.playbook.owner if self.row.playbook else ""


def listing(owners: Sequence[str]) -> Listing:
    """Made for each request: its words follow the page's language."""
    return Listing(
        endpoint="upkeep.index",
        search=_("Titel und Text"),
        sort="frist",
        columns=(
            Column(_("Vorlage"), "titel"),
            Column(_("Stand"), "stand"),
            Column(_("Was zu tun ist"), "was"),
            Column(_("Bis wann"), "frist"),
            Column(_("Verantwortlich"), "wer"),
        ),
        filters=(
            Choice("stand", _("Stand"), list(playbook_stage.names().items())),
            Choice("wer", _("Verantwortlich"), [(owner, owner) for owner in owners]),
        ),
    )


_SORTS: dict[str, Callable[[Need], lists.Key]] = {
    "titel": lambda need: need.row.title.casefold(),
    "stand": lambda need: need.row.state,
    "was": lambda need: need.what,
    "frist": lambda need: need.on.isoformat() if need.on else _LATE,
    "wer": lambda need: need.owner.casefold(),
}


@blueprint.get("/pruefung")
def index() -> ResponseReturnValue:
    """The list; with ``als=csv`` as a file."""
    every = needs()
    owners = sorted({need.owner for need in every if need.owner}, key=str.casefold)
    asked = listing(owners).asked()
    wanted = [need for need in every if _wanted(need, asked)]
    if asked.wants_csv:
        return _file(wanted)
    piece = lists.cut(wanted, asked.wish, _SORTS, lambda need: need.row.name)
    return render_template(
        "playbooks/upkeep.html", asked=asked, piece=piece, stages=playbook_stage.names()
    )


def needs() -> list[Need]:
    """Every playbook that needs somebody."""
    reviews = here.store().reviews.newest()
    people = {person.id: person.name for person in here.store().people.all()}
    found = [_need(row, reviews.get(row.name), people) for row in every_row()]
    return [need for need in found if need is not None]


def _need(row: Row, review: Review | None, people: dict[int, str]) -> Need | None:
    near = _near(row)
    what = _what(row, near)
    if not what:
        return None
    return Need(
        row=row,
        what=what,
        waits_for=_waits_for(row.stage, review, people),
        on=near.on if near else None,
        over=near is not None and near.on < here.today(),
    )


def _near(row: Row) -> Deadline | None:
    """The first day that comes soon, or is over."""
    first = max(here.house().terms.remind_days, default=SOON)
    found = [
        deadline
        for deadline in (deadlines(row.playbook, row.standing) if row.playbook else [])
        if deadline.left(here.today()) <= first
    ]
    return min(found, key=lambda deadline: deadline.on, default=None)


def _what(row: Row, near: Deadline | None) -> str:
    if row.playbook is None:
        return _("Fehler beheben, so ist sie nicht lesbar")
    said = {
        Stage.DRAFT: _("fertig schreiben und einreichen"),
        Stage.REVIEW: _("lesen und freigeben oder zurückgeben"),
        Stage.HALF: _("lesen: eine zweite Freigabe fehlt"),
        Stage.RETURNED: _("nach der Anmerkung ändern"),
        Stage.EXPIRED: _("prüfen, neues Datum setzen, einreichen"),
        Stage.REVOKED: _("ändern oder neu freigeben"),
    }
    if row.stage in said:
        return said[row.stage]
    if near is None:
        return ""
    return _("noch einmal lesen") if near.why is Why.REVIEW else _("verlängern, bevor sie abläuft")


def _waits_for(stage: Stage, review: Review | None, people: dict[int, str]) -> str:
    if review is not None and review.state is ReviewState.OPEN and review.to in people:
        return people[review.to]
    if stage in (Stage.REVIEW, Stage.HALF):
        return _("Freigabe")
    if stage is Stage.RETURNED and review is not None:
        return people.get(review.written_by or review.handed_by, "")
    return ""


def _wanted(need: Need, asked: Asked) -> bool:
    filters = asked.wish.filters
    text = need.row.playbook.text if need.row.playbook else ""
    return (
        lists.has(asked.wish.words, need.row.name, text)
        and filters.get("stand", need.row.state) == need.row.state
        and filters.get("wer", need.owner) == need.owner
    )


def _file(wanted: Sequence[Need]) -> ResponseReturnValue:
    stages = playbook_stage.names()

    def cells(need: Need) -> list[object]:
        state = stages.get(need.row.state, _("nicht lesbar"))
        return [
            need.row.name,
            need.row.title,
            state,
            need.what,
            need.waits_for,
            need.on,
            need.owner,
        ]

    header = (
        *(_("Datei"), _("Titel"), _("Stand"), _("Was zu tun ist"), _("Wartet auf")),
        *(_("Bis wann"), _("Verantwortlich")),
    )
    return csv_file(_("pruefung"), header, lambda _store: wanted, cells)
