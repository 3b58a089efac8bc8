"""How surely a pair belongs together: a logistic regression over ``features``, read from JSON.

Says a probability and each feature's part in it. Does not say what the probability is good for
(see ``bands``). The file holds weights of general features only, no text and no word of any data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from crisis.errors import ModelError
from crisis.matching.features import ALL, MEANING
from crisis.matching.hint import HINTS, Hint
from crisis.matching.lens import Lens, of_fields

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = 1
"""Version of the file's layout this code reads."""

LIMIT = 8.0
"""Standard deviations from the mean beyond which a feature counts no more (odd posts, odd bugs)."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which probabilities on a catalogue of ``rumours`` entries raises and suggests.

    Posts that stay below ``floor`` (see ``Screen.promising``) reach neither and are not judged.
    """

    rumours: int
    raise_at: float
    suggest_at: float
    floor: float


@dataclass(frozen=True, slots=True)
class Model:
    """A trained scorer: one regression puts a post's candidates in order, one judges each.

    ``features`` are names of ``features.ALL``; ``order`` weighs them, standardised by the first
    entries of ``means`` and ``scales``. ``judge`` weighs the same and two more: the value that
    ``order`` gave, and its lead over the best other rumour. ``bands`` are the thresholds for
    catalogues of several sizes, rising. ``hint``: which posts it need not judge where only what has a band is
    asked for; None to judge all. ``lens``: how it looks at meaning; None if it knows words alone.
    """

    version: str
    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    order: tuple[float, ...]
    judge: tuple[float, ...]
    intercept: float
    bands: tuple[Threshold, ...]
    hint: Hint | None = None
    lens: Lens | None = None
    _made: list[_Arrays] = field(default_factory=list, init=False, repr=False, compare=False)

    def ranking(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a value for each row of features; of two candidates the higher one fits better."""
        width = len(self.features)
        own = self._arrays
        steps = _standard(self._columns(rows), own.means[:width], own.scales[:width])
        values: NDArray[np.float64] = steps @ own.order
        return values

    def nothing(self) -> float:
        """Return the ranking value of a pair that has nothing in common."""
        import numpy as np

        return float(self.ranking(np.zeros((1, len(ALL))))[0])

    def log_odds(
        self, rows: NDArray[np.float64], values: NDArray[np.float64], leads: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the log-odds of a match for each row, given its ``ranking`` value and lead."""
        odds: NDArray[np.float64] = self._steps(rows, values, leads).sum(axis=1) + self.intercept
        return odds

    def parts(self, row: NDArray[np.float64], value: float, lead: float) -> dict[str, float]:
        """Return each feature's part in the log-odds of one row.

        The value of ``ranking`` is itself made of features: its part is shared out among them. That
        of its lead is called "order_lead".
        """
        import numpy as np

        width = len(self.features)
        steps = self._steps(row[None, :], np.array([value]), np.array([lead]))[0]
        own = self._arrays
        inner = _standard(self._columns(row[None, :]), own.means[:width], own.scales[:width])[0]
        share = inner * own.order * (self.judge[width] / self.scales[width])
        parts = dict(zip(self.features, map(float, steps[:width] + share), strict=True))
        parts["order_lead"] = float(steps[width + 1])
        return parts

    def _steps(
        self, rows: NDArray[np.float64], values: NDArray[np.float64], leads: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        import numpy as np

        own = self._arrays
        width = len(self.features)
        wide = np.empty((len(rows), width + 2))
        wide[:, :width] = self._columns(rows)
        wide[:, width] = values
        wide[:, width + 1] = leads
        steps: NDArray[np.float64] = _standard(wide, own.means, own.scales) * own.judge
        return steps

    def _columns(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        chosen: NDArray[np.float64] = rows[:, self._arrays.columns]
        return chosen

    @property
    def _arrays(self) -> _Arrays:
        """The numbers as arrays, made when first asked for: judging a post takes them several times."""
        made = self._made
        if not made:
            made.append(_Arrays.of(self))
        return made[0]


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The numbers of a model as NumPy takes them; ``columns``: where its features stand in ``ALL``."""

    columns: NDArray[np.int64]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    order: NDArray[np.float64]
    judge: NDArray[np.float64]

    @classmethod
    def of(cls, model: Model) -> _Arrays:
        import numpy as np

        place = {name: i for i, name in enumerate(ALL)}
        columns = np.array([place[name] for name in model.features], dtype=np.int64)
        return cls(columns, *map(np.asarray, (model.means, model.scales, model.order, model.judge)))


def _standard(
    rows: NDArray[np.float64], means: NDArray[np.float64], scales: NDArray[np.float64]
) -> NDArray[np.float64]:
    steps = (rows - means) / scales
    limited: NDArray[np.float64] = steps.clip(-LIMIT, LIMIT)
    return limited


def leads(
    values: NDArray[np.float64], rumours: Sequence[int], nothing: float
) -> NDArray[np.float64]:
    """Return how far each candidate's ranking value lies above the best one of another rumour.

    ``nothing`` is the value of a rumour that shares nothing with the post: such rivals there always
    are (see ``Model.nothing``).
    """
    import numpy as np

    best: dict[int, float] = {}
    for value, rumour in zip(values, rumours, strict=True):
        best[rumour] = max(best.get(rumour, -math.inf), float(value))
    ranked = [*sorted(best.values(), reverse=True), nothing]
    rivals = [ranked[1] if best[r] == ranked[0] else ranked[0] for r in rumours]
    found: NDArray[np.float64] = values - np.maximum(rivals, nothing)
    return found


def probability(log_odds: float) -> float:
    """Turn log-odds into a probability (0 to 1), without overflow."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    small = math.exp(log_odds)
    return small / (1 + small)


@lru_cache(maxsize=2)
def shipped_model(*, meaning: bool = False) -> Model:
    """Return the model that comes with the program; with ``meaning`` the one that needs an encoder.

    Raises ``ModelError`` if its file is missing or damaged.
    """
    name = "model_meaning.json" if meaning else "model.json"
    try:
        text = files("crisis.matching").joinpath(name).read_text(encoding="utf-8")
    except OSError as error:
        raise ModelError(
            f"Das Modell des Abgleichs (crisis/matching/{name}) fehlt. "
            "Bitte installieren Sie das Programm neu.",
            f"The matching model (crisis/matching/{name}) is missing. "
            "Please install the program again.",
        ) from error
    return read_model(text)


def read_model(text: str) -> Model:
    """Read a model from the text of its JSON file; ``ModelError`` says what is wrong with it."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
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
        means=tuple(float(x) for x in raw["means"]),
        scales=tuple(float(x) for x in raw["scales"]),
        order=tuple(float(x) for x in raw["order"]),
        judge=tuple(float(x) for x in raw["judge"]),
        intercept=float(raw["intercept"]),
        bands=tuple(
            Threshold(
                int(band["rumours"]),
                float(band["raise"]),
                float(band["suggest"]),
                float(band["floor"]),
            )
            for band in raw["bands"]
        ),
        hint=_hint(raw["hint"]) if "hint" in raw else None,
        lens=of_fields(raw["lens"]) if "lens" in raw else None,
    )


def _hint(raw: Mapping[str, Any]) -> Hint:
    weights: Mapping[str, Any] = raw["weights"]
    return Hint(tuple(float(weights[name]) for name in HINTS), float(raw["intercept"]))


def _check(model: Model) -> None:
    unknown = sorted(set(model.features) - set(ALL))
    if unknown:
        raise _damaged(f"unbekannte Merkmale {unknown}", f"unknown features {unknown}")
    if model.lens is None and set(model.features) & set(MEANING):
        raise _damaged("Feld 'lens'", "field 'lens'")
    width = len(model.features)
    if len(model.order) != width or {
        len(model.means),
        len(model.scales),
        len(model.judge),
    } != {width + 2}:
        raise _damaged("Listen passen nicht zueinander", "lists do not fit each other")
    numbers = (*model.means, *model.scales, *model.order, *model.judge)
    if model.hint is not None:
        numbers = (*numbers, *model.hint.weights, model.hint.intercept)
    if not all(map(math.isfinite, (*numbers, model.intercept))):
        raise _damaged("unbrauchbare Zahlen", "unusable numbers")
    if any(scale <= 0 for scale in model.scales):
        raise _damaged("unbrauchbare Zahlen", "unusable numbers")
    sizes = [band.rumours for band in model.bands]
    if not sizes or sizes[0] < 1 or sizes != sorted(set(sizes)):
        raise _damaged("Schwellen fehlen oder sind ungeordnet", "thresholds missing or unordered")
    if not all(
        0 <= band.suggest_at <= band.raise_at <= 1 and band.floor >= 0 for band in model.bands
    ):
        raise _damaged("Schwellen nicht zwischen 0 und 1", "thresholds not between 0 and 1")


def _damaged(de: str, en: str) -> ModelError:
    return ModelError(
        f"Das Modell des Abgleichs ist beschädigt: {de}. "
        "Bitte nehmen Sie das mitgelieferte oder trainieren Sie es neu.",
        f"The matching model is damaged: {en}. "
        "Please use the one that comes with the program or train it again.",
    )
