"""What fact-checkers have published about a claim: knowledge for the catalogue, never a post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from crisis.types.rumours import RumourStatus


class CheckState(StrEnum):
    """What a person decided about a published check."""

    OFFERED = "offered"
    TAKEN = "taken"  # in the catalogue now
    LEFT = "left"  # not for us


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCheck:
    """A published check of a claim. Text is as the publisher says it, without markup."""

    id: int = 0
    source_id: int = 0
    claim: str  # as checked; where only a headline is known, the headline
    url: str  # of the article
    verdict: str = ""  # in the publisher's words, "" unknown
    status: RumourStatus = RumourStatus.SUSPECTED  # what those words mean to us
    publisher: str = ""
    published: date | None = None
    lang: str = ""
    claimed: bool = False  # ``claim`` is the claim itself; False: it is a headline
    seen: datetime | None = None
    state: CheckState = CheckState.OFFERED
    rumour_id: str = ""  # taken: the entry it went into
    like: str = ""  # offered: an entry that says nearly the same
    compared: datetime | None = None  # when ``like`` was looked for
