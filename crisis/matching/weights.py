"""How much a term says: rare in the language and rare in the catalogue counts most.

The weight is ``ln((N + K) / (n + K p + 1))``: N phrasings of which n contain the term, mixed with K
imagined posts of everyday language of which a share p contains it (``rarity``). A small catalogue
therefore leans on the language, one of many thousands on itself. K was chosen on public training
data; anything from 5,000 to 50,000 ranks about alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from crisis.matching.rarity import UNLISTED, share_of_posts, term_frequencies

EVERYDAY_POSTS = 20_000
"""K: imagined posts of everyday language against which a catalogue is weighed."""


class Weights:
    """The weight of every term, for one catalogue."""

    def __init__(self, counts: Mapping[str, int], phrasings: int) -> None:
        """Take in how many of ``phrasings`` contain each term."""
        self._counts = counts
        self._all = math.log(phrasings + EVERYDAY_POSTS)
        self._memory: dict[str, dict[str, float]] = {}

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

    def _weigh(self, term: str, lang: str) -> float:
        frequency = term_frequencies(lang).get(term, UNLISTED)
        everyday = EVERYDAY_POSTS * share_of_posts(frequency)
        if len(term) == 1:
            everyday += EVERYDAY_POSTS * 0.1
        return max(0.0, self._all - math.log(self._counts.get(term, 0) + everyday + 1.0))
