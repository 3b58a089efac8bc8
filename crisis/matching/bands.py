"""What a score is good for: raise, suggest, or nothing. The thresholds come from the model.

Does not compute scores (``scorer``) and opens no incident (``incidents``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from crisis.errors import InvalidInputError
from crisis.matching.scorer import Model
from crisis.types import Band, Stance

SHORT = 3
"""Content words a post needs at least to raise an incident alone."""


@dataclass(frozen=True, slots=True)
class Bands:
    """From which score (0 to 1) on a match raises, and from which it is suggested."""

    raise_at: float
    suggest_at: float

    def __post_init__(self) -> None:
        """Refuse thresholds that make no sense."""
        if not 0 <= self.suggest_at <= self.raise_at <= 1:
            raise InvalidInputError(
                "Die Schwellen müssen zwischen 0 und 1 liegen, „vorschlagen“ nicht über „melden“.",
                "Thresholds must lie between 0 and 1, “suggest” not above “raise”.",
            )

    @classmethod
    def of(cls, model: Model, rumours: int) -> Bands:
        """Return the thresholds a model was calibrated to, for a catalogue of ``rumours`` entries.

        More rumours find more chance likenesses, so the thresholds rise with the catalogue:
        between two calibrated sizes along the logarithm of the size.
        """
        below = above = model.bands[0]
        for threshold in model.bands:
            below, above = above, threshold
            if threshold.rumours >= rumours:
                break
        else:
            below = above
        if below.rumours >= rumours or below == above:
            return cls(below.raise_at, below.suggest_at)
        share = math.log(rumours / below.rumours) / math.log(above.rumours / below.rumours)
        return cls(
            below.raise_at + share * (above.raise_at - below.raise_at),
            below.suggest_at + share * (above.suggest_at - below.suggest_at),
        )

    def moved(self, raising: float, suggesting: float) -> Bands:
        """Return the thresholds moved by so many log-odds; "suggest" never passes "raise"."""
        raise_at = _moved(self.raise_at, raising)
        return Bands(raise_at, min(raise_at, _moved(self.suggest_at, suggesting)))

    def distance(self, other: Bands) -> tuple[float, float]:
        """Return by how many log-odds ``other`` lies above these: raising, suggesting."""
        return (
            _odds(other.raise_at) - _odds(self.raise_at),
            _odds(other.suggest_at) - _odds(self.suggest_at),
        )

    def band(
        self,
        score: float,
        *,
        stance: Stance,
        short: bool,
        expired: bool,
        gap: bool = False,
        opinion: bool = False,
    ) -> Band:
        """Return the band of a score.

        A post that corrects the rumour, a very ``short`` one, one that leaves a ``gap`` in a short rumour,
        and a rumour past its date are suggested at most: a person decides. What is surely an ``opinion``
        and no more is no match.
        """
        if score < self.suggest_at or opinion:
            return Band.NONE
        if score < self.raise_at or stance is Stance.CORRECTS or short or expired or gap:
            return Band.SUGGEST
        return Band.RAISE


_HIGHEST = 12.0  # log-odds that stand for 1, and below zero for 0


def _odds(score: float) -> float:
    if score <= 0:
        return -_HIGHEST
    if score >= 1:
        return _HIGHEST
    return max(-_HIGHEST, min(_HIGHEST, math.log(score / (1 - score))))


def _moved(score: float, by: float) -> float:
    if by == 0:
        return score
    odds = _odds(score) + by
    if abs(odds) >= _HIGHEST - 1e-9:
        return 1.0 if odds > 0 else 0.0
    return round(1 / (1 + math.exp(-odds)), 6)
