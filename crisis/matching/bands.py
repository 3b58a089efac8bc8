"""What a score is good for: raise, suggest, or nothing. The thresholds come from the model.

Does not compute scores (``scorer``) and opens no incident (``incidents``).
"""

from __future__ import annotations

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
    def of(cls, model: Model) -> Bands:
        """Return the thresholds a model was calibrated to."""
        return cls(model.raise_at, model.suggest_at)

    def band(self, score: float, *, stance: Stance, short: bool, expired: bool) -> Band:
        """Return the band of a score.

        A post that corrects the rumour, a very ``short`` one and a rumour past its date are
        suggested at most: a person decides.
        """
        if score < self.suggest_at:
            return Band.NONE
        if score < self.raise_at or stance is Stance.CORRECTS or short or expired:
            return Band.SUGGEST
        return Band.RAISE
