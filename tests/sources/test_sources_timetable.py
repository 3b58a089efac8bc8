"""When a source is asked next, and what is new in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.sources.news import News, compare, fingerprint, key_hash
from crisis.sources.timetable import LONGEST_PAUSE, LONGEST_WAIT, next_due
from crisis.types import FeedPost, Source

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
SOURCE = Source(id=1, url="https://a.example/", name="A", interval=300)


def pause(source: Source = SOURCE, **how: float | bool | None) -> float:
    """Seconds until the source is asked again."""
    how.setdefault("failed", False)
    return (next_due(source, NOW, **how) - NOW).total_seconds()  # type: ignore[arg-type]


def test_a_source_that_answers_is_asked_after_its_interval_at_the_latest() -> None:
    assert 270 <= pause() <= 300


def test_sources_added_together_drift_apart_and_always_by_the_same() -> None:
    pauses = {pause(replace(SOURCE, id=number)) for number in range(1, 51)}
    assert len(pauses) == 50
    assert pause() == pause()
    assert pause(replace(SOURCE, id=0)) != pause(replace(SOURCE, id=0, url="https://b.example/"))


def test_the_pause_doubles_with_each_failure_up_to_six_hours_and_never_ends() -> None:
    pauses = [pause(replace(SOURCE, failures=n), failed=True) for n in range(40)]
    for n, (shorter, longer) in enumerate(pairwise(pauses[:7])):
        assert shorter < longer, n
    assert all(0.9 * LONGEST_PAUSE <= seconds <= LONGEST_PAUSE for seconds in pauses[7:])
    assert pause(replace(SOURCE, failures=10**9), failed=True) <= LONGEST_PAUSE


def test_a_rare_source_is_not_asked_more_often_because_it_fails() -> None:
    daily = replace(SOURCE, interval=86_400, failures=5)
    assert pause(daily, failed=True) >= 0.9 * 86_400


def test_success_ends_the_back_off() -> None:
    assert pause(replace(SOURCE, failures=9)) <= 300


@pytest.mark.parametrize(
    ("asked_for", "least", "most"),
    [
        (3_600, 3_600, 3_600),
        (10, 270, 300),
        (-5, 270, 300),
        (10**9, LONGEST_WAIT, LONGEST_WAIT),
        (float("inf"), 270, 300),
        (float("nan"), 270, 300),
    ],
)
def test_a_server_may_send_us_away_for_a_day_at_most(
    asked_for: float, least: float, most: float
) -> None:
    for failed in (True, False):
        assert least <= pause(failed=failed, retry_after=asked_for) <= most


@given(
    st.integers(10, 86_400),
    st.integers(0, 10**6),
    st.booleans(),
    st.none() | st.floats(allow_nan=True),
)
def test_next_time_is_always_later_and_never_beyond_a_day(
    interval: int, failures: int, failed: bool, retry_after: float | None
) -> None:
    source = replace(SOURCE, interval=interval, failures=failures)
    due = next_due(source, NOW, failed=failed, retry_after=retry_after)
    assert NOW < due <= NOW + timedelta(days=1)


# --- news ------------------------------------------------------------------------------------

POSTS = st.lists(
    st.builds(FeedPost, key=st.sampled_from("abcdef"), text=st.text(max_size=20)), max_size=12
)


def known(news: News) -> dict[str, str]:
    """What is remembered once these were taken."""
    return {p.key: fingerprint(p) for p in (*news.new, *news.edited, *news.unchanged)}


def test_a_seen_post_is_not_new() -> None:
    post = FeedPost(key="1", text="Das Wasser ist vergiftet")
    assert compare([post], {}) == News(new=(post,))
    assert compare([post], {"1": fingerprint(post)}) == News(unchanged=(post,))


def test_a_seen_post_with_another_text_was_edited() -> None:
    before, after = FeedPost(key="1", text="vorher"), FeedPost(key="1", text="nachher")
    assert compare([after], {"1": fingerprint(before)}) == News(edited=(after,))


def test_a_post_met_twice_counts_once() -> None:
    first, second = FeedPost(key="1", text="eins"), FeedPost(key="1", text="zwei")
    assert compare([first, second], {}).new == (first,)


def test_spacing_and_composed_letters_are_no_edit() -> None:
    assert fingerprint(FeedPost(key="1", text="Größe \n 1")) == fingerprint(
        FeedPost(key="2", text="Gro\u0308ße 1", author="x")
    )
    assert fingerprint(FeedPost(key="1", text="\ud800")) != fingerprint(FeedPost(key="1", text=""))


def test_the_same_key_of_two_sources_is_remembered_apart() -> None:
    assert key_hash(1, "a") != key_hash(2, "a")
    assert len(key_hash(1, "\ud800")) == 64


@given(POSTS, POSTS)
def test_looking_twice_finds_nothing_new(before: list[FeedPost], posts: list[FeedPost]) -> None:
    memory = known(compare(before, {}))
    first = compare(posts, memory)
    again = compare(posts, memory | known(first))
    assert not again.new
    assert not again.edited
    assert {p.key for p in again.unchanged} == {p.key for p in posts}
    told = [p.key for p in (*first.new, *first.edited, *first.unchanged)]
    assert len(told) == len(set(told))
