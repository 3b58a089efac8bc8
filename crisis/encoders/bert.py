"""What a BERT encoder is made of: its table of words and the weights of its layers.

The same shape whether they come from a sentence-transformers folder or from a packaged model. Runs
nothing (``network``) and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Weights = tuple["NDArray[np.float32]", "NDArray[np.float32]"]
"""Weight and bias of one step: (out, in) and (out,), or both (size,) for a normalisation."""

STEPS = ("query", "key", "value", "mix", "mix_norm", "wide", "narrow", "narrow_norm")
"""The steps of one layer, in the order in which they happen."""


class WordTable(Protocol):
    """The vectors of word pieces; may lie on disk."""

    def rows(self, pieces: Sequence[int]) -> NDArray[np.float32]:
        """Return the vectors of ``pieces`` (numbers from 0): shape (len(pieces), size)."""
        ...


@dataclass(frozen=True)
class Bert:
    """An encoder: ``words`` and ``places`` are added, normalised, then the ``layers`` follow.

    ``places`` has one row for each place in a text, with the vector of the first token type added:
    shape (longest text, size). ``layers`` map each of ``STEPS`` to its weights; they can be gone through
    once, so that not all of them are in memory at a time.
    """

    words: WordTable
    places: NDArray[np.float32]
    norm: Weights
    layers: Iterable[Mapping[str, Weights]]
    heads: int
    epsilon: float

    @property
    def size(self) -> int:
        """Numbers a vector has."""
        return int(self.places.shape[1])
