"""When a playbook must be read again or ends: what is near, and at which step somebody is reminded.

Pure. Does not say who is reminded, nor whether it was done: see ``workflows.remind``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crisis.playbooks.approval import Standing
from crisis.types import Deadline, Playbook, Why

LATER = (7, 1)  # days before it; the first reminder is a setting
OVER = -1  # the step of a day that is over
FORGET = 14  # days after which nobody is reminded of a day that is over


def steps(first: int) -> tuple[int, ...]:
    """The days before, the largest first. ``first`` 0: nobody is reminded."""
    return (first, *(step for step in LATER if step < first)) if first > 0 else ()


def deadlines(playbook: Playbook, standing: Standing) -> list[Deadline]:
    """The days of a playbook that is, or was, in use. A draft has none: nothing ends."""
    if standing not in (Standing.APPROVED, Standing.EXPIRED):
        return []
    days = [(Why.EXPIRES, playbook.valid_until)]
    if standing is Standing.APPROVED:
        days.append((Why.REVIEW, playbook.review_by))
    return [
        Deadline(playbook.name, playbook.title, playbook.owner, why, on)
        for why, on in days
        if on is not None
    ]


def step_of(deadline: Deadline, today: date, wanted: Sequence[int]) -> int | None:
    """Which reminder is due: the least of ``wanted`` that is not past yet, OVER, or None."""
    left = deadline.left(today)
    if left < 0:
        return OVER if wanted and left >= -FORGET else None
    return min((step for step in wanted if left <= step), default=None)
