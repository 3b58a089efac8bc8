"""What waits for the person who looks because a text is on its way to approval: for the board.

Reads only; which stage a text is in is said by ``playbooks.review``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from crisis.desk import here, shelf
from crisis.desk.words import _
from crisis.playbooks.approval import Standing
from crisis.playbooks.deadlines import deadlines
from crisis.playbooks.review import Stage, stage
from crisis.rights import Act, may
from crisis.types import Person, Playbook, Review, ReviewState

SHOWN = 5  # of each kind; the rest is in the list


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do, as a line."""

    text: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reviews:
    """Texts on their way to approval."""

    returned: Sequence[Due]  # their own, to be mended
    to_read: Sequence[Due]  # others', to be approved or returned
    open: int  # playbooks that nobody can use, or soon; for those who approve or own one


def reviews() -> Reviews:
    """For the person signed in."""
    store, me = here.store(), here.person()
    books = {playbook.name: (playbook, standing) for playbook, standing in shelf.standings()}
    approvals, newest = store.playbooks.approvals(), store.reviews.newest()
    stages = {
        name: stage(playbook, standing, approvals, newest.get(name))
        for name, (playbook, standing) in books.items()
    }
    decides = may(me, Act.APPROVE)
    read = [
        _to_read(books[name][0], newest[name])
        for name, found in stages.items()
        if decides and found in (Stage.REVIEW, Stage.HALF) and _mine(newest.get(name), me)
    ]
    idle = [
        name
        for name, (playbook, standing) in books.items()
        if (stages[name] in (Stage.DRAFT, Stage.REVOKED) or _ending(playbook, standing))
        and (decides or playbook.owner.casefold() in (me.email.casefold(), me.name.casefold()))
    ]
    return Reviews(
        returned=_returned(me, {name: playbook for name, (playbook, _s) in books.items()}),
        to_read=sorted(read, key=lambda due: due.at)[:SHOWN],
        open=len(idle),
    )


def _ending(playbook: Playbook, standing: Standing) -> bool:
    """Whether one of its days is near or over."""
    first, today = max(here.house().terms.remind_days, default=0), here.today()
    return any(deadline.left(today) <= first for deadline in deadlines(playbook, standing))


def _mine(review: Review | None, me: Person) -> bool:
    """Whether this person may decide about it, and is not just one of many where one was asked."""
    if review is None or review.state is not ReviewState.OPEN or review.written_by == me.id:
        return False
    given = here.store().playbooks.approvals(review.playbook)
    done = any(
        a.person_id == me.id and a.sha256 == review.sha256 for a in given if not a.revoked_at
    )
    return not done and review.to in (None, me.id)


def _to_read(playbook: Playbook, review: Review) -> Due:
    return Due(
        _("Vorlage prüfen: %(title)s", title=playbook.title),
        url_for("playbooks.show", name=playbook.name),
        review.handed_at,
    )


def _returned(me: Person, books: dict[str, Playbook]) -> list[Due]:
    store, found = here.store(), []
    for review in store.reviews.returned_to(me.id):
        at = review.closed_at or review.handed_at
        if review.response_id is not None:
            title = store.responses.get(review.response_id).title
            address = url_for("responses.show", response_id=review.response_id)
        elif review.playbook in books:
            title = books[review.playbook].title
            address = url_for("playbooks.show", name=review.playbook)
        else:  # its file is gone
            continue
        found.append(Due(_("Zurückgegeben, bitte ändern: %(title)s", title=title), address, at))
    return found[:SHOWN]
