"""Groups of letters of many terms at once are those of each term by itself."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crisis.matching.rarity import cut, cut_all, gram_frequencies, term_frequencies

TERMS = st.lists(st.text(st.characters(exclude_characters="\0"), max_size=12), max_size=20)


@given(TERMS)
def test_many_terms_are_cut_as_each_one_is(terms: list[str]) -> None:
    groups, at, starts = cut_all(terms)
    assert len(set(groups)) == len(groups)
    found = [[groups[number] for number in at[start:end]] for start, end in pairwise(starts)]
    assert found == [cut(term) for term in terms]


def test_a_group_is_as_frequent_as_the_words_that_hold_it() -> None:
    summed: dict[str, float] = {}
    for term, frequency in term_frequencies("de").items():
        for group in cut(term):
            summed[group] = summed.get(group, 0.0) + frequency
    assert gram_frequencies("de") == summed  # to the last digit: scores depend on it
