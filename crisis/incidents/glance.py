"""What the board knows of an incident at a glance, beyond its own row. Looks nothing up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crisis.types import IncidentState, ResponseState, Severity

HOURS = 24  # of which the speed is told


@dataclass(frozen=True, slots=True)
class OpenOnes:
    """So many open incidents are in this state and so urgent."""

    state: IncidentState
    severity: Severity
    count: int = 1


@dataclass(slots=True)
class Glance:
    """One incident at a glance, beyond what stands in its own row."""

    rumour: str = ""  # its sentence; "" where the catalogue does not know it any more
    lang: str = ""  # of that sentence; "" unknown
    speed: list[int] = field(default_factory=lambda: [0] * HOURS)  # posts an hour, oldest first
    places: dict[str, int] = field(default_factory=dict)  # of the last day, most posts first
    answers: set[ResponseState] = field(default_factory=set)
    paged: datetime | None = None  # when somebody was last called
