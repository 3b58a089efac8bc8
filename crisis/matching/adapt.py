"""Fit the judging part of the shipped model to what a desk said: a careful correction, nothing new.

Only the last step is touched, how sure a likeness is: a common slope, an offset, and small changes of
single weights, each held near the shipped model and to the sign common sense gives it. Deterministic.
Whether the result is better is said in ``comparing``, from which scores on it raises in ``rebanding``.
Knows no database (``workflows.learn``) and no text (``verdicts`` turned posts into numbers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from crisis.matching.scorer import LIMIT, Model
from crisis.matching.training import SAID_IN_FULL, sign
from crisis.types import Lesson, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST = 20
"""Verdicts of each kind below which nothing is learned; copies of a post count once."""

# How far verdicts may move the shipped model: standard deviations of what is thought likely
# beforehand. Some twenty verdicts move the offset, some hundred a weight.
OFFSET = 1.0  # log-odds
SLOPE = 0.25  # around 1
WEIGHT = 0.3  # log-odds for a standard deviation of a feature


@dataclass(frozen=True)
class Table:
    """Lessons as a model sees them, oldest first; ``n`` rows.

    ``steps``: (n, features + 2) standardised columns of the judge. ``odds``: what the model itself
    says, in log-odds. ``weight``: 1 for a post and all its copies together. ``waves``: lessons of one
    wave (rumour and week) carry the same word. ``ids``: of the lessons.
    """

    steps: NDArray[np.float64]
    odds: NDArray[np.float64]
    fits: NDArray[np.bool_]
    weight: NDArray[np.float64]
    waves: Sequence[str]
    weeks: Sequence[date]
    ids: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.odds)

    def enough(self) -> bool:
        """Return whether there are ``LEAST`` verdicts of each kind."""
        return min(self.count(fits=True), self.count(fits=False)) >= LEAST

    def count(self, *, fits: bool) -> int:
        """Return how many different posts fit, or do not."""
        return round(float(self.weight[self.fits == fits].sum()))


def table(lessons: Sequence[Lesson], model: Model) -> Table:
    """Return the lessons whose numbers ``model`` can read; others are left out.

    A post that corrects a rumour is about it: it counts as fitting. Whose side it is on, ``stance``
    says.
    """
    import numpy as np

    needed = set(model.features)
    known = [one for one in lessons if needed <= one.own.keys()]
    rows = _matrix(model, [one.own for one in known])
    values = _ranking(model, rows)
    nothing = np.full(len(known), model.nothing())
    rivals = nothing.copy()
    rivalled = [i for i, one in enumerate(known) if needed <= one.rival.keys()]
    if rivalled:
        rivals[rivalled] = _ranking(model, _matrix(model, [known[i].rival for i in rivalled]))
    ahead = values - np.maximum(rivals, nothing)
    steps = _steps(model, np.column_stack([rows, values, ahead]))
    return Table(
        steps=steps,
        odds=steps @ np.asarray(model.judge) + model.intercept,
        fits=np.array([one.verdict is not Verdict.DOES_NOT_FIT for one in known], dtype=bool),
        weight=_weights(known),
        waves=[f"{one.rumour_id} {one.week}" for one in known],
        weeks=[one.week for one in known],
        ids=np.array([one.id for one in known], dtype=np.int64),
    )


def _matrix(model: Model, numbers: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    import numpy as np

    rows = [[one[name] for name in model.features] for one in numbers]
    return np.array(rows, dtype=np.float64).reshape(len(numbers), len(model.features))


def _steps(model: Model, columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the first columns of the judge (or all of them), standardised as the model does it."""
    import numpy as np

    width = columns.shape[1]
    steps = (columns - np.asarray(model.means[:width])) / np.asarray(model.scales[:width])
    limited: NDArray[np.float64] = np.clip(steps, -LIMIT, LIMIT)
    return limited


