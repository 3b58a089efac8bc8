"""How good the coming weeks are: holes, people whom mail may not reach, burdens, and what to do about each.

Pure. The score begins at 100 and loses points for each kind of finding, at most ``_MOST`` for one kind:

* a time without anybody on call: the share of such hours, times 200 (half a week of four: 25 points)
* somebody whose address is not confirmed: 10 each
* a time in which only one person could be told at all, not counting the last resort: its share times 20
* somebody on call without a break for longer than ``ALONE``: 10 each
* more than ``NIGHTS`` nights in a row: 5 each

The weights are ours, chosen so that a hole weighs most and no single burden hides one; they are not from a
study. A night is an hour between 22 and 6 o'clock, a weekend Saturday and Sunday, both on the authority's
clocks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from crisis.oncall.duty import Duty, Period, holes, periods
from crisis.types import Role

ALONE = timedelta(days=8)  # a week and the hand-over day are usual
NIGHTS = 7
HOUR = timedelta(hours=1)
_NIGHT = (22, 6)
_MOST = {"gap": 60, "unconfirmed": 20, "nobody_next": 20, "alone": 20, "nights": 10}


class Kind(StrEnum):
    """What may be wrong with a rota."""

    GAP = "gap"
    UNCONFIRMED = "unconfirmed"
    NOBODY_NEXT = "nobody_next"
    ALONE = "alone"
    NIGHTS = "nights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not well: what, when and whom it concerns, and what it costs of the score."""

    kind: Kind
    start: datetime
    end: datetime
    person_id: int | None = None
    level: int = 1
    nights: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What one person carries in the window, in hours; nights and weekends are part of them."""

    person_id: int
    hours: float
    night_hours: float
    weekend_hours: float
    shifts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The score (0 to 100) with its reasons, the gravest first, and who carries how much."""

    score: int
    findings: tuple[Finding, ...]
    burdens: tuple[Burden, ...]


def quality(
    duty: Duty,
    start: datetime,
    end: datetime,
    *,
    confirmed: Collection[int],
    levels: Iterable[int] | None = None,
) -> Quality:
    """Judge the window. ``confirmed`` are people whose address is known to work.

    ``levels`` are those that are planned; by default the first and every level that has a layer or shift.
    """
    planned = set(levels) if levels is not None else planned_levels(duty)
    all_periods = periods(duty, start, end, levels=sorted(planned))
    findings = [
        *_gaps(duty, start, end, planned),
        *_unconfirmed(all_periods, confirmed),
        *_nobody_next(duty, start, end),
        *_alone(all_periods),
        *_nights(duty, all_periods),
    ]
    return Quality(
        score=_score(findings, end - start),
        findings=tuple(findings),
        burdens=tuple(_burdens(duty, all_periods)),
    )


def planned_levels(duty: Duty) -> set[int]:
    """The levels at which anybody is planned; the first always is."""
    layers = {layer.level for layer in duty.layers if layer.active}
    return {1, *layers, *(shift.level for shift in duty.shifts if not shift.drill)}


def _gaps(duty: Duty, start: datetime, end: datetime, levels: Collection[int]) -> list[Finding]:
    return [
        Finding(kind=Kind.GAP, start=begins, end=ends, level=level)
        for level in sorted(levels)
        for begins, ends in holes(duty, start, end, level)
    ]


def _unconfirmed(found: Sequence[Period], confirmed: Collection[int]) -> list[Finding]:
    first: dict[int, Period] = {}
    for period in found:
        if period.person_id not in confirmed:
            first.setdefault(period.person_id, period)
    return [
        Finding(kind=Kind.UNCONFIRMED, start=p.start, end=p.end, person_id=p.person_id)
        for p in first.values()
    ]


def _nobody_next(duty: Duty, start: datetime, end: datetime) -> list[Finding]:
    """Nobody but the one on call is there to be told: neither at another level nor by role."""
    others = {p.id for p in duty.people if p.active and not p.drill and Role.DUTY in p.roles}
    found = periods(duty, start, end)
    alone: list[Finding] = []
    for period in (p for p in found if p.level == 1):
        at = period.start
        behind = {
            p.person_id for p in found if p.level != 1 and p.start < period.end and p.end > at
        }
        rest = {one for one in others | behind if duty.able(one, at)} - {period.person_id}
        if not rest:
            alone.append(
                Finding(
                    kind=Kind.NOBODY_NEXT,
                    start=period.start,
                    end=period.end,
                    person_id=period.person_id,
                )
            )
    return alone


