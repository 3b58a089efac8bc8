"""What a desk remembers of its screens: wall pictures and how people like to see lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A screen that shows the wall picture without anybody signed in, by a link of its own."""

    id: int = 0
    name: str  # where it hangs
    names: bool  # whether people are named on it
    created_by: int | None
    created: datetime
    expires: datetime
    last_seen: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How somebody likes to see a list: the query of its address, without the page."""

    id: int = 0
    person_id: int
    list: str  # the list's page
    name: str
    query: str
    kept: datetime
