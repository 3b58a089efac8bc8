"""Promises to say again, at set times, how an answer stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UpdateState(StrEnum):
    """Where a promise to inform again stands."""

    RUNNING = "running"
    PAUSED = "paused"  # nobody is reminded until somebody goes on
    ENDED = "ended"  # all given, stopped, or its answer is no longer public


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlan:
    """The promise to say at set times how an answer stands: "at 06:00", "every 20 minutes until …".

    Nothing of it goes out before a person has confirmed that one time.
    """

    id: int = 0
    response_id: int
    incident_id: int
    channels: tuple[str, ...]  # besides the website
    first: datetime
    every: int = 0  # minutes; 0: once. Whole days are days of the calendar, not 24 hours
    until: datetime | None = None
    due: datetime | None  # the next one; None: there is none
    state: UpdateState = UpdateState.RUNNING
    turn: int = 0  # how many were given
    last: datetime | None = None  # when the last one was
    missed: int = 0  # in a row
    told: int = 0  # mails about the one that is due
    made_by: int
    made: datetime
    drill: bool = False
    version: int = 1
