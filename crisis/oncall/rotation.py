"""When whose turn in a layer is: the layer's hand-overs as instants, and the hours it holds. Pure.

Hand-overs are agreed in wall-clock time and laid onto the authority's time zone, so a day of duty has 23
or 25 hours when the clocks change. A time that happens twice is the first of the two, one that is leapt
over is read with the offset from before the leap (RFC 5545, 3.3.5): 02:30 becomes 03:30. Every hand-over
is one instant, so that no hour belongs to two people and none to nobody.

Does not know who is absent or which layer goes before another (``duty``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from crisis.types import Layer, OnHolidays, Rhythm

Piece = tuple[datetime, datetime, int]  # from, until, the place of the person in the layer
Holiday = Callable[[date], str]
DAY = timedelta(days=1)
_WORKDAYS = frozenset(range(5))
_UNITS = {Rhythm.DAILY: DAY, Rhythm.WEEKLY: 7 * DAY, Rhythm.HOURS: timedelta(hours=1)}


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """The wall-clock time (naive) as the instant it is, in UTC."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def pieces(
    layer: Layer, start: datetime, end: datetime, zone: tzinfo, holiday: Holiday
) -> list[Piece]:
    """Whose turn it is from ``start`` until just before ``end``: in order, disjoint, not cut to the window.

    Empty where nobody is in the layer. ``holiday`` names a day's holiday, "" for an ordinary day.
    """
    if not layer.people or not layer.active or start >= end:
        return []
    if layer.rhythm is Rhythm.WORKDAYS:
        return list(_by_workday(layer, start, end, zone, holiday))
    turns = list(_turns(layer, start, end, zone))
    if not _restricted(layer):
        return turns
    found = []
    for opens, closes, _day in _windows(layer, start, end, zone, holiday):
        for begins, ends, place in turns:
            if begins < closes and opens < ends:
                found.append((max(begins, opens), min(ends, closes), place))
    return found


def _turns(layer: Layer, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Piece]:
    """From hand-over to hand-over, as long as the window lasts."""
    first = datetime.combine(layer.begins, layer.handover)
    unit = _UNITS[layer.rhythm] * max(layer.length, 1)
    wall = start.astimezone(zone).replace(tzinfo=None)
    number = max((wall - first) // unit - 1, 0)
    at = instant(first + number * unit, zone)
    while at < end:
        after = instant(first + (number + 1) * unit, zone)
        if at < after and after > start:
            yield at, after, number % len(layer.people)
        number, at = number + 1, after


def _by_workday(
    layer: Layer, start: datetime, end: datetime, zone: tzinfo, holiday: Holiday
) -> Iterator[Piece]:
    """Each of the chosen weekdays counts; a holiday counts, too, so that it moves nobody's turn."""
    for opens, closes, day in _windows(layer, start, end, zone, holiday):
        if day >= layer.begins:
            number = _days_before(layer, day) // max(layer.length, 1)
            yield opens, closes, number % len(layer.people)


def _days_before(layer: Layer, day: date) -> int:
    """How many of the layer's weekdays lie from its beginning until before ``day``."""
    chosen = layer.weekdays or _WORKDAYS
    weeks, rest = divmod((day - layer.begins).days, 7)
    first = layer.begins.weekday()
    return weeks * len(chosen) + sum((first + n) % 7 in chosen for n in range(rest))


def _restricted(layer: Layer) -> bool:
    hours = layer.opens is not None and layer.closes is not None
    return bool(layer.weekdays) or hours or layer.holidays is not OnHolidays.ALSO


def _windows(
    layer: Layer, start: datetime, end: datetime, zone: tzinfo, holiday: Holiday
) -> Iterator[tuple[datetime, datetime, date]]:
    """The hours in which the layer holds, with the day each belongs to."""
    day = (start.astimezone(zone) - DAY).date()  # the night before may reach into the window
    last = end.astimezone(zone).date()
    chosen = layer.weekdays or (
        _WORKDAYS if layer.rhythm is Rhythm.WORKDAYS else frozenset(range(7))
    )
    while day <= last:
        if day.weekday() in chosen and _holds(layer, bool(holiday(day))):
            opens, closes = _hours(layer, day)
            begins, ends = instant(opens, zone), instant(closes, zone)
            if begins < end and ends > start and begins < ends:
                yield begins, ends, day
        day += DAY


def _holds(layer: Layer, is_holiday: bool) -> bool:
    return layer.holidays is OnHolidays.ALSO or is_holiday == (layer.holidays is OnHolidays.ONLY)


def _hours(layer: Layer, day: date) -> tuple[datetime, datetime]:
    """The day's hours on the wall clock; those that end before they begin end on the next day."""
    if layer.opens is None or layer.closes is None:
        return datetime.combine(day, time()), datetime.combine(day + DAY, time())
    ends = day if layer.closes > layer.opens else day + DAY
    return datetime.combine(day, layer.opens), datetime.combine(ends, layer.closes)
