"""One person alone at night: let an answer out without a second one -> tell everybody -> look at it.

Only where the settings allow it, only a text that was approved beforehand, never without a reason. Until a
second person has looked, the board asks for it; who misses the hour gets one more mail.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.letters import alone as letter
from crisis.channels.plan import Going
from crisis.errors import InvalidInputError, NotAllowedError
from crisis.interfaces import House, Store
from crisis.responses.release import may_release_alone, may_review
from crisis.responses.wording import as_approved
from crisis.types import Person, Response, ResponseState, Role
from crisis.workflows import letterhead, respond
from crisis.workflows.answer_steps import source_of, standing_of

SHORTEST, LONGEST = 10, 1000  # characters of a reason
REMINDED = "response.review_missed"


def release_alone(
    house: House,
    response_id: int,
    because: str,
    by: Person,
    now: datetime,
    *,
    today: date,
    version: int,
    going: Going | None = None,
) -> Response:
    """Public when this returns; everybody who may release gets a mail. ``version``: the one they saw.

    Raises:
        NotAllowedError: the settings do not allow it, or this person may not.
        InvalidInputError: no reason, or the answer is not complete.
        ConflictError: somebody has changed it since.
    """
    within = house.terms.review_within
    if within is None:
        raise NotAllowedError(
            "Allein freigeben ist hier nicht erlaubt. Die Verwaltung kann es unter „[release]"
            " emergency“ einschalten.",
            "Releasing alone is not allowed here. The administration can switch it on under"
            " “[release] emergency”.",
        )
    because = " ".join(because.split())
    if not SHORTEST <= len(because) <= LONGEST:
        raise InvalidInputError(
            "Bitte schreiben Sie in einem Satz, warum niemand sonst freigeben kann.",
            "Please write in a sentence why nobody else can release it.",
        )
    store = house.store
    with store.transaction():
        before = store.responses.get(response_id)
        if before.state is ResponseState.RELEASED and before.released_by == by.id:
            return before  # pressed twice
        before = replace(before, version=version)
        may_release_alone(by, before, standing=standing_of(store, before, today))
        as_approved(before, source_of(store, before))
        if before.state is ResponseState.DRAFT:
            store.responses.update(before)  # ConflictError where they saw another version
            before = respond.submit(store, response_id, by, now)
        marked = replace(before, alone_because=because, review_by=now + within)
        out = respond.let_out(
            store, marked, by, now, "response.released_alone", today=today, going=going
        )
        _tell(house, out, by, now, late=False)
        return out


def review(store: Store, response_id: int, by: Person, now: datetime) -> Response:
    """A second person has looked and lets it stand. Twice is once."""
    with store.transaction():
        before = store.responses.get(response_id)
        may_review(by, before)
        if before.reviewed_at is not None:
            return before
        after = store.responses.update(replace(before, reviewed_by=by.id, reviewed_at=now))
        _log(store, after, by, now, "response.reviewed")
        return after


def remind(house: House, now: datetime) -> int:
    """Mail once more about what nobody has looked at in time; says of how many."""
    count = 0
    for one in house.store.responses.unreviewed():
        if one.review_by is None or now < one.review_by or one.drill:
            continue
        with house.store.transaction():
            said = house.store.audit.of_object(f"response:{one.id}")
            if any(entry.action == REMINDED for entry in said):
                continue
            _log(house.store, one, None, now, REMINDED)
            by = house.store.people.get(one.released_by or one.written_by)
            _tell(house, one, by, now, late=True)
        count += 1
    return count


def _tell(house: House, out: Response, by: Person, now: datetime, *, late: bool) -> None:
    """Everybody who may release, and the administration; an exercise tells nobody."""
    if out.drill or out.review_by is None:
        return
    store, terms = house.store, house.terms
    sender = letterhead.sender(terms)
    for person in store.people.all():
        concerned = person.roles & {Role.APPROVER, Role.ADMIN}
        if not person.active or person.drill or not concerned or (person.id == by.id and not late):
            continue
        mail = letter(
            person=person,
            by=by,
            title=out.title,
            because=out.alone_because,
            until=out.review_by,
            late=late,
            link=house.links.incident(out.incident_id),
            number=out.id,
            sender=sender,
            now=now,
        )
        store.alerts.put(addressed(mail, person, now))


def _log(store: Store, out: Response, by: Person | None, now: datetime, action: str) -> None:
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"response:{out.id}",
            incident_id=out.incident_id,
            after={"because": out.alone_because},
            drill=out.drill,
        )
    )
