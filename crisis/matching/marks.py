"""Where in a post the words stand that agree with a rumour, to be marked for the reader.

Places are offsets into the post as it was written. Computes no score.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from crisis.matching.reading import PART_WEIGHT, Reading
from crisis.matching.text import words

_SHOWN = 4.0  # weight from which a shared word is worth a mark
_RARE = 8.0
_ALIKE = 84.0  # rapidfuzz ratio from which a misspelt word is the same word
_FUZZY_FROM = 5  # letters


@dataclass(frozen=True, slots=True)
class Marks:
    """What agrees: its places in the post, the words there, and the terms behind them."""

    places: tuple[tuple[int, int], ...]  # [start, end), in order, disjoint
    words: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    terms: frozenset[str]


def find_marks(post: Reading, phrasing: Reading) -> Marks:
    """Return what of the ``phrasing`` is found in the ``post``, misspelt words included."""
    parts = phrasing.parts
    weighty = {
        t: w
        for t, w in phrasing.weights.items()
        if w >= (_SHOWN * PART_WEIGHT if t in parts else _SHOWN)
    }
    places: list[tuple[int, int]] = []
    said: dict[str, float] = {}
    terms: set[str] = set()
    for token in words(post.lang).tokens(post.text):
        hits = [hit for term in token.terms if (hit := _hit(term, weighty))]
        if not hits:
            continue
        places.append((token.start, token.end))
        word = post.text[token.start : token.end]
        said[word] = max(said.get(word, 0.0), *(weighty[hit] for hit in hits))
        terms.update(hits)
    ranked = sorted(said, key=lambda word: -said[word])
    return Marks(
        places=tuple(places),
        words=tuple(ranked),
        names=tuple(w for w in ranked if said[w] >= _RARE and not w[0].isdigit()),
        numbers=tuple(w for w in ranked if w[0].isdigit()),
        terms=frozenset(terms),
    )


def _hit(term: str, weighty: dict[str, float]) -> str:
    if term in weighty:
        return term
    if len(term) < _FUZZY_FROM or term[0].isdigit():
        return ""
    near = process.extractOne(
        term, list(weighty), scorer=fuzz.ratio, score_cutoff=_ALIKE, processor=None
    )
    return near[0] if near and len(near[0]) >= _FUZZY_FROM else ""
