"""From an approved text to an answer the public reads: draft -> fill -> submit -> release -> (correct).

Four eyes: the person who wrote an answer cannot release it. Until release everything can be undone;
afterwards an answer can be corrected or withdrawn, and both show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from crisis import audit
from crisis.channels.plan import Going
from crisis.errors import IllegalMoveError, InvalidInputError, NotAllowedError, NotFoundError
from crisis.incidents.lifecycle import Move, allowed, moved
from crisis.interfaces import Store
from crisis.playbooks.approval import Standing, standing, valid_approval
from crisis.playbooks.blanks import fill_plain
from crisis.playbooks.parse import parse
from crisis.responses.blanks import MOST_CHARACTERS, blanks
from crisis.responses.holding import first_statement, is_first_statement
from crisis.responses.release import check_move, may_release, may_submit, slug
from crisis.rights import Act, require
from crisis.types import Incident, Person, Playbook, Response, ResponseState
from crisis.workflows import spread

LONGEST_TITLE = 200  # characters


def draft(
    store: Store,
    incident_id: int,
    playbook: Playbook,
    by: Person,
    now: datetime,
    *,
    today: date,
    holding: bool = False,
) -> Response:
    """Begin an answer with this playbook, or with ``holding`` its first statement, for which little
    must be known. ``today`` is the authority's calendar day.

    Raises NotAllowedError where the playbook's text is not approved (any more).
    """
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.ANSWER, drill=incident.drill)
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
        response = store.responses.add(
            Response(
                incident_id=incident_id,
                playbook=playbook.name,
                playbook_sha256=playbook.sha256,
                approval_id=approval.id,
                lang=playbook.lang,
                title=title,
                texts=dict(texts),
                written_by=by.id,
                written_at=now,
                drill=incident.drill,
            )
        )
        if incident.state is not incident.state.CORRECTED and allowed(incident, Move.ANSWER):
            after = moved(incident, Move.ANSWER, now)
            store.incidents.update(replace(after, assignee=incident.assignee or by.id))
            store.alerts.cancel(incident_id)
        _log(store, response, by, now, "response.drafted", playbook=playbook.name)
        return response


def fill(
    store: Store,
    response_id: int,
    *,
    title: str,
    values: Mapping[str, str],
    change_note: str = "",
    by: Person,
    now: datetime,
    version: int,
) -> Response:
    """Keep what was filled into the blanks so far; a draft may be incomplete.

    ``version`` is the one the person saw; ConflictError if somebody changed the answer since. An answer
    that was submitted becomes a draft again: the second person must see what they release.
    """
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise InvalidInputError(
            f"Bitte geben Sie eine Überschrift mit höchstens {LONGEST_TITLE} Zeichen ein.",
            f"Please enter a title of at most {LONGEST_TITLE} characters.",
        )
    with store.transaction():
        before = _open(store, response_id, by)
        wanted = set(blanks(title + "\n" + "\n".join(before.texts.values())))
        kept = {name: value.strip() for name, value in values.items() if name in wanted}
        for name, value in kept.items():
            if len(value) > MOST_CHARACTERS:
                raise InvalidInputError(
                    f"„{name}“ ist zu lang: höchstens {MOST_CHARACTERS} Zeichen.",
                    f"“{name}” is too long: at most {MOST_CHARACTERS} characters.",
                )
        after = store.responses.update(
            replace(
                before,
                title=title,
                values=kept,
                change_note=change_note.strip(),
                state=ResponseState.DRAFT,
                submitted_at=None,
                written_by=by.id,
                written_at=now,
                version=version,
            )
        )
        _log(store, after, by, now, "response.filled", values=kept, title=title)
        return after


def submit(store: Store, response_id: int, by: Person, now: datetime) -> Response:
    """Ask a second person to release it. Raises InvalidInputError naming everything still open."""
    with store.transaction():
        before = _open(store, response_id, by)
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
        return _keep(store, after, by, now, "response.submitted")


def take_back(store: Store, response_id: int, by: Person, now: datetime) -> Response:
    """A submitted answer becomes a draft again."""
    with store.transaction():
        before = _open(store, response_id, by)
        check_move(before.state, ResponseState.DRAFT)
        after = replace(before, state=ResponseState.DRAFT, submitted_at=None)
        return _keep(store, after, by, now, "response.taken_back")


def discard(store: Store, response_id: int, by: Person, now: datetime) -> Response:
    """Nobody wants this draft."""
    with store.transaction():
        before = _open(store, response_id, by)
        check_move(before.state, ResponseState.DISCARDED)
        after = replace(before, state=ResponseState.DISCARDED)
        return _keep(store, after, by, now, "response.discarded")


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
        replaced = _replaced(store, before)
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
        )
        kept = _keep(store, after, by, now, action, slug=after.slug)
        spread.release(store, kept, going or Going(zone=UTC), by, now)
        if not is_first_statement(kept, _source(store, kept)):
            _incident_corrected(store, incident, now)
        return kept


def correct(store: Store, response_id: int, by: Person, now: datetime) -> Response:
    """Begin a new version of a released answer. The old one stays public until the new one is released."""
    with store.transaction():
        old = store.responses.get(response_id)
        require(by, Act.ANSWER, drill=old.drill)
        if old.state is not ResponseState.RELEASED:
            raise IllegalMoveError(
                "Nur eine veröffentlichte Antwort lässt sich berichtigen.",
                "Only a released answer can be corrected.",
            )
        for other in store.responses.of_incident(old.incident_id):
            if other.replaces == old.id and other.state in _UNRELEASED:
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
        _log(store, new, by, now, "response.correction_begun", replaces=old.id)
        return new


def withdraw(
    store: Store,
    response_id: int,
    reason: str,
    by: Person,
    now: datetime,
    *,
    going: Going | None = None,
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
        before = store.responses.get(response_id)
        require(by, Act.RELEASE, drill=before.drill)
        check_move(before.state, ResponseState.WITHDRAWN)
        after = replace(before, state=ResponseState.WITHDRAWN, withdrawn_at=now, change_note=reason)
        kept = _keep(store, after, by, now, "response.withdrawn", reason=reason)
        spread.retract(store, kept, going or Going(zone=UTC), by, now)
        incident = store.incidents.get(before.incident_id)
        still = [
            other
            for other in store.responses.of_incident(incident.id)
            if other.state is ResponseState.RELEASED
        ]
        if not still and allowed(incident, Move.WITHDRAW):
            store.incidents.update(moved(incident, Move.WITHDRAW, now))
        return kept


_UNRELEASED = (ResponseState.DRAFT, ResponseState.SUBMITTED)


def _open(store: Store, response_id: int, by: Person) -> Response:
    response = store.responses.get(response_id)
    require(by, Act.ANSWER, drill=response.drill)
    if response.state not in _UNRELEASED:
        raise IllegalMoveError(
            "Diese Antwort ist schon veröffentlicht oder verworfen. Bitte neu laden.",
            "This answer has been released or discarded already. Please reload.",
        )
    return response


def _source(store: Store, response: Response) -> Playbook:
    """The very playbook from which the answer was made, whatever the file says by now."""
    text = store.playbooks.text(response.playbook, response.playbook_sha256)
    if text is None:
        raise NotFoundError(
            "Der freigegebene Text dieser Antwort ist nicht mehr da. Bitte beginnen Sie neu.",
            "The approved text of this answer is gone. Please begin anew.",
        )
    return parse(response.playbook, text)


def standing_of(store: Store, response: Response, today: date) -> Standing:
    """How that text stands today."""
    return standing(
        _source(store, response),
        store.playbooks.approvals(response.playbook),
        today=today,
        drill=response.drill,
    )


def _replaced(store: Store, response: Response) -> Response | None:
    if response.replaces is None:
        return None
    old = store.responses.get(response.replaces)
    check_move(old.state, ResponseState.SUPERSEDED)
    return old


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


def _keep(
    store: Store, after: Response, by: Person, now: datetime, action: str, **more: object
) -> Response:
    kept = store.responses.update(after)
    _log(store, kept, by, now, action, **more)
    return kept


def _log(
    store: Store, response: Response, by: Person, now: datetime, action: str, **after: object
) -> None:
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"response:{response.id}",
            incident_id=response.incident_id,
            after={"state": response.state, **after},
            drill=response.drill,
        )
    )
