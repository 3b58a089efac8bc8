"""Made-up verdicts: what a desk would have said of pairs with these numbers. No texts, no public data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np

from crisis.matching import shipped_model
from crisis.matching.adapt import judged, table
from crisis.matching.features import NAMES
from crisis.matching.scorer import Model
from crisis.matching.verdicts import basis
from crisis.types import Lesson, Verdict

MONDAY = date(2026, 9, 7)


DOUBT = 2.0  # log-odds within which a desk is asked here


@cache
def centred() -> Model:
    """The shipped model, moved so that it doubts pairs such as these."""
    model = shipped_model()
    made = _pairs(1_000, np.random.default_rng(0))
    middle = float(np.median(judged(model, table(made, model))))
    return replace(model, intercept=model.intercept - middle)


def lessons(count: int, *, offset: float = 0.0, tilt: float = 0.0, seed: int = 1) -> list[Lesson]:
    """Verdicts on made-up pairs whose likelihood is the shipped model's, moved.

    The model is ``centred``. ``offset`` moves it as a whole (log-odds), ``tilt`` by whether numbers agree.
    """
    chance = np.random.default_rng(seed)
    model = centred()
    made, odds = [], []
    while len(made) < count:
        drawn = _pairs(500, chance)
        # A desk is asked where the model doubts, whatever features it has.
        for one, own in zip(drawn, judged(model, table(drawn, model)), strict=True):
            if abs(own) <= DOUBT and len(made) < count:
                made.append(_dated(one, len(made)))
                odds.append(own)
    said = []
    for one, own in zip(made, odds, strict=True):
        truth = own + offset + tilt * (one.own["numbers_agree"] - 0.5)
        fits = chance.random() < 1 / (1 + np.exp(-truth))
        said.append(replace(one, verdict=Verdict.FITS if fits else Verdict.DOES_NOT_FIT))
    return said


def _dated(one: Lesson, number: int) -> Lesson:
    """The lesson as the desk's ``number``-th: seven rumours, forty verdicts a week."""
    week = MONDAY + timedelta(weeks=number // 40)
    return replace(one, id=number + 1, rumour_id=f"r{number % 7}", week=week)


def _pairs(count: int, chance: np.random.Generator) -> list[Lesson]:
    model = shipped_model()
    made = []
    for _ in range(count):
        share = chance.uniform(0.1, 0.9)  # between "nothing in common" and "all"
        numbers = np.clip(share + chance.normal(0, 0.15, len(NAMES)), 0, 1)
        row = {name: round(float(x), 3) for name, x in zip(NAMES, numbers, strict=True)}
        row["numbers_agree"] = float(chance.random() < 0.5)
        made.append(
            Lesson(
                sighting_id=None,
                rumour_id="r",
                verdict=Verdict.FITS,
                week=MONDAY,
                model=model.version,
                basis=basis(model),
                own=row,
                rival={name: round(value / 2, 3) for name, value in row.items()},
            )
        )
    return made
