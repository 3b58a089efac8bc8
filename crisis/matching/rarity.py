"""How common a word is in its language: what a small catalogue cannot know by itself.

Sixteen rumours of one town all say "Musterstadt" and only one says "vergiftet"; counted among
themselves, every word looks rare. The counts come from the kept library ``wordfreq`` (its short
lists: words down to one in a million; 10 ms and 5 MB a language; a word not in them is rare).
Does not read texts (see ``text``) and knows no rumour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from crisis.matching.lexicon import frequencies
from crisis.matching.text import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POST_WORDS = 20
"""Words of a usual post, to turn a word's frequency into the share of posts that contain it."""

GRAM = 4
"""Letters of a group; measured: 4 alone ranks as well as 3 to 5 together."""

UNLISTED = 3e-7
"""Frequency taken for a word that is not in the list (the list ends at 1e-6)."""

_APPEAL = 2e-3
"""Frequency taken for the words below: rare in books, in every second alarming post."""

# Words with which people pass on what alarms them; they say nothing about what they pass on.
_APPEALS = {
    "de": "achtung warnung vorsicht wichtig dringend bitte teilen teilt weiterleiten weiterschicken"
    " weitersagen verbreiten verbreitet eilmeldung eil leute freunde aufgepasst angeblich krass"
    " unfassbar unglaublich",
    "en": "please share breaking urgent warning attention beware forward everyone folks guys omg"
    " reportedly allegedly unbelievable",
}


@lru_cache(maxsize=16)
def term_frequencies(lang: str) -> Mapping[str, float]:
    """Return term (as ``text`` makes them) -> summed frequency of the words that yield it."""
    reader = words(lang)
    summed: dict[str, float] = {}
    listed = frequencies(lang)
    for term, frequency in zip(reader.stems(list(listed)), listed.values(), strict=True):
        summed[term] = summed.get(term, 0.0) + frequency
    for word in _APPEALS.get(lang, "").split():
        term = reader.stem(word)
        summed[term] = max(summed.get(term, 0.0), _APPEAL)
    return summed


@lru_cache(maxsize=16)
def gram_frequencies(lang: str) -> Mapping[str, float]:
    """Return group of four letters -> summed frequency of the words that contain it."""
    import numpy as np

    listed = term_frequencies(lang)
    groups, at, starts = cut_all(list(listed))
    each = np.repeat(np.fromiter(listed.values(), float, len(listed)), np.diff(starts))
    summed = np.bincount(at, weights=each, minlength=len(groups))  # adds in the order of the words
    return dict(zip(groups, summed.tolist(), strict=True))


def cut(term: str) -> list[str]:
    """Return the groups of four letters of a term; "^" and "$" stand for its start and end."""
    padded = f"^{term}$"
    return [padded[i : i + GRAM] for i in range(max(1, len(padded) - GRAM + 1))]


def cut_all(terms: Sequence[str]) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Do for many terms what ``cut`` does for one, at a third of the cost.

    Return the distinct groups; the numbers of the groups of all terms, one term after the other;
    and where those of each term begin: term i has ``starts[i]`` to ``starts[i + 1]``.
    """
    import numpy as np

    if not terms:
        return [], np.zeros(0, np.int64), np.zeros(1, np.int64)
    # A term of one letter is a shorter group: filled up with nothing, which the strings leave out.
    padded = [f"^{term}$".ljust(GRAM, "\0") for term in terms]
    lengths = np.fromiter(map(len, padded), np.int64, len(padded))
    starts = np.concatenate([[0], np.cumsum(lengths - GRAM + 1)])
    written = "".join(padded).encode("utf-32-le", errors="surrogatepass")
    letters, codes = np.unique(np.frombuffer(written, "<u4"), return_inverse=True)
    begin = np.arange(starts[-1]) + np.repeat(np.arange(len(terms)) * (GRAM - 1), np.diff(starts))
    keys = np.zeros(len(begin), np.uint64)
    for step in range(GRAM):  # sixteen bits a letter: no list of words has more different ones
        keys = keys << np.uint64(16) | codes[begin + step].astype(np.uint64)
    # What ``np.unique`` does with an order that need not be stable, in half the time.
    order = np.argsort(keys)
    ranked = keys[order]
    new = np.concatenate([[True], ranked[1:] != ranked[:-1]])
    first = order[new]
    at = np.empty(len(keys), np.int64)
    at[order] = np.cumsum(new) - 1
    found = letters[codes[begin[first][:, None] + np.arange(GRAM)]]
    groups: list[str] = found.astype("<u4").view(f"<U{GRAM}").ravel().tolist()
    return groups, at, starts


@lru_cache(maxsize=20_000)  # of posts and phrasings alike, again and again
def grams_of(term: str) -> tuple[str, ...]:
    """Return what ``cut`` does, and remember it: for words met often, not for whole word lists."""
    return tuple(cut(term))


def share_of_posts(frequency: float) -> float:
    """Return the share of posts (0 to 1) that contain a word of this frequency (0 to 1)."""
    return -math.expm1(POST_WORDS * math.log1p(-min(frequency, 0.5)))
