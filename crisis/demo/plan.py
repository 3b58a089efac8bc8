"""How large the made-up town is, what it is put into, and what one incident of it holds. Makes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crisis.demo.phrases import Topic
from crisis.types import (
    Alert,
    Approval,
    AuditEntry,
    Incident,
    Note,
    Person,
    Response,
    Rumour,
    Sighting,
    Source,
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    posts: int
    incidents: int
    rumours: int
    open: int  # incidents that still are
    waiting: int  # posts for which somebody has to decide


SIZES = {
    "small": Size(posts=600, incidents=40, rumours=120, open=4, waiting=12),
    "large": Size(posts=100_000, incidents=2_000, rumours=10_000, open=14, waiting=400),
}


@dataclass(frozen=True, slots=True)
class Ids:
    """The first free number of each kind."""

    posts: int = 1
    sightings: int = 1
    incidents: int = 1
    responses: int = 1


@dataclass(frozen=True, slots=True)
class World:
    """What the town is put into: who works there, what is read, whose text is approved, who judges."""

    now: datetime
    people: Sequence[Person]
    sources: Sequence[Source]
    approval: Approval
    model: str  # version of the model that would have judged
    ids: Ids = field(default_factory=Ids)


@dataclass(frozen=True, slots=True)
class Claim:
    """A rumour and what it was made of."""

    rumour: Rumour
    topic: Topic
    word: str
    place: str


@dataclass(slots=True)
class Story:
    """One incident with everything that came of it, in the order in which it happened."""

    incident: Incident | None
    sightings: list[Sighting] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    entries: list[AuditEntry] = field(default_factory=list)
