"""How posts came over time: spans, the highest of them, and what changed since an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from crisis.incidents.course import MOST_SPANS, Count, course, effect, recent, summary

BERLIN = ZoneInfo("Europe/Berlin")
MINUTES = st.integers(min_value=0, max_value=60 * 24 * 900)
COUNTS = st.lists(
    st.tuples(MINUTES, st.sampled_from(["a", "b", "c", ""]), st.integers(1, 50)), max_size=30
).map(lambda made: [(NOON + timedelta(minutes=m), kind, n) for m, kind, n in made])


def every(minutes: int, count: int, *, start: datetime = NOON, kind: str = "a") -> list[Count]:
    return [(start + timedelta(minutes=minutes * n), kind, 1) for n in range(count)]


@given(COUNTS, MINUTES)
def test_no_post_is_lost_and_spans_have_no_gaps(counts: list[Count], later: int) -> None:
    until = NOON + timedelta(minutes=later)
    found = course(counts, until, BERLIN, kinds=2)
    assert sum(found.totals) == sum(posts for _, _, posts in counts)
    assert 1 <= len(found.starts) <= MOST_SPANS
    assert list(found.starts) == sorted(set(found.starts))
    assert found.starts[0] <= min((at for at, _, _ in counts), default=until)
    end = found.starts[-1] + found.step + timedelta(hours=1)  # a day may have 25 hours
    assert end > max([until, *(at for at, _, _ in counts)])
    assert len(found.rows) <= 3


@pytest.mark.parametrize(
    ("span", "step"),
    [
        (timedelta(minutes=20), timedelta(minutes=1)),
        (timedelta(hours=2), timedelta(minutes=5)),
        (timedelta(hours=8), timedelta(minutes=15)),
        (timedelta(hours=30), timedelta(hours=1)),
        (timedelta(days=6), timedelta(hours=6)),
        (timedelta(days=20), timedelta(days=1)),
        (timedelta(days=200), timedelta(days=7)),
        (timedelta(days=900), timedelta(days=28)),
        (timedelta(days=2000), timedelta(days=91)),
        (timedelta(days=6000), timedelta(days=364)),
    ],
)
def test_the_longer_it_lasts_the_longer_the_spans(span: timedelta, step: timedelta) -> None:
    assert course([(NOON, "a", 1)], NOON + span, BERLIN).step == step


def test_days_begin_at_the_town_s_midnight_also_when_clocks_change() -> None:
    first = datetime(2026, 10, 20, 9, tzinfo=UTC)
    found = course([(first, "a", 1)], datetime(2026, 11, 10, 9, tzinfo=UTC), BERLIN)
    clocks = {start.astimezone(BERLIN).hour for start in found.starts}
    assert clocks == {0}
    assert len(found.starts) == 22


def test_small_kinds_go_together_and_large_ones_come_first() -> None:
    counts = [(NOON, "klein", 1), (NOON, "gross", 9), (NOON, "mittel", 5), (NOON, "", 2)]
    found = course(counts, NOON, BERLIN, kinds=2)
    assert [(kind, sum(row)) for kind, row in found.rows] == [("gross", 9), ("mittel", 5), ("", 3)]
    assert [kind for kind, _ in course(counts[:3], NOON, BERLIN).rows] == [
        "gross",
        "mittel",
        "klein",
    ]
    assert course([], NOON, BERLIN).totals == (0,)


def test_posts_of_years_ago_are_no_part_of_it() -> None:
    old = (NOON - timedelta(days=700), "a", 1)
    assert recent([old, (NOON, "a", 1)], NOON) == [(NOON, "a", 1)]


def test_a_sentence_s_worth() -> None:
    counts = [*every(10, 13), (NOON + timedelta(minutes=61), "a", 20)]
    shown = course(counts, NOON + timedelta(hours=3), BERLIN)
    said = summary(counts, shown, NOON + timedelta(hours=3), None)
    assert (said.posts, said.span, said.effect) == (33, timedelta(hours=2), None)
    assert said.peak == NOON + timedelta(minutes=60)


def test_where_nothing_stands_out_no_peak_is_named() -> None:
    flat = every(60, 4)
    assert summary(flat, course(flat, NOON, BERLIN), NOON, None).peak is None
    assert summary([], course([], NOON, BERLIN), NOON, None).span == timedelta()


class TestEffect:
    answered = NOON + timedelta(hours=4)

    def test_as_long_before_as_after(self) -> None:
        counts = [*every(6, 40), *every(15, 8, start=self.answered)]
        found = effect(counts, self.answered, self.answered + timedelta(hours=2))
        assert found is not None
        assert (found.before, found.after) == (10, 4)
        assert found.compared == timedelta(hours=2)
        assert found.change == pytest.approx(-0.6)

    def test_it_may_have_become_more(self) -> None:
        counts = [*every(20, 12), *every(1, 60, start=self.answered)]
        found = effect(counts, self.answered, self.answered + timedelta(hours=5))
        assert found is not None
        assert found.change == pytest.approx(3)
        assert found.compared == timedelta(hours=4)  # there was nothing before

    @pytest.mark.parametrize("minutes", [0, 59])
    def test_too_early_to_tell(self, minutes: int) -> None:
        now = self.answered + timedelta(minutes=minutes)
        assert effect(every(6, 40), self.answered, now) is None

    def test_too_little_to_tell(self) -> None:
        now = self.answered + timedelta(hours=9)
        assert effect(every(30, 8), self.answered, now) is None
        assert effect([], self.answered, now) is None
        assert effect(every(1, 50, start=self.answered), self.answered, now) is None

    def test_a_burst_just_before_is_no_rate(self) -> None:
        burst = every(1, 10, start=self.answered - timedelta(minutes=10))
        found = effect(burst, self.answered, self.answered + timedelta(hours=3))
        assert found is not None
        assert found.before == 10
