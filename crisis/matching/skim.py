"""Posts skimmed, many at a time: only their terms and what they weigh, as numbers.

What nearly every post gets: it must cost next to nothing, for nearly every post is everyday talk.
The chunks between two spaces are remembered with the terms they hold, so that a post whose chunks
were met before is read by looking them up. Those worth judging are read in full (``reading``), with
the same terms and weights. Finds no candidates: see ``screen``.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from crisis.matching.reading import PART_WEIGHT
from crisis.matching.text import Part, Words, chunks, words
from crisis.matching.weights import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MEMORY = 150_000  # chunks remembered, over all languages, before the memory is emptied
_LONGEST = 40  # characters of a chunk worth remembering
_AROUND = '.,;:!?()"“”„…'  # clings to words and changes none


@dataclass(frozen=True)
class Skimmed:
    """Posts as a sparse matrix of the terms that the catalogue's phrasings are found by.

    Post i has the entries ``starts[i]`` to ``starts[i + 1]``: ``columns``, each once, and their
    ``weights``. ``norms`` are the lengths of the posts' vectors, terms unknown to the catalogue
    included; never 0.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    norms: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of posts."""
        return len(self.norms)

    def matrix(self, width: int) -> Any:
        """Return the weights as a matrix with ``width`` columns."""
        from scipy.sparse import csr_matrix

        return csr_matrix((self.weights, self.columns, self.starts), (len(self), width))

    def chosen(self, posts: NDArray[np.int64]) -> Skimmed:
        """Return some of the posts, in the order given."""
        import numpy as np

        lengths = np.diff(self.starts)[posts]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        entries = np.repeat(self.starts[posts] - starts[:-1], lengths) + np.arange(starts[-1])
        return Skimmed(starts, self.columns[entries], self.weights[entries], self.norms[posts])


class Skim:
    """Skims posts for one catalogue; remembers chunks and terms it has met, within bounds."""

    def __init__(
        self, columns: dict[str, int], useful: NDArray[np.bool_], weights: Weights
    ) -> None:
        """Take the ``columns`` of the terms, which of them find phrasings, and what terms weigh."""
        self._columns = columns
        self._useful = useful.tobytes()  # asked one by one: twice as fast as the array
        self._weigh = weights
        self._forget()

    def _forget(self) -> None:
        self._chunks: dict[str, _Chunks] = {}
        self._column_of = array("i")  # by number of the term; -1: finds no phrasing
        self._weight_of = array("d")

    def read(self, texts: Sequence[str], langs: Sequence[str]) -> Skimmed:
        """Skim ``texts``, each in its language (two letters, or "")."""
        import numpy as np

        if sum(map(len, self._chunks.values())) > _MEMORY or len(self._column_of) > _MEMORY:
            self._forget()
        numbers: list[int] = []
        ends = [0]
        for text, lang in zip(texts, langs, strict=True):
            known = self._chunks.get(lang)
            if known is None:
                known = self._chunks[lang] = _Chunks(words(lang), self._number)
            found = set(chain.from_iterable(map(known.__getitem__, chunks(text))))
            # Parts of compounds are negative; a term that also stands alone counts as a whole.
            if found and min(found) < 0:
                found = {n for n in found if n >= 0 or ~n not in found}
            numbers += found
            ends.append(len(numbers))
        return self._rows(np.array(numbers, dtype=np.int64), np.array(ends))

    def _rows(self, numbers: NDArray[np.int64], ends: NDArray[np.int64]) -> Skimmed:
        import numpy as np

        inner = numbers < 0
        terms = np.where(inner, ~numbers, numbers)
        weights = np.array(self._weight_of)[terms]
        weights[inner] *= PART_WEIGHT
        norms = np.sqrt(np.diff(np.concatenate([[0.0], np.cumsum(weights**2)])[ends]))
        columns = np.array(self._column_of)[terms]
        kept = columns >= 0
        starts = np.concatenate([[0], np.cumsum(kept)])[ends]
        return Skimmed(
            starts,
            columns[kept],
            weights[kept].astype(np.float32),
            np.where(norms > 0, norms, 1.0),
        )

    def _number(self, term: str, lang: str) -> int:
        column = self._columns.get(term, -1)
        self._column_of.append(column if column >= 0 and self._useful[column] else -1)
        self._weight_of.append(self._weigh.weight(term, lang))
        return len(self._column_of) - 1


class _Chunks(dict[str, tuple[int, ...]]):
    """Chunk -> numbers of its terms (parts of compounds as ``~number``), read when first asked."""

    def __init__(self, reader: Words, number: Any) -> None:
        super().__init__()
        self._reader = reader
        self._terms: dict[str, int] = {}
        self._number_of = number

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        core = chunk.strip(_AROUND)
        if core != chunk and core.isascii() and core.isalpha() and core != "www":
            found = self[chunk] = self[core]  # the word alone is what would be read of it
            return found
        found = tuple(map(self._number, self._reader.chunk(chunk)))
        if len(chunk) <= _LONGEST and not chunk.startswith(("http", "@", "＠")):
            self[chunk] = found
        return found

    def _number(self, term: str) -> int:
        number = self._terms.get(term)
        if number is None:
            number = self._terms[str(term)] = self._number_of(term, self._reader.lang)
        return ~number if type(term) is Part else number
