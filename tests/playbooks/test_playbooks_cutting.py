"""A playbook's file is cut into sections and put together again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks import cutting

TEXT = "---\ntitel: Wasser\n---\n\n## Lage\n\nWann?\n\n## Antwort: kurz\n\nSauber.\n"


def test_a_text_cut_and_joined_is_the_same_text() -> None:
    cut = cutting.cut(TEXT)
    assert list(cut) == ["", "## Lage", "## Antwort: kurz"]
    assert cutting.joined(cut, cut) == TEXT


def test_a_heading_that_comes_again_keeps_its_own_section() -> None:
    cut = cutting.cut("## Lage\neins\n## Lage\nzwei\n")
    assert cut == {"": "", "## Lage": "## Lage\neins", "## Lage (2)": "## Lage\nzwei"}


def test_what_only_you_have_stands_behind_what_it_stood_behind() -> None:
    assert cutting.order(["", "a", "neu", "b"], ["", "b", "a"]) == ["", "b", "a", "neu"]
    assert cutting.order(["neu", "a"], ["a", "b"]) == ["neu", "a", "b"]


def test_an_empty_section_is_left_out() -> None:
    cut = {**cutting.cut(TEXT), "## Lage": ""}
    assert "Lage" not in cutting.joined(cut, cut)


@given(st.text(alphabet="a# \n:-", max_size=200))
def test_no_word_of_any_text_is_lost(text: str) -> None:
    cut = cutting.cut(text)
    assert cutting.joined(cut, cut).split() == text.split()
    assert cutting.cut(cutting.joined(cut, cut)).keys() >= {n for n, t in cut.items() if t.strip()}