def _ranking(model: Model, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    values: NDArray[np.float64] = _steps(model, rows) @ np.asarray(model.order)
    return values


def _weights(lessons: Sequence[Lesson]) -> NDArray[np.float64]:
    """Return 1 shared out among lessons with the same numbers, rumour and verdict: copies of a post."""
    import numpy as np

    kinds = [(one.rumour_id, one.verdict, tuple(sorted(one.own.items()))) for one in lessons]
    often: dict[object, int] = {}
    for kind in kinds:
        often[kind] = often.get(kind, 0) + 1
    return np.array([1 / often[kind] for kind in kinds], dtype=np.float64)


def fit(model: Model, learned: Table) -> Model:
    """Return ``model`` with its judge moved towards the verdicts; without any it stays as it is.

    The most likely correction under normal priors (OFFSET, SLOPE, WEIGHT): with z the model's own
    log-odds, new = slope * z + offset + steps @ changes.
    """
    if not len(learned):
        return model
    slope, offset, judge = _most_likely(model, learned)
    # The hint knows what the model it was learned for shows, not what this one does.
    return replace(model, judge=judge, intercept=slope * model.intercept + offset, hint=None)


def _most_likely(model: Model, learned: Table) -> tuple[float, float, tuple[float, ...]]:
    import numpy as np
    from scipy.optimize import minimize

    before = np.asarray(model.judge)
    target = np.where(learned.fits, 1.0, -1.0)

    # Free are slope, offset and every weight, each counted in its prior's standard deviations.
    def loss(free: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        slope, offset, weights = free[0] * SLOPE, free[1] * OFFSET, free[2:] * WEIGHT
        margin = target * (learned.steps @ weights + slope * model.intercept + offset)
        wrong = -learned.weight * target / (1 + np.exp(np.clip(margin, -500, 500)))
        moved = (weights - slope * before) / WEIGHT
        beside = (slope - 1) / SLOPE
        value = (learned.weight * np.logaddexp(0, -margin)).sum()
        value += (free[1] ** 2 + beside**2 + moved @ moved) / 2
        steepest = np.empty_like(free)
        steepest[0] = SLOPE * (wrong.sum() * model.intercept - moved @ before / WEIGHT) + beside
        steepest[1] = OFFSET * wrong.sum() + free[1]
        steepest[2:] = WEIGHT * (learned.steps.T @ wrong) + moved
        return float(value), steepest

    found = minimize(
        loss,
        np.concatenate([[1 / SLOPE, 0.0], before / WEIGHT]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.25 / SLOPE, 4 / SLOPE), (None, None), *_bounds(model)],
        options={"maxiter": 500, "ftol": 1e-9, "gtol": 1e-5},
    )
    slope, offset, weights = found.x[0] * SLOPE, found.x[1] * OFFSET, found.x[2:] * WEIGHT
    return float(slope), float(offset), tuple(map(float, weights))


def _bounds(model: Model) -> list[tuple[float | None, float | None]]:
    """Return what each weight of the judge may be, in units of ``WEIGHT``: on its side of zero.

    A weight the shipped model has on the other side may stay there, not go further.
    """
    least = {"sentence_covered": SAID_IN_FULL}
    found: list[tuple[float | None, float | None]] = []
    signs = [*map(sign, model.features), 1, 1]
    names = [*model.features, "", ""]
    for name, way, scale, weight in zip(names, signs, model.scales, model.judge, strict=True):
        low = min(weight, least.get(name, 0.0) * scale) / WEIGHT if way > 0 else None
        high = max(weight, 0.0) / WEIGHT if way < 0 else None
        found.append((low, high))
    return found


def forward(model: Model, learned: Table, *, since: int = 0, blocks: int = 5) -> list[float | None]:
    """Return for each row the log-odds of a model that learned only from rows before it.

    The rows from ``since`` on (an index) are cut into ``blocks``, and each block is judged by what all
    before it taught. None for rows before ``since``, and for the first block where nothing came before.
    """
    import numpy as np

    found: list[float | None] = [None] * len(learned)
    edges = np.linspace(since, len(learned), blocks + 1).round().astype(int)
    for start, end in pairwise(map(int, edges)):
        if start in (0, end):  # nothing to learn from, or nothing to judge
            continue
        taught = fit(model, part(learned, 0, start))
        found[start:end] = judged(taught, part(learned, start, end)).tolist()
    return found


def judged(model: Model, rows: Table) -> NDArray[np.float64]:
    """Return the log-odds that ``model`` gives rows of a table made with it or its parent."""
    import numpy as np

    odds: NDArray[np.float64] = rows.steps @ np.asarray(model.judge) + model.intercept
    return odds


def part(whole: Table, start: int, end: int) -> Table:
    """Return the rows [start, end)."""
    return Table(
        whole.steps[start:end],
        whole.odds[start:end],
        whole.fits[start:end],
        whole.weight[start:end],
        whole.waves[start:end],
        whole.weeks[start:end],
        whole.ids[start:end],
    )
