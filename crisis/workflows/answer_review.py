"""Between the one who writes an answer and the one who releases it: hand over -> return, or mend and
release -> tell. Also: other words than those that were approved.

Each in one transaction with its line in the log and its mails. The moves themselves are in ``respond``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from crisis.alerts import review_letters as letters
from crisis.alerts.draft import addressed
from crisis.channels.plan import Going
from crisis.interfaces import House, Store
from crisis.playbooks.review import may_return, not_in_review, said
from crisis.responses.blanks import blanks
from crisis.responses.release import check_move, may_release
from crisis.responses.wording import TITLE, approved_words, checked, fingerprint
from crisis.rights import Act
from crisis.types import Person, Response, ResponseState, Review, ReviewState
from crisis.workflows import in_review, letterhead, respond
from crisis.workflows.answer_steps import (
    changed,
    entered,
    keep,
    log,
    seen,
    source_of,
    standing_of,
    unreleased,
)
from crisis.workflows.hand_in import authors_of, readers_of


def hand_over(
    house: House,
    response_id: int,
    by: Person,
    now: datetime,
    *,
    note: str = "",
    to: int | None = None,
    version: int | None = None,
) -> Response:
    """Ask a second person to release it, ``to`` one or all who may; they get a mail at once."""
    store = house.store
    with store.transaction():
        after = respond.submit(store, response_id, by, now, note=note, to=to, version=version)
        asked = store.reviews.open_of(response_id=response_id)
        if asked is not None:
            readers = readers_of(store, asked, by, Act.RELEASE, drill=after.drill)
            _tell(house, readers, letters.handed_in, asked, after, by, now)
        return after


def give_back(
    house: House,
    response_id: int,
    comment: str,
    by: Person,
    now: datetime,
    *,
    version: int | None = None,
) -> Response:
    """It must be mended first: a draft again, with the comment for whoever wrote it."""
    comment = said(comment, required=True)
    store = house.store
    with store.transaction():
        before = seen(store.responses.get(response_id), version)
        if before.state is not ResponseState.SUBMITTED:
            raise not_in_review()
        asked = _asked(store, before, now)
        may_return(by, asked, act=Act.RELEASE, drill=before.drill)
        check_move(before.state, ResponseState.DRAFT)
        done = in_review.end(store, asked, ReviewState.RETURNED, by, now, comment=comment)
        after = replace(before, state=ResponseState.DRAFT, submitted_at=None)
        kept = keep(store, after, by, now, "response.returned", comment=comment)
        if not before.drill or store.drill_plans.running() is not None:
            _tell(house, authors_of(store, done, by), letters.returned, done, kept, by, now)
        return kept


def mend_and_release(
    store: Store,
    response_id: int,
    by: Person,
    now: datetime,
    *,
    title: str,
    values: Mapping[str, str],
    version: int,
    today: date,
    going: Going | None = None,
) -> Response:
    """The second person puts right what was filled in, and lets it out at once: both names are kept.

    Only headline and blanks: other wording is for somebody else to release. Raises what ``release`` does.
    """
    with store.transaction():
        before = store.responses.get(response_id)
        if before.state is ResponseState.RELEASED and before.released_by == by.id:
            return before
        seen(before, version)
        may_release(by, before, standing=standing_of(store, before, today))
        title, kept = entered(before, title, values)
        mended = replace(before, title=title, values=kept)
        if fingerprint(mended) != fingerprint(before):
            asked = store.reviews.open_of(response_id=response_id)
            if asked is not None:
                in_review.end(store, asked, ReviewState.MENDED, by, now)
            was = {"title": before.title, "values": dict(before.values)}
            log(store, mended, by, now, "response.mended", before=was, title=title, values=kept)
        may_release(by, mended, standing=standing_of(store, mended, today))
        return respond.let_out(
            store, mended, by, now, "response.released", today=today, going=going
        )


def reword(
    store: Store,
    response_id: int,
    texts: Mapping[str, str] | None,
    by: Person,
    now: datetime,
    *,
    version: int | None = None,
) -> Response:
    """Other words than those that were approved (None: these again). A draft afterwards: the second
    person will be shown the difference."""
    with store.transaction():
        before = seen(unreleased(store, response_id, by), version)
        approved = approved_words(before, source_of(store, before))
        title = approved.pop(TITLE)
        if texts is None:
            after = replace(before, title=title, texts=approved)
        else:
            title = before.title
            after = replace(before, texts=checked(texts, approved | dict(before.texts)))
        if (after.title, after.texts) == (before.title, before.texts):
            return before
        wanted = set(blanks(title + "\n" + "\n".join(after.texts.values())))
        changed(store, before, by, now)
        after = replace(
            after,
            values={name: value for name, value in before.values.items() if name in wanted},
            state=ResponseState.DRAFT,
            submitted_at=None,
            written_by=by.id,
            written_at=now,
        )
        action = "response.wording_restored" if texts is None else "response.reworded"
        return keep(store, after, by, now, action, texts=dict(after.texts))


def _asked(store: Store, response: Response, now: datetime) -> Review:
    """The open review; made where it was handed in before there were any."""
    asked = store.reviews.open_of(response_id=response.id)
    if asked is not None:
        return asked
    return store.reviews.add(
        Review(
            response_id=response.id,
            sha256=fingerprint(response),
            written_by=response.written_by,
            handed_by=response.written_by,
            handed_at=response.submitted_at or now,
        )
    )


def _tell(
    house: House,
    people: Iterable[Person],
    letter: letters.Letter,
    review: Review,
    response: Response,
    by: Person,
    now: datetime,
) -> None:
    terms = house.terms
    sender = letterhead.sender(terms)
    for person in people:
        mail = letter(
            person=person,
            by=by,
            title=response.title,
            answer=True,
            review=review,
            link=house.links.response(response.id),
            sender=sender,
            now=now,
        )
        house.store.alerts.put(replace(addressed(mail, person, now), drill=response.drill))
