"""What is known: a claim that goes round, and the facts about it. Knows no post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class RumourStatus(StrEnum):
    """What the authority knows of a rumour."""

    SUSPECTED = "suspected"
    FALSE = "false"
    MISLEADING = "misleading"
    OUT_OF_CONTEXT = "out_of_context"
    SATIRE = "satire"
    TRUE = "true"  # true after all


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is so, who says it, and since when."""

    text: str
    source: str = ""  # a name people know: "Stadtwerke Musterstadt"
    url: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rumour:
    """One entry of the catalogue: a claim that goes round, in the words people use for it."""

    id: str  # short, stable, readable: "trinkwasser-vergiftet"
    text: str  # the claim in one sentence
    title: str = ""
    variants: tuple[str, ...] = ()  # further phrasings as they are met
    lang: str = ""
    topics: tuple[str, ...] = ()
    status: RumourStatus = RumourStatus.SUSPECTED
    facts: tuple[Fact, ...] = ()
    valid_until: date | None = None  # the last day on which it may raise an incident
    retired: bool = False
    created: datetime | None = None
    updated: datetime | None = None

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The claim, its title and its variants, without empty ones."""
        return tuple(p for p in (self.text, self.title, *self.variants) if p.strip())
