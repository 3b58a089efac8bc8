"""The facts a report is made of. Words nothing (``compose``) and fetches nothing (``workflows.report``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from crisis.figures.spans import Step, Summary
from crisis.types import Incident, IncidentState, Person, Response, Rumour, Severity, Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One incident, as far as a report tells of it."""

    incident: Incident
    rumour: Rumour | None
    spread: Spread
    first_post: datetime | None = None
    speed: Sequence[int] = ()  # posts in each of the last hours, the oldest first
    answers: Sequence[Response] = ()  # released, waiting or withdrawn; no drafts of others' words
    channels: Sequence[tuple[tuple[str, str], datetime]] = ()  # (de, en), when first out there
    assignee: str = ""  # as the report may name them
    notes: int = 0

    @property
    def unanswered(self) -> bool:
        """Whether it is open and nothing was published."""
        return self.incident.state in (
            *(IncidentState.NEW, IncidentState.ACKNOWLEDGED, IncidentState.ANSWERING),
        )

    @property
    def pressing(self) -> bool:
        """Whether somebody should do something now."""
        return self.unanswered and self.incident.severity >= Severity.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether the desk itself works."""

    monitor_seen: datetime | None
    monitor_silent: bool
    mail: bool
    failed_mails: int
    sources: int
    failing: Sequence[str] = ()  # names of sources that do not answer
    suggestions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who is on call, as the report may name them."""

    now: str = ""
    until: datetime | None = None
    next: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a report knows. ``cases``: most pressing first; ``more``: how many are left out."""

    authority: str
    zone: tzinfo
    now: datetime
    start: datetime
    end: datetime
    cases: Sequence[Case]
    more: int = 0
    health: Health
    duty: Duty = field(default_factory=Duty)
    steps: Mapping[Step, Summary] = field(default_factory=dict)
    targets: Mapping[Step, float | None] = field(default_factory=dict)
    public_url: str = ""  # before the slug of an answer
    drill: bool = False


def initials(person: Person | None, *, names: bool) -> str:
    """How a report names somebody: "A. W.", or the whole name where that was asked for."""
    if person is None:
        return ""
    if names:
        return person.name
    return " ".join(f"{part[0].upper()}." for part in person.name.split()[:3] if part)
