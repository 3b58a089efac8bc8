"""An exercise that plays, and what is needed to clear it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """An exercise: a scenario that plays from ``started`` on, and its own local feed."""

    id: int = 0
    scenario: str
    source_id: int
    started: datetime
    seconds: int  # how long it plays
    token: str  # secret part of the local feed's address
    removed: bool = False
