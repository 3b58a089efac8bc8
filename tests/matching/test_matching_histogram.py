"""Bins of scores: every score has one, higher scores never a lower one, and a bin's start lies in it."""

from __future__ import annotations

import pytest
from builders import match
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching import histogram
from crisis.types import Reason, Stance

scores = st.floats(0, 1)


@given(scores, scores)
def test_a_higher_score_never_falls_into_a_lower_bin(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert histogram.bin_of(low) <= histogram.bin_of(high)


@given(scores)
def test_a_score_lies_where_its_bin_says(score: float) -> None:
    place = histogram.bin_of(score)
    assert histogram.LOWEST <= place <= histogram.HIGHEST
    assert histogram.score_of(place) <= score + 1e-9
    if place < histogram.HIGHEST:
        assert score <= histogram.score_of(place + 1) + 1e-9


@given(st.integers(histogram.LOWEST + 1, histogram.HIGHEST))
def test_where_a_bin_begins_lies_in_it(place: int) -> None:
    assert histogram.bin_of(histogram.score_of(place)) == place


def test_a_post_without_a_candidate_has_a_bin_of_its_own_below_all() -> None:
    assert histogram.bin_of_match(None) == histogram.NOTHING < histogram.bin_of(0.0)
    assert histogram.score_of(histogram.NOTHING) == 0.0
    assert histogram.bin_of_match(match(score=0.5)) == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"stance": Stance.ASKS}, True),
        ({"stance": Stance.CORRECTS}, False),
        ({"reasons": (Reason(code="short", weight=0.0),)}, False),
        ({"reasons": (Reason(code="expired", weight=0.0),)}, False),
        ({"reasons": (Reason(code="words", weight=2.0),)}, True),
    ],
)
def test_what_is_suggested_at_most_is_known(changes, expected) -> None:
    assert histogram.may_raise(match(**changes)) is expected


def test_a_post_without_a_match_raises_nothing() -> None:
    assert not histogram.may_raise(None)
