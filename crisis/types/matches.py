"""Which post carries which rumour, how surely, why, and what people said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from crisis.types.posts import Post


class Band(StrEnum):
    """What a score is good for."""

    RAISE = "raise"  # opens or joins an incident
    SUGGEST = "suggest"  # a person decides
    NONE = "none"


class Stance(StrEnum):
    """How a post stands to the rumour it carries."""

    SPREADS = "spreads"
    ASKS = "asks"
    CORRECTS = "corrects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a score. ``code`` is worded for people by ``matching.reasons``."""

    code: str
    weight: float  # its part in the score's log-odds; positive speaks for a match
    value: float = 0.0  # the feature itself
    words: tuple[str, ...] = ()  # what agrees or contradicts, as it stands in the post


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A post carries this rumour, how surely (0 to 1) and why."""

    rumour_id: str
    score: float
    band: Band
    phrasing: str  # the wording of the rumour that fits best
    stance: Stance = Stance.SPREADS
    marks: tuple[tuple[int, int], ...] = ()  # [start, end) in the post's text, in order, disjoint
    reasons: tuple[Reason, ...] = ()
    model: str = ""  # version of the scorer that said so


class Verdict(StrEnum):
    """What a person said of a match."""

    FITS = "fits"
    DOES_NOT_FIT = "does_not_fit"
    CORRECTS = "corrects"
    SEEN_BEFORE = "seen_before"  # nothing new: neither counted as spread nor learned from


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A match, stored: this post, this rumour, in this incident if any, and what people said of it."""

    id: int = 0
    post: Post
    match: Match
    incident_id: int | None = None
    found: datetime
    verdict: Verdict | None = None
    verdict_by: int | None = None
    verdict_at: datetime | None = None
    kin: int = 0  # the first of the posts that say the same; its own id where it stands alone


class Scored(NamedTuple):
    """What thresholds look at of a sighting: no text. ``codes``: of its reasons, those asked for.

    A tuple, since thousands of them are made to look at a month.
    """

    id: int
    rumour_id: str
    score: float
    stance: Stance
    codes: frozenset[str]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One word of one person on one or many posts of an incident, given at once, undone at once."""

    id: int = 0
    incident_id: int | None
    verdict: Verdict | None  # None: what was said before was taken back
    person_id: int
    at: datetime
    posts: int  # how many it was said of
    undone_at: datetime | None = None
