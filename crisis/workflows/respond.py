"""From an approved text to an answer the public reads: draft -> fill -> submit -> release -> (correct).

Four eyes: the person who wrote an answer cannot release it. Until release everything can be undone;
afterwards an answer can be corrected or withdrawn, and both show.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from crisis.channels.plan import Going
from crisis.errors import (
    IllegalMoveError,
    InvalidInputError,
    NotAllowedError,
)
from crisis.incidents.lifecycle import Move, allowed, moved
from crisis.interfaces import Store
from crisis.playbooks.approval import Standing, standing, valid_approval
from crisis.playbooks.blanks import fill_plain
from crisis.playbooks.review import said
from crisis.responses.holding import (
    first_statement,
    followed_note,
    is_first_statement,
    placed,
    to_follow,
)
from crisis.responses.release import check_move, may_release, may_submit, slug
from crisis.responses.rivals import look_first, rivals
from crisis.responses.wording import fingerprint
from crisis.rights import Act, may, require
from crisis.types import (
    Incident,
    IncidentState,
    Person,
    Playbook,
    Response,
    ResponseState,
    ReviewState,
)
from crisis.workflows import in_review, pin, spread, updates
from crisis.workflows.answer_steps import (
    UNRELEASED,
    asked_for,
    changed,
    end_review,
    entered,
    keep,
    log,
    other_text,
    seen,
    source_of,
    standing_of,
    unreleased,
)


def draft(
    store: Store,
    incident_id: int,
    playbook: Playbook,
    by: Person,
    now: datetime,
    *,
    today: date,
    holding: bool = False,
    seen_others: Collection[int] | None = None,
) -> Response:
    """Begin an answer with this playbook, or with ``holding`` its first statement, for which little
    must be known. ``today`` is the authority's calendar day.

    Once released, an answer takes the place of the incident's first statement in its language, on the same
    page and on every channel the statement went to.

    Raises NotAllowedError where the playbook's text is not approved (any more), and SecondAnswerError where
    there is another answer to the rumour that is not among ``seen_others``; None asks nothing.
    """
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.ANSWER, drill=incident.drill)
        others = store.responses.of_rumour(incident.rumour_id, drill=incident.drill)
        found = rivals(others, lang=playbook.lang, holding=holding)
        if seen_others is not None:
            look_first(found, seen_others)
        approvals = store.playbooks.approvals(playbook.name)
        approval = valid_approval(playbook, approvals, drill=incident.drill)
        state = standing(playbook, approvals, today=today, drill=incident.drill)
        if approval is None or state is not Standing.APPROVED:
            raise NotAllowedError(
                "Diese Vorlage ist nicht freigegeben oder abgelaufen. Wählen Sie eine andere oder"
                " lassen Sie sie freigeben.",
                "This playbook is not approved, or has expired. Choose another one or have it"
                " approved.",
            )
        title, texts = first_statement(playbook) if holding else (playbook.title, playbook.answers)
        before = (
            None if holding else to_follow(store.responses.of_incident(incident_id), playbook.lang)
        )
        response = store.responses.add(
            Response(
                incident_id=incident_id,
                playbook=playbook.name,
                playbook_sha256=playbook.sha256,
                approval_id=approval.id,
                lang=playbook.lang,
                title=title,
                texts=dict(texts),
                pictures=() if holding else playbook.pictures,
                holding=holding,
                follows=before is not None,
                replaces=before.id if before else None,
                change_note=followed_note(playbook.lang) if before else "",
                written_by=by.id,
                written_at=now,
                drill=incident.drill,
            )
        )
        takes = may(by, Act.ANSWER_ALARM, drill=incident.drill)
        if (
            takes
            and incident.state is not IncidentState.CORRECTED
            and allowed(incident, Move.ANSWER)
        ):
            after = moved(incident, Move.ANSWER, now)
            store.incidents.update(replace(after, assignee=incident.assignee or by.id))
            store.alerts.cancel(incident_id)
        beside = [one.id for one in found]
        log(store, response, by, now, "response.drafted", playbook=playbook.name, beside=beside)
        return response


def fill(
    store: Store,
    response_id: int,
    *,
    title: str,
    values: Mapping[str, str],
    change_note: str = "",
    pictures: Collection[str] | None = None,
    by: Person,
    now: datetime,
    version: int,
) -> Response:
    """Keep what was filled into the blanks so far; a draft may be incomplete.

    ``pictures``: the checksums of those of the playbook's pictures that go along; None leaves them.
    ``version`` is the one the person saw; ConflictError if somebody changed the answer since. An answer
    that was submitted becomes a draft again: the second person must see what they release.
    """
    with store.transaction():
        before = unreleased(store, response_id, by)
        title, kept = entered(before, title, values)
        shown = before.pictures
        if pictures is not None:
            approved = source_of(store, before).pictures
            shown = tuple(one for one in approved if one.sha256 in pictures)
        changed(store, before, by, now)
        after = store.responses.update(
            replace(
                before,
                title=title,
                values=kept,
                pictures=shown,
                change_note=change_note.strip(),
                state=ResponseState.DRAFT,
                submitted_at=None,
                written_by=by.id,
                written_at=now,
                version=version,
            )
        )
        log(store, after, by, now, "response.filled", values=kept, title=title)
        return after


def submit(
    store: Store,
    response_id: int,
    by: Person,
    now: datetime,
    *,
    note: str = "",
    to: int | None = None,
    version: int | None = None,
) -> Response:
    """Ask a second person to release it. Raises InvalidInputError naming everything still open."""
    with store.transaction():
        before = seen(unreleased(store, response_id, by), version)
        may_submit(by, before)
        rumour = store.rumours.find(store.incidents.get(before.incident_id).rumour_id)
        after = replace(
            before,
            state=ResponseState.SUBMITTED,
            submitted_at=now,
            written_by=by.id,
            # The second person reads what search engines will; later changes of the catalogue do not count.
            claim=rumour.text if rumour else "",
            finding=rumour.status if rumour else None,
        )
        in_review.begin(store, asked_for(store, after, by, now, note=said(note), to=to), by)
        return keep(store, after, by, now, "response.submitted", note=said(note), to=to)


def take_back(
    store: Store, response_id: int, by: Person, now: datetime, *, version: int | None = None
) -> Response:
    """A submitted answer becomes a draft again."""
    with store.transaction():
        before = seen(unreleased(store, response_id, by), version)
        check_move(before.state, ResponseState.DRAFT)
        end_review(store, before, ReviewState.TAKEN_BACK, by, now)
        after = replace(before, state=ResponseState.DRAFT, submitted_at=None)
        return keep(store, after, by, now, "response.taken_back")


def discard(
    store: Store, response_id: int, by: Person, now: datetime, *, version: int | None = None
) -> Response:
    """Nobody wants this draft."""
    with store.transaction():
        before = seen(unreleased(store, response_id, by), version)
        check_move(before.state, ResponseState.DISCARDED)
        end_review(store, before, ReviewState.TAKEN_BACK, by, now)
        after = replace(before, state=ResponseState.DISCARDED)
        return keep(store, after, by, now, "response.discarded")


def release(
    store: Store,
    response_id: int,
    by: Person,
    now: datetime,
    *,
    today: date,
    going: Going | None = None,
) -> Response:
    """The second person lets the answer out: it is public when this returns, and queued for ``going``.

    Twice is once: an answer that ``by`` has released already is given back as it is.
    """
    with store.transaction():
        before = store.responses.get(response_id)
        if before.state is ResponseState.RELEASED and before.released_by == by.id:
            return before
        may_release(by, before, standing=standing_of(store, before, today))
        asked = store.reviews.open_of(response_id=response_id)
        if asked is not None and asked.sha256 != fingerprint(before):
            raise other_text()
        return let_out(store, before, by, now, "response.released", today=today, going=going)


def let_out(
    store: Store,
    before: Response,
    by: Person,
    now: datetime,
    action: str,
    *,
    today: date,
    going: Going | None = None,
) -> Response:
    """Public from now on. Whether it may be was asked before; belongs into that transaction."""
    with store.transaction():
        incident = store.incidents.get(before.incident_id)
        before, replaced = _placed(store, before)
        if replaced is not None:
            store.responses.update(_superseded(replaced, by, now))
        after = replace(
            before,
            state=ResponseState.RELEASED,
            released_by=by.id,
            released_at=now,
            slug=replaced.slug
            if replaced
            else slug(fill_plain(before.title, before.values), today, store.responses.slugs()),
            revision=replaced.revision + 1 if replaced else 1,
            pinned_until=pin.first(before, replaced, now),
        )
        end_review(store, before, ReviewState.APPROVED, by, now)
        kept = keep(store, after, by, now, action, slug=after.slug)
        pin.note_first(store, kept, by, now)
        spread.release(store, kept, going or Going(zone=UTC), by, now)
        if replaced is not None:
            updates.carry_over(store, replaced, kept, by, now)
        if not is_first_statement(kept, source_of(store, kept)):
            _incident_corrected(store, incident, now)
        return kept


def correct(
    store: Store, response_id: int, by: Person, now: datetime, *, version: int | None = None
) -> Response:
    """Begin a new version of a released answer. The old one stays public until the new one is released."""
    with store.transaction():
        old = seen(store.responses.get(response_id), version)
        require(by, Act.ANSWER, drill=old.drill)
        if old.state is not ResponseState.RELEASED:
            raise IllegalMoveError(
                "Nur eine veröffentlichte Antwort lässt sich berichtigen.",
                "Only a released answer can be corrected.",
            )
        for other in store.responses.of_incident(old.incident_id):
            if other.replaces == old.id and not other.follows and other.state in UNRELEASED:
                raise IllegalMoveError(
                    "An einer Berichtigung dieser Antwort wird schon gearbeitet.",
                    "A correction of this answer is being written already.",
                )
        new = store.responses.add(
            replace(
                old,
                id=0,
                state=ResponseState.DRAFT,
                slug="",
                replaces=old.id,
                follows=False,
                change_note="",
                alone_because="",
                review_by=None,
                reviewed_by=None,
                reviewed_at=None,
                written_by=by.id,
                written_at=now,
                submitted_at=None,
                released_by=None,
                released_at=None,
                version=1,
            )
        )
        log(store, new, by, now, "response.correction_begun", replaces=old.id)
        return new


def withdraw(
    store: Store,
    response_id: int,
    reason: str,
    by: Person,
    now: datetime,
    *,
    going: Going | None = None,
    version: int | None = None,
) -> Response:
    """Take a released answer back, visibly: its page stays and says so, with the reason.

    What has not gone out on other channels never will; what has is taken back there.
    """
    reason = reason.strip()
    if not reason or len(reason) > 1000:
        raise InvalidInputError(
            "Bitte schreiben Sie in einem Satz, warum; der Satz wird öffentlich gezeigt.",
            "Please write in a sentence why; the sentence is shown in public.",
        )
    with store.transaction():
        before = seen(store.responses.get(response_id), version)
        require(by, Act.RELEASE, drill=before.drill)
        check_move(before.state, ResponseState.WITHDRAWN)
        after = replace(before, state=ResponseState.WITHDRAWN, withdrawn_at=now, change_note=reason)
        kept = keep(store, after, by, now, "response.withdrawn", reason=reason)
        spread.retract(store, kept, going or Going(zone=UTC), by, now)
        updates.end(store, kept, by, now)
        incident = store.incidents.get(before.incident_id)
        still = [
            other
            for other in store.responses.of_incident(incident.id)
            if other.state is ResponseState.RELEASED
        ]
        if not still and allowed(incident, Move.WITHDRAW):
            store.incidents.update(moved(incident, Move.WITHDRAW, now))
        return kept


def _placed(store: Store, response: Response) -> tuple[Response, Response | None]:
    """The answer as it goes out, and the one whose place it takes, which must still be public."""
    answers = store.responses.of_incident(response.incident_id)
    if response.replaces is not None:
        answers = [*answers, store.responses.get(response.replaces)]
    out, old = placed(response, answers)
    if old is not None:
        check_move(old.state, ResponseState.SUPERSEDED)
    return out, old


def _superseded(old: Response, by: Person, now: datetime) -> Response:
    """Whoever releases what takes its place has looked at it, too."""
    after = replace(old, state=ResponseState.SUPERSEDED)
    if old.review_by is None or old.reviewed_at is not None or by.id == old.released_by:
        return after
    return replace(after, reviewed_by=by.id, reviewed_at=now)


def _incident_corrected(store: Store, incident: Incident, now: datetime) -> None:
    if allowed(incident, Move.CORRECT):
        store.incidents.update(moved(incident, Move.CORRECT, now))
        store.alerts.cancel(incident.id)
