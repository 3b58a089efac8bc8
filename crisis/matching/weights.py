"""How much a term says: rare in the language and rare in the catalogue counts most.

The weight is ``ln((N + K) / (n + K p + 1))``: N phrasings of which n contain the term, mixed with K
imagined posts of everyday language of which a share p contains it (``rarity``). A small catalogue
therefore leans on the language, one of many thousands on itself. K was chosen on public training
data; anything from 5,000 to 50,000 ranks about alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from crisis.matching.counts import Counts
from crisis.matching.rarity import (
    UNLISTED,
    gram_frequencies,
    grams_of,
    share_of_posts,
    term_frequencies,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EVERYDAY_POSTS = 20_000
"""K: imagined posts of everyday language against which a catalogue is weighed."""


_LONE = 0.005  # frequency assumed of a single letter or digit: it says next to nothing
_MEMORY = 200_000  # terms remembered per language before the memory is emptied


class _Remembered(dict[str, float]):
    """Term or group of letters -> weight, worked out when first asked for."""

    def __init__(self, weigh: Callable[[str], float]) -> None:
        super().__init__()
        self._weigh = weigh

    def __missing__(self, term: str) -> float:
        weight = self[term] = self._weigh(term)
        return weight


class Weights:
    """The weight of every term, for one catalogue."""

    def __init__(self, counts: Counts) -> None:
        """Take the catalogue's ``counts``."""
        self._counts = counts
        self._with_term = counts.phrasings_with
        self._column_of = counts.columns.get
        self._all = math.log(len(counts.keys) + EVERYDAY_POSTS)
        self._memory: dict[str, _Remembered] = {}
        self._gram_memory: dict[str, _Remembered] = {}

    def of(self, terms: Iterable[str], lang: str) -> dict[str, float]:
        """Return term -> weight (0 to about 10) for the distinct ``terms`` of a text in ``lang``."""
        memory = self._memory.get(lang)
        if memory is None or len(memory) > _MEMORY:
            memory = self._memory[lang] = _Remembered(lambda term: self.weight(term, lang))
        distinct = dict.fromkeys(terms)
        return dict(zip(distinct, map(memory.__getitem__, distinct), strict=True))

    def of_grams(self, terms: Iterable[str], lang: str) -> dict[str, float]:
        """Return letter group -> weight for the ``terms`` of a text; repeated ones count more."""
        counts = Counter(chain.from_iterable(map(grams_of, terms)))
        memory = self._gram_memory.get(lang)
        if memory is None or len(memory) > _MEMORY:
            memory = self._gram_memory[lang] = _Remembered(self._weigher(lang))
        found = dict(zip(counts, map(memory.__getitem__, counts), strict=True))
        for gram, count in counts.items():
            if count > 1:
                found[gram] *= 1 + math.log(count)
        return found

    def _weigher(self, lang: str) -> Callable[[str], float]:
        """Return what says the weight of a group of letters."""
        everyday, seen, mix = gram_frequencies(lang), self._counts.phrasings_with_gram, self._mix
        return lambda gram: mix(seen.get(gram, 0), everyday.get(gram, UNLISTED))

    def weight(self, term: str, lang: str) -> float:
        """Return the weight of one term, worked out anew."""
        column = self._column_of(term)
        seen = 0 if column is None else self._with_term.item(column)
        return self._mix(seen, _everyday(term, lang))

    def of_rows(self, langs: Sequence[str]) -> NDArray[np.float64]:
        """Return the weight of each entry of the counts, given each row's language."""
        import numpy as np

        matrix = self._counts.matrix
        names = list(self._counts.columns)
        found = np.zeros(len(matrix.indices))
        spoken = np.repeat(np.array(langs, dtype=object), np.diff(matrix.indptr))
        for lang in dict.fromkeys(langs):
            here = spoken == lang
            columns, back = np.unique(matrix.indices[here], return_inverse=True)
            weights = [
                self._mix(count, _everyday(names[column], lang))
                for column, count in zip(
                    columns.tolist(), self._with_term[columns].tolist(), strict=True
                )
            ]
            found[here] = np.array(weights)[back]
        return found

    def _mix(self, count: int, frequency: float) -> float:
        everyday = EVERYDAY_POSTS * share_of_posts(frequency)
        return max(0.0, self._all - math.log(count + everyday + 1.0))


def _everyday(term: str, lang: str) -> float:
    frequency = term_frequencies(lang).get(term, UNLISTED)
    return max(frequency, _LONE) if len(term) == 1 else frequency
