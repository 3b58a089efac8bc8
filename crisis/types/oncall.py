"""Being on call: layers, absences, swaps, and the rules of who is told when.

Times of day and days are those of the authority's clocks, because people agree on "eight o'clock", not on
an instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from crisis.types.incidents import Severity
from crisis.types.people import Role

LEVELS = (1, 2, 3)  # told first, behind that, and behind that


class Rhythm(StrEnum):
    """How the people of a layer follow one another."""

    DAILY = "daily"  # every ``length`` days
    WEEKLY = "weekly"  # every ``length`` weeks
    WORKDAYS = "workdays"  # every ``length`` of the chosen weekdays; the others count for nobody
    HOURS = "hours"  # every ``length`` hours


class OnHolidays(StrEnum):
    """Whether a layer holds on public holidays."""

    ALSO = "also"
    NOT = "not"
    ONLY = "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """People who take turns at one level. Of several layers of a level, the one of the lowest rank holds."""

    id: int = 0
    name: str
    level: int = 1
    rank: int = 1
    people: tuple[int, ...]  # in their order; the first one begins
    rhythm: Rhythm = Rhythm.WEEKLY
    length: int = 1  # weeks, days or chosen weekdays; hours for HOURS
    begins: date
    handover: time = time(8)  # on the authority's clocks; WORKDAYS changes with the day
    weekdays: frozenset[int] = frozenset()  # 0 Monday … 6 Sunday; empty: every day
    opens: time | None = (
        None  # with ``closes``: only these hours, into the next day if it ends earlier
    )
    closes: time | None = None
    holidays: OnHolidays = OnHolidays.ALSO
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Somebody cannot be reached from ``start`` until just before ``end``."""

    id: int = 0
    person_id: int
    start: datetime
    end: datetime
    note: str = ""
    calendar_id: int | None = None  # read from this calendar; None: entered by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceCalendar:
    """Where a person's absences are read from (iCalendar)."""

    id: int = 0
    person_id: int
    url: str
    checked: datetime | None = None  # when it was last read without trouble
    due: datetime | None = None  # when it is read next; None: now
    problem: str = ""  # in plain words


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowing:
    """A learner gets copies of what a mentor is told. Never counts as cover."""

    id: int = 0
    learner_id: int
    mentor_id: int
    start: datetime
    end: datetime


class SwapState(StrEnum):
    """Where an offered swap stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """One person asks another to take over a time, perhaps for another in return."""

    id: int = 0
    from_id: int
    to_id: int
    level: int = 1
    start: datetime
    end: datetime
    back_start: datetime | None = None  # what ``from_id`` takes over in return; None: nothing
    back_end: datetime | None = None
    note: str = ""
    state: SwapState = SwapState.OFFERED
    offered: datetime
    answered: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaChange:
    """One row of the rota as it was and as it became, so that it can be undone."""

    id: int = 0
    at: datetime
    by: int | None
    noun: str  # layer, shift, absence, shadowing
    row_id: int
    before: Mapping[str, Any] | None  # None: it was added
    after: Mapping[str, Any] | None  # None: it was removed
    undone: bool = False


class TargetKind(StrEnum):
    """Whom a step of the policy tells."""

    LINE = "line"  # one after the other: on call, next, everybody on duty
    LEVEL = "level"  # who is on call at a level, at once
    PEOPLE = "people"
    ROTA = "rota"  # everybody who stands in any layer or shift of the level, at once
    ROLE = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One group of recipients. Which field counts, ``kind`` says."""

    kind: TargetKind
    level: int = 1
    people: tuple[int, ...] = ()
    role: Role = Role.DUTY


class Hours(StrEnum):
    """When a step of the policy holds."""

    ALWAYS = "always"
    OFFICE = "office"  # Monday to Friday but for holidays, within the policy's office hours
    OUTSIDE = "outside"  # all other times


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyStep:
    """Whom to tell, and how long to wait for an answer."""

    targets: tuple[Target, ...]
    wait: int = 0  # minutes; 0: as long as the settings say
    times: int = 1  # told so often before the next step comes
    severity: Severity = Severity.LOW  # the least severity that this step is for
    hours: Hours = Hours.ALWAYS
    gateways: tuple[int, ...] = ()  # told as well, such as a room in which everybody reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules by which people are told, one version of them. Versions are kept and never changed."""

    id: int = 0
    steps: tuple[PolicyStep, ...]
    rounds: int = 3  # how often the steps are gone through; an urgent incident goes on, hourly
    quiet_from: time | None = None  # with ``quiet_until``: hours that raise only what cannot wait
    quiet_until: time | None = None
    quiet_below: Severity = Severity.URGENT  # what is less severe waits for the morning
    office_from: time = time(8)
    office_until: time = time(17)
    note: str = ""
    by: int | None = None
    made: datetime | None = None


DEFAULT_POLICY = Policy(steps=(PolicyStep(targets=(Target(kind=TargetKind.LINE),)),))
