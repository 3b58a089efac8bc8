"""The model card says of every feature what it measures, and the program of every limit in two languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crisis.matching import card, shipped_model

PAGE = Path(__file__).parents[2] / "docs/reference/model-card.md"


@pytest.mark.parametrize("name", shipped_model().features)
def test_the_card_explains_every_feature_of_the_shipped_model(name: str) -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    explained = {found for row in rows for found in re.findall(r"`(\w+)`", row)}
    assert name in explained


def test_data_and_limits_are_said_in_german_and_english() -> None:
    for german, english in (*card.DATA, *card.LIMITS):
        assert len(german) > 20
        assert len(english) > 20


def test_the_shipped_model_has_a_date() -> None:
    assert shipped_model().version in card.DATES
