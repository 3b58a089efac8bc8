"""Growth is told by thresholds, not by each post."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisis.incidents.growth import AT_LEAST, worth_telling


def test_fourteen_then_sixty_is_news_and_fifty_nine_were_not() -> None:
    assert next(n for n in range(14, 70) if worth_telling(14, n)) == 56
    assert not worth_telling(30, 119)
    assert worth_telling(30, 120)


@given(st.integers(1, 100_000))
def test_few_mails_whatever_the_flood(posts: int) -> None:
    told, mails = 1, 0
    for seen in range(1, min(posts, 5_000) + 1):
        if worth_telling(told, seen):
            told, mails = seen, mails + 1
    assert mails <= 5


def test_small_numbers_are_said_by_the_severity() -> None:
    assert not any(worth_telling(1, n) for n in range(AT_LEAST))
