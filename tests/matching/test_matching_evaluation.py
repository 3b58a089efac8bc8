"""Measures of rankings and of silence, by worked examples and by what must hold of any."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching.evaluation import (
    Ranking,
    average_precision,
    curve,
    difference,
    mean,
    recall,
    reciprocal_rank,
    score,
    separation,
)


def ranked(claims: str) -> Ranking:
    return [(claim, 1 / place) for place, claim in enumerate(claims, 1)]


rankings = st.lists(st.sampled_from("abcdefgh"), unique=True).map(ranked)
rights = st.sets(st.sampled_from("abcdefgh"), min_size=1)


@pytest.mark.parametrize(
    ("claims", "right", "expected"),
    [
        ("abc", "a", 1.0),
        ("bac", "a", 1 / 2),
        ("bcdea", "a", 1 / 5),
        ("bcdefa", "a", 0.0),  # sixth: too late
        ("axb", "ab", (1 + 2 / 3) / 2),
        ("abcdef", "abcdefg", 1.0),  # five of seven, as many as fit
        ("", "a", 0.0),
        ("abc", "", 0.0),
    ],
)
def test_average_precision_by_hand(claims: str, right: str, expected: float) -> None:
    assert average_precision(ranked(claims), set(right)) == pytest.approx(expected)


def test_reciprocal_rank_by_hand() -> None:
    assert reciprocal_rank(ranked("xxa"[1:]), {"a"}) == 1 / 2
    assert reciprocal_rank(ranked("bc"), {"a"}) == 0


@given(rankings, rights)
def test_every_measure_lies_between_none_and_all(ranking: Ranking, right: set[str]) -> None:
    found = score({"p": ranking}, {"p": right})
    for values in found.measures().values():
        assert 0 <= values[0] <= 1
    assert found.first[0] <= found.reciprocal_rank[0] <= found.hit[0]


@given(rankings, rights)
def test_a_right_claim_put_first_never_lowers_a_measure(ranking: Ranking, right: set[str]) -> None:
    first = min(right)
    better = [(first, 9.0), *((c, s) for c, s in ranking if c != first)]
    before = score({"p": ranking}, {"p": right}).measures()
    after = score({"p": better}, {"p": right}).measures()
    assert all(after[name][0] >= before[name][0] - 1e-12 for name in before)


def test_a_post_that_is_not_in_the_run_found_nothing() -> None:
    found = score({"a": ranked("x")}, {"a": {"x"}, "b": {"y"}, "bare": set()})
    assert found.first == (1.0, 0.0)
    assert found.sure == (1.0, -math.inf)


def test_an_interval_holds_its_figure_and_shrinks_with_the_posts() -> None:
    few, many = mean([1.0, 0.0] * 10), mean([1.0, 0.0] * 1_000)
    assert few.low < few.value == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert math.isnan(mean([]).value)


def test_the_same_values_do_not_differ() -> None:
    values = [0.2, 0.9, 0.4]
    assert difference(values, values).high == difference(values, values).low == 0
    assert difference([1.0] * 5, [0.0] * 5).low == 1


def test_recall_is_counted_above_the_bar_that_lets_one_in_n_pass() -> None:
    alarms = [float(n) for n in range(100)]  # one in 100 lies above 98
    assert recall([98.0, 98.5, 97.0, -math.inf], alarms, 100) is not None
    found = recall([98.0, 98.5, 97.0, -math.inf], alarms, 100)
    assert found is not None
    assert found.value == 0.25  # a score that equals the bar does not pass
    assert found.low <= 0.25 <= found.high


def test_too_few_everyday_posts_say_nothing() -> None:
    assert recall([1.0], [0.5] * 99, 100) is None
    assert recall([], [0.5] * 100, 100) is None


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=30),
    st.lists(st.floats(0, 1), min_size=10, max_size=60),
)
def test_more_false_alarms_never_cost_recall(sure: list[float], alarms: list[float]) -> None:
    found = curve(sure, alarms, points=8)
    assert list(found.alarms) == sorted(found.alarms)
    assert list(found.recall) == sorted(found.recall)
    assert all(0 <= low <= high <= 1 for low, high in zip(found.low, found.high, strict=True))


def test_without_everyday_posts_there_is_no_curve() -> None:
    assert curve([1.0], []).alarms == ()
    assert curve([], [1.0]).alarms == ()


def test_separation_is_the_chance_to_score_higher() -> None:
    assert separation([2.0, 3.0], [0.0, 1.0]).value == 1
    assert separation([1.0], [1.0]).value == 0.5
    assert separation([0.0, 2.0], [1.0]).value == 0.5
    assert math.isnan(separation([], [1.0]).value)
