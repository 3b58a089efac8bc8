"""The model's file: what is refused, and that it says nothing but numbers about features."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from crisis.errors import ModelError
from crisis.matching import read_model, shipped_model
from crisis.matching.features import NAMES
from crisis.matching.scorer import probability


@pytest.fixture
def raw() -> dict[str, Any]:
    text = files("crisis.matching").joinpath("model.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_shipped_model_loads_and_names_only_known_features(raw: dict[str, Any]) -> None:
    model = shipped_model()
    assert set(model.features) <= set(NAMES)
    assert read_model(json.dumps(raw)) == model


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '"x"', "null", "{}"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        read_model(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 99),
        ("features", ["words", "no such feature"]),
        ("features", None),
        ("means", [0.0]),
        ("means", "x"),
        ("order", []),
        ("judge", ["x"]),
        ("intercept", None),
        ("intercept", float("nan")),
        ("bands", []),
        ("bands", [{"rumours": 20, "raise": 0.2, "suggest": 0.5, "floor": 1.0}]),
        ("bands", [{"rumours": 20, "raise": 2, "suggest": 0.5, "floor": 1.0}]),
        ("bands", [{"rumours": 0, "raise": 0.5, "suggest": 0.5, "floor": 1.0}]),
        ("bands", [{"rumours": 20}]),
        ("bands", [{"rumours": 20, "raise": 0.5, "suggest": 0.5, "floor": -1.0}]),
    ],
)
def test_a_damaged_model_is_refused_with_a_reason(
    raw: dict[str, Any], field: str, value: Any
) -> None:
    with pytest.raises(ModelError) as caught:
        read_model(json.dumps({**raw, field: value}))
    assert "Modell" in caught.value.say("de")
    assert "model" in caught.value.say("en")


def test_a_scale_of_nothing_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        read_model(json.dumps({**raw, "scales": [0.0] * len(raw["scales"])}))


def test_a_missing_model_is_said_plainly(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    shipped_model.cache_clear()
    monkeypatch.setattr("crisis.matching.scorer.files", lambda _: tmp_path)
    with pytest.raises(ModelError, match="missing"):
        shipped_model()
    shipped_model.cache_clear()


@pytest.mark.parametrize(("odds", "expected"), [(0, 0.5), (-2_000, 0.0), (2_000, 1.0)])
def test_odds_become_probabilities_without_overflow(odds: float, expected: float) -> None:
    assert probability(odds) == pytest.approx(expected)
