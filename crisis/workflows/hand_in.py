"""A playbook's way to its approval: hand in -> return with a comment, or approve -> tell whom it concerns.

Each in one transaction with its mails and its line in the log. The rules are in ``playbooks.review`` and
``playbooks.approval``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crisis.alerts import review_letters as letters
from crisis.alerts.draft import addressed
from crisis.errors import ConflictError, InvalidInputError
from crisis.interfaces import House, Store
from crisis.playbooks.approval import given, standing, valid_approval
from crisis.playbooks.check import check
from crisis.playbooks.problem import has_errors
from crisis.playbooks.review import may_hand_in, may_return, not_in_review, said
from crisis.rights import Act, may, require
from crisis.types import Approval, Person, Playbook, Review, ReviewState
from crisis.workflows import approve as approving
from crisis.workflows import in_review, letterhead


def hand_in(
    house: House,
    playbook: Playbook,
    by: Person,
    now: datetime,
    *,
    note: str = "",
    to: int | None = None,
) -> Review:
    """Ask for the approval of exactly this text: ``to`` one person, or all who may approve.

    Pressed twice is once. Raises what ``may_hand_in`` does.
    """
    store, today = house.store, house.terms.today(now)
    approving.record(store, [playbook], now)
    with store.transaction():
        problems = check(playbook.name, playbook.text, today=today, rumour_ids=store.rumours.ids())
        stands = standing(playbook, store.playbooks.approvals(playbook.name), today=today)
        may_hand_in(by, stands, errors=has_errors(problems))
        asked = store.reviews.open_of(playbook.name)
        if asked is not None:
            return asked
        version = store.playbooks.version(playbook.name, playbook.sha256)
        writer = version.written_by if version else None
        review = in_review.begin(
            store,
            Review(
                playbook=playbook.name,
                sha256=playbook.sha256,
                written_by=writer,
                handed_by=by.id,
                handed_at=now,
                note=said(note),
                to=_to(store, to, writer),
            ),
            by,
        )
        readers = readers_of(store, review, by, Act.APPROVE)
        _tell(house, readers, letters.handed_in, review, playbook, by, now)
        return review


def take_back(store: Store, name: str, by: Person, now: datetime) -> Review:
    """Its author goes on writing: nobody needs to read it now."""
    with store.transaction():
        require(by, Act.WRITE_PLAYBOOKS)
        asked = store.reviews.open_of(name)
        if asked is None:
            raise not_in_review()
        return in_review.end(store, asked, ReviewState.TAKEN_BACK, by, now)


def give_back(house: House, playbook: Playbook, comment: str, by: Person, now: datetime) -> Review:
    """It must be mended first; its author gets the comment by mail and finds it on the desk."""
    comment = said(comment, required=True)
    store = house.store
    with store.transaction():
        asked = store.reviews.open_of(playbook.name)
        if asked is None:
            raise not_in_review()
        if asked.sha256 != playbook.sha256:
            raise ConflictError(
                "Der Text hat sich geändert, während Sie ihn gelesen haben. Bitte lesen Sie ihn neu.",
                "The text has changed while you were reading it. Please read it again.",
            )
        may_return(by, asked, act=Act.APPROVE)
        done = in_review.end(store, asked, ReviewState.RETURNED, by, now, comment=comment)
        _tell(house, authors_of(store, asked, by), letters.returned, done, playbook, by, now)
        return done


def approve(
    house: House, playbook: Playbook, by: Person, now: datetime, *, comment: str = ""
) -> Approval:
    """``by`` stands for exactly this text. Where it takes two, the others learn that one is missing."""
    store, terms = house.store, house.terms
    with store.transaction():
        asked = store.reviews.open_of(playbook.name)
        before = len(given(playbook, store.playbooks.approvals(playbook.name)))
        approval = approving.approve(
            store,
            playbook,
            by,
            now,
            today=terms.today(now),
            comment=comment,
            two_from=terms.two_from,
            shelf=house.shelf,
        )
        approvals = store.playbooks.approvals(playbook.name)
        if asked is None or len(given(playbook, approvals)) == before:
            return approval
        if valid_approval(playbook, approvals) is not None:
            authors = authors_of(store, asked, by)
            _tell(house, authors, letters.approved, asked, playbook, by, now)
        else:
            readers = readers_of(store, asked, by, Act.APPROVE)
            _tell(house, readers, letters.half, asked, playbook, by, now)
        return approval


# --- whom it concerns --------------------------------------------------------------------------


def readers_of(
    store: Store, review: Review, by: Person, act: Act, *, drill: bool = False
) -> list[Person]:
    """Who is to be told that it waits: the one it was handed to, else all who may decide about it; in an
    exercise nobody, unless the team practises."""
    if drill and store.drill_plans.running() is None:
        return []
    able = [
        person
        for person in store.people.all()
        if may(person, act) and person.id not in (by.id, review.written_by)
    ]
    return [person for person in able if person.id == review.to] or able


def authors_of(store: Store, review: Review, by: Person) -> list[Person]:
    """Who wrote it and who handed it in, but for whoever acts."""
    wanted = {review.handed_by, review.written_by} - {by.id}
    return [p for p in store.people.all() if p.id in wanted and p.active and not p.drill]


def _to(store: Store, to: int | None, writer: int | None) -> int | None:
    if to is None:
        return None
    person = store.people.get(to)
    if not may(person, Act.APPROVE) or to == writer:
        raise InvalidInputError(
            "Diese Person kann diesen Text nicht freigeben. Bitte wählen Sie eine andere.",
            "This person cannot approve this text. Please choose another one.",
        )
    return to


def _tell(
    house: House,
    people: Iterable[Person],
    letter: letters.Letter,
    review: Review,
    playbook: Playbook,
    by: Person,
    now: datetime,
) -> None:
    terms = house.terms
    sender = letterhead.sender(terms)
    for person in people:
        mail = letter(
            person=person,
            by=by,
            title=playbook.title,
            answer=False,
            review=review,
            link=house.links.playbook(playbook.name),
            sender=sender,
            now=now,
        )
        house.store.alerts.put(addressed(mail, person, now))
