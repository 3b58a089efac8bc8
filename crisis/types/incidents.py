"""A rumour that is going round now: its state, its hurry, how it moves, what was noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How much of a hurry there is."""

    LOW = 1
    ELEVATED = 2
    HIGH = 3
    URGENT = 4


class IncidentState(StrEnum):
    """Where the answer stands. ``incidents.lifecycle`` says which moves are legal."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ANSWERING = "answering"
    CORRECTED = "corrected"
    CLOSED = "closed"
    DISMISSED = "dismissed"


OPEN_STATES = frozenset(
    {
        IncidentState.NEW,
        IncidentState.ACKNOWLEDGED,
        IncidentState.ANSWERING,
        IncidentState.CORRECTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a rumour moves, counted over posts whose verdict is not "does not fit": once at each place where
    they were found, but the same page and the same author of a source once only."""

    posts: int  # all that joined the incident
    last_10_minutes: int
    last_hour: int
    sources: int  # different ones
    usual_per_hour: float  # posts of any kind its sources carry in an ordinary hour, together


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A rumour that is going round now, and what the authority does about it."""

    id: int = 0
    rumour_id: str
    state: IncidentState = IncidentState.NEW
    severity: Severity = Severity.LOW
    opened: datetime
    updated: datetime
    assignee: int | None = None
    posts: int = 0
    wave: int = 1  # grows with every re-opening
    drill: bool = False
    acknowledged_at: datetime | None = None  # first time in this wave
    corrected_at: datetime | None = None  # first release in this wave
    ended_at: datetime | None = None  # closed or dismissed
    end_reason: str = ""
    version: int = 1  # grows with every change a person makes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote down on an incident."""

    id: int = 0
    incident_id: int
    person_id: int
    text: str
    written: datetime
