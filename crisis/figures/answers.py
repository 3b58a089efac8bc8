"""What became of answers: how long after the first post each step was reached, for one and across many.

Open ones count (``spans``); what ended without a step is counted by itself. Says nothing of why a rumour rose
or fell, and nothing of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crisis.figures.spans import Span, Summary, summed

APPROVAL, WEBSITE = "approval", "website"  # the ways besides the codes of channels


class Moment(StrEnum):
    """What happens on the way of one answer, in the order it is meant to."""

    FIRST_POST = "first_post"
    OPENED = "opened"
    ALERTED = "alerted"
    ACKNOWLEDGED = "acknowledged"
    SUBMITTED = "submitted"
    RELEASED = "released"  # public on the website from then on


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer. ``channels``: by code, when it was first out there; None: not yet."""

    first_post: datetime | None
    submitted: datetime | None
    released: datetime | None = None
    given_up: bool = False  # discarded, withdrawn or replaced: nothing more will go out
    channels: Mapping[str, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reached:
    """One step of one answer; ``after``: since the first post (or what is known first)."""

    name: str  # of ``Moment``, or the code of a channel
    at: datetime | None
    after: timedelta | None


def way(
    moments: Mapping[Moment, datetime | None], channels: Mapping[str, datetime | None]
) -> list[Reached]:
    """Every step of one answer, reached or not."""
    known = [at for at in (moments.get(one) for one in Moment) if at is not None]
    begin = known[0] if known else None
    steps = {**{one.value: moments.get(one) for one in Moment}, **channels}
    return [
        Reached(name, at, max(at - begin, timedelta()) if at and begin and at != begin else None)
        for name, at in steps.items()
    ]


def across(answers: Iterable[Answered], now: datetime) -> dict[str, Summary]:
    """Approval, website and every channel over many answers: median, nine of ten, still open.

    Approval is measured from handing in, everything else from the first post; an answer whose first post is
    not known is left out there.
    """
    found: dict[str, list[Span | None]] = {APPROVAL: [], WEBSITE: []}
    for one in answers:
        if one.submitted is not None:
            found[APPROVAL].append(_span(one.submitted, one.released, one, now))
        if one.first_post is None or (one.submitted is None and one.released is None):
            continue
        found[WEBSITE].append(_span(one.first_post, one.released, one, now))
        for code, at in one.channels.items():
            found.setdefault(code, []).append(_span(one.first_post, at, one, now))
    return {name: _summed(spans) for name, spans in found.items()}


def _span(start: datetime, end: datetime | None, one: Answered, now: datetime) -> Span | None:
    if end is None and one.given_up:
        return None
    seconds = ((end or now) - start).total_seconds()
    return Span(max(0.0, seconds / 60), end is not None, start, seconds < 0)


def _summed(spans: Sequence[Span | None]) -> Summary:
    real = [one for one in spans if one is not None]
    return summed(real, without=len(spans) - len(real))
