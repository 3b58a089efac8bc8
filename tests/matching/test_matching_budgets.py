"""Thresholds from what a town can bear, and what they would have done to posts that came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.matching.bands import Bands
from crisis.matching.budgets import (
    ENOUGH_DAYS,
    SUGGEST_FROM,
    Budget,
    Day,
    Ruling,
    expected_false_alarms,
    thresholds,
)
from crisis.matching.calibration import RAISE_FROM
from crisis.matching.histogram import NOTHING, bin_of, score_of
from crisis.matching.replaying import Tally, band_under, changes, tally
from crisis.types import Band, Scored, Stance

OWN = Bands(0.85, 0.25)


def week(counts: dict[int, int], days: int = 14) -> list[Day]:
    """The same posts every day, and 500 that carried nothing."""
    return [Day({NOTHING: 500, **counts}) for _ in range(days)]


def said(fits: int, others: int, score: float = 0.9) -> list[Ruling]:
    return [Ruling(score, True)] * fits + [Ruling(score, False)] * others


def test_with_too_few_posts_the_models_own_thresholds_hold() -> None:
    for days in ([], week({}, 3), [Day({NOTHING: 5})] * 30):
        found = thresholds(days, said(50, 50), Budget(), own=OWN, now=Bands(0.9, 0.4))
        assert found.bands == OWN
        assert "Solange" in found.because[0].de and "Until then" in found.because[0].en
        assert found.false_alarms_per_week is None


def test_with_too_few_verdicts_only_suggestions_follow_the_budget() -> None:
    days = week({0: 100})
    found = thresholds(days, said(3, 3), Budget(suggestions_per_day=50), own=OWN, now=OWN)
    assert found.bands.raise_at == OWN.raise_at
    assert found.bands.suggest_at > OWN.suggest_at
    assert "6 von 20" in found.because[0].de


def test_many_false_alarms_lift_the_threshold_by_one_step_at_most() -> None:
    days = week({20: 30, 30: 1})
    found = thresholds(days, said(0, 60, 0.93), Budget(false_alarms_per_week=1), own=OWN, now=OWN)
    assert bin_of(OWN.raise_at) < bin_of(found.bands.raise_at) <= bin_of(OWN.raise_at) + 10
    assert "Schritt" in found.because[0].de
    again = thresholds(
        days, said(0, 60, 0.93), Budget(false_alarms_per_week=1), own=OWN, now=found.bands
    )
    assert again.bands.raise_at > found.bands.raise_at


def test_a_wave_that_fits_does_not_lift_the_threshold() -> None:
    days = week({30: 40})
    found = thresholds(days, said(200, 0), Budget(false_alarms_per_week=2), own=OWN, now=OWN)
    assert found.bands.raise_at == OWN.raise_at
    assert found.false_alarms_per_week is not None and found.false_alarms_per_week < 2


def test_raising_sinks_below_the_models_threshold_only_where_people_agreed() -> None:
    days = week({12: 1, 30: 1})
    wide = Budget(false_alarms_per_week=50)
    above = said(30, 0, 0.95)
    assert thresholds(days, above, wide, own=OWN, now=OWN).bands.raise_at == OWN.raise_at
    wrong = above + said(2, 10, 0.8)
    assert thresholds(days, wrong, wide, own=OWN, now=OWN).bands.raise_at >= 0.84
    right = above + said(10, 2, 0.8)
    assert thresholds(days, right, wide, own=OWN, now=OWN).bands.raise_at < 0.81


def test_a_step_that_ends_where_nobody_judged_goes_up_to_where_they_did() -> None:
    high = Bands(0.97, 0.25)
    own = Bands(0.97, 0.25)
    days = week({12: 1})
    rulings = said(30, 0, 0.98) + said(0, 12, 0.95) + said(40, 0, 0.8)
    found = thresholds(
        days, rulings, Budget(false_alarms_per_week=50), own=own, now=high
    ).bands.raise_at
    assert RAISE_FROM <= found <= 0.97


def test_suggestions_sink_to_the_fixed_limit_step_by_step_and_no_farther() -> None:
    now = OWN
    for _ in range(8):
        now = thresholds(week({}), [], Budget(suggestions_per_day=1_000), own=OWN, now=now).bands
    assert SUGGEST_FROM <= now.suggest_at < 0.06


@pytest.mark.parametrize("number", [-1.0, float("nan"), float("inf"), 1e9])
def test_a_budget_that_is_no_number_of_things_is_refused(number: float) -> None:
    with pytest.raises(InvalidInputError):
        Budget(false_alarms_per_week=number)
    with pytest.raises(InvalidInputError):
        Budget(suggestions_per_day=number)


def test_with_few_verdicts_nobody_can_say_how_many_alarms_are_false() -> None:
    assert expected_false_alarms(week({30: 1}), said(2, 2), OWN) is None
    assert expected_false_alarms([], said(50, 2), OWN) is None


counted = st.dictionaries(st.integers(-101, 100), st.integers(0, 400), max_size=12)
all_days = st.lists(st.builds(Day, counted, counted), min_size=ENOUGH_DAYS, max_size=12)
all_rulings = st.lists(st.builds(Ruling, st.floats(0, 1), st.booleans()), max_size=80)
scores = st.floats(0.01, 1)


@st.composite
def some_bands(draw: st.DrawFn) -> Bands:
    raise_at = draw(st.floats(RAISE_FROM, 1))
    return Bands(raise_at, draw(st.floats(0.05, 1).map(lambda x: x * raise_at)))


@given(all_days, all_rulings, some_bands(), some_bands(), st.floats(0, 500), st.floats(0, 500))
def test_a_larger_budget_never_gives_a_higher_threshold(
    days: list[Day], rulings: list[Ruling], own: Bands, now: Bands, less: float, more: float
) -> None:
    less, more = sorted((less, more))
    found = [
        thresholds(
            days,
            rulings,
            Budget(false_alarms_per_week=n, suggestions_per_day=n),
            own=own,
            now=now,
        ).bands
        for n in (less, more)
    ]
    assert found[1].raise_at <= found[0].raise_at
    assert found[1].suggest_at <= found[0].suggest_at
    assert found[1].raise_at >= RAISE_FROM


@given(all_days, all_rulings, some_bands())
def test_the_order_of_verdicts_and_days_makes_no_difference(
    days: list[Day], rulings: list[Ruling], now: Bands
) -> None:
    one = thresholds(days, rulings, Budget(), own=OWN, now=now)
    assert one == thresholds(days[::-1], rulings[::-1], Budget(), own=OWN, now=now)


@given(all_days, some_bands(), scores)
def test_thresholds_moved_and_measured_come_back(days: list[Day], bands: Bands, to: float) -> None:
    other = Bands(max(to, bands.suggest_at), bands.suggest_at)
    back = bands.moved(*bands.distance(other))
    assert back.raise_at == pytest.approx(other.raise_at, abs=1e-4)
    assert back.suggest_at == pytest.approx(other.suggest_at, abs=1e-4)
    assert tally(days[0], other).raised <= days[0].posts


def test_thresholds_moved_far_end_at_nothing_and_all() -> None:
    assert Bands(0.9, 0.5).moved(99, -99) == Bands(1.0, 0.0)
    assert Bands(1.0, 0.0).moved(0, 0) == Bands(1.0, 0.0)
    assert Bands(0.9, 0.5).distance(Bands(1.0, 0.0))[0] > 0


def test_a_day_is_counted_by_thresholds() -> None:
    day = Day({NOTHING: 9, bin_of(0.9): 3, bin_of(0.5): 2}, {bin_of(0.9): 4, bin_of(0.1): 5})
    assert day.posts == 23
    assert tally(day, Bands(0.9, 0.5)) == Tally(3, 6)
    assert tally(day, Bands(score_of(100), 0.05)) == Tally(0, 14)


def test_kept_posts_that_change_their_band_are_named_by_rumour() -> None:
    def seen(
        number: int,
        score: float,
        *codes: str,
        rumour_id: str = "wasser",
        stance: Stance = Stance.SPREADS,
    ) -> Scored:
        return Scored(number, rumour_id, score, stance, frozenset(codes), None)

    short = seen(3, 0.97, "short")
    wrong = seen(4, 0.97, stance=Stance.CORRECTS)
    sure, fair, weak = seen(1, 0.95), seen(2, 0.8, rumour_id="bruecke"), seen(5, 0.3)
    before, after = Bands(0.9, 0.25), Bands(0.75, 0.5)
    found = changes([sure, fair, short, wrong, weak], before, after)
    assert [(c.scored.id, c.before, c.after) for c in found] == [
        (2, Band.SUGGEST, Band.RAISE),
        (5, Band.SUGGEST, Band.NONE),
    ]
    assert band_under(short, after) is Band.SUGGEST
    assert band_under(wrong, after) is Band.SUGGEST


def test_where_no_score_keeps_the_budget_nothing_raises_once_the_steps_are_done() -> None:
    now = OWN
    days = week({100: 50})
    for _ in range(20):
        now = thresholds(
            days, said(0, 60, 1.0), Budget(false_alarms_per_week=0), own=OWN, now=now
        ).bands
    assert now.raise_at > 0.9999
