"""How an incident's posts came over time: spans of a fitting length, the highest, and what an answer changed.

Counts only; draws nothing, words nothing. Which posts count as spread is said by the store.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

MOST_SPANS = 36
FEWEST_BEFORE = 10  # posts before an answer; of fewer no rate can be told
LEAST_AFTER = timedelta(hours=1)  # since an answer; people must have had time to read it
LONGEST_BEFORE = timedelta(hours=24)  # before an answer, that it is compared with
LONG_AGO = timedelta(days=7)  # before the incident opened: feeds carry years-old posts at times
_MINUTES = (1, 5, 10, 15, 30, 60, 120, 180, 360, 720)
_DAYS = (1, 7, 28, 91)

Count = tuple[datetime, str, int]  # in this minute, of this kind (a source, a place), so many


@dataclass(frozen=True, slots=True)
class Course:
    """Posts in spans of equal length, without gaps, by kind; the largest kinds first."""

    step: timedelta
    starts: tuple[datetime, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """Posts of all kinds in each span."""
        return tuple(sum(column) for column in zip(*(row for _, row in self.rows), strict=True))


@dataclass(frozen=True, slots=True)
class Effect:
    """Posts an hour since an answer, and in as long a time (a day at most) before it."""

    before: float
    after: float
    compared: timedelta  # the time before

    @property
    def change(self) -> float:
        """-0.62: 62 % fewer."""
        return self.after / self.before - 1


@dataclass(frozen=True, slots=True)
class Summary:
    """What there is to say in a sentence."""

    posts: int
    span: timedelta  # from the first to the last of them
    peak: datetime | None  # when the span began that brought most; None where none stands out
    effect: Effect | None


def recent(counts: Sequence[Count], opened: datetime) -> list[Count]:
    """Without posts that are much older than the incident."""
    return [one for one in counts if one[0] >= opened - LONG_AGO]


def course(counts: Sequence[Count], until: datetime, zone: tzinfo, *, kinds: int = 4) -> Course:
    """The counts in at most ``MOST_SPANS`` spans from the first to ``until``.

    Spans begin at midnight of ``zone``, or a whole number of spans after it. Only the ``kinds`` largest
    kinds stand alone; the rest goes under "".
    """
    first = min((at for at, _, _ in counts), default=until)
    last = max([until, *(at for at, _, _ in counts)])
    starts, step = _spans(first, last, zone)
    sizes = Counter[str]()
    for _, kind, posts in counts:
        sizes[kind] += posts
    alone = [kind for kind, _ in sizes.most_common() if kind][:kinds]
    rows = {kind: [0] * len(starts) for kind in [*alone, ""]}
    for at, kind, posts in counts:
        rows[kind if kind in rows else ""][bisect_right(starts, at) - 1] += posts
    if alone and not any(rows[""]):
        del rows[""]
    return Course(step, tuple(starts), tuple((kind, tuple(row)) for kind, row in rows.items()))


def summary(
    counts: Sequence[Count], shown: Course, now: datetime, answered: datetime | None
) -> Summary:
    """How many in which time, when most, and what changed since the answer given at ``answered``."""
    moments = [at for at, _, _ in counts]
    totals = shown.totals
    most = max(totals, default=0)
    stands_out = most > 2 and totals.count(most) == 1 and len(totals) > 2
    return Summary(
        posts=sum(posts for _, _, posts in counts),
        span=max(moments) - min(moments) if moments else timedelta(),
        peak=shown.starts[totals.index(most)] if stands_out else None,
        effect=effect(counts, answered, now) if answered else None,
    )


def effect(counts: Sequence[Count], answered: datetime, now: datetime) -> Effect | None:
    """Posts an hour since ``answered`` and before; None where it is too early or too little to tell.

    That there are fewer now says nothing of why: most waves fall by themselves.
    """
    after = now - answered
    first = min((at for at, _, _ in counts), default=answered)
    before = min(after, LONGEST_BEFORE, answered - first)
    if after < LEAST_AFTER or before <= timedelta():
        return None
    earlier = sum(posts for at, _, posts in counts if answered - before <= at < answered)
    since = sum(posts for at, _, posts in counts if answered <= at <= now)
    if earlier < FEWEST_BEFORE:
        return None
    # Less than an hour counts as one: ten posts in the first minute are no 600 an hour.
    hours = max(before, timedelta(hours=1)) / timedelta(hours=1)
    return Effect(earlier / hours, since / (after / timedelta(hours=1)), before)


def _spans(first: datetime, last: datetime, zone: tzinfo) -> tuple[list[datetime], timedelta]:
    midnight = datetime.combine(first.astimezone(zone).date(), time(), zone)
    for minutes in _MINUTES:
        step = timedelta(minutes=minutes)
        # Counted in UTC: of a day with 23 or 25 hours no span is lost or counted twice.
        start = midnight.astimezone(first.tzinfo)
        start += (first - start) // step * step
        if (last - start) // step < MOST_SPANS:
            return [start + number * step for number in range((last - start) // step + 1)], step
    days = next(
        (days for days in _DAYS if (last - midnight) / timedelta(days=days) < MOST_SPANS - 1), 364
    )
    starts, day = [], midnight.date()
    while (start := datetime.combine(day, time(), zone).astimezone(first.tzinfo)) <= last:
        starts.append(start)
        day += timedelta(days=days)
    return starts, timedelta(days=days)
