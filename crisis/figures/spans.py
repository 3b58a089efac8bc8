"""How long the steps of a wave took, with those that are still open: nothing is dropped.

A wave that still waits has waited *at least* so long. Leaving it out would make a slow week look fast, so
medians are those of Kaplan and Meier (Nonparametric estimation from incomplete observations, JASA 53,
1958): the first time by which the estimated share of waves that still wait is one half or less. Without
open ones that is the lower median. Knows neither targets of an authority nor a page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter, itemgetter
from typing import NamedTuple

from crisis.figures.courses import Wave


class Step(StrEnum):
    """From where to where is measured."""

    DETECTION = "detection"  # first post written -> incident opened
    ALERT = "alert"  # wave begun -> first mail accepted
    ACKNOWLEDGEMENT = "acknowledgement"  # wave begun -> somebody has it
    ANSWER = "answer"  # wave begun -> first answer public
    CORRECTION = "correction"  # first post written -> first answer public


_FROM_FIRST_POST = frozenset({Step.DETECTION, Step.CORRECTION})
_REACHED: Mapping[Step, Callable[[Wave], datetime | None]] = {
    Step.DETECTION: attrgetter("begun"),
    Step.ALERT: attrgetter("alerted"),
    Step.ACKNOWLEDGEMENT: attrgetter("acknowledged"),
    Step.ANSWER: attrgetter("answered"),
    Step.CORRECTION: attrgetter("answered"),
}
FEW = 5  # below that a median is hardly more than an anecdote


class Span(NamedTuple):
    """How long one wave took, or has waited so far. Figures of a year make ten thousands of them."""

    minutes: float  # 0 or more
    reached: bool
    since: datetime
    backwards: bool = False  # the clock was put back in between; counted as 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One step over many waves. Times in minutes; None: fewer than that share are through."""

    counted: int  # reached and waiting
    waiting: int
    without: int  # ended without this step: nothing to wait for any more, not counted
    backwards: int
    median: float | None  # by then half of them were through
    p90: float | None
    longest: float  # the longest time seen, waiting or not
    waiting_since: datetime | None  # of the one that waits longest
    within: float | None  # share through within the target; None: no target, or nothing counted

    @property
    def few(self) -> bool:
        """Whether there are too few to lean on."""
        return self.counted < FEW


class Met(StrEnum):
    """How a median stands to its target."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"  # too many still wait, and not yet longer than the target
    NOTHING = "nothing"  # nothing happened, or there is no target


def span(wave: Wave, step: Step, now: datetime) -> Span | None:
    """What one wave adds to a step; None where the step can not be measured, or ended without it."""
    return Spans(step, now).of(wave)


def within(spans: Sequence[Span], minutes: float) -> float | None:
    """Estimated share (0 to 1) that is through after so many minutes; None of nothing."""
    return _within(survival(spans), minutes) if spans else None


def quantile(spans: Sequence[Span], share: float) -> float | None:
    """By how many minutes this share (0 to 1) was through; None while too many wait for that."""
    return _quantile(survival(spans), share)


def _quantile(curve: Sequence[tuple[float, float]], share: float) -> float | None:
    # The share that waits falls along the curve, so that the place can be halved in on.
    place = bisect_left(curve, share - 1e-12, key=lambda step: 1 - step[1])
    return curve[place][0] if place < len(curve) else None


def _within(curve: Sequence[tuple[float, float]], minutes: float) -> float:
    place = bisect_right(curve, minutes, key=itemgetter(0))
    return 1 - curve[place - 1][1] if place else 0.0


class Spans:
    """What each wave adds to one step, worked out once: the same waves stand in many tables."""

    def __init__(self, step: Step, now: datetime) -> None:
        self.step = step
        self._now = now
        self._from = attrgetter("first_post" if step in _FROM_FIRST_POST else "begun")
        self._to = _REACHED[step]
        # The wave stands beside its span, so that no other can take its place in memory.
        self._known: dict[int, tuple[Wave, Span | None]] = {}

    def of(self, wave: Wave) -> Span | None:
        """See ``span``."""
        known = self._known.get(id(wave))
        if known is None:
            known = self._known[id(wave)] = (wave, self._span(wave))
        return known[1]

    def _span(self, wave: Wave) -> Span | None:
        start, end = self._from(wave), self._to(wave)
        if start is None or (end is None and wave.ended is not None):
            return None
        seconds = ((end or self._now) - start).total_seconds()
        return Span(max(0.0, seconds / 60), end is not None, start, seconds < 0)


def survival(spans: Iterable[Span]) -> list[tuple[float, float]]:
    """Times at which waves were through, with the share that still waits after each, falling.

    A wave that waits counts among those at risk until its own time, and not after.
    """
    ordered = sorted([(one.minutes, one.reached) for one in spans])
    share, found, place = 1.0, [], 0
    while place < len(ordered):
        at, left = ordered[place][0], len(ordered) - place
        through = 0
        while place < len(ordered) and ordered[place][0] == at:
            through += ordered[place][1]
            place += 1
        if through:
            share *= 1 - through / left
            found.append((at, share))
    return found


def _all_through(spans: Sequence[Span]) -> list[tuple[float, float]]:
    """``survival`` where none waits any more, as is so for nearly all of a year: each is one step down."""
    ordered, all_of_them = sorted([one.minutes for one in spans]), len(spans)
    return [(at, 1 - number / all_of_them) for number, at in enumerate(ordered, 1)]


def summary(
    waves: Iterable[Wave],
    step: Step,
    now: datetime,
    target: float | None = None,
    known: Spans | None = None,
) -> Summary:
    """One step over these waves; ``target`` in minutes. ``known``: spans of that step and moment."""
    known = known or Spans(step, now)
    spans, without = [], 0
    for wave in waves:
        one = known.of(wave)
        if one is None:
            without += _ended_without(wave, step)
        else:
            spans.append(one)
    return summed(spans, without=without, target=target)


def summed(spans: Sequence[Span], *, without: int = 0, target: float | None = None) -> Summary:
    """Spans of anything in figures; ``without``: how many ended without."""
    open_ones = [one for one in spans if not one.reached]
    curve = survival(spans) if open_ones else _all_through(spans)
    return Summary(
        counted=len(spans),
        waiting=len(open_ones),
        without=without,
        backwards=sum([one.backwards for one in spans]),
        median=_quantile(curve, 0.5),
        p90=_quantile(curve, 0.9),
        longest=max([one.minutes for one in spans], default=0.0),
        waiting_since=min([one.since for one in open_ones], default=None),
        within=None if target is None or not spans else _within(curve, target),
    )


def met(summary: Summary, target: float | None) -> Met:
    """Whether half of the waves were through within the target (minutes)."""
    if target is None or not summary.counted:
        return Met.NOTHING
    if summary.median is not None:
        return Met.MET if summary.median <= target else Met.MISSED
    # Half are not through yet. The median lies beyond every time that was seen.
    return Met.MISSED if summary.longest >= target else Met.UNKNOWN


def _ended_without(wave: Wave, step: Step) -> bool:
    """Whether there was something to measure from, and the end came first."""
    starts = step not in _FROM_FIRST_POST or wave.first_post is not None
    return starts and wave.ended is not None
