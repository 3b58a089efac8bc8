"""A text in review: begin -> end, each with its line in the log. Belongs into a transaction of others.

Shared by playbooks (``hand_in``) and answers (``respond``), whose own moves are in the log already. Knows
no rule, mails nobody.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.interfaces import Store
from crisis.types import Person, Review, ReviewState

_NAMES = {
    ReviewState.RETURNED: "playbook.returned",
    ReviewState.TAKEN_BACK: "playbook.taken_from_review",
    ReviewState.CHANGED: "playbook.changed_in_review",
}


def begin(store: Store, review: Review, by: Person) -> Review:
    """Keep that it was handed in."""
    with store.transaction():
        kept = store.reviews.add(review)
        if review.playbook:
            said = {"sha256": review.sha256, "note": review.note, "to": review.to}
            entry = audit.entry(
                review.handed_at, by, "playbook.handed_in", review.about, after=said
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
) -> Review:
    """Keep what became of it; ConflictError where somebody was faster. An approval logs itself."""
    with store.transaction():
        after = replace(
            review, state=state, closed_by=by.id if by else None, closed_at=now, comment=comment
        )
        store.reviews.close(after)
        if review.playbook and state in _NAMES:
            said = {"sha256": review.sha256, "comment": comment}
            store.audit.append(audit.entry(now, by, _NAMES[state], review.about, after=said))
        return after
