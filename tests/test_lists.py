"""Long lists, piece by piece: every row once, in order, whatever the way through them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.lists import Cursor, Piece, Wish, cursor, cut, has

Pair = tuple[str, int]
SORTS = {"text": lambda row: row[0], "id": lambda row: row[1]}


def pages(rows: list[Pair], wish: Wish) -> list[Piece[Pair]]:
    """From the first page to the last, by the links between them."""
    found = [cut(rows, wish, SORTS, lambda row: row[1])]
    while found[-1].after is not None:
        onward = Wish(sort=wish.sort, down=wish.down, limit=wish.limit, cursor=found[-1].after)
        found.append(cut(rows, onward, SORTS, lambda row: row[1]))
    return found


@given(
    texts=st.lists(st.text(max_size=2), max_size=40),
    limit=st.integers(1, 7),
    down=st.booleans(),
    sort=st.sampled_from(["text", "id"]),
)
def test_the_pages_together_are_the_list_forwards_and_backwards(
    texts: list[str], limit: int, down: bool, sort: str
) -> None:
    rows = [(text, number) for number, text in enumerate(texts)]
    wish = Wish(sort=sort, down=down, limit=limit)
    forward = pages(rows, wish)
    expected = sorted(rows, key=lambda r: (SORTS[sort](r), r[1]), reverse=down)
    assert [row for piece in forward for row in piece.rows] == expected
    assert forward[0].before is None
    assert forward[0].total == len(rows)
    for earlier, later in itertools.pairwise(forward):
        assert later.before is not None
        back = Wish(sort=sort, down=down, limit=limit, cursor=later.before)
        assert cut(rows, back, SORTS, lambda row: row[1]).rows == earlier.rows


def test_a_row_that_comes_in_meanwhile_is_no_reason_to_see_another_twice() -> None:
    rows = [("a", 1), ("b", 2), ("c", 3), ("d", 4)]
    first = cut(rows, Wish(sort="text", limit=2), SORTS, lambda row: row[1])
    assert first.after is not None
    rows.append(("A", 5))  # sorts before all others
    wish = Wish(sort="text", limit=2, cursor=first.after)
    assert cut(rows, wish, SORTS, lambda row: row[1]).rows == [("c", 3), ("d", 4)]


@given(
    value=st.one_of(st.text(max_size=9), st.integers(-(2**63) + 1, 2**63 - 1)),
    key=st.integers(0, 2**63 - 1),
    back=st.booleans(),
)
def test_a_place_survives_the_way_through_an_address(
    value: str | int, key: int, back: bool
) -> None:
    told = Cursor(value, key, back)
    printable = not isinstance(value, str) or value.isprintable()
    assert cursor(told.text()) == (told if printable else None)


@given(st.text(max_size=60))
def test_no_address_made_up_by_hand_breaks_a_list(text: str) -> None:
    wish = Wish(sort="text", cursor=cursor(text))
    assert len(cut([("a", 1)], wish, SORTS, lambda row: row[1]).rows) <= 1


@pytest.mark.parametrize(
    "text",
    ["WzEsMV0", "W251bGwsMSwwXQ", "W3RydWUsMSwwXQ", "WzFlOTksMV0", "x" * 2000, "WzEsMSw3XQ", "é"],
)
def test_what_is_no_place_means_the_beginning(text: str) -> None:
    assert cursor(text) is None


def test_a_number_too_large_for_the_store_is_no_place() -> None:
    assert cursor(Cursor(2**64, 1).text()) is None


def test_a_place_of_another_order_shows_something_all_the_same() -> None:
    rows = [("a", 1), ("b", 2)]
    for back in (False, True):
        wish = Wish(sort="text", cursor=Cursor(7, 1, back))
        assert cut(rows, wish, SORTS, lambda row: row[1]).rows == rows


def test_many_rows_are_counted_only_so_far() -> None:
    piece = cut([("a", n) for n in range(1500)], Wish(sort="id"), SORTS, lambda row: row[1])
    assert (piece.total, piece.more) == (1000, True)


def test_words_are_found_whatever_the_capitals() -> None:
    assert has("STRASSE wasser", "Lindenstraße", "Trinkwasser")
    assert not has("Strasse Feuer", "Lindenstraße", "Trinkwasser")
    assert has("", "egal")
