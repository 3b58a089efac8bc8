"""What changed between two texts, line by line and word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks.difference import Line, difference, words

LINES = st.lists(st.text("ab  c\n", max_size=8), max_size=8).map("\n".join)


def signs(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.sign, line.text) for line in lines]


def test_a_changed_word_is_marked_in_its_line() -> None:
    lines = difference("Das Wasser ist geprüft.\n", "Das Wasser ist zweimal geprüft.\n")
    assert signs(lines) == [
        ("-", "Das Wasser ist geprüft."),
        ("+", "Das Wasser ist zweimal geprüft."),
    ]
    assert [piece.strip() for piece, changed in lines[1].pieces if changed] == ["zweimal"]
    assert not any(changed for _piece, changed in lines[0].pieces)


def test_lines_that_have_nothing_in_common_are_two_lines() -> None:
    lines = difference("Rohrbruch\n", "Alles andere hier!\n")
    assert signs(lines) == [("-", "Rohrbruch"), ("+", "Alles andere hier!")]
    assert not any(changed for line in lines for _piece, changed in line.pieces)


def test_only_what_is_near_a_change_is_shown() -> None:
    old = [f"Zeile {number}" for number in range(20)]
    new = [*old[:10], "Etwas Neues", *old[10:]]
    lines = difference("\n".join(old), "\n".join(new))
    assert [sign for sign, _text in signs(lines)] == ["…", " ", " ", "+", " ", " ", "…"]


@given(LINES, LINES)
def test_a_difference_holds_every_new_and_every_old_line_and_nothing_else(
    old: str, new: str
) -> None:
    lines = difference(old, new)
    assert (lines == []) == (old.splitlines() == new.splitlines())
    before, after = old.splitlines(), new.splitlines()
    for sign, source in (("-", before), ("+", after)):
        assert all(line.text in source for line in lines if line.sign in (sign, " "))
    gone = sum(line.sign == "-" for line in lines)
    come = sum(line.sign == "+" for line in lines)
    assert len(before) - gone + come == len(after)


@given(st.text("ab .\n", max_size=30), st.text("ab .\n", max_size=30))
def test_words_put_together_again_are_both_texts(old: str, new: str) -> None:
    found = words(old, new)
    assert "".join(text for sign, text in found if sign != "+") == old
    assert "".join(text for sign, text in found if sign != "-") == new


def test_words_that_changed_side_by_side_stay_together() -> None:
    found = words("Das Wasser ist gut. {{ wann }}.", "Alles andere ist gut. {{ wann }}")
    assert found == [
        ("-", "Das Wasser"),
        ("+", "Alles andere"),
        (" ", " ist gut. {{ wann }}"),
        ("-", "."),
    ]
