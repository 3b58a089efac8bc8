"""How good a ranking is, and how silent: measures with their intervals, for any matcher.

Knows posts and claims by their ids alone; matches nothing and reads no file (``crisis evaluate`` does).
Measures as in Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), chapter 8;
intervals by the bootstrap (Efron and Tibshirani, 1993): posts are drawn again with replacement, with a
fixed seed, and the 2.5 and 97.5 per cent of the values are the ends.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 1_000
DEPTH = 5  # of MAP@5
HITS = 10  # of hit@10
ONE_IN = (100, 1_000, 10_000)
"""Everyday posts in which one false alarm is allowed."""
FEW_ALARMS = 4
"""Everyday posts that may pass below which a recall is a hint: the bootstrap of an extreme score is too
narrow (in a simulation with one that may pass, 74 to 89 of 100 intervals held the truth, with four 95)."""
_SEED = 1

Ranking = Sequence[tuple[str, float]]
"""Claims with scores, best first, each claim once."""
Truth = Mapping[str, Collection[str]]
"""Post -> claims that belong to it."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What each post of a split scored, one number a post; posts without a right claim are left out."""

    average_precision: tuple[float, ...]
    first: tuple[float, ...]  # 1 where the first claim is right
    hit: tuple[float, ...]
    reciprocal_rank: tuple[float, ...]
    sure: tuple[float, ...]  # score of the first claim where it is right, else -inf

    def measures(self) -> dict[str, tuple[float, ...]]:
        """Return name of the measure -> its values, one a post."""
        return {
            "MAP@5": self.average_precision,
            "P@1": self.first,
            "hit@10": self.hit,
            "MRR": self.reciprocal_rank,
        }


def average_precision(ranking: Ranking, right: Collection[str], depth: int = DEPTH) -> float:
    """Return the precision at each right claim among the first ``depth``, averaged (0 to 1).

    Divided by the number of right claims, at most ``depth``: finding all of them first is 1.
    """
    hits, total = 0, 0.0
    for place, (claim, _) in enumerate(ranking[:depth], 1):
        if claim in right:
            hits += 1
            total += hits / place
    return total / min(depth, len(right)) if right else 0.0


def reciprocal_rank(ranking: Ranking, right: Collection[str]) -> float:
    """Return 1 / place of the first right claim, 0 if none is listed."""
    for place, (claim, _) in enumerate(ranking, 1):
        if claim in right:
            return 1 / place
    return 0.0


def score(rankings: Mapping[str, Ranking], truth: Truth) -> Scores:
    """Judge the ``rankings`` of posts. A post in ``truth`` that has no ranking found nothing."""
    judged = [(rankings.get(post, ()), right) for post, right in truth.items() if right]
    leading = [r[0][0] in right if r else False for r, right in judged]
    return Scores(
        average_precision=tuple(average_precision(r, right) for r, right in judged),
        first=tuple(map(float, leading)),
        hit=tuple(float(any(c in right for c, _ in r[:HITS])) for r, right in judged),
        reciprocal_rank=tuple(reciprocal_rank(r, right) for r, right in judged),
        sure=tuple(
            r[0][1] if leads else -math.inf for (r, _), leads in zip(judged, leading, strict=True)
        ),
    )


def mean(values: Sequence[float]) -> Estimate:
    """Return the mean of one number a post; NaN of none."""
    import numpy as np

    if not len(values):
        return Estimate(math.nan, math.nan, math.nan)
    found = np.asarray(values, dtype=np.float64)
    return _estimate(float(found.mean()), found[_draws(len(found))].mean(axis=1))


def difference(ours: Sequence[float], theirs: Sequence[float]) -> Estimate:
    """Return the mean of ``ours - theirs``, the same posts in the same order (paired bootstrap)."""
    return mean([a - b for a, b in zip(ours, theirs, strict=True)])


