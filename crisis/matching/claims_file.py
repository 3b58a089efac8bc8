"""The model of claims as a file: JSON that people can read, the same text for the same model.

Reads and writes text, and the one file that comes with the program. What its numbers mean: ``claims_model``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from crisis.errors import ModelError
from crisis.matching.claims_features import BUCKETS, NAMES
from crisis.matching.claims_model import ClaimModel, Kind, Meant, Weights

FORMAT = 1
"""Version of the file's layout this code reads."""

_PLACES = 1000  # hashed weights are kept as whole thousandths, rarity as tenths
_RARITY = 10


@lru_cache(maxsize=1)
def shipped_claim_model() -> ClaimModel:
    """Return the model that comes with the program; ``ModelError`` if its file is missing or damaged."""
    try:
        text = files("crisis.matching").joinpath("claims.json").read_text(encoding="utf-8")
    except OSError as error:
        raise ModelError(
            "Das Modell der Behauptungen (crisis/matching/claims.json) fehlt. "
            "Bitte installieren Sie das Programm neu.",
            "The model of claims (crisis/matching/claims.json) is missing. "
            "Please install the program again.",
        ) from error
    return read_claim_model(text)


def claim_model_as_json(model: ClaimModel) -> str:
    """Write a model as the text of its file."""
    features = {
        name: {
            "mean": model.means[at],
            "scale": model.scales[at],
            **{kind.value: weights.named[at] for kind, weights in model.weights.items()},
        }
        for at, name in enumerate(model.features)
    }
    kinds = {
        kind.value: {"intercept": weights.intercept, "words": weights.words}
        for kind, weights in model.weights.items()
    }
    hashed = _whole(model.weights[Kind.CLAIM].hashed, _PLACES)
    rarity = _whole(model.rarity, _RARITY)
    parts = {
        "format": _plain(FORMAT),
        "version": _plain(model.version),
        "features": _lines(features),
        "kinds": _lines(kinds),
        "hashed": _lines(hashed),
        "rarity": _lines(rarity),
    }
    if model.meant:
        meant = {
            "encoder": model.meant.encoder,
            "intercept": model.meant.intercept,
            "weights": list(model.meant.weights),
        }
        parts["meant"] = _lines(meant)
    return "{\n" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}\n"


def read_claim_model(text: str) -> ClaimModel:
    """Read a model from the text of its file; ``ModelError`` says what is wrong with it."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged("kein gültiges JSON", "not valid JSON") from error
    if not isinstance(raw, dict):
        raise _damaged("kein JSON-Objekt", "not a JSON object")
    if raw.get("format") != FORMAT:
        raise ModelError(
            f"Das Modell der Behauptungen hat das Format {raw.get('format')!r}, dieses Programm liest "
            f"{FORMAT}. Bitte trainieren Sie es neu oder nehmen Sie das mitgelieferte.",
            f"The model of claims has format {raw.get('format')!r}, this program reads {FORMAT}. "
            "Please train it again or use the one that comes with the program.",
        )
    try:
        model = _build(raw)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _damaged(f"Feld {error}", f"field {error}") from error
    _check(model)
    return model


def _whole(shapes: Mapping[str, tuple[float, ...]], places: int) -> dict[str, list[int]]:
    return {sort: [round(value * places) for value in values] for sort, values in shapes.items()}


def _parted(shapes: Mapping[str, Iterable[Any]], places: int) -> dict[str, tuple[float, ...]]:
    return {str(sort): tuple(float(v) / places for v in values) for sort, values in shapes.items()}


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(rows: Mapping[str, Any]) -> str:
    """One line a row: a difference between two models can be read."""
    return "{\n" + ",\n".join(f" {_plain(k)}: {_plain(v)}" for k, v in rows.items()) + "\n}"


def _build(raw: Mapping[str, Any]) -> ClaimModel:
    features: Mapping[str, Mapping[str, Any]] = raw["features"]
    hashed = _parted(raw["hashed"], _PLACES)
    weights = {
        kind: Weights(
            named=tuple(float(row[kind.value]) for row in features.values()),
            words={
                str(lang): {str(word): float(weight) for word, weight in words.items()}
                for lang, words in raw["kinds"][kind.value]["words"].items()
            },
            hashed=hashed if kind is Kind.CLAIM else {},
            intercept=float(raw["kinds"][kind.value]["intercept"]),
        )
        for kind in Kind
    }
    return ClaimModel(
        version=str(raw["version"]),
        features=tuple(features),
        means=tuple(float(row["mean"]) for row in features.values()),
        scales=tuple(float(row["scale"]) for row in features.values()),
        rarity=_parted(raw["rarity"], _RARITY),
        weights=weights,
        meant=_meant(raw["meant"]) if raw.get("meant") else None,
    )


def _meant(raw: Mapping[str, Any]) -> Meant:
    return Meant(
        encoder=str(raw["encoder"]),
        weights=tuple(map(float, raw["weights"])),
        intercept=float(raw["intercept"]),
    )


def _check(model: ClaimModel) -> None:
    if model.features != NAMES:
        odd = sorted(set(model.features) ^ set(NAMES)) or ["…"]
        raise _damaged(f"andere Merkmale: {odd}", f"other features: {odd}")
    for shapes in (model.rarity, model.weights[Kind.CLAIM].hashed):
        if {sort: len(values) for sort, values in shapes.items()} == BUCKETS:
            continue
        raise _damaged("Listen passen nicht zueinander", "lists do not fit each other")
    if not all(map(math.isfinite, _numbers(model))) or min(model.scales) <= 0:
        raise _damaged("unbrauchbare Zahlen", "unusable numbers")


def _numbers(model: ClaimModel) -> Iterable[float]:
    yield from (*model.means, *model.scales)
    if model.meant:
        yield from (model.meant.intercept, *model.meant.weights)
    for values in model.rarity.values():
        yield from values
    for weights in model.weights.values():
        yield from (weights.intercept, *weights.named)
        for values in weights.hashed.values():
            yield from values
        for words in weights.words.values():
            yield from words.values()


def _damaged(de: str, en: str) -> ModelError:
    return ModelError(
        f"Das Modell der Behauptungen ist beschädigt: {de}. "
        "Bitte nehmen Sie das mitgelieferte oder trainieren Sie es neu.",
        f"The model of claims is damaged: {en}. "
        "Please use the one that comes with the program or train it again.",
    )
