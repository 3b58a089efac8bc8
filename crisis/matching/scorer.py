"""How surely a pair belongs together: a logistic regression over ``features``, read from JSON.

Says a probability and each feature's part in it. Does not say what the probability is good for
(see ``bands``). The file holds weights of general features only, no text and no word of any data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from crisis.errors import ModelError
from crisis.matching.features import NAMES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = 1
"""Version of the file's layout this code reads."""

LIMIT = 8.0
"""Standard deviations from the mean beyond which a feature counts no more (odd posts, odd bugs)."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained scorer.

    ``products`` names pairs of features that are multiplied (a pair of the same is a square) and
    stand after the features in ``means``, ``scales`` and ``weights``. ``raise_at`` and
    ``suggest_at`` are probabilities; ``floor`` is the word similarity (0 to 1) below which a
    candidate never reached ``suggest_at`` in training.
    """

    version: str
    features: tuple[str, ...]
    products: tuple[tuple[str, str], ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    raise_at: float
    suggest_at: float
    floor: float = 0.0

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of a match for each row of features."""
        import numpy as np

        steps = self._standard(rows) * np.asarray(self.weights)
        odds: NDArray[np.float64] = steps.sum(axis=1) + self.intercept
        return odds

    def parts(self, row: NDArray[np.float64]) -> dict[str, float]:
        """Return feature -> its part in the log-odds of this row; a product is shared by its two."""
        import numpy as np

        steps = (self._standard(row[None, :]) * np.asarray(self.weights))[0]
        found = dict(zip(self.features, map(float, steps), strict=False))
        for (a, b), step in zip(self.products, steps[len(self.features) :], strict=True):
            found[a] += float(step) / 2
            found[b] += float(step) / 2
        return found

    def _standard(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        wide: NDArray[np.float64] = expand(rows, self.features, self.products)
        steps = (wide - np.asarray(self.means)) / np.asarray(self.scales)
        limited: NDArray[np.float64] = np.clip(steps, -LIMIT, LIMIT)
        return limited


def expand(
    rows: NDArray[np.float64], features: Sequence[str], products: Sequence[tuple[str, str]]
) -> NDArray[np.float64]:
    """Return the named columns of ``rows`` (order ``features.NAMES``) followed by the products."""
    import numpy as np

    column = {name: i for i, name in enumerate(NAMES)}
    plain: NDArray[np.float64] = rows[:, [column[name] for name in features]]
    if not products:
        return plain
    multiplied = [rows[:, column[a]] * rows[:, column[b]] for a, b in products]
    wide: NDArray[np.float64] = np.hstack([plain, np.stack(multiplied, axis=1)])
    return wide


def probability(log_odds: float) -> float:
    """Turn log-odds into a probability (0 to 1), without overflow."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    small = math.exp(log_odds)
    return small / (1 + small)


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """Return the model that comes with the program.

    Raises ``ModelError`` if its file is missing or damaged.
    """
    try:
        text = files("crisis.matching").joinpath("model.json").read_text(encoding="utf-8")
    except OSError as error:
        raise ModelError(
            "Das Modell des Abgleichs (crisis/matching/model.json) fehlt. "
            "Bitte installieren Sie das Programm neu.",
            "The matching model (crisis/matching/model.json) is missing. "
            "Please install the program again.",
        ) from error
    return read_model(text)


def read_model(text: str) -> Model:
    """Read a model from the text of its JSON file; ``ModelError`` says what is wrong with it."""
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise _damaged("kein gültiges JSON", "not valid JSON") from error
    if not isinstance(raw, dict):
        raise _damaged("kein JSON-Objekt", "not a JSON object")
    if raw.get("format") != FORMAT:
        raise ModelError(
            f"Das Modell hat das Format {raw.get('format')!r}, dieses Programm liest {FORMAT}. "
            "Bitte trainieren Sie es neu oder nehmen Sie das mitgelieferte.",
            f"The model has format {raw.get('format')!r}, this program reads {FORMAT}. "
            "Please train it again or use the one that comes with the program.",
        )
    try:
        model = _build(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(f"Feld {error}", f"field {error}") from error
    _check(model)
    return model


def _build(raw: Mapping[str, Any]) -> Model:
    return Model(
        version=str(raw["version"]),
        features=tuple(str(name) for name in raw["features"]),
        products=tuple((str(a), str(b)) for a, b in raw["products"]),
        means=tuple(float(x) for x in raw["means"]),
        scales=tuple(float(x) for x in raw["scales"]),
        weights=tuple(float(x) for x in raw["weights"]),
        intercept=float(raw["intercept"]),
        raise_at=float(raw["bands"]["raise"]),
        suggest_at=float(raw["bands"]["suggest"]),
        floor=float(raw["floor"]),
    )


def _check(model: Model) -> None:
    named = {*model.features, *(name for product in model.products for name in product)}
    unknown = sorted(named - set(NAMES)) or sorted(
        {name for product in model.products for name in product} - set(model.features)
    )
    if unknown:
        raise _damaged(f"unbekannte Merkmale {unknown}", f"unknown features {unknown}")
    width = len(model.features) + len(model.products)
    if {len(model.means), len(model.scales), len(model.weights)} != {width}:
        raise _damaged("ungleich lange Listen", "lists of unequal length")
    numbers = (*model.means, *model.scales, *model.weights, model.intercept, model.floor)
    if not all(map(math.isfinite, numbers)) or any(scale <= 0 for scale in model.scales):
        raise _damaged("unbrauchbare Zahlen", "unusable numbers")
    if not 0 <= model.suggest_at <= model.raise_at <= 1:
        raise _damaged("Schwellen nicht zwischen 0 und 1", "thresholds not between 0 and 1")


def _damaged(de: str, en: str) -> ModelError:
    return ModelError(
        f"Das Modell des Abgleichs ist beschädigt: {de}. "
        "Bitte nehmen Sie das mitgelieferte oder trainieren Sie es neu.",
        f"The matching model is damaged: {en}. "
        "Please use the one that comes with the program or train it again.",
    )
