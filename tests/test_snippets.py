"""Pieces of texts around the words that were searched for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisis.snippets import cut_out, plain

LONG = "Vorweg " * 60 + "steht in der Königstraße ein Brunnen" + " und danach" * 60


def marked(text: str, words: str) -> list[str]:
    piece = cut_out(text, words)
    return [piece.text[start:end] for start, end in piece.marks]


def test_words_are_marked_however_they_are_written() -> None:
    assert marked("In der KÖNIGSTRASSE steht Café", "königstraße cafe") == ["KÖNIGSTRASSE", "Café"]
    assert marked("In der Königstraße", "konigstrasse") == ["Königstraße"]
    assert marked("Trinkwasser", "trink") == ["Trinkwasser"]
    assert marked("Trinkwasser", "wasser") == []


def test_a_long_text_is_cut_around_the_first_word_that_was_meant() -> None:
    piece = cut_out(LONG, "brunnen")
    assert piece.text.startswith("… ")
    assert piece.text.endswith(" …")
    assert "Königstraße ein Brunnen" in piece.text
    assert len(piece.text) < 260


def test_a_short_text_is_shown_whole_and_on_one_line() -> None:
    assert cut_out("Eins\n\nzwei\tdrei", "zwei") == ("Eins zwei drei", ((5, 9),))
    assert cut_out("", "zwei") == ("", ())
    assert cut_out("Eins", "") == ("Eins", ())


@given(text=st.text(max_size=900), words=st.text(max_size=20))
def test_marks_lie_in_the_piece_in_order_and_begin_as_a_word_does(text: str, words: str) -> None:
    piece = cut_out(text, words)
    end = 0
    for start, stop in piece.marks:
        assert end <= start < stop <= len(piece.text)
        assert plain(piece.text[start:stop])
        end = stop
    assert len(piece.text) <= 230
