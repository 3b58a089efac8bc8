"""Where a playbook stands on its way to approval, as its pages and lists show it to one person.

Reads the store, decides nothing: see ``playbooks.review`` and ``playbooks.approval``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis.desk import here
from crisis.desk.words import _
from crisis.playbooks.approval import given, valid_approval
from crisis.playbooks.difference import Line, difference
from crisis.playbooks.review import Stage
from crisis.rights import Act, may
from crisis.types import Approval, Person, Playbook, Review, ReviewState
from crisis.workflows import approve


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on the way, for the history."""

    at: datetime
    what: str
    who: str
    said: str = ""
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One playbook's way, seen by the person signed in."""

    stage: Stage
    review: Review | None  # the newest, whatever its text
    given: Sequence[Approval]  # real ones that hold, of exactly this text
    needed: int
    approval: Approval | None  # by which it may be used
    wrote_it: bool  # the person who looks touched it last
    approved_it: bool  # or has approved it already
    may_decide: bool  # so they may approve or return it now
    lowered: bool  # its risk is lower than that of the last approved text
    changes: Sequence[Line]  # against that text
    readers: Sequence[tuple[object, str]]  # whom it can be handed to
    history: Sequence[Event]

    @property
    def comment(self) -> Review | None:
        """Why it came back, until it is handed in again or approved."""
        back = self.review is not None and self.review.state is ReviewState.RETURNED
        return self.review if back and self.approval is None else None


def names() -> dict[str, str]:
    """How the stages are called."""
    return {
        Stage.DRAFT.value: _("Entwurf"),
        Stage.REVIEW.value: _("in Prüfung"),
        Stage.HALF.value: _("zweite Freigabe fehlt"),
        Stage.RETURNED.value: _("zurückgegeben"),
        Stage.APPROVED.value: _("freigegeben"),
        Stage.EXPIRED.value: _("abgelaufen"),
        Stage.REVOKED.value: _("Freigabe zurückgenommen"),
    }


def case(playbook: Playbook, stage: Stage, approvals: Sequence[Approval]) -> Case:
    """All that the page of one playbook says about its approval."""
    store, me = here.store(), here.person()
    reviews = store.reviews.of_playbook(playbook.name)
    version = store.playbooks.version(playbook.name, playbook.sha256)
    writer = version.written_by if version else None
    former = approve.last_approved(store, playbook)
    approval = valid_approval(playbook, approvals)
    holding = given(playbook, approvals)
    approved_it = any(one.person_id == me.id for one in holding)
    two_from = here.house().terms.two_from
    people = store.people.all()
    return Case(
        stage=stage,
        review=reviews[0] if reviews else None,
        given=holding,
        needed=max([approve.needed_for(store, playbook, two_from), *(a.needed for a in holding)]),
        approval=approval,
        wrote_it=writer == me.id,
        approved_it=approved_it,
        may_decide=approval is None
        and stage not in (Stage.EXPIRED, Stage.RETURNED)
        and writer != me.id
        and not approved_it
        and may(me, Act.APPROVE),
        lowered=former is not None
        and approve.needed_for(store, playbook, two_from) > _alone(playbook),
        changes=difference(former.text, playbook.text) if former and approval is None else [],
        readers=[
            (person.id, person.name)
            for person in people
            if may(person, Act.APPROVE) and person.id not in (writer, me.id)
        ],
        history=_history(reviews, approvals, {person.id: person for person in people}),
    )


def _alone(playbook: Playbook) -> int:
    """How many people it would take without regard to what was approved before."""
    from crisis.playbooks.review import needed

    return needed(playbook.risk, None, here.house().terms.two_from)


def _history(
    reviews: Sequence[Review], approvals: Sequence[Approval], people: Mapping[int, Person]
) -> list[Event]:
    """What happened, the newest first."""

    def name(person_id: int | None) -> str:
        found = people.get(person_id or 0)
        return found.name if found else "?"

    said = {
        ReviewState.RETURNED: _("Zurückgegeben"),
        ReviewState.TAKEN_BACK: _("Zurückgeholt"),
        ReviewState.CHANGED: _("Geändert, deshalb nicht mehr in Prüfung"),
    }
    events = []
    for one in reviews:
        events.append(Event(one.handed_at, _("Eingereicht"), name(one.handed_by), one.note))
        if one.state in said and one.closed_at is not None:
            who = name(one.closed_by) if one.closed_by else ""
            events.append(Event(one.closed_at, said[one.state], who, one.comment))
    for other in approvals:
        who = name(other.person_id)
        events.append(Event(other.at, _("Freigegeben"), who, other.comment, other.drill))
        if other.revoked_at is not None:
            events.append(
                Event(other.revoked_at, _("Freigabe zurückgenommen"), "", "", other.drill)
            )
    return sorted(events, key=lambda event: event.at, reverse=True)
