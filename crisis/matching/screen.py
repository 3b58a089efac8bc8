"""Which phrasings could a post carry at all? Rejects everyday posts at once; judges nothing.

Sparse vectors of weighed terms, one row a phrasing, multiplied with a batch of posts. Filler words
are left out of the product, and a post that shows too little of any phrasing is rejected by its
rarest terms alone, so that the cost hardly grows with the catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crisis.matching.counts import Counts, Phrasing, counted
from crisis.matching.reading import PART_WEIGHT, Reading
from crisis.matching.skim import Skim, Skimmed
from crisis.matching.text import words
from crisis.matching.weights import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SCREENED = 3.5  # weight below which a term finds no candidates
_READINGS = 8_000  # phrasings kept as read in full; about 15 kB each
_ROUNDING = 1e-4  # what sums of 32-bit numbers may be off by


class Screen:
    """The phrasings of a catalogue, ready to be asked for candidates."""

    def __init__(self, phrasings: Sequence[Phrasing], known: Counts | None = None) -> None:
        """Read ``phrasings``; those that ``known`` holds are not read again."""
        import numpy as np
        from scipy.sparse import csr_matrix

        self.phrasings = tuple(phrasings)
        self.counts = counts = counted(self.phrasings, known)
        self.weights = Weights(counts)
        rows = counts.matrix
        weights = self.weights.of_rows([p.lang for p in self.phrasings])
        weights[rows.data < 0] *= PART_WEIGHT
        lengths = np.diff(rows.indptr)
        said = weights * (1 + np.log(np.abs(rows.data)))
        norms = np.sqrt(_sums(said**2, rows.indptr))
        masses = _sums(np.where(weights >= _SCREENED, weights, 0.0), rows.indptr)
        kept = np.flatnonzero(weights >= _SCREENED)
        owner = np.repeat(np.arange(rows.shape[0]), lengths)[kept]
        shape = (rows.shape[1], rows.shape[0])
        # One row a term, so that a batch of posts can be multiplied with it.
        order = csr_matrix((kept + 1, (rows.indices[kept], owner)), shape)
        entries = order.data - 1
        by_row = order.indices
        self._alike: Any = _like(order, said[entries] / norms[by_row])
        self._covered: Any = _like(order, weights[entries] / np.sqrt(masses[by_row]))
        self._most = np.zeros(shape[0], np.float32)
        at = np.repeat(np.arange(shape[0]), np.diff(order.indptr))
        np.maximum.at(self._most, at, self._covered.data)
        self._skim = Skim(counts.columns, self._most > 0, self.weights)
        self._readings: dict[int, Reading] = {}

    def read(self, text: str, lang: str) -> Reading:
        """Read a post in full, with the weights of this catalogue."""
        return Reading(words(lang).terms(text), lang, text, self.weights)

    def skim(self, texts: Sequence[str], langs: Sequence[str]) -> Skimmed:
        """Read posts as far as this screen needs them."""
        return self._skim.read(texts, langs)

    def reading(self, row: int) -> Reading:
        """Return the reading of a phrasing; kept, since good candidates come again."""
        reading = self._readings.get(row)
        if reading is None:
            if len(self._readings) > _READINGS:
                self._readings.clear()
            phrasing = self.phrasings[row]
            terms = words(phrasing.lang).terms(phrasing.text)
            reading = self._readings[row] = Reading(
                terms, phrasing.lang, phrasing.text, self.weights, counted=True
            )
        return reading

    def candidates(self, posts: Skimmed, *, limit: int) -> list[list[int]]:
        """Return for each post up to ``limit`` rows, those of the highest cosine, falling."""
        found = posts.matrix(self._alike.shape[0]) @ self._alike
        return _best_of_each(found, limit)

    def covered(self, posts: Skimmed, *, limit: int) -> list[list[int]]:
        """Return for each post up to ``limit`` rows, those it covers best (see ``promising``)."""
        return _best_of_each(self._cover(posts), limit)

    def promising(self, posts: Skimmed, floor: float) -> NDArray[np.int64]:
        """Return which posts cover some phrasing to the ``floor`` at least, rising.

        That is S²/M: S the weight of the phrasing's terms that the post has, M that of all its
        terms; so the share that is covered, times how much that says. Measured with a floor
        of 4.5 and 14,231 claims, it keeps 99.6 % of the matches and lets 6 % of everyday posts pass.
        """
        import numpy as np

        if floor <= 0:
            return np.arange(len(posts))
        enough = math.sqrt(floor) - _ROUNDING
        hopeful = self._hopeful(posts, enough)
        found = self._cover(posts.chosen(hopeful))
        return hopeful[_highest(found) >= enough]

    def _hopeful(self, posts: Skimmed, enough: float) -> NDArray[np.int64]:
        """Return the posts that may reach ``enough``, told without the commonest of their terms.

        Of a post's terms the weakest are left out, as many as together cannot cover enough of
        any phrasing: what reaches it has one of the others. What those leave open is added as if
        all of it were there.
        """
        import numpy as np
        from scipy.sparse import csr_matrix

        most = self._most[posts.columns]
        owner = np.repeat(np.arange(len(posts)), np.diff(posts.starts))
        order = np.lexsort((most, owner))
        summed = np.cumsum(most[order], dtype=np.float64)
        before = np.concatenate([[0.0], summed])[posts.starts]
        strong = summed - before[owner] >= enough
        starts = np.concatenate([[0], np.cumsum(strong)])[posts.starts]
        columns = posts.columns[order][strong]
        shape = (len(posts), self._covered.shape[0])
        ones = np.ones(len(columns), np.float32)
        found = csr_matrix((ones, columns, starts), shape) @ self._covered
        left_out = np.bincount(owner[~strong], weights=most[order][~strong], minlength=len(posts))
        return np.flatnonzero(_highest(found) + left_out >= enough)

    def _cover(self, posts: Skimmed) -> Any:
        import numpy as np

        matrix = posts.matrix(self._covered.shape[0])
        matrix.data = np.ones_like(matrix.data)
        return matrix @ self._covered


def _sums(values: NDArray[np.float64], starts: Any) -> NDArray[np.float64]:
    """Return the sum of each row, 1 where it is nothing."""
    import numpy as np

    sums = np.diff(np.concatenate([[0.0], np.cumsum(values)])[starts])
    return np.where(sums > 1e-9, sums, 1.0)


def _like(matrix: Any, values: NDArray[np.float64]) -> Any:
    """Return a matrix of the same shape with other values, in 32 bits."""
    import numpy as np
    from scipy.sparse import csr_matrix

    data = values.astype(np.float32)
    return csr_matrix((data, matrix.indices, matrix.indptr), matrix.shape)


def _highest(matrix: Any) -> NDArray[np.float32]:
    """Return the highest value of each row, 0 for an empty one."""
    import numpy as np

    found = np.zeros(matrix.shape[0], np.float32)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if len(filled):
        found[filled] = np.maximum.reduceat(matrix.data, matrix.indptr[filled])
    return found


def _best_of_each(matrix: Any, limit: int) -> list[list[int]]:
    ends = matrix.indptr
    return [
        _best(matrix.data[start:end], matrix.indices[start:end], limit)
        for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]


def _best(values: Any, rows: Any, limit: int) -> list[int]:
    import numpy as np

    keep = np.arange(len(values))
    if len(values) > limit:
        keep = np.argpartition(values, -limit)[-limit:]
    order = np.lexsort((rows[keep], -values[keep]))
    chosen: list[int] = rows[keep][order].tolist()
    return chosen
