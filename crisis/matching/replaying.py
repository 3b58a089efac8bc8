"""What thresholds would have done to posts that came: how many a day, and which of those still kept.

Posts that carried nothing are gone; their scores were counted (``histogram``), so days are counted in
bins, with the bin a threshold lies in counted whole. Changes nothing and reads no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crisis.matching.bands import Bands
from crisis.matching.budgets import Day
from crisis.matching.histogram import bin_of, is_opinion_with, may_raise_with
from crisis.types import Band, Scored


@dataclass(frozen=True, slots=True)
class Tally:
    """Posts raised and suggested."""

    raised: int
    suggested: int


@dataclass(frozen=True, slots=True)
class Change:
    """A kept post that other thresholds put into another band."""

    scored: Scored
    before: Band
    after: Band


def tally(day: Day, bands: Bands) -> Tally:
    """Return how many of a day's posts these thresholds raise and suggest."""
    high, low = bin_of(bands.raise_at), bin_of(bands.suggest_at)
    raised = sum(count for place, count in day.raising.items() if place >= high)
    shown = sum(
        count
        for counts in (day.raising, day.others)
        for place, count in counts.items()
        if place >= low
    )
    return Tally(raised, shown - raised)


def band_under(scored: Scored, bands: Bands) -> Band:
    """Return the band a stored match would have under other thresholds."""
    if scored.score < bands.suggest_at or is_opinion_with(scored.codes):
        return Band.NONE
    if scored.score >= bands.raise_at and may_raise_with(scored.stance, scored.codes):
        return Band.RAISE
    return Band.SUGGEST


def differing(before: Bands, after: Bands) -> list[tuple[float, float]]:
    """Return spans of scores (from, up to but without) in which posts may change their band."""
    pairs = ((before.suggest_at, after.suggest_at), (before.raise_at, after.raise_at))
    return [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


def changes(scored: Iterable[Scored], before: Bands, after: Bands) -> list[Change]:
    """Return the posts whose band differs, by rumour and then surest first."""
    found = [Change(one, band_under(one, before), band_under(one, after)) for one in scored]
    differing = [one for one in found if one.before is not one.after]
    return sorted(
        differing,
        key=lambda c: (c.scored.rumour_id, -c.scored.score, c.scored.id),
    )
