"""Sentence encoders: a text in, a vector of unit length out. Satisfies ``matching.meaning.Encoder``.

Where the weights come from: ``packaged`` (shipped in a package) and ``folder`` (a model on disk).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crisis.encoders.pieces import readable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_PIECES = 128
"""Word pieces of a text that are read. More cost time and brought nothing on posts."""

Pooling = Callable[["NDArray[np.float32]"], "NDArray[np.float32]"]


def mean(states: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of the pieces' vectors."""
    found: NDArray[np.float32] = states.mean(axis=0)
    return found


def first(states: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector of the first piece, which stands for the text (BGE)."""
    found: NDArray[np.float32] = states[0]
    return found


def highest(states: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the highest number of each column."""
    found: NDArray[np.float32] = states.max(axis=0)
    return found


class SentenceEncoder:
    """Turns texts into vectors, one at a time: the same text gives the same vector, always."""

    def __init__(
        self,
        name: str,
        dimension: int,
        pieces: Callable[[str, int], Sequence[int]],
        run: Callable[[Sequence[int]], NDArray[np.float32]],
        *,
        pooling: Pooling = mean,
        prefix: str = "",
        most: int = MOST_PIECES,
    ) -> None:
        self._name = name
        self._dimension = dimension
        self._pieces = pieces
        self._run = run
        self._pooling = pooling
        self._prefix = prefix
        self._most = most

    @property
    def name(self) -> str:
        """Which encoder this is; another name means other vectors."""
        return self._name

    @property
    def dimension(self) -> int:
        """Numbers a vector has."""
        return self._dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length a text, shape (len(texts), dimension).

        A text without anything to read gives zeros: it is like nothing.
        """
        import numpy as np

        found = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            if seen := readable(text):
                state = self._pooling(self._run(self._pieces(self._prefix + seen, self._most)))
                found[row] = state / max(float(np.linalg.norm(state)), 1e-12)
        return found
