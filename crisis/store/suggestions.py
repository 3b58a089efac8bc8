"""Posts that may carry a rumour and wait for somebody's word: grouped where they say the same.

Says nothing about what a word means. One post's own row: see ``sightings``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from crisis.store.rows import stamp

_WAITING = "incident_id is null and verdict is null and band = 'suggest'"


class Waiting(NamedTuple):
    """Posts that say the same, by the surest of them."""

    sighting_id: int
    posts: int


def create(db: Database) -> None:
    """A step of the schema: the queue is found without looking at every post ever kept."""
    db.execute(f"create index waiting on sightings(kin, score) where {_WAITING}")


class SuggestionRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def queue(self, *, limit: int, but: Collection[int] = ()) -> list[Waiting]:
        """The surest first, one of each group, without the sightings in ``but``."""
        marks = ", ".join("?" * len(but))
        rows = self._db.query(
            # SQLite gives the row of the greatest score along with it.
            "select id, max(score) as score,"
            " sum((select count(*) from appearances a where a.post_id = sightings.post_id)) as posts"
            f" from sightings where {_WAITING}"
            f" and id not in ({marks}) group by kin order by score desc, id limit ?",
            [*but, limit],
        )
        return [Waiting(row["id"], row["posts"]) for row in rows]

    def count(self) -> int:
        """How many decisions wait: posts that say the same are one."""
        row = self._db.execute(
            f"select count(distinct kin) from sightings where {_WAITING}"
        ).fetchone()
        return int(row[0])

    def like(self, sighting_id: int) -> list[int]:
        """This sighting, if it waits, and those waiting that say the same."""
        rows = self._db.query(
            f"select id from sightings where {_WAITING}"
            " and kin = (select kin from sightings where id = ?) order by id <> ?, id",
            [sighting_id, sighting_id],
        )
        return [row["id"] for row in rows]

    def said_with(self, sighting_id: int, person_id: int, since: datetime) -> list[int]:
        """The sightings this person decided on together with this one, not before ``since``."""
        rows = self._db.query(
            "select s.id from sightings s join sightings t on t.kin = s.kin"
            " and t.verdict_at = s.verdict_at and t.verdict_by = s.verdict_by"
            " where t.id = ? and t.verdict_by = ? and t.verdict_at >= ? and s.band = 'suggest'"
            " order by s.id",
            [sighting_id, person_id, stamp(since)],
        )
        return [row["id"] for row in rows]
