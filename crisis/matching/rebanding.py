"""From which scores on a learned model raises and suggests: so that it is no louder than the one before.

A learned model gives other scores, so old thresholds do not fit it. Posts that carried nothing are
gone, but how they scored was counted (``histogram``), and verdicts say how far the new model moves what
does not fit. From both follows how many everyday posts would pass a threshold of the new model.
Sets no budget of its own: see ``calibration``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crisis.matching.bands import Bands
from crisis.matching.calibration import RAISE_FROM
from crisis.matching.histogram import LOWEST, WIDTH, bin_of
from crisis.matching.scorer import Model, Threshold, probability

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW = 1_000
"""Everyday posts below which the counts say too little; the posts that did not fit stand for them."""

_FARTHEST = 4.0  # log-odds a threshold may move
_BELOW = 0.5  # and how far it may stay behind what does not fit: where few posts were counted
_STEP = 0.05
_HIGHEST = 12.0  # log-odds


def rebanded(
    new: Model,
    used: Model,
    rumours: int,
    everyday: Mapping[int, int],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
) -> Model:
    """Return ``new`` with thresholds that let no more everyday posts pass than those of ``used``.

    ``rumours``: entries of the catalogue. ``everyday``: posts by bin of their score under ``used``,
    without those that fit. ``before`` and ``after``: log-odds of the posts that do not fit, under
    ``used`` and (held back) under the new model. Thresholds for all sizes of catalogue move alike.
    """
    import numpy as np

    counts = {place: count for place, count in everyday.items() if place >= LOWEST and count > 0}
    if sum(everyday.values()) < FEW:
        counts = {}
        for odds in before:
            place = bin_of(probability(float(odds)))
            counts[place] = counts.get(place, 0) + 1
    places = np.array(sorted(counts), dtype=np.float64) * WIDTH + WIDTH / 2
    often = np.array([counts[place] for place in sorted(counts)], dtype=np.float64)
    moves = after - before
    now = Bands.of(used, rumours)
    raising = _shift(_odds(now.raise_at), places, often, moves)
    suggesting = _shift(_odds(now.suggest_at), places, often, moves)
    return replace(new, bands=tuple(_moved(band, raising, suggesting) for band in used.bands))


def _shift(
    level: float,
    places: NDArray[np.float64],
    often: NDArray[np.float64],
    moves: NDArray[np.float64],
) -> float:
    """Return by how much a threshold must move so that no more posts are expected above it.

    It moves with the posts that do not fit, up to ``_BELOW`` less where that lets no more pass.
    """
    import numpy as np

    if not len(places) or not len(moves):
        return 0.0
    allowed = max(float(often[places >= level].sum()), 0.5)
    landed = (places[:, None] + moves[None, :]).ravel()
    share = np.repeat(often / len(moves), len(moves))
    order = np.argsort(landed, kind="stable")
    landed, share = landed[order], share[order]
    above = np.append(np.cumsum(share[::-1])[::-1], 0.0)
    start = max(float(moves.mean()) - _BELOW, -_FARTHEST)
    for step in np.arange(start, _FARTHEST + _STEP / 2, _STEP):
        if above[np.searchsorted(landed, level + step)] <= allowed + 1e-9:
            return float(step)
    return _FARTHEST


def _moved(band: Threshold, raising: float, suggesting: float) -> Threshold:
    raise_at = max(RAISE_FROM, probability(_odds(band.raise_at) + raising))
    suggest_at = min(raise_at, probability(_odds(band.suggest_at) + suggesting))
    return replace(band, raise_at=round(raise_at, 6), suggest_at=round(suggest_at, 6))


def _odds(score: float) -> float:
    if score <= 0:
        return -_HIGHEST
    if score >= 1:
        return _HIGHEST
    return math.log(score / (1 - score))


def everyday_posts(days: Sequence[Mapping[int, int]], fitting: Sequence[float]) -> dict[int, int]:
    """Return the counts of all ``days`` by bin, less the posts known to fit (their log-odds given)."""
    counts: dict[int, int] = {}
    for day in days:
        for place, count in day.items():
            counts[place] = counts.get(place, 0) + count
    for odds in fitting:
        place = bin_of(probability(odds))
        counts[place] = max(0, counts.get(place, 0) - 1)
    return counts
