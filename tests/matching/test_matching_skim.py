"""Posts skimmed hold the same terms as posts read in full, however their words are wrapped or met before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching import Index
from crisis.matching.screen import Screen
from crisis.matching.text import Words
from crisis.types import Rumour

_WORDS = (
    "dam",
    "Dam",
    "DAM",
    "burst",
    "Bürst",
    "www",
    "RT",
    "daaam",
    "DAAaam",
    "p@nic",
    "http",
    "#Dam",
    "x",
)
_SIGNS = st.text(st.sampled_from(".,;:!?()\"“”„…'*"), max_size=3)
_WRAPPED = st.tuples(_SIGNS, st.sampled_from(_WORDS), _SIGNS).map("".join)
_POSTS = st.lists(_WRAPPED, max_size=8).map(" ".join)


def _screen() -> Screen:
    rumour = Rumour(id="dam", text="The dam burst, they panic: daam, www, http, rt.", lang="en")
    return Index.build([rumour])._screen


@given(st.lists(_POSTS, min_size=1, max_size=4))
def test_a_skimmed_post_has_the_terms_of_one_read_in_full(posts: list[str]) -> None:
    screen = _screen()
    skimmed = screen.skim(posts, ["en"] * len(posts))
    for number, post in enumerate(posts):
        start, end = skimmed.starts[number], skimmed.starts[number + 1]
        known = screen.counts.columns
        read = {known[term] for term in screen.read(post, "en").weights if term in known}
        heavy = {column for column in read if screen._most[column] > 0}
        assert set(skimmed.columns[start:end].tolist()) == heavy


@given(st.lists(_WRAPPED, max_size=12))
def test_a_word_is_read_alike_whatever_was_read_before(pieces: list[str]) -> None:
    reader = Words("en")
    assert [reader.terms(piece) for piece in pieces] == [Words("en").terms(p) for p in pieces]


@pytest.mark.parametrize("post", ["www..", "(www.x", "WWW..", "http://", "dam.burst", '"Dam!"'])
def test_what_may_be_a_link_is_not_taken_for_a_wrapped_word(post: str) -> None:
    screen = _screen()
    for _ in range(2):  # read, then remembered
        columns = screen.skim([post], ["en"]).columns
        names = {term for term, at in screen.counts.columns.items() if at in columns}
        assert names <= set(screen.read(post, "en").terms)
