"""Which terms each phrasing of a catalogue holds, and how often: read once, kept, added to.

Reading texts is what takes time when an index is made; all other numbers of an index follow from
these counts in a moment. So an index that changes by one rumour, or that is loaded from what an
earlier one left behind (``stored``), reads only phrasings not met before. Weighs nothing: see
``weights``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from crisis.matching.rarity import cut_all
from crisis.matching.text import Part, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEY = 12
"""Bytes by which a phrasing is known again."""

_IN_BULK = 1_000  # new phrasings from which scikit-learn's import pays
_STEP = 10_000  # rows whose letter groups are counted at a time, to bound memory


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One wording of a rumour, as a row of the screen."""

    rumour: int  # number of the rumour in the index
    text: str
    lang: str


@dataclass(frozen=True)
class Counts:
    """A sparse matrix: one row a phrasing, one column a term, how often it occurs.

    The count is negative where the term occurs only as a part of a compound. ``columns`` may know
    more terms than occur. ``keys`` name the rows.
    """

    columns: dict[str, int]
    keys: tuple[bytes, ...]
    matrix: Any  # scipy.sparse.csr_matrix, int32, shape (len(keys), len(columns))
    newly_read: int = 0
    """Phrasings that had to be read; the others were known."""

    @cached_property
    def phrasings_with(self) -> NDArray[np.int64]:
        """In how many phrasings each term occurs, by column."""
        import numpy as np

        return np.bincount(self.matrix.indices, minlength=len(self.columns))

    @cached_property
    def phrasings_with_gram(self) -> dict[str, int]:
        """In how many phrasings each group of letters occurs."""
        import numpy as np
        from scipy.sparse import csr_matrix

        groups, at, starts = cut_all(list(self.columns))
        shape = (len(self.columns), len(groups))
        grams = csr_matrix((np.ones(len(at), np.int32), at, starts), shape)
        total = np.zeros(len(groups), np.int64)
        for start in range(0, len(self.keys), _STEP):
            # Counts of parts are negative and could cancel others out: only presence matters.
            rows = abs(self.matrix[start : start + _STEP])
            total += np.bincount((rows @ grams).indices, minlength=len(groups))
        return dict(zip(groups, total.tolist(), strict=True))


def counted(phrasings: Sequence[Phrasing], known: Counts | None = None) -> Counts:
    """Return the counts of ``phrasings``; those that ``known`` holds are not read again."""
    from scipy.sparse import vstack

    keys = tuple(key(p.text, p.lang) for p in phrasings)
    rows = {} if known is None else {k: row for row, k in enumerate(known.keys)}
    fresh: dict[bytes, Phrasing] = {}
    for name, phrasing in zip(keys, phrasings, strict=True):
        if name not in rows:
            fresh.setdefault(name, phrasing)
    columns = {} if known is None else dict(known.columns)
    added = _in_bulk(fresh.values()) if known is None and len(fresh) >= _IN_BULK else None
    if added is None:
        matrix = _one_by_one(columns, list(fresh.values()))
    else:
        columns, matrix = added
    if known is not None:
        old = known.matrix.copy()
        old.resize(len(known.keys), len(columns))
        matrix = vstack([old, matrix], format="csr")
    first = 0 if known is None else len(known.keys)  # two rows may have the same key
    rows.update({name: first + i for i, name in enumerate(fresh)})
    chosen = [rows[name] for name in keys]
    if chosen != list(range(matrix.shape[0])):
        matrix = matrix[chosen]
    return Counts(columns, keys, matrix, len(fresh))


def key(text: str, lang: str) -> bytes:
    """Return what a phrasing is known again by."""
    whole = f"{lang}\n{text}".encode("utf-8", errors="surrogatepass")
    return blake2b(whole, digest_size=KEY).digest()


def _occurrences(phrasing: Phrasing) -> dict[str, int]:
    terms = words(phrasing.lang).terms(phrasing.text)
    found: dict[str, int] = dict(Counter(map(str, terms)))
    for part in {t for t in terms if type(t) is Part}.difference(
        t for t in terms if type(t) is not Part
    ):
        found[str(part)] *= -1
    return found


def _in_bulk(phrasings: Any) -> tuple[dict[str, int], Any]:
    """Read a whole catalogue with scikit-learn's ``DictVectorizer``."""
    import numpy as np
    from sklearn.feature_extraction import DictVectorizer

    rows: Iterator[dict[str, int]] = map(_occurrences, phrasings)
    vectorizer = DictVectorizer(dtype=np.int32, sort=False)
    matrix = vectorizer.fit_transform(rows)
    return dict(vectorizer.vocabulary_), matrix


def _one_by_one(columns: dict[str, int], phrasings: Sequence[Phrasing]) -> Any:
    """Read a few phrasings; ``columns`` learns their terms."""
    import numpy as np
    from scipy.sparse import csr_matrix

    indices: list[int] = []
    values: list[int] = []
    starts = [0]
    for phrasing in phrasings:
        for term, times in _occurrences(phrasing).items():
            indices.append(columns.setdefault(term, len(columns)))
            values.append(times)
        starts.append(len(indices))
    shape = (len(phrasings), len(columns))
    return csr_matrix((np.array(values, np.int32), indices, starts), shape)
