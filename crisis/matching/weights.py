"""How much a term says: rare in the language and rare in the catalogue counts most.

The weight is ``ln((N + K) / (n + K p + 1))``: N phrasings of which n contain the term, mixed with K
imagined posts of everyday language of which a share p contains it (``rarity``). A small catalogue
therefore leans on the language, one of many thousands on itself. K was chosen on public training
data; anything from 5,000 to 50,000 ranks about alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from crisis.matching.rarity import (
    UNLISTED,
    gram_frequencies,
    grams_of,
    share_of_posts,
    term_frequencies,
)

EVERYDAY_POSTS = 20_000
"""K: imagined posts of everyday language against which a catalogue is weighed."""


_LONE = 0.005  # frequency assumed of a single letter or digit: it says next to nothing


class Weights:
    """The weight of every term, for one catalogue."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        """Count the terms of the catalogue's phrasings."""
        self._texts = texts
        self._counts = Counter(term for terms in texts for term in set(terms))
        self._all = math.log(len(texts) + EVERYDAY_POSTS)
        self._memory: dict[str, dict[str, float]] = {}
        self._gram_memory: dict[str, dict[str, float]] = {}

    @cached_property
    def _gram_counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for terms in self._texts:
            counts.update({gram for term in terms for gram in grams_of(term)})
        return counts

    def of(self, terms: Iterable[str], lang: str) -> dict[str, float]:
        """Return term -> weight (0 to about 10) for the distinct ``terms`` of a text in ``lang``."""
        memory = self._memory.setdefault(lang, {})
        if len(memory) > 500_000:
            memory.clear()
        found: dict[str, float] = {}
        for term in terms:
            weight = memory.get(term)
            if weight is None:
                weight = memory[term] = self._weigh(term, lang)
            found[term] = weight
        return found

    def of_grams(self, terms: Iterable[str], lang: str) -> dict[str, float]:
        """Return letter group -> weight for the ``terms`` of a text; repeated ones count more."""
        counts = Counter(gram for term in terms for gram in grams_of(term))
        memory = self._gram_memory.setdefault(lang, {})
        if len(memory) > 500_000:
            memory.clear()
        found: dict[str, float] = {}
        for gram, count in counts.items():
            weight = memory.get(gram)
            if weight is None:
                everyday = gram_frequencies(lang).get(gram, UNLISTED)
                weight = memory[gram] = self._mix(self._gram_counts.get(gram, 0), everyday)
            found[gram] = weight if count == 1 else weight * (1 + math.log(count))
        return found

    def _weigh(self, term: str, lang: str) -> float:
        frequency = term_frequencies(lang).get(term, UNLISTED)
        return self._mix(self._counts.get(term, 0), max(frequency, _LONE * (len(term) == 1)))

    def _mix(self, count: int, frequency: float) -> float:
        everyday = EVERYDAY_POSTS * share_of_posts(frequency)
        return max(0.0, self._all - math.log(count + everyday + 1.0))
