"""Likeness of meaning: a post's vector beside those of the phrasings. Judges nothing: see ``scorer``.

The vectors come from an ``Encoder``, which an edge provides (``crisis.encoders``); without one there is
no meaning and nothing here is used. Encoders put all texts into a narrow cone (e5-small: cosines from
.75 to .95), each into another. So the centre of everyday texts is taken away first, and likeness is
said in units of a ``Yardstick``: 0 for texts that have nothing to do with each other, 1 for two
wordings of the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MEANING = ("meaning", "meaning_lead", "meaning_place", "meaning_words")
"""Features of a pair that need an encoder; see ``Meanings.describe``."""

NEAREST = 30
"""Candidates a post gets by meaning alone."""


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """Which encoder this is; another name means other vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers a vector has."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length a text: shape (len(texts), dimension)."""
        ...


@dataclass(frozen=True)
class Yardstick:
    """What the cosines of an encoder mean.

    ``centre``: mean vector of everyday texts. ``unlike`` and ``same``: the mean cosine, after the
    centre was taken away, of texts that have nothing to do with each other, and of two that say the same.
    """

    centre: NDArray[np.float32]
    unlike: float
    same: float

    @classmethod
    def of(cls, encoder: Encoder, said_twice: Sequence[tuple[str, str]]) -> Yardstick:
        """Measure an encoder with pairs of texts that say the same."""
        import numpy as np

        vectors = encoder.encode([text for pair in said_twice for text in pair])
        centre = vectors.mean(axis=0)
        placed = centred(vectors, centre)
        likeness = placed[0::2] @ placed[1::2].T
        same = float(np.diag(likeness).mean())
        others = likeness[~np.eye(len(likeness), dtype=bool)]
        unlike = float(others.mean()) if others.size else 0.0
        return cls(centre, unlike, max(same, unlike + 1e-3))


def centred(vectors: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take the centre away; rows of unit length, but texts without meaning (zeros) stay zeros."""
    import numpy as np

    empty = ~vectors.any(axis=1)
    moved = vectors - centre
    moved[empty] = 0.0
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    found: NDArray[np.float32] = moved / np.maximum(lengths, 1e-9)
    return found


class Meanings:
    """The vectors of a catalogue's phrasings, ready to be compared with those of posts."""

    def __init__(
        self,
        encoder: Encoder,
        yardstick: Yardstick,
        phrasings: Sequence[str],
        rumours: Sequence[int],
    ) -> None:
        import numpy as np

        self._encoder = encoder
        self._yardstick = yardstick
        self._rows = centred(encoder.encode(phrasings), yardstick.centre)
        self._rumours = np.asarray(rumours, dtype=np.int64)

    def compare(self, posts: Sequence[str]) -> NDArray[np.float32]:
        """Return how alike each post is to each phrasing: 0 unlike, 1 the same, others possible."""
        scale = self._yardstick
        vectors = centred(self._encoder.encode(posts), scale.centre)
        found: NDArray[np.float32] = vectors @ self._rows.T
        found -= scale.unlike
        found /= scale.same - scale.unlike
        return found

    def nearest(self, likeness: NDArray[np.float32], limit: int, floor: float) -> list[int]:
        """Return up to ``limit`` phrasings of at least ``floor``, the most alike first."""
        import numpy as np

        rows = np.flatnonzero(likeness >= floor)
        if len(rows) > limit:
            rows = rows[np.argpartition(-likeness[rows], limit)[:limit]]
        return [int(row) for row in rows[np.lexsort((rows, -likeness[rows]))]]

    def describe(
        self, likeness: NDArray[np.float32], rows: Sequence[int], words: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the numbers of ``MEANING`` for a post's candidates: (len(rows), 4).

        ``likeness`` is the post's line of ``compare``; ``words`` the candidates' likeness in words
        (0 to 1). Likeness; its lead over the best phrasing of another rumour in the whole catalogue;
        1 for the most alike rumour, 1/2 for the next and so on; likeness times that in words.
        """
        import numpy as np

        own = likeness[list(rows)].astype(np.float64)
        owners = self._rumours[list(rows)]
        lead = np.empty(len(rows))
        place = np.empty(len(rows))
        best = self._best_rumours(likeness)
        for i, (value, owner) in enumerate(zip(own, owners, strict=True)):
            others = [like for rumour, like in best if rumour != owner]
            lead[i] = value - (others[0] if others else 0.0)
            place[i] = 1 / (1 + sum(like > value for like in others))
        return np.column_stack([own, lead, place, np.clip(own, 0, None) * words])

    def _best_rumours(self, likeness: NDArray[np.float32]) -> list[tuple[int, float]]:
        """Return the most alike rumours with their likeness, falling."""
        best: dict[int, float] = {}
        for row in self.nearest(likeness, 2 * NEAREST, -1e9):
            best.setdefault(int(self._rumours[row]), float(likeness[row]))
        return list(best.items())
