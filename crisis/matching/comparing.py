"""Is a learned model better than the one in use? On verdicts neither has learned from.

Says figures and a yes or no. Learns nothing (``adapt``) and takes nothing into use (``workflows.learn``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisis.matching.material import SEED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 1_000
SURE = 0.95
"""Share of the draws in which a new model must be the better one to be taken into use."""

BUDGETS = tuple(percent / 100 for percent in range(1, 21))
"""Shares of posts that do not fit at which recall is compared: 1 to 20 false alarms in 100 such posts.

One budget alone would be a matter of luck: of fifty posts that do not fit, one in twenty is two posts.
"""

SLACK = 0.02
"""How much less recall chance may bring about."""

LEAST_HELD = 10
"""Held-back verdicts of each kind below which no comparison is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two models on the same held-back verdicts. Pairs are (in use, new).

    ``fits`` and ``others`` count verdicts; ``loss`` is the log-loss a verdict (less is better), ``gain``
    a 95 % interval of how much less the new one has; ``recall`` the share of fitting posts above the
    score that the ``BUDGETS`` of the others reach, their mean; ``sure`` the share of draws in which the
    new one has less loss.
    """

    fits: int
    others: int
    loss: tuple[float, float]
    gain: tuple[float, float]
    recall: tuple[float, float]
    sure: float

    @property
    def better(self) -> bool:
        """Whether the new model deserves to be taken into use: surely less loss, as much recall."""
        enough = min(self.fits, self.others) >= LEAST_HELD
        return enough and self.sure >= SURE and self.recall[1] >= self.recall[0] - SLACK


def compare(
    used: NDArray[np.float64],
    new: NDArray[np.float64],
    fits: NDArray[np.bool_],
    weight: NDArray[np.float64],
    waves: Sequence[str],
) -> Comparison:
    """Compare two models' log-odds for the same rows by a paired bootstrap with a fixed seed.

    Waves (see ``adapt.Table``) are drawn, then rows within them: posts of one wave are much alike.
    """
    import numpy as np

    losses = np.array([_loss(used, fits), _loss(new, fits)])
    total = max(float(weight.sum()), 1e-9)
    means = (losses * weight).sum(axis=1) / total
    gains = _drawn((losses[0] - losses[1]), weight, waves)
    low, high = np.quantile(gains, [0.025, 0.975]) if len(gains) else (0.0, 0.0)
    return Comparison(
        fits=round(float(weight[fits].sum())),
        others=round(float(weight[~fits].sum())),
        loss=(float(means[0]), float(means[1])),
        gain=(float(low), float(high)),
        recall=(_recall(used, fits, weight), _recall(new, fits, weight)),
        sure=float((gains > 0).mean()) if len(gains) else 0.0,
    )


def _loss(odds: NDArray[np.float64], fits: NDArray[np.bool_]) -> NDArray[np.float64]:
    import numpy as np

    found: NDArray[np.float64] = np.logaddexp(0, np.where(fits, -odds, odds))
    return found


def _drawn(
    gain: NDArray[np.float64], weight: NDArray[np.float64], waves: Sequence[str]
) -> NDArray[np.float64]:
    import numpy as np

    groups: dict[str, list[int]] = {}
    for row, wave in enumerate(waves):
        groups.setdefault(wave, []).append(row)
    members = [np.array(rows) for rows in groups.values()]
    chance = np.random.default_rng(SEED)
    found = []
    for _ in range(DRAWS if members else 0):
        drawn = chance.integers(len(members), size=len(members))
        rows = np.concatenate(
            [members[i][chance.integers(len(members[i]), size=len(members[i]))] for i in drawn]
        )
        found.append((gain[rows] * weight[rows]).sum() / weight[rows].sum())
    return np.array(found)


def _recall(
    odds: NDArray[np.float64], fits: NDArray[np.bool_], weight: NDArray[np.float64]
) -> float:
    """Return the weighted share of fitting rows above the scores that ``BUDGETS`` of the others reach."""
    import numpy as np

    if not fits.any():
        return 0.0
    order = np.argsort(-odds[~fits], kind="stable")
    reached = np.cumsum(weight[~fits][order])
    others, all_others = odds[~fits][order], float(weight[~fits].sum())
    found = 0.0
    for budget in BUDGETS:
        # The first that would be one false alarm too many; only scores above it count.
        over = int(np.searchsorted(reached, budget * all_others + 1e-9, side="right"))
        bar = float(others[over]) if over < len(others) else -math.inf
        found += float(weight[fits & (odds > bar)].sum() / weight[fits].sum())
    return found / len(BUDGETS)
