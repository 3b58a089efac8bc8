"""What nobody posts and somebody will: huge, empty, endless, in any script; always a sane answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.errors import ModelError
from crisis.matching import Index, read_model
from crisis.matching.text import LONGEST, chunks, words
from crisis.types import Rumour

WOLF = Rumour(id="wolf", text="Ein Wolf hat im Stadtpark ein Kind angegriffen.", lang="de")
PIECES = [
    "a\u2019",
    "@a ",
    "a.",
    "1.",
    "W-",
    "RT @a ",
    "#aB",
    "http://a",
    "\u0301",
    "xyz",
    "\ufdfa",
    "中",
]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("lang", ["de", "en", "zz"])
def test_a_post_of_a_megabyte_is_answered(piece: str, lang: str) -> None:
    post = "Wolf im Stadtpark, Kind angegriffen! " + piece * (1_000_000 // len(piece))
    for banded in (True, False):
        for match in Index.build([WOLF]).match([post], [lang], banded=banded)[0]:
            assert 0 <= match.score <= 1
            assert all(end <= LONGEST for _, end in match.marks)


def test_an_endless_word_is_not_taken_for_a_compound() -> None:
    assert len(words("de").terms("trinkwasser\u2019" * 1_000)) == 1


@given(st.text(), st.sampled_from(["de", "en", "xx"]))
@settings(deadline=None)
def test_chunks_hold_what_the_whole_text_holds(text: str, lang: str) -> None:
    reader = words(lang)
    assert [t for chunk in chunks(text) for t in reader.chunk(chunk)] == reader.terms(text)


@pytest.mark.parametrize(
    "text", ["RT @a: Wolf", "v e r g i f t e t", "a.b.c d e", "@a @b Wolf", "a b"]
)
def test_chunks_keep_together_what_holds_a_space(text: str) -> None:
    reader = words("de")
    assert [t for chunk in chunks(text) for t in reader.chunk(chunk)] == reader.terms(text)


def test_ten_thousand_phrasings_are_one_rumour() -> None:
    many = Rumour(
        id="m", lang="de", text=WOLF.text, variants=tuple(f"Wolf Nummer {i}" for i in range(10_000))
    )
    found = Index.build([many]).match(["Ein Wolf hat ein Kind angegriffen"], ["de"])[0]
    assert [match.rumour_id for match in found] == ["m"]


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"format": 0}', "[" * 100_000, "\x00"])
def test_a_damaged_or_older_model_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ModelError):
        read_model(text)
