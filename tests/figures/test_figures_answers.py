"""What became of answers: each step of one, and honest medians across many."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from crisis.figures.answers import APPROVAL, WEBSITE, Answered, Moment, across, way

MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


def answered(released: float | None = 30, **more: Any) -> Answered:
    return Answered(
        first_post=more.pop("first_post", NOON),
        submitted=more.pop("submitted", at(20)),
        released=None if released is None else at(released),
        **more,
    )


def test_every_step_of_an_answer_stands_in_order_with_its_time() -> None:
    moments = {Moment.FIRST_POST: NOON, Moment.OPENED: at(2), Moment.RELEASED: at(30)}
    steps = way(moments, {"mastodon": at(31), "bluesky": None})
    assert [one.name for one in steps] == [*Moment, "mastodon", "bluesky"]
    said = {one.name: one.after for one in steps}
    assert said["first_post"] is None and said["opened"] == 2 * MINUTE
    assert said["mastodon"] == 31 * MINUTE and said["bluesky"] is said["alerted"] is None


def test_without_a_first_post_the_incident_is_the_beginning() -> None:
    steps = {one.name: one for one in way({Moment.OPENED: NOON, Moment.RELEASED: at(9)}, {})}
    assert steps["released"].after == 9 * MINUTE
    assert all(one.after is None for one in way({}, {"x": None}))


def test_a_clock_that_was_put_back_makes_no_negative_time() -> None:
    steps = {one.name: one for one in way({Moment.FIRST_POST: NOON, Moment.OPENED: at(-3)}, {})}
    assert steps["opened"].after == timedelta()


def test_the_median_is_a_median_and_nine_of_ten_are_nine() -> None:
    found = across([answered(minutes) for minutes in (10, 20, 30, 40, 500)], at(600))[WEBSITE]
    assert (found.median, found.p90, found.counted) == (30, 500, 5)


def test_open_ones_count_as_at_least_so_long() -> None:
    answers = [answered(10), answered(None), answered(None), answered(None)]
    found = across(answers, at(240))
    assert found[WEBSITE].median is None and found[WEBSITE].waiting == 3
    assert found[WEBSITE].longest == 240
    assert found[APPROVAL].waiting == 3 and found[APPROVAL].longest == 220


def test_what_was_given_up_is_counted_by_itself() -> None:
    found = across([answered(None, given_up=True), answered(10)], at(60))[WEBSITE]
    assert (found.counted, found.without, found.median) == (1, 1, 10)


def test_each_channel_is_counted_by_itself() -> None:
    answers = [
        answered(10, channels={"mastodon": at(11), "bluesky": None}),
        answered(10, channels={"mastodon": at(15)}),
        answered(10, given_up=True, channels={"bluesky": None}),
    ]
    found = across(answers, at(60))
    assert found["mastodon"].median == 11
    assert (found["bluesky"].waiting, found["bluesky"].without) == (1, 1)


def test_a_draft_and_an_unknown_first_post_are_left_out() -> None:
    draft = answered(None, submitted=None)
    late = answered(30, first_post=None)
    found = across([draft, late], at(60))
    assert found[WEBSITE].counted == 0 and found[APPROVAL].counted == 1


@given(st.lists(st.tuples(st.none() | st.floats(0, 500), st.booleans()), max_size=40))
def test_nothing_is_lost(given_ones: list[tuple[float | None, bool]]) -> None:
    found = across([answered(m, given_up=g) for m, g in given_ones], at(600))[WEBSITE]
    assert found.counted + found.without == len(given_ones)
    if found.median is not None and found.p90 is not None:
        assert found.median <= found.p90
