"""The kinds of texts, and the model that weighs what was read in one. Numbers only: no text, no file.

Weights of general features, of common words and of hashed shapes (see ``claims_features``); ``claims_file``
reads and writes them, ``claims`` says what comes of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crisis.matching.claims_features import Reading

LIMIT = 3.0
"""Standard deviations from the mean beyond which a named feature counts no more."""


class Kind(StrEnum):
    """What a text is: does it say that something is so, say what somebody thinks, ask, or neither?"""

    CLAIM = "claim"
    OPINION = "opinion"
    QUESTION = "question"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Weights:
    """One regression: weights of standardised named features, of common words by language, of buckets.

    ``hashed`` is empty, or one weight for each of ``claims_features.BUCKETS``; it counts for German texts
    only, which the model has seen enough of. ``words`` then counts for all others only.
    """

    named: tuple[float, ...]
    words: Mapping[str, Mapping[str, float]]
    hashed: Mapping[str, tuple[float, ...]]
    intercept: float


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text's vector adds to the log-odds of a claim: one weight a number of the vector.

    ``encoder``: whose vectors; those of another mean something else and must not be used.
    """

    encoder: str
    weights: tuple[float, ...]
    intercept: float

    def odds(self, vector: Sequence[float]) -> float:
        """Return the log-odds a vector of ``encoder`` adds; 0 for texts without one (zeros)."""
        if not any(vector):
            return 0.0
        return self.intercept + math.fsum(
            w * float(x) for w, x in zip(self.weights, vector, strict=True)
        )


@dataclass(frozen=True, slots=True)
class ClaimModel:
    """How surely a text is of a kind. ``weights[CLAIM]`` parts claims from the rest, the others the rest.

    ``features`` are names of ``claims_features.NAMES``, ``rarity`` is the inverse document frequency of
    each bucket. ``meant`` counts for German texts whose vector is known, and is None where it was not
    learned.
    """

    version: str
    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    rarity: Mapping[str, tuple[float, ...]]
    weights: Mapping[Kind, Weights]
    meant: Meant | None = None

    def odds(self, reading: Reading, lang: str) -> dict[Kind, float]:
        """Return log-odds: of a claim against the rest, of each other kind against its rivals."""
        steps = self.steps(reading)
        return {
            kind: self._odds(weights, steps, reading, lang)
            for kind, weights in self.weights.items()
        }

    def steps(self, reading: Reading) -> list[float]:
        """Return the named features in standard deviations from the mean, at most ``LIMIT``."""
        return [
            max(-LIMIT, min(LIMIT, (value - mean) / scale))
            for value, mean, scale in zip(reading.named, self.means, self.scales, strict=True)
        ]

    def _odds(self, weights: Weights, steps: list[float], reading: Reading, lang: str) -> float:
        odds = weights.intercept + sum(map(float.__mul__, weights.named, steps))
        if weights.hashed and lang == "de":
            return odds + self._shapes(weights.hashed, reading)
        known = weights.words.get(lang, {})
        if reading.common:
            share = 1 / math.sqrt(len(reading.common))
            odds += share * sum(known.get(word, 0.0) for word in sorted(reading.common))
        return odds

    def _shapes(self, hashed: Mapping[str, tuple[float, ...]], reading: Reading) -> float:
        """Weigh the hashed shapes of each sort, as if their values had length 1."""
        odds = 0.0
        for sort, seen in reading.hashed.items():
            rarity, weight = self.rarity[sort], hashed[sort]
            total = square = 0.0
            for bucket, count in seen.items():
                value = count * rarity[bucket]
                total += value * weight[bucket]
                square += value * value
            odds += total / math.sqrt(square) if square else 0.0
        return odds
