"""How posts scored, as counts in fine bins: numbers that stay when the posts themselves are gone.

A bin is a tenth of log-odds wide. Says nothing of which score is good for what (``bands``) and keeps
nothing (``store.scores``).
"""

from __future__ import annotations

import math
from collections.abc import Set

from crisis.types import Match, Stance

WIDTH = 0.1
"""Log-odds a bin spans."""

HIGHEST = 100
"""The uppermost bin: log-odds of 10 and more, a probability above .99995."""

LOWEST = -HIGHEST
"""The lowest bin of posts that have a score."""

NOTHING = LOWEST - 1
"""The bin of posts the screen rejected: they have no score."""

_SUGGESTED_AT_MOST = frozenset({"short", "expired", "gap"})  # codes of reasons
_OPINION = "opinion"

TELLING = _SUGGESTED_AT_MOST | {_OPINION}
"""The codes of reasons that keep a match down whatever its score."""


def bin_of(score: float) -> int:
    """The bin of a score (0 to 1): the tenth of log-odds it lies in, ``LOWEST`` to ``HIGHEST``."""
    if score <= 0:
        return LOWEST
    if score >= 1:
        return HIGHEST
    # A hair up, so that the score where a bin begins falls into it whatever the last digit says.
    step = math.floor(math.log(score / (1 - score)) / WIDTH + 1e-9)
    return max(LOWEST, min(HIGHEST, step))


def score_of(place: int) -> float:
    """The lowest score (0 to 1) that falls into this bin; 0 for the two lowest."""
    if place <= LOWEST:
        return 0.0
    return 1 / (1 + math.exp(-WIDTH * place))


def bin_of_match(match: Match | None) -> int:
    """The bin of a post's best match; ``NOTHING`` for a post without one, or with an opinion only."""
    return NOTHING if match is None or is_opinion(match) else bin_of(match.score)


def is_opinion(match: Match) -> bool:
    """Whether the post says only what somebody thinks, so that it is no match at any score."""
    return is_opinion_with({reason.code for reason in match.reasons})


def is_opinion_with(codes: Set[str]) -> bool:
    """The same of the codes of its reasons."""
    return _OPINION in codes


def may_raise(match: Match | None) -> bool:
    """Whether the match would open an incident at a score high enough.

    Corrections, very short posts, gaps in short rumours and rumours past their date are suggested at most.
    """
    if match is None:
        return False
    return may_raise_with(match.stance, {reason.code for reason in match.reasons})


def may_raise_with(stance: Stance, codes: Set[str]) -> bool:
    """The same of what is known of a match: its stance and the codes of its reasons."""
    return stance is not Stance.CORRECTS and not codes & _SUGGESTED_AT_MOST
