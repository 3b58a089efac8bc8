"""Read misspelt words of a post as the words of the rumours it may carry.

Only words that neither the language nor any candidate knows are looked at, and only candidates lend
theirs: a post is not corrected, it is read with good will. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crisis.matching.rarity import term_frequencies
from crisis.matching.reading import Reading
from crisis.matching.text import Part
from crisis.matching.weights import Weights

_VOWELS = str.maketrans("", "", "aeiou")
_BARE_FROM = 4  # letters that must be left for a word to be another one without its vowels
_ENDING = 2  # letters of an ending that a stem may lack
_FROM = 5  # letters from which a word may be a misspelt other one
_LONG = 8  # letters from which two slips are forgiven
_WEIGHTY = 4.0  # weight from which a word is worth it


class Respelt(Reading):
    """A post some words of which are read as others."""

    def __init__(self, post: Reading, meant: Mapping[str, str], weigh: Weights) -> None:
        """``meant``: term of the post -> term it is read as."""
        self._respelt = meant
        super().__init__(self._meant(post.terms), post.lang, post.text, weigh)

    def _meant(self, terms: list[str]) -> list[str]:
        return [self._respelt.get(term, term) for term in terms]


def respelt(post: Reading, candidates: Sequence[Reading], weigh: Weights) -> Reading:
    """Return the post as it may have been meant, given the rumours it may carry."""
    listed = term_frequencies(post.lang)
    odd = [
        term
        for term in post.weights
        if len(term) >= _BARE_FROM
        and term not in listed
        and term.isalpha()
        and type(term) is not Part
        and not any(term in candidate.weights for candidate in candidates)
    ]
    if not odd:
        return post
    known = sorted(
        {
            term
            for candidate in candidates
            for term, weight in candidate.weights.items()
            if len(term) >= _FROM - 1 and weight >= _WEIGHTY and term.isalpha()
        }
    )
    bare: dict[str, str] = {}
    for term in known:
        bare.setdefault(_bare(term), term)
    meant = {}
    for term in odd:
        near = _slipped(term, known) or _shortened(term, bare)
        if near is not None:
            meant[term] = near
    return Respelt(post, meant, weigh) if meant else post


def _slipped(term: str, known: Sequence[str]) -> str | None:
    """Return the word that differs by a slip of the finger, of a long one by two."""
    if len(term) < _FROM:
        return None
    slips = 2 if len(term) >= _LONG else 1
    near = process.extractOne(term, known, scorer=OSA.distance, score_cutoff=slips)
    return None if near is None else near[0]


def _shortened(term: str, bare: Mapping[str, str]) -> str | None:
    """Return the word that has the same letters but for vowels left out: "trmp", "prsdnt".

    A word has lost its ending where it was stemmed; one that lacks its vowels has kept it.
    """
    for end in range(len(term), max(len(term) - _ENDING, _BARE_FROM) - 1, -1):
        head = term[:end]
        skeleton = _bare(head)
        near = bare.get(skeleton) if len(skeleton) >= _BARE_FROM else None
        if near is not None:
            letters = iter(near)
            if all(letter in letters for letter in head):
                return near
    return None


def _bare(term: str) -> str:
    """Return a term without its vowels, but for the letter it begins with."""
    return term[0] + term[1:].translate(_VOWELS)