def _alone(found: Sequence[Period]) -> list[Finding]:
    """Stretches of one person without a break that are too long, at any level."""
    return [
        Finding(
            kind=Kind.ALONE,
            start=start,
            end=end,
            person_id=person_id,
            level=level,
        )
        for level, person_id, start, end in _stretches(found)
        if end - start > ALONE
    ]


def _stretches(found: Sequence[Period]) -> list[tuple[int, int, datetime, datetime]]:
    runs: list[tuple[int, int, datetime, datetime]] = []
    open_: dict[tuple[int, int], int] = {}
    for period in sorted(found, key=lambda p: p.start):
        key = period.level, period.person_id
        at = open_.get(key)
        if at is not None and runs[at][3] >= period.start:
            runs[at] = (*runs[at][:3], max(runs[at][3], period.end))
        else:
            open_[key] = len(runs)
            runs.append((*key, period.start, period.end))
    return runs


def _nights(duty: Duty, found: Sequence[Period]) -> list[Finding]:
    """More nights in a row than people should have; a night counts where it has an hour of duty."""
    of_person: dict[int, set[date]] = defaultdict(set)
    for period in found:
        for hour in _hours(period):
            local = hour.astimezone(duty.zone)
            if _is_night(local):
                # A night is named by the evening it begins on.
                of_person[period.person_id].add((local - timedelta(hours=_NIGHT[1])).date())
    result = []
    for person_id, days in of_person.items():
        for first, count in _rows(sorted(days)):
            if count > NIGHTS:
                start = datetime(first.year, first.month, first.day, 22, tzinfo=duty.zone)
                result.append(
                    Finding(
                        kind=Kind.NIGHTS,
                        start=start,
                        end=start + timedelta(days=count),
                        person_id=person_id,
                        nights=count,
                    )
                )
    return result


def _rows(days: Sequence[date]) -> list[tuple[date, int]]:
    """Runs of days that follow one another: the first and how many."""
    runs: list[tuple[date, int]] = []
    for day in days:
        if runs and day == runs[-1][0] + timedelta(days=runs[-1][1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((day, 1))
    return runs


def _burdens(duty: Duty, found: Sequence[Period]) -> list[Burden]:
    hours: dict[int, list[float]] = {}
    for period in found:
        sums = hours.setdefault(period.person_id, [0.0, 0.0, 0.0, 0.0])
        sums[3] += 1
        sums[0] += (period.end - period.start) / HOUR
        for hour in _hours(period):
            part = (min(hour + HOUR, period.end) - hour) / HOUR
            local = hour.astimezone(duty.zone)
            sums[1] += part * _is_night(local)
            sums[2] += part * (local.weekday() >= 5)
    made = [
        Burden(
            person_id=one,
            hours=round(sums[0], 1),
            night_hours=round(sums[1], 1),
            weekend_hours=round(sums[2], 1),
            shifts=int(sums[3]),
        )
        for one, sums in hours.items()
    ]
    return sorted(made, key=lambda b: (-b.hours, b.person_id))


def _hours(period: Period) -> Iterable[datetime]:
    at = period.start
    while at < period.end:
        yield at
        at += HOUR


def _is_night(local: datetime) -> bool:
    return local.hour >= _NIGHT[0] or local.hour < _NIGHT[1]


def _score(findings: Sequence[Finding], window: timedelta) -> int:
    lost: dict[str, float] = defaultdict(float)
    for one in findings:
        share = (one.end - one.start) / window if window else 0.0
        lost[one.kind] += {
            Kind.GAP: 200 * share,
            Kind.UNCONFIRMED: 10,
            Kind.NOBODY_NEXT: 20 * share,
            Kind.ALONE: 10,
            Kind.NIGHTS: 5,
        }[one.kind]
    # Any hole at all costs a point, so that 100 means none.
    if any(one.kind is Kind.GAP for one in findings):
        lost[Kind.GAP] = max(lost[Kind.GAP], 1.0)
    total = sum(min(points, _MOST[kind]) for kind, points in lost.items())
    return max(0, round(100 - total))
