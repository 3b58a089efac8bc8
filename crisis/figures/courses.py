"""An incident as figures see it: its waves, and when each step of a wave was reached. Counts nothing.

A rumour that comes back reopens its incident: that is a wave of its own, with its own alarm and answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from crisis.types import IncidentState, Severity


class Happening(StrEnum):
    """What the audit log and the outbox tell of an incident."""

    REOPENED = "incident.reopened"
    ALERTED = "alert.sent"  # a mail server accepted the first mail
    ACKNOWLEDGED = "incident.acknowledged"
    RELEASED = "response.released"  # an answer is public from then on
    DISMISSED = "incident.dismissed"
    CLOSED = "incident.closed"


_REOPENED = frozenset({Happening.REOPENED})
_DISMISSED = frozenset({Happening.DISMISSED})
_ENDS = frozenset({Happening.DISMISSED, Happening.CLOSED})


class Course(NamedTuple):
    """One incident, and what happened to it in order. Figures of a year make thousands of them."""

    incident_id: int
    rumour_id: str
    opened: datetime
    topics: tuple[str, ...] = ()
    severity: Severity = Severity.LOW
    state: IncidentState = IncidentState.NEW
    drill: bool = False
    first_post: datetime | None = None  # when the earliest post was written, as far as is known
    source_id: int | None = None  # where that post stood
    acknowledged_at: datetime | None = None  # in the last wave
    ended_at: datetime | None = None  # of the last wave
    fits: int = 0  # raised posts of which a person said so
    does_not_fit: int = 0
    corrects: int = 0
    events: Sequence[tuple[Happening, datetime]] = ()


class Wave(NamedTuple):
    """A rumour going round once: what figures count."""

    course: Course
    number: int  # 1, 2 …
    begun: datetime
    first_post: datetime | None  # of the first wave; later ones have none of their own
    alerted: datetime | None
    acknowledged: datetime | None
    answered: datetime | None
    ended: datetime | None
    dismissed: bool


def waves(course: Course) -> list[Wave]:
    """The waves of an incident, in order. Events of one moment belong to the wave they end."""
    starts = [course.opened, *_all(course.events, _REOPENED)] if course.events else [course.opened]
    if len(starts) == 1:  # nearly all: figures of a year go through thousands
        return [_wave(course, 1, course.opened, course.events, last=True)]
    found = []
    for number, begun in enumerate(starts, 1):
        last = number == len(starts)
        end = None if last else starts[number]
        events = [
            (what, at)
            for what, at in course.events
            if (number == 1 or at > begun) and (end is None or at <= end)
        ]
        found.append(_wave(course, number, begun, events, last=last))
    return found


def _wave(
    course: Course,
    number: int,
    begun: datetime,
    events: Sequence[tuple[Happening, datetime]],
    *,
    last: bool,
) -> Wave:
    alerted = answered = said = None
    for what, at in events:  # thousands of waves: one look at each happening
        if what is Happening.ALERTED:
            alerted = at if alerted is None else min(alerted, at)
        elif what is Happening.RELEASED:
            answered = at if answered is None else min(answered, at)
        if what is Happening.RELEASED or what is Happening.ACKNOWLEDGED:
            said = at if said is None else min(said, at)
    ended = course.ended_at if last else _first(events, _ENDS)
    dismissed = course.state is IncidentState.DISMISSED if last else bool(_all(events, _DISMISSED))
    return Wave(
        course=course,
        number=number,
        begun=begun,
        first_post=course.first_post if number == 1 else None,
        alerted=alerted,
        acknowledged=(course.acknowledged_at or said) if last else said,
        answered=answered,
        ended=ended,
        dismissed=dismissed,
    )


def _all(events: Iterable[tuple[Happening, datetime]], kinds: Set[Happening]) -> list[datetime]:
    return sorted([at for what, at in events if what in kinds])


def _first(events: Iterable[tuple[Happening, datetime]], kinds: Set[Happening]) -> datetime | None:
    return min([at for what, at in events if what in kinds], default=None)
