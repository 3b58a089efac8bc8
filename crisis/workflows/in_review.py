"""A text in review: begin -> end, each with its line in the log. Belongs into a transaction of others.

Shared by playbooks (``hand_in``) and answers (``respond``). Knows no rule, mails nobody.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.interfaces import Store
from crisis.types import Person, Review, ReviewState

_NAMES = {
    ReviewState.RETURNED: "returned",
    ReviewState.TAKEN_BACK: "taken_from_review",
    ReviewState.CHANGED: "changed_in_review",
}


def begin(
    store: Store, review: Review, by: Person, *, incident_id: int | None = None, drill: bool = False
) -> Review:
    """Keep that it was handed in."""
    with store.transaction():
        kept = store.reviews.add(review)
        entry = audit.entry(
            review.handed_at,
            by,
            f"{_noun(review)}.handed_in",
            review.about,
            incident_id=incident_id,
            after={"sha256": review.sha256, "note": review.note, "to": review.to},
            drill=drill,
        )
        store.audit.append(entry)
        return kept


def end(
    store: Store,
    review: Review,
    state: ReviewState,
    by: Person | None,
    now: datetime,
    *,
    comment: str = "",
    incident_id: int | None = None,
    drill: bool = False,
) -> Review:
    """Keep what became of it; ConflictError where somebody was faster. An approval logs itself."""
    with store.transaction():
        after = replace(
            review,
            state=state,
            closed_by=by.id if by else None,
            closed_at=now,
            comment=comment,
        )
        store.reviews.close(after)
        if state in _NAMES:
            entry = audit.entry(
                now,
                by,
                f"{_noun(review)}.{_NAMES[state]}",
                review.about,
                incident_id=incident_id,
                after={"sha256": review.sha256, "comment": comment},
                drill=drill,
            )
            store.audit.append(entry)
        return after


def _noun(review: Review) -> str:
    return "playbook" if review.playbook else "response"
