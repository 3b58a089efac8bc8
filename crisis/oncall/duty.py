"""Everything that is planned, resolved to who is on call when: shifts > layers, and nobody who is away.

At each level, whoever was entered by hand for a time (a shift: an override, a swap) goes before the
layers, and the layer of the lowest rank goes before the others. Where somebody is away or gone, the
next person of the same layer who is there stands in; nobody else's turn moves. A shift of somebody who is
away covers nothing: the layers hold. Learners never count.

Pure. Says who is on call; in which order people are told is said by ``rota`` and ``ladder``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from crisis.oncall.holidays import holiday
from crisis.oncall.rotation import Piece, pieces
from crisis.types import LEVELS, Absence, Layer, Person, Shadowing, Shift

BACK = timedelta(days=2)  # so far back the beginning of a running turn is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """All that is planned, as it was read."""

    people: Sequence[Person]
    shifts: Sequence[Shift] = ()
    layers: Sequence[Layer] = ()
    absences: Sequence[Absence] = ()
    shadowings: Sequence[Shadowing] = ()
    zone: tzinfo
    state: str = ""  # the federal state whose holidays count
    known: dict[int, Person] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", {p.id: p for p in self.people})

    def holiday(self, day: date) -> str:
        """The name of that day's holiday, "" for an ordinary day."""
        return holiday(day, self.state)

    def away(self, person_id: int, at: datetime) -> bool:
        """Whether somebody said that they cannot be reached then."""
        return any(a.person_id == person_id and a.start <= at < a.end for a in self.absences)

    def able(self, person_id: int, at: datetime) -> bool:
        """Whether somebody counts as cover then: active, no player of an exercise, not away."""
        person = self.known.get(person_id)
        return (
            person is not None
            and person.active
            and not person.drill
            and not self.away(person_id, at)
        )

    def learners(self, mentor_ids: Collection[int], at: datetime) -> list[int]:
        """Who gets copies of what these people are told now."""
        found = [
            s.learner_id
            for s in self.shadowings
            if s.mentor_id in mentor_ids and s.start <= at < s.end and self.able(s.learner_id, at)
        ]
        return [one for one in dict.fromkeys(found) if one not in mentor_ids]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Somebody is on call at a level from ``start`` until just before ``end``, and why."""

    level: int
    start: datetime
    end: datetime
    person_id: int
    layer_id: int | None = None  # by this layer
    shift_id: int | None = None  # or by this shift, entered by hand
    instead_of: int | None = None  # whose turn it would have been


def periods(
    duty: Duty, start: datetime, end: datetime, *, levels: Iterable[int] = LEVELS
) -> list[Period]:
    """Who is on call from ``start`` until just before ``end``, cut to the window, by start and level.

    At one level two people are on call at once only where two shifts were entered for the same time.
    """
    found = [p for level in levels for p in _of_level(duty, level, start, end)]
    return sorted(found, key=lambda p: (p.start, p.level, p.shift_id or 0, p.person_id))


def on_call(duty: Duty, at: datetime, level: int = 1) -> list[Period]:
    """Who is on call at this moment; the one whose shift began first comes first."""
    return periods(duty, at, at + timedelta(microseconds=1), levels=(level,))


def shifts(duty: Duty, now: datetime, until: datetime) -> list[Shift]:
    """What holds as plain shifts: the running ones from their beginning, the others until ``until``.

    Shifts of an exercise come along as they are.
    """
    resolved = [
        Shift(id=p.shift_id or 0, person_id=p.person_id, start=p.start, end=p.end, level=p.level)
        for p in periods(duty, now - BACK, until)
        if p.end > now
    ]
    whole = {s.id: s for s in duty.shifts}
    resolved = [replace(s, start=min(s.start, whole[s.id].start)) if s.id else s for s in resolved]
    drills = [s for s in duty.shifts if s.drill and s.end > now]
    return sorted([*resolved, *drills], key=lambda s: (s.start, s.id))


def gaps(
    duty: Duty, start: datetime, end: datetime, level: int = 1
) -> list[tuple[datetime, datetime]]:
    """When nobody is on call at this level: [from, until), in order, disjoint."""
    found = []
    covered = start
    for period in periods(duty, start, end, levels=(level,)):
        if period.start > covered:
            found.append((covered, period.start))
        covered = max(covered, period.end)
    return [*found, (covered, end)] if covered < end else found


def holes(
    duty: Duty, start: datetime, end: datetime, level: int = 1
) -> list[tuple[datetime, datetime]]:
    """The gaps that matter: all of the first level; behind it those in which a layer should hold.

    A second level that is planned for office hours only has no hole at night.
    """
    found = gaps(duty, start, end, level)
    if level == 1 or not found:
        return found
    meant = [
        (begins, ends)
        for layer in duty.layers
        if layer.level == level
        for begins, ends, _place in pieces(layer, start, end, duty.zone, duty.holiday)
    ]
    cut = sorted(
        (max(a, begins), min(b, ends))
        for a, b in found
        for begins, ends in meant
        if a < ends and begins < b
    )
    joined: list[tuple[datetime, datetime]] = []
    for begins, ends in cut:
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], ends)
        else:
            joined.append((begins, ends))
    return joined


def _of_level(duty: Duty, level: int, start: datetime, end: datetime) -> list[Period]:
    entered = sorted(
        (
            s
            for s in duty.shifts
            if s.level == level and not s.drill and s.start < end and s.end > start
        ),
        key=lambda s: (s.start, s.id),
    )
    layers = sorted((x for x in duty.layers if x.level == level), key=lambda x: (x.rank, x.id))
    planned = [(x, pieces(x, start, end, duty.zone, duty.holiday)) for x in layers]
    if not entered and not any(turns for _, turns in planned):
        return []
    cuts = _cuts(duty, entered, [turns for _, turns in planned], start, end)
    found: list[Period] = []
    for begins, ends in pairwise(cuts):
        _join(found, _then(duty, level, entered, planned, begins, ends))
    return found


def _cuts(
    duty: Duty,
    entered: Sequence[Shift],
    turns: Sequence[Sequence[Piece]],
    start: datetime,
    end: datetime,
) -> list[datetime]:
    """Every moment of the window at which something may change."""
    moments = {start, end}
    for shift in entered:
        moments |= {shift.start, shift.end}
    for absence in duty.absences:
        moments |= {absence.start, absence.end}
    for some in turns:
        for begins, ends, _ in some:
            moments |= {begins, ends}
    return sorted(m for m in moments if start <= m <= end)


def _then(
    duty: Duty,
    level: int,
    entered: Sequence[Shift],
    planned: Sequence[tuple[Layer, Sequence[Piece]]],
    begins: datetime,
    ends: datetime,
) -> list[Period]:
    """Who is on call in a time in which nothing changes."""
    by_plan = next(
        (p for layer, turns in planned if (p := _turn(duty, layer, turns, begins, ends))), None
    )
    by_hand = [
        Period(
            level=level,
            start=begins,
            end=ends,
            person_id=shift.person_id,
            shift_id=shift.id,
            instead_of=by_plan.person_id
            if by_plan is not None and by_plan.person_id != shift.person_id
            else None,
        )
        for shift in entered
        if shift.start <= begins < shift.end and duty.able(shift.person_id, begins)
    ]
    return by_hand or ([by_plan] if by_plan is not None else [])


def _turn(
    duty: Duty, layer: Layer, turns: Sequence[Piece], begins: datetime, ends: datetime
) -> Period | None:
    """Whom the layer gives this time to: whose turn it is, else the next of the layer who is there."""
    at = bisect_right(turns, begins, key=lambda piece: piece[0]) - 1
    if at < 0 or turns[at][1] <= begins:
        return None
    place = turns[at][2]
    order = [*layer.people[place:], *layer.people[:place]]
    who = next((one for one in order if duty.able(one, begins)), None)
    if who is None:
        return None
    return Period(
        level=layer.level,
        start=begins,
        end=ends,
        person_id=who,
        layer_id=layer.id,
        instead_of=order[0] if who != order[0] else None,
    )


def _join(found: list[Period], more: Sequence[Period]) -> None:
    """Lengthen what goes on unchanged, add what is new."""
    for period in more:
        for place in range(len(found) - 1, max(len(found) - 4, -1), -1):
            last = found[place]
            if (
                last.end == period.start
                and replace(last, start=period.start, end=period.end) == period
            ):
                found[place] = replace(last, end=period.end)
                break
        else:
            found.append(period)
