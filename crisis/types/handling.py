"""What people leave on an incident: how bad it would be, checks, hand-overs, files, its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from crisis.types.incidents import Severity


class Advice(IntEnum):
    """What to do, from least to most."""

    NONE = 0  # deliberately no answer: it would only make the rumour better known
    WATCH = 1  # have an answer ready, and watch
    WEBSITE = 2  # answer where people look for it, without pushing it
    ANSWER = 3  # answer now, on every channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a person answered and decided, and what had been suggested to them."""

    id: int = 0
    incident_id: int
    wave: int
    person_id: int
    at: datetime
    harm: int
    people: int
    speed: int
    credible: int
    suggested: Advice
    decided: Advice
    severity: Severity


class Ending(StrEnum):
    """Why an incident was closed."""

    CORRECTED = "corrected"  # put right, and quiet since
    FADED = "faded"  # came to nothing by itself
    TRUE = "true"  # it was true after all
    NOT_OURS = "not_ours"  # somebody else is responsible
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debrief:
    """Why an incident ended, and what to do better: shown when the rumour comes back."""

    id: int = 0
    incident_id: int
    wave: int
    ending: Ending
    reason: str
    lesson: str = ""
    person_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """An incident given from one person to the next, with what they should know."""

    id: int = 0
    incident_id: int
    from_id: int
    to_id: int
    text: str
    at: datetime
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A step of the verification list that somebody has done."""

    incident_id: int
    wave: int
    step: str  # a key of ``STEPS``
    remark: str = ""
    person_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody is named in a note and should read it."""

    note_id: int
    incident_id: int
    by_id: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file, without its content."""

    id: int = 0
    incident_id: int
    person_id: int
    at: datetime
    name: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One incident that goes on in another."""

    id: int
    from_id: int
    into_id: int
    person_id: int
    at: datetime
    before: Mapping[str, Any]  # state and assignee of the one that ended
    sightings: Sequence[int]  # what went over
