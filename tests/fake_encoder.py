"""An encoder for tests: a text's vector says which of a few things it speaks of, in any language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

THINGS = (
    ("wasser", "leitung", "water", "tap", "brunnen"),
    ("gift", "vergiftet", "poison", "poisoned", "krank"),
    ("wolf", "raubtier", "beast", "wolves"),
    ("kind", "kinder", "child", "kids", "kleinen"),
    ("brücke", "bridge", "überweg"),
    ("gesperrt", "closed", "zu", "dicht"),
    ("fest", "party", "festival", "feier"),
)


class FakeEncoder:
    """Counts what it is asked; ``name`` can be that of another encoder."""

    dimension = len(THINGS) + 2

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A column a thing, one for all that is said, and one that every text shares."""
        self.asked += texts
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
            if not words:
                continue
            for column, things in enumerate(THINGS):
                found[row, column] = any(word in things for word in words)
            found[row, -2] = 0.05 * (len(text) % 7)
            found[row, -1] = 1.5
            found[row] /= np.linalg.norm(found[row])
        return found
