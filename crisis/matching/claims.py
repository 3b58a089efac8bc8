"""Is it a claim at all? Says of a text: factual claim, opinion, question or something else, and why.

Judges one text by how it is said. Knows no rumour and no truth; whether a question is *about* a rumour
says ``stance``. Needs neither numpy nor scikit-learn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crisis.matching.claims_features import Reading, read
from crisis.matching.claims_file import shipped_claim_model
from crisis.matching.claims_model import ClaimModel, Kind
from crisis.matching.scorer import probability
from crisis.matching.text import guess_language

__all__ = ["SURE", "Claimhood", "Kind", "is_pure_opinion", "kind_of", "language_of"]

SURE = 0.7
"""Probability from which an opinion silences a match: a rumour told with anger must stay a claim."""


@dataclass(frozen=True, slots=True)
class Claimhood:
    """What a text most likely is: the kind, and the probability of each (they add up to 1).

    ``lang`` is the language it was read as, "de" or "en". ``parts`` says what each named feature adds to
    the log-odds of the kind, for ``claims_reasons``.
    """

    kind: Kind
    probabilities: Mapping[Kind, float]
    lang: str
    parts: Mapping[str, float]
    model: str

    @property
    def probability(self) -> float:
        """Of the kind it is taken for, 0 to 1."""
        return self.probabilities[self.kind]


def kind_of(
    text: str,
    lang: str = "",
    model: ClaimModel | None = None,
    vector: Sequence[float] | None = None,
) -> Claimhood:
    """Say what a text is. ``lang`` is "de", "en-GB" and the like, or "" to have it guessed.

    A text of any other language is read as English: what does not depend on words still counts.
    ``vector``: what the encoder ``model.meant.encoder`` makes of the text; with it German claims are told
    apart more surely. Raises ``ModelError`` where the model that comes with the program is damaged.
    """
    model = model or shipped_claim_model()
    spoken = "de" if language_of(text, lang) == "de" else "en"
    reading = read(text, spoken)
    odds = model.odds(reading, spoken)
    if vector is not None and model.meant is not None and spoken == "de":
        odds[Kind.CLAIM] += model.meant.odds(vector)
    chances = _probabilities(odds)
    kind = max(Kind, key=lambda kind: chances[kind])
    return Claimhood(kind, chances, spoken, _parts(model, reading, kind), model.version)


def is_pure_opinion(text: str, lang: str = "", model: ClaimModel | None = None) -> bool:
    """Whether a text surely says only what somebody thinks, so that it can be no match.

    In doubt, and in any language but German and English, no.
    """
    if language_of(text, lang) not in ("de", "en"):
        return False
    return kind_of(text, lang, model).probabilities[Kind.OPINION] >= SURE


def language_of(text: str, lang: str) -> str:
    """Return the language given, two small letters, or a guess; "" where nothing tells."""
    return lang[:2].lower() or guess_language(text)


def _probabilities(odds: Mapping[Kind, float]) -> dict[Kind, float]:
    claim = probability(odds[Kind.CLAIM])
    others = {kind: value for kind, value in odds.items() if kind is not Kind.CLAIM}
    highest = max(others.values())
    shares = {kind: math.exp(value - highest) for kind, value in others.items()}
    rest = (1 - claim) / sum(shares.values())
    return {Kind.CLAIM: claim, **{kind: rest * share for kind, share in shares.items()}}


def _parts(model: ClaimModel, reading: Reading, kind: Kind) -> dict[str, float]:
    """What each named feature adds: to a claim against the rest, to another kind against all others."""
    steps = model.steps(reading)
    claim = [w * step for w, step in zip(model.weights[Kind.CLAIM].named, steps, strict=True)]
    if kind is Kind.CLAIM:
        return dict(zip(model.features, claim, strict=True))
    own = [w * step for w, step in zip(model.weights[kind].named, steps, strict=True)]
    return {name: x - y for name, x, y in zip(model.features, own, claim, strict=True)}
