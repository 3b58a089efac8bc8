"""A hint whether a post that the screen let pass is worth judging at all: a few cheap numbers, weighed.

Of everyday posts that share some weighty words with some rumour, most share them by chance. Describing a
pair in full costs a hundred times as much as these numbers. Judges nothing: a post that the hint lets pass
is judged by ``scorer``, and one that it rejects would hardly have been shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from crisis.matching.reading import Reading

LOOKED_AT = 3
"""Phrasings of a post that the hint looks at: those it covers best."""

PER_PHRASING = (
    "words",
    "covered",
    "shared_weight",
    "shared_terms",
    "strongest",
    "second",
    "third",
    "post_covered",
)
_PLAIN = (
    *(f"first_{name}" for name in PER_PHRASING),
    *(f"best_{name}" for name in PER_PHRASING),
    "post_length",
)
HINTS = (*_PLAIN, *(f"{name}_by_size" for name in _PLAIN), "size")
"""The numbers of ``hints``: those of the phrasing covered best, the highest of each, and the length.

All of them once more, times the size of the catalogue: among more rumours, chance likenesses are closer.
"""

_WEIGHTY = 4.0  # weight from which a shared term is counted


@dataclass(frozen=True, slots=True)
class Hint:
    """Weights of ``HINTS``; with the intercept, below zero a post is not judged."""

    weights: tuple[float, ...]
    intercept: float

    def rejects(self, post: Reading, phrasings: Sequence[Reading], rumours: int) -> bool:
        """Return whether judging the post among so many ``rumours`` would most likely show nothing."""
        if not phrasings:
            return True
        numbers = hints(post, phrasings, rumours)
        value = math.fsum(w * x for w, x in zip(self.weights, numbers, strict=True))
        return value + self.intercept < 0


def hints(post: Reading, phrasings: Sequence[Reading], rumours: int) -> list[float]:
    """Return the numbers of ``HINTS``; ``phrasings`` (one at least) are those the post covers best.

    ``rumours``: entries of the catalogue.
    """
    rows = [_row(post, phrasing) for phrasing in phrasings[:LOOKED_AT]]
    plain = [*rows[0], *map(max, zip(*rows, strict=True)), math.log1p(len(post.terms))]
    size = math.log1p(rumours) / 10
    return [*plain, *(size * number for number in plain), size]


def _row(post: Reading, phrasing: Reading) -> list[float]:
    theirs = post.weights
    dot = mass = 0.0
    shared = []
    for term, weight in phrasing.weights.items():
        if term in theirs:
            shared.append(weight)
            dot += phrasing.vector[term] * post.vector[term]
            mass += weight
    shared.sort(reverse=True)
    top = [*shared[:3], 0.0, 0.0, 0.0]
    return [
        dot / (post.norm * phrasing.norm),
        mass / phrasing.mass,
        math.log1p(mass),
        float(sum(weight > _WEIGHTY for weight in shared)),
        top[0] / 10,
        top[1] / 10,
        top[2] / 10,
        min(1.0, mass / post.mass),
    ]
