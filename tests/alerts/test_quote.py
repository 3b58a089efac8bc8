"""Words of strangers in our mails."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.alerts import quote

CASES = tomllib.loads((Path(__file__).parents[1] / "data/mail/quotes.toml").read_text("utf-8"))
ANY = st.text(st.characters(), max_size=600)
NASTY = st.lists(
    st.sampled_from(
        [
            "https",
            "://",
            "www.",
            ".de",
            "@",
            "a",
            "ü",
            "\u200b",
            "\r\n",
            "mailto:",
            "。",
            " ",
            "x.y",
        ]
    ),
    max_size=40,
).map("".join)
TAPPABLE = re.compile(
    r":[/\\]{2}|(?<![^\W\d_])mailto:|[^\W_]@[^\W_]|\w[.][^\W\d_]{2}", re.IGNORECASE
)


@pytest.mark.parametrize("case", CASES["case"], ids=lambda c: c["name"])
def test_words_of_strangers_are_quoted_so(case: dict[str, str]) -> None:
    assert quote.line(case["text"], 200) == case["says"]


@given(ANY | NASTY)
def test_nothing_quoted_can_be_tapped(text: str) -> None:
    assert not TAPPABLE.search(quote.line(text, 300))


@given(ANY | NASTY, st.integers(2, 50))
def test_a_quoted_line_is_one_line_and_not_too_long(text: str, limit: int) -> None:
    said = quote.line(text, limit)
    assert len(said) <= limit
    assert len(said.splitlines()) <= 1


@given(ANY | NASTY)
def test_quoting_what_was_quoted_changes_nothing(text: str) -> None:
    once = quote.line(text, 10_000)
    assert quote.line(once, 10_000) == once


def test_a_passage_keeps_its_lines_but_not_the_empty_ones() -> None:
    assert quote.passage("eins\n\n\n  zwei   drei \r\nvier", 100) == "eins\nzwei drei\nvier"


def test_a_long_text_ends_at_a_word_with_an_ellipsis() -> None:
    assert quote.passage("Das ganze Netz ist verseucht", 20) == "Das ganze Netz ist…"


def test_a_long_word_is_cut_anywhere() -> None:
    assert quote.line("x" * 500, 10) == "xxxxxxxxx…"
