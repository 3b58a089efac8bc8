"""One attempt at learning: fit, hold back, compare, set thresholds. The order of ``adapt`` and its likes.

Keeps nothing and decides nothing about use: see ``workflows.learn``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crisis.matching.adapt import Table, fit, forward, judged, table
from crisis.matching.bands import Bands
from crisis.matching.comparing import Comparison, compare
from crisis.matching.rebanding import everyday_posts, rebanded
from crisis.matching.scorer import Model, probability
from crisis.types import Lesson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it. ``model`` is None where there were too few verdicts; ``figures`` plain values."""

    fits: int
    others: int
    model: Model | None = None
    better: bool = False
    figures: Mapping[str, object] = field(default_factory=dict)


def learn(
    shipped: Model,
    used: Model,
    lessons: Sequence[Lesson],
    *,
    seen: int,
    everyday: Sequence[Mapping[int, int]],
    counted_from: date,
    rumours: int,
) -> Trial:
    """Learn from ``lessons`` (oldest first) and compare with ``used`` on what neither had learned from.

    ``seen``: the newest lesson ``used`` has learned from, 0 for the shipped model. ``everyday``: posts
    of each day since ``counted_from`` by bin of their score under ``used``. ``rumours``: entries of the
    catalogue.
    """
    import numpy as np

    rows = table(lessons, shipped)
    fits, others = rows.count(fits=True), rows.count(fits=False)
    if not rows.enough():
        return Trial(fits=fits, others=others)
    before = judged(used, rows)
    since = int((rows.ids <= seen).sum())
    ahead = forward(shipped, rows, since=since)
    held = np.array([odds is not None for odds in ahead], dtype=bool)
    after = np.array([odds for odds in ahead if odds is not None], dtype=np.float64)
    found = compare(
        before[held],
        after,
        rows.fits[held],
        rows.weight[held],
        [wave for wave, kept in zip(rows.waves, held, strict=True) if kept],
    )
    wrong = ~rows.fits[held]
    fresh = np.array([week >= counted_from for week in rows.weeks], dtype=bool)
    counts = everyday_posts(everyday, before[rows.fits & fresh].tolist())
    model = rebanded(fit(shipped, rows), used, rumours, counts, before[held][wrong], after[wrong])
    figures = {
        "fits": fits,
        "others": others,
        "everyday": sum(counts.values()),
        **_figures(found),
        **_shown(used, model, rumours, before[held], after, rows, held),
    }
    return Trial(fits=fits, others=others, model=model, better=found.better, figures=figures)


def _figures(found: Comparison) -> dict[str, object]:
    return {
        "held_fits": found.fits,
        "held_others": found.others,
        "loss": [round(x, 4) for x in found.loss],
        "gain": [round(x, 4) for x in found.gain],
        "recall": [round(x, 4) for x in found.recall],
        "sure": round(found.sure, 4),
    }


def _shown(
    used: Model,
    new: Model,
    rumours: int,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    rows: Table,
    held: NDArray[np.bool_],
) -> dict[str, object]:
    """Return how many held-back posts (copies count) either model raises, and shows at all."""
    import numpy as np

    bands = (Bands.of(used, rumours), Bands.of(new, rumours))
    scores = [np.array([probability(float(x)) for x in odds]) for odds in (before, after)]
    fits = rows.fits[held]
    pairs = list(zip(scores, bands, strict=True))
    return {
        "raised_fits": [int((s[fits] >= b.raise_at).sum()) for s, b in pairs],
        "raised_others": [int((s[~fits] >= b.raise_at).sum()) for s, b in pairs],
        "shown_fits": [int((s[fits] >= b.suggest_at).sum()) for s, b in pairs],
        "shown_others": [int((s[~fits] >= b.suggest_at).sum()) for s, b in pairs],
    }
