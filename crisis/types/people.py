"""Who works here, what they may do, when they are on call, what one shift tells the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a person may do. Rights add up; ``ADMIN`` does not include the others."""

    DUTY = "duty"  # handle incidents, draft answers
    AUTHOR = "author"  # write playbooks and rumours
    DRAFTER = "drafter"  # write drafts of playbooks and answers and hand them in, nothing else
    APPROVER = "approver"  # approve playbooks, release answers
    ADMIN = "admin"  # sources, people, shifts, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the authority."""

    id: int = 0
    name: str
    email: str
    roles: frozenset[Role] = frozenset()
    lang: str = "de"
    active: bool = True
    drill: bool = False  # plays a part in an exercise; can never sign in


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that works once, in a mail. Of its secret nothing is told."""

    purpose: str
    person_id: int | None
    created: datetime
    used: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Who answers the alerts from ``start`` until just before ``end``."""

    id: int = 0
    person_id: int
    start: datetime
    end: datetime
    drill: bool = False
    level: int = 1  # 1: told first; those of level 2 stand behind them


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What somebody told the next shift."""

    id: int = 0
    written_by: int
    written: datetime
    begun: datetime  # when the shift began that is handed over
    text: str
    told: int | None = None  # who got it by mail


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftChange:
    """Somebody else is on call from ``at`` on, and what they were told then."""

    id: int = 0
    at: datetime
    noticed: datetime  # later than ``at`` where the monitor stood still, or the rota was changed
    begun: datetime  # when the shift began that ended
    incoming: tuple[int, ...]
    outgoing: tuple[int, ...] = ()  # empty: nobody was on call before
    mailed: tuple[int, ...] = ()
    busy: bool = False  # whether anything was open, promised, wrong or written
    # By language, what stood in the mail: parts with a title and points, each with its text and "what"
    # it is about ("incident:5", "response:2", "").
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
