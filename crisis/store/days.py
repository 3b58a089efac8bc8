"""How many there were on each day: posts by source, mails by what became of them. Reads only.

A day is whatever span the page says: days of the authority's time zone are not always 24 hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from sqlite_utils import Database

from crisis.store.rows import stamp
from crisis.types import AlertState


class OfSource(NamedTuple):
    """What a source carried on one of the days."""

    day: int  # its number, from 0
    source_id: int
    posts: int


class OfState(NamedTuple):
    """How many mails written on one of the days have come to this."""

    day: int
    state: AlertState
    mails: int


class DayRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def posts(self, bounds: Sequence[datetime]) -> list[OfSource]:
        """Posts that came, of any kind, by day and source; exercises left out.

        Day n lasts from ``bounds[n]`` to ``bounds[n + 1]``; they are kept by the hour.
        """
        rows = self._db.execute(
            "with {days} select d.n, s.id, sum(h.posts) from days d"
            " cross join sources s join source_hours h on h.source_id = s.id"
            " and h.hour >= substr(d.start, 1, 13) and h.hour < substr(d.until, 1, 13)"
            " where s.drill = 0 group by 1, 2 order by 1, 2".replace("{days}", _days(bounds)),
            _bound(bounds),
        )
        return [OfSource(*row) for row in rows.fetchall()]

    def mails(self, bounds: Sequence[datetime]) -> list[OfState]:
        """Mails by the day they were written and what became of them; exercises left out."""
        rows = self._db.execute(
            "with {days} select d.n, a.state, count(*) from days d"
            " cross join alerts a on a.created >= d.start and a.created < d.until"
            " where a.drill = 0 group by 1, 2 order by 1, 2".replace("{days}", _days(bounds)),
            _bound(bounds),
        )
        return [OfState(day, AlertState(state), mails) for day, state, mails in rows.fetchall()]


def _days(bounds: Sequence[datetime]) -> str:
    rows = ", ".join(f"({number}, ?, ?)" for number in range(len(bounds) - 1))
    return f"days(n, start, until) as (values {rows})"


def _bound(bounds: Sequence[datetime]) -> list[str]:
    return [stamp(end) for pair in pairwise(bounds) for end in pair]
