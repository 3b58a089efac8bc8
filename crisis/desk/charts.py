"""Charts as numbers and words: what stands on the axis, what is counted, which moments are marked.

A ``Chart`` is given to ``charts.html``, which writes it as a figure with a sentence and a table;
``static/chart.js`` draws the same numbers. Draws nothing itself and knows no page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from babel.numbers import format_decimal
from flask_babel import format_date, get_locale
from flask_babel import to_user_timezone as local

from crisis.desk import words
from crisis.desk.words import _

Kind = Literal["bars", "lines", "stacked"]
# How a series looks, where it must always look the same: the number of its colour and pattern.
PLAIN, STRIPED, DOTTED, LINED, CROSSED, QUIET = range(6)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the axis: ``short`` stands below it, ``long`` is read out and stands in the table."""

    short: str
    long: str


@lru_cache(maxsize=4096)  # weeks have the same few numbers
def _decimal(value: float, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers; None: not known. ``texts`` say a number otherwise ("2 Stunden")."""

    name: str
    values: Sequence[float | None]
    texts: Sequence[str] = ()
    style: int | None = None

    def text(self, number: int) -> str:
        """What the table says at this point."""
        if self.texts:
            return self.texts[number]
        value = self.values[number]
        return "–" if value is None else _decimal(round(value, 2), str(get_locale()))


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that is marked by a line across: 2.5 stands in the middle of the third point."""

    place: float
    text: str
    at: str = ""  # when, in words


@dataclass(frozen=True, slots=True)
class Limit:
    """A height that is marked by a line along, such as a target."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a figure shows."""

    name: str  # its id in the page
    title: str
    summary: str  # what there is to see, in one sentence
    axis: str  # what the points are: the head of the table's first column
    points: Sequence[Point]
    series: Sequence[Series]
    kind: Kind = "bars"
    unit: str = ""  # "Min."
    marks: Sequence[Mark] = ()
    limits: Sequence[Limit] = ()
    csv: str = ""  # address of the same numbers as CSV

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for series in self.series for value in series.values)

    def data(self) -> dict[str, object]:
        """What the script needs, ready for JSON."""
        return {
            "title": self.title,
            "kind": self.kind,
            "unit": self.unit,
            "lang": words.language(),
            "points": [[point.short, point.long] for point in self.points],
            "series": [
                {
                    "name": series.name,
                    "values": list(series.values),
                    "texts": list(series.texts),
                    "style": number if series.style is None else series.style,
                }
                for number, series in enumerate(self.series)
            ],
            "marks": [{"place": one.place, "text": one.text, "at": one.at} for one in self.marks],
            "limits": [{"value": one.value, "text": one.text} for one in self.limits],
        }


# --- the axis of time ------------------------------------------------------------------------


def days(first: date, last: date) -> list[date]:
    """Every calendar day from ``first`` to ``last``."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def of_days(dates: Iterable[date]) -> list[Point]:
    """Calendar days on the axis."""
    return [
        Point(
            str(format_date(one, _("d.M."))),
            str(format_date(one, _("EEEE, d. MMMM y"))),
        )
        for one in dates
    ]


def of_moments(starts: Sequence[datetime], step: timedelta) -> list[Point]:
    """Spans of ``step`` that begin at ``starts`` (aware), in the authority's time zone."""
    if step >= timedelta(days=1):
        return of_days(local(start).date() for start in starts)
    points = []
    before: date | None = None
    for start in starts:
        day = local(start).date()
        hour = words.clock(start)
        short, named = format_date(day, _("d.M.")), format_date(day, _("EEE, d. MMMM"))
        end = words.clock(start + step)
        long = _("%(day)s, %(start)s bis %(end)s", day=named, start=hour, end=end)
        points.append(Point(hour if day == before else f"{short} {hour}", long))
        before = day
    return points


def place(starts: Sequence[datetime], step: timedelta, moment: datetime) -> float | None:
    """Where a moment lies among spans of ``step``, for a ``Mark``; None outside of them."""
    number = bisect_right(starts, moment) - 1
    if number < 0 or (number == len(starts) - 1 and moment >= starts[number] + step):
        return None
    end = starts[number + 1] if number + 1 < len(starts) else starts[number] + step
    return number + (moment - starts[number]) / (end - starts[number])