def recall(sure: Sequence[float], alarms: Sequence[float], one_in: int) -> Estimate | None:
    """Return the share of posts whose right claim comes first and above the bar.

    ``sure``: see ``Scores``; ``alarms``: best score of each everyday post, -inf where it has none.
    The bar lets one in ``one_in`` everyday posts pass. Posts and everyday posts are both drawn again
    for the interval, so that it knows of the luck in both. None where there are fewer than ``one_in``
    everyday posts: nothing can be said.
    """
    import numpy as np

    if len(alarms) < one_in or not sure:
        return None
    found, noise = np.asarray(sure, dtype=np.float64), np.asarray(alarms, dtype=np.float64)
    passing = len(noise) // one_in
    value = float((found > _bar(noise, passing)).mean())
    chance = np.random.default_rng(_SEED)
    bars = np.array(
        [_bar(noise[chance.integers(len(noise), size=len(noise))], passing) for _ in range(DRAWS)]
    )
    drawn = found[_draws(len(found))]
    return _estimate(value, (drawn > bars[:, None]).mean(axis=1))


@dataclass(frozen=True, slots=True)
class Curve:
    """Recall against false alarms: the share of everyday posts that pass, rising, and what it buys."""

    alarms: tuple[float, ...]
    recall: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def curve(sure: Sequence[float], alarms: Sequence[float], points: int = 60) -> Curve:
    """Return ``recall`` from one false alarm in all everyday posts up to one in ten, evenly in the log.

    The ends of the intervals are those of each point by itself.
    """
    import numpy as np

    most = max(len(alarms) // 10, 1)
    even = np.geomspace(1, most, points) if alarms and sure else ()
    counts = sorted({round(float(n)) for n in even})
    found, noise = np.asarray(sure, dtype=np.float64), np.asarray(alarms, dtype=np.float64)
    chance = np.random.default_rng(_SEED)
    ranked = -np.sort(-noise)
    values, drawn = [], []
    for count in counts:
        values.append(float((found > _at(ranked, count)).mean()))
    for _ in range(DRAWS // 5 if counts else 0):
        again = -np.sort(-noise[chance.integers(len(noise), size=len(noise))])
        posts = found[chance.integers(len(found), size=len(found))]
        drawn.append([float((posts > _at(again, count)).mean()) for count in counts])
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0) if drawn else ((), ())
    return Curve(
        tuple(count / len(noise) for count in counts),
        tuple(values),
        tuple(map(float, low)),
        tuple(map(float, high)),
    )


def separation(fits: Sequence[float], others: Sequence[float]) -> Estimate:
    """Return the chance that a fitting post scores above one that does not (area under the ROC curve).

    Ties count half. NaN where either is empty.
    """
    import numpy as np

    if not len(fits) or not len(others):
        return Estimate(math.nan, math.nan, math.nan)
    right, wrong = np.asarray(fits, dtype=np.float64), np.asarray(others, dtype=np.float64)
    chance = np.random.default_rng(_SEED)
    drawn = [
        _area(
            right[chance.integers(len(right), size=len(right))],
            wrong[chance.integers(len(wrong), size=len(wrong))],
        )
        for _ in range(DRAWS)
    ]
    return _estimate(_area(right, wrong), np.array(drawn))


def _area(right: NDArray[np.float64], wrong: NDArray[np.float64]) -> float:
    import numpy as np

    ranked = np.sort(wrong)
    below = np.searchsorted(ranked, right, side="left")
    ties = np.searchsorted(ranked, right, side="right") - below
    return float((below + ties / 2).mean() / len(wrong))


def _bar(noise: NDArray[np.float64], passing: int) -> float:
    """Return the score that ``passing`` everyday posts lie above (equal ones do not pass)."""
    import numpy as np

    if passing >= len(noise):
        return -math.inf
    return float(-np.partition(-noise, passing)[passing])


def _at(ranked: NDArray[np.float64], passing: int) -> float:
    return float(ranked[passing]) if passing < len(ranked) else -math.inf


def _draws(size: int) -> NDArray[np.int64]:
    import numpy as np

    return np.random.default_rng(_SEED + 1).integers(size, size=(DRAWS, size))


def _estimate(value: float, drawn: NDArray[np.float64]) -> Estimate:
    import numpy as np

    low, high = np.quantile(drawn, (0.025, 0.975))
    return Estimate(value, float(low), float(high))
