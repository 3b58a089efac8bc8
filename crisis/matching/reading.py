"""A text, read once: its weighed terms, pairs of neighbours, numbers and letter groups.

Posts and the phrasings of rumours are read alike, so that ``features`` can compare them. Costly
parts are made when they are first asked for: most posts never get that far.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from functools import cached_property
from itertools import chain, pairwise
from operator import mul

from crisis.matching.occasions import causes, everyday_terms
from crisis.matching.rarity import grams_of
from crisis.matching.text import LONGEST, Part, words
from crisis.matching.thesaurus import kin_of
from crisis.matching.weights import Weights

LONGEST_FUZZY = 1_000  # characters compared letter by letter
PART_WEIGHT = 0.4
"""What a part of a compound weighs beside the same word standing alone."""

_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)|[:;\n]+|\s[-–—]+\s")
_SENTENCES = 40  # sentences of a long post that are looked at

# As ``text`` makes terms of them. "One" and "two" are left out: articles, and said of anything.
_NUMBER_WORDS = {
    "de": {"drei": "3", "vier": "4", "funf": "5", "sech": "6", "sieb": "7", "acht": "8", "neun": "9",
           "zehn": "10", "zwolf": "12"},
    "en": {"three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
           "nine": "9", "ten": "10", "twelv": "12"},
}  # fmt: skip

_CONTENT = 4.0  # weight from which a term is more than a filler word


class Reading:
    """One text and what can be compared in it."""

    def __init__(
        self,
        terms: list[str],
        lang: str,
        text: str,
        weigh: Weights,
        *,
        counted: bool = False,
    ) -> None:
        """Take a text's ``terms`` in order and what weighs them.

        ``counted``: a repeated term counts more. Right for the phrasings of a rumour, whose title
        and text repeat what matters; wrong for posts (measured: MAP@5 .87 against .89).
        """
        self.terms = terms
        self.weights = weights = weigh.of(terms, lang)
        self.parts = _parts(terms) if lang == "de" else frozenset()
        for part in self.parts:
            weights[part] *= PART_WEIGHT
        self._weigh = weigh
        self.lang = lang
        self.text = text
        self.vector = _with_counts(terms, weights) if counted else weights
        self.norm = _length(self.vector)
        self.mass = sum(weights.values()) or 1.0

    @cached_property
    def content(self) -> list[str]:
        """The words that are more than filler, in order; parts of a compound are none."""
        return self.content_of(self.terms)

    def content_of(self, terms: Iterable[str]) -> list[str]:
        """Return which of the ``terms`` are content to this text; one it lacks always is."""
        weigh, parts = self.weights.get, self.parts
        content = [t for t in terms if weigh(t, _CONTENT) >= _CONTENT]
        return [t for t in content if t not in parts] if parts else content

    @cached_property
    def sentences(self) -> list[tuple[dict[str, float], float]]:
        """The sentences that hold a content word: term -> weight, and the length of that vector."""
        read = words(self.lang).terms
        weights = self.weights
        found = []
        for sentence in _SENTENCE.split(self.text[:LONGEST])[: 2 * _SENTENCES]:
            if not sentence:
                continue
            inside = {
                t: w for t in self._meant(read(sentence)) if (w := weights.get(t)) is not None
            }
            if inside and max(inside.values()) >= _CONTENT:
                found.append((inside, _length(inside)))
        return found[:_SENTENCES]

    def _meant(self, terms: list[str]) -> list[str]:
        """Return the terms of a part of the text as ``terms`` has them (see ``spelling``)."""
        return terms

    @cached_property
    def kin(self) -> dict[int, list[str]]:
        """Group of the thesaurus -> the terms of the text that belong to it."""
        groups = kin_of(self.lang)
        found: dict[int, list[str]] = {}
        for term in self.weights:
            for group in groups.get(term, ()):
                found.setdefault(group, []).append(term)
        return found

    @cached_property
    def causes(self) -> frozenset[str]:
        """Terms of what the text calls the cause of something."""
        return causes(self.text, self.lang)

    @cached_property
    def occasions(self) -> frozenset[str]:
        """Terms of everyday occasions: upkeep, weather, holidays, checks."""
        return everyday_terms(self.lang) & self.weights.keys()

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Figures in the text: "5000", "1.5", "2021"; those of one digit as words, too."""
        said = _NUMBER_WORDS.get(self.lang, {})
        figures = (t if t[0].isdigit() else said.get(t, "") for t in self.weights)
        return frozenset(figure for figure in figures if figure)

    @cached_property
    def letters(self) -> dict[str, float]:
        """Groups of four letters -> weight, each word giving away its own weight."""
        found: dict[str, float] = {}
        before = found.get
        for term, weight in self.vector.items():
            grams = grams_of(term)
            share = weight / math.sqrt(len(grams))
            for gram in grams:
                found[gram] = before(gram, 0.0) + share
        return found

    @cached_property
    def letters_norm(self) -> float:
        """Euclidean length of ``letters``."""
        return _length(self.letters)

    @cached_property
    def letters_mass(self) -> float:
        """Sum of ``letters``; 1 if there are none."""
        return sum(self.letters.values()) or 1.0

    @cached_property
    def grams(self) -> dict[str, float]:
        """Groups of four letters -> weight by their own rarity: finds parts of compounds."""
        return self._weigh.of_grams(self.terms, self.lang)

    @cached_property
    def grams_norm(self) -> float:
        """Euclidean length of ``grams``."""
        return _length(self.grams)

    @cached_property
    def grams_mass(self) -> float:
        """Sum of ``grams``; 1 if there are none."""
        return sum(self.grams.values()) or 1.0

    @cached_property
    def joined(self) -> str:
        """The terms as one string, for letter-by-letter comparison."""
        return " ".join(self.terms)[:LONGEST_FUZZY]


def neighbours(content: Sequence[str], among: Container[str] | None = None) -> set[tuple[str, str]]:
    """Return pairs of terms that stand next to each other in ``content`` or one apart, in either order.

    With ``among`` only those both of whose terms are in it.
    """
    places = [(i, t) for i, t in enumerate(content) if among is None or t in among]
    if len(places) < 2:
        return set()
    following = chain(pairwise(places), zip(places, places[2:], strict=False))
    return {(a, b) if a < b else (b, a) for (i, a), (j, b) in following if j - i <= 2 and a != b}


def _parts(terms: list[str]) -> frozenset[str]:
    """Return the terms that occur only as parts of a compound."""
    inner = {term for term in terms if type(term) is Part}
    if not inner:
        return frozenset()
    return frozenset(inner.difference(term for term in terms if type(term) is not Part))


def _length(vector: dict[str, float]) -> float:
    values = vector.values()
    return math.sqrt(sum(map(mul, values, values))) or 1.0


def _with_counts(terms: list[str], weights: dict[str, float]) -> dict[str, float]:
    """Let a term that occurs n times count 1 + ln n fold."""
    if len(terms) == len(weights):
        return weights
    return {t: weights[t] * (1 + math.log(n)) for t, n in Counter(terms).items()}
