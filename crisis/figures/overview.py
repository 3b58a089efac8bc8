"""Figures of a period: each step, by week, source, topic and severity; false alarms; work by hour.

Takes courses as the store gives them, and the authority's calendar. Words nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, TypeVar

from crisis.figures.courses import Course, Wave, waves
from crisis.figures.spans import Spans, Step, Summary, summary
from crisis.types import Severity

Key = TypeVar("Key", bound=Hashable)
Targets = Mapping[Step, float | None]
"""Minutes for each step; None: no target."""


class Choice(StrEnum):
    """Which period is looked at."""

    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"
    OWN = "eigener"


@dataclass(frozen=True)
class Period:
    """From the beginning of a day to the end of another, in the authority's time zone."""

    first: date
    last: date
    zone: tzinfo

    @cached_property
    def start(self) -> datetime:
        """Midnight at its beginning."""
        return datetime.combine(self.first, time(), self.zone)

    @cached_property
    def end(self) -> datetime:
        """Midnight at its end, not part of it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @cached_property
    def before(self) -> Period:
        """As many days just before."""
        return Period(
            self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.zone
        )

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the weeks it touches."""
        monday = self.first - timedelta(days=self.first.weekday())
        return [
            monday + timedelta(weeks=number) for number in range((self.last - monday).days // 7 + 1)
        ]


def period(
    choice: Choice, today: date, zone: tzinfo, first: date | None = None, last: date | None = None
) -> Period:
    """The period somebody chose. An own one is put in order and ends today at the latest."""
    if choice is not Choice.OWN:
        return Period(today - timedelta(days=int(choice.value) - 1), today, zone)
    first, last = first or last or today, last or today
    first, last = min(first, last), min(max(first, last), today)
    return Period(min(first, last), last, zone)


@dataclass(frozen=True, slots=True)
class Alarms:
    """Which alarms were false, as far as people said so."""

    incidents: int  # waves that are over
    dismissed: int  # of these
    judged: int  # raised posts somebody judged
    does_not_fit: int  # of these

    @property
    def share(self) -> float | None:
        """Dismissed of those that ended; None of none."""
        return self.dismissed / self.incidents if self.incidents else None


@dataclass(frozen=True, slots=True)
class Suggested:
    """What became of suggestions."""

    found: int
    fits: int
    does_not_fit: int
    waiting: int


def begun_in(courses: Iterable[Course], within: Period) -> list[Wave]:
    """The waves that began in a period."""
    return _begun_in([wave for course in courses for wave in waves(course)], within)


def _begun_in(found: Iterable[Wave], within: Period) -> list[Wave]:
    start, end = within.start.astimezone(UTC), within.end.astimezone(UTC)
    return [wave for wave in found if start <= wave.begun < end]


def steps(found: Sequence[Wave], now: datetime, targets: Targets) -> dict[Step, Summary]:
    """Every step over these waves."""
    return {step: summary(found, step, now, targets.get(step)) for step in Step}


def split(found: Iterable[Wave], keys: Callable[[Wave], Iterable[Key]]) -> dict[Key, list[Wave]]:
    """Waves by what ``keys`` says of each; one with several keys is counted for each of them."""
    groups: dict[Key, list[Wave]] = {}
    for wave in found:
        for key in keys(wave):
            groups.setdefault(key, []).append(wave)
    return groups


def week_of(moment: datetime, zone: tzinfo) -> date:
    """The Monday of a moment's week, by the authority's calendar."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def alarms(found: Iterable[Wave]) -> Alarms:
    """False alarms among these waves. Posts are counted with their incident's first wave."""
    over = dismissed = judged = wrong = 0
    for wave in found:
        over += wave.ended is not None
        dismissed += wave.dismissed
        if wave.number == 1:
            course = wave.course
            judged += course.fits + course.does_not_fit + course.corrects
            wrong += course.does_not_fit
    return Alarms(over, dismissed, judged, wrong)


class Steady(NamedTuple):
    """A stretch of time in which the authority's clock keeps its distance to UTC."""

    start: datetime
    end: datetime
    offset: timedelta


def steady(start: datetime, end: datetime, zone: tzinfo) -> list[Steady]:
    """The stretches from ``start`` until just before ``end``; clocks are put on or back at full minutes."""
    found: list[Steady] = []
    # Reckoned in UTC: on the authority's own clock an hour is missing, and another one comes twice.
    at, end, minute = start.astimezone(UTC), end.astimezone(UTC), timedelta(minutes=1)
    while at < end:
        offset = _offset(at, zone)
        until = at
        for step in (timedelta(days=1), timedelta(hours=1), minute):
            while until < end and _offset(until + step, zone) == offset:
                until += step
        until = min(end, until.replace(second=0, microsecond=0) + minute)
        found.append(Steady(at, until, offset))
        at = until
    return found


def _offset(at: datetime, zone: tzinfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything about one period, and the steps of the period before."""

    period: Period
    now: datetime
    targets: Targets
    found: Sequence[Wave]
    former: Sequence[Wave]  # of the period before
    spans: Mapping[Step, Spans]

    @cached_property
    def steps(self) -> dict[Step, Summary]:
        """Every step of the period."""
        return {step: self.of(self.found, step) for step in Step}

    @cached_property
    def before(self) -> dict[Step, Summary]:
        """Every step of the period before."""
        return {step: self.of(self.former, step) for step in Step}

    @property
    def past(self) -> int:
        """How many of these waves are not a rumour's first."""
        return sum(wave.number > 1 for wave in self.found)

    def of(self, found: Sequence[Wave], step: Step) -> Summary:
        """One step over some of these waves."""
        return summary(found, step, self.now, self.targets.get(step), self.spans[step])

    def by_week(self) -> dict[date, list[Wave]]:
        """Waves by the Monday of their week; weeks without any are there, too."""
        groups: dict[date, list[Wave]] = {monday: [] for monday in self.period.weeks}
        for wave in self.found:
            groups[week_of(wave.begun, self.period.zone)].append(wave)
        return groups

    def by_source(self) -> dict[int | None, list[Wave]]:
        """Waves by the source of the first post; None: it is not known any more."""
        return split(self.found, lambda wave: [wave.course.source_id])

    def by_topic(self) -> dict[str, list[Wave]]:
        """Waves by topic of the rumour, "" for those without; several topics count several times."""
        return split(self.found, lambda wave: wave.course.topics or ("",))

    def by_severity(self) -> dict[Severity, list[Wave]]:
        """Waves by how urgent they became."""
        return split(self.found, lambda wave: [wave.course.severity])

    def begun_by_hour(self) -> list[int]:
        """How many began in each hour of the day."""
        counts = Counter(wave.begun.astimezone(self.period.zone).hour for wave in self.found)
        return [counts[hour] for hour in range(24)]


def overview(
    courses: Sequence[Course], within: Period, now: datetime, targets: Targets
) -> Overview:
    """Figures of ``within``. ``courses`` must hold those of the period before as well."""
    every = [wave for course in courses for wave in waves(course)]
    return Overview(
        period=within,
        now=now,
        targets=targets,
        found=_begun_in(every, within),
        former=_begun_in(every, within.before),
        spans={step: Spans(step, now) for step in Step},
    )
