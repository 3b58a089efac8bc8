"""Counts of days as bars: where each bar of a picture stands and how high it is. Draws nothing itself.

The picture is for a glance; the page says the same in a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 120  # of the bars, in units of the picture
_LEAST = 2.0  # a bar that counts anything can be seen


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, measured from the picture's upper left corner."""

    x: float
    y: float
    width: float
    height: float
    after: bool  # of the thresholds that are tried, not of those in use


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of a number of days, and what stands at the edges."""

    bars: Sequence[Bar]
    most: int  # what the full height means
    first: date
    last: date
    title: str


def chart(
    title: str,
    counts: Sequence[tuple[date, Sequence[int]]],
    first: date,
    last: date,
) -> Chart:
    """Bars for each day from ``first`` to ``last``: one or two counts a day, days without any are gaps."""
    days = (last - first).days + 1
    known = dict(counts)
    most = max((max(numbers) for numbers in known.values()), default=0)
    slot = WIDTH / days
    bars = []
    for number in range(days):
        numbers = known.get(first + timedelta(days=number), ())
        width = slot * 0.8 / max(1, len(numbers))
        for place, count in enumerate(numbers):
            height = max(_LEAST, HEIGHT * count / most) if count else 0.0
            left = number * slot + slot * 0.1 + place * width
            if height:
                bars.append(
                    Bar(
                        round(left, 1),
                        round(HEIGHT - height, 1),
                        round(width, 1),
                        round(height, 1),
                        place > 0,
                    )
                )
    return Chart(bars, most, first, last, title)
