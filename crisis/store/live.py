"""What open pages ask every other second: has anything changed, and who is here. Must stay cheap.

Knows nothing of pages; the counters are kept by triggers, see ``schema_live``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from crisis.store.rows import stamp


class Present(NamedTuple):
    """Somebody who has a page open, and what they do there."""

    name: str
    doing: str


class LiveRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def version(self, topics: Collection[str]) -> int:
        """A number that grows with every change to one of these topics; unknown topics count nothing."""
        marks = ", ".join("?" * len(topics))
        row = self._db.execute(
            f"select coalesce(sum(version), 0) from changes where topic in ({marks})", list(topics)
        ).fetchone()
        return int(row[0])

    def counters(self) -> dict[str, int]:
        """Every topic's own number."""
        return {row["topic"]: row["version"] for row in self._db.query("select * from changes")}

    def newest_alarm(self) -> int:
        """The newest incident that nobody has taken and that is urgent enough to ring for; 0: none."""
        row = self._db.execute(
            "select coalesce(max(id), 0) from incidents where state = 'new' and severity >= 3"
        ).fetchone()
        return int(row[0])

    def come(self, person_id: int, place: str, doing: str, until: datetime) -> None:
        """Somebody has this place open, at least until then. Forgets whoever has left meanwhile."""
        self._db.execute(
            "insert into presence (person_id, place, doing, until) values (?, ?, ?, ?)"
            " on conflict (person_id, place) do update set doing = excluded.doing,"
            " until = excluded.until",
            [person_id, place, doing, stamp(until)],
        )

    def leave(self, person_id: int, place: str) -> None:
        self._db.execute(
            "delete from presence where person_id = ? and place = ?", [person_id, place]
        )

    def forget(self, now: datetime) -> None:
        """Nobody is remembered for longer than they are there."""
        self._db.execute("delete from presence where until <= ?", [stamp(now)])

    def here(self, place: str, now: datetime, *, but: int) -> list[Present]:
        """Who else has this place open, by name."""
        rows = self._db.query(
            "select people.name, presence.doing from presence join people on people.id = person_id"
            " where place = ? and until > ? and person_id <> ? order by people.name",
            [place, stamp(now), but],
        )
        return [Present(row["name"], row["doing"]) for row in rows]
