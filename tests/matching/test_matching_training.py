"""Learning from pairs: what it keeps to whatever the pairs say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from crisis.matching.features import NAMES
from crisis.matching.pairs import Pairs
from crisis.matching.scorer import Model
from crisis.matching.training import AGAINST, Lesson, fit, sign, signed_regression

CHOSEN = ("words", "letters", "rare_missing", "sentence_covered", "catalogue", "rivals")


def lesson(posts: int = 60, each: int = 4, seed: int = 1) -> Lesson:
    """Posts of which every other one carries its first candidate."""
    draw = np.random.default_rng(seed)
    rows = draw.random((posts * each, len(NAMES)))
    fits = np.array([i % each == 0 and i // each % 2 == 0 for i in range(len(rows))])
    rows[fits, NAMES.index("words")] += 1.0
    rows[fits, NAMES.index("rare_missing")] -= 0.5
    names = [f"p{i // each}" for i in range(len(rows))]
    return Lesson(Pairs(rows, fits, names, [f"r{i % each}" for i in range(len(rows))]), 1.0, 1.0)


def weights(model: Model, part: Sequence[float]) -> dict[str, float]:
    return dict(zip(model.features, part, strict=False))


def test_a_model_may_use_some_of_the_features() -> None:
    model = fit([lesson()], CHOSEN)
    assert model.features == CHOSEN
    assert len(model.judge) == len(CHOSEN) + 2
    assert weights(model, model.judge)["words"] > 0


def test_the_same_lessons_give_the_same_model() -> None:
    assert fit([lesson()], CHOSEN) == fit([lesson()], CHOSEN)


def test_more_agreement_never_makes_a_match_less_likely() -> None:
    model = fit([lesson()])
    for name, weight in weights(model, model.judge).items():
        assert weight * sign(name) >= 0, name


@pytest.mark.parametrize("name", ["catalogue", "crowd", "everyday", "other_cause"])
def test_what_says_nothing_of_the_order_has_no_part_in_it(name: str) -> None:
    model = fit([lesson()])
    assert weights(model, model.order)[name] == 0.0
    assert name in AGAINST


def test_a_least_weight_is_kept_though_nothing_speaks_for_it() -> None:
    rows = np.zeros((10, 1))
    found, _ = signed_regression(rows, np.arange(10) < 5, np.ones(10), [1], {0: 0.7})
    assert found[0] == pytest.approx(0.7)
