"""Exercises: one that plays, what is needed to clear it away, and those the team plans and looks back on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """An exercise: a scenario that plays from ``started`` on, and its own local source."""

    id: int = 0
    scenario: str
    source_id: int
    started: datetime
    seconds: int  # how long it plays
    token: str  # secret part of the local feed's address
    removed: bool = False


class DrillKind(StrEnum):
    """How an exercise of the team begins."""

    NOW = "now"
    PLANNED = "planned"  # everybody knows when
    SURPRISE = "surprise"  # at a time drawn within a window; only who leads it knows


class DrillState(StrEnum):
    """Where an exercise of the team stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"  # to its end; the only one that counts
    BROKEN_OFF = "broken_off"
    CALLED_OFF = "called_off"  # before it began
    MISSED = "missed"  # nobody watched when it should have begun


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillPlan:
    """An exercise of the team, through the whole chain to the people on call, and what became of it.

    ``script`` is the scenario as it was when planned: a file that changes meanwhile changes nothing. While it
    runs, ``drill_id`` names what plays; that is cleared away some day, ``outcome`` stays.
    """

    id: int = 0
    scenario: str
    title: str
    title_en: str = ""
    script: str
    kind: DrillKind
    leader: int | None  # None: begun on the command line
    state: DrillState = DrillState.WAITING
    made: datetime
    due: datetime  # when it begins, or began
    window_from: datetime | None = None  # of a surprise
    window_until: datetime | None = None
    minutes: int  # how long it runs
    drill_id: int | None = None
    played: int = 0  # how many posts have gone into the chain
    ended: datetime | None = None
    ended_by: int | None = None
    reason: str = ""  # why it ended early, in words
    outcome: Mapping[str, object] = field(default_factory=dict)  # as ``drills.outcome`` writes it

    def called(self, lang: str) -> str:
        """Its title, in English where there is one and ``lang`` is not German."""
        return self.title if lang.startswith("de") else self.title_en or self.title
