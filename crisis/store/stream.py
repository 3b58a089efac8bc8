"""The posts of an incident as a stream: groups that say the same, filters, and how many came when.

Reads only. A group is what shares ``kin`` within one incident; see ``matching.copies`` for who does.
"""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from crisis.incidents.stream import EVERY, OPEN, Counted, Facet, Group, Wanted
from crisis.store.appearances import WRITTEN
from crisis.store.incidents import COUNTS, SPREAD
from crisis.store.rows import moment


def _condition(wanted: Wanted, *, every_place: bool = False) -> tuple[str, str, list[object]]:
    """The tables to be read, and the condition with its values, for sightings ``s``, posts ``p`` and places
    ``a``. A post may be there several times then, once a place."""
    parts: list[str] = []
    values: list[object] = []
    for column, value in (
        ("a.source_id", wanted.source_id),
        ("p.lang", wanted.lang),
        ("p.place", wanted.place),
        ("s.stance", wanted.stance),
    ):
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    if wanted.verdict == OPEN:
        parts.append("s.verdict is null")
    elif not wanted.verdict:
        parts.append("s.verdict is not 'seen_before'")
    elif wanted.verdict != EVERY:
        parts.append("s.verdict = ?")
        values.append(wanted.verdict)
    tables = "sightings s"
    if wanted.lang or wanted.place:
        tables += " join posts p on p.id = s.post_id"
    if wanted.source_id or every_place:
        tables += " join appearances a on a.post_id = s.post_id"
    return tables, "".join(f" and {part}" for part in parts), values


class StreamRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def groups(
        self, incident_id: int, wanted: Wanted, *, before: int = 0, limit: int = 20
    ) -> list[Group]:
        """Groups, the one with the newest post first; ``before``: only those whose newest is older."""
        tables, condition, values = _condition(wanted)
        rows = self._db.query(
            "select s.kin, max(s.id) as newest, count(distinct s.id) as size,"
            " group_concat(distinct coalesce(s.verdict, '')) as verdicts"
            f" from {tables} where s.incident_id = ?{condition} group by s.kin"
            " having ? = 0 or newest < ? order by newest desc limit ?",
            [incident_id, *values, before, before, limit],
        )
        return [
            Group(row["kin"], row["newest"], row["size"], tuple(sorted(row["verdicts"].split(","))))
            for row in rows
        ]

    def count(self, incident_id: int, wanted: Wanted) -> Counted:
        """How much of it there is."""
        tables, condition, values = _condition(wanted, every_place=True)
        row = next(
            self._db.query(
                "select coalesce(sum(a.counts), 0) as posts, count(distinct s.id) as texts,"
                f" count(distinct s.kin) as groups from {tables}"
                f" where s.incident_id = ?{condition}",
                [incident_id, *values],
            )
        )
        return Counted(row["posts"], row["texts"], row["groups"])

    def ids(
        self,
        incident_id: int,
        wanted: Wanted,
        *,
        kin: int = 0,
        before: int = 0,
        limit: int = 1_000_000,
    ) -> list[int]:
        """The sightings, newest first; ``kin``: only those of this group."""
        tables, condition, values = _condition(wanted)
        rows = self._db.query(
            f"select distinct s.id from {tables} where s.incident_id = ?{condition}"
            " and (? = 0 or s.kin = ?) and (? = 0 or s.id < ?) order by s.id desc limit ?",
            [incident_id, *values, kin, kin, before, before, limit],
        )
        return [row["id"] for row in rows]

    def facets(self, incident_id: int) -> list[Facet]:
        """What an incident's posts have in common, for filters."""
        rows = self._db.query(
            "select a.source_id, p.lang, p.place, s.stance, coalesce(s.verdict, '') as verdict,"
            " count(*) as posts from sightings s join posts p on p.id = s.post_id"
            " join appearances a on a.post_id = s.post_id"
            " where s.incident_id = ? group by 1, 2, 3, 4, 5",
            [incident_id],
        )
        return [Facet(*row.values()) for row in rows]

    def moments(self, incident_id: int) -> list[tuple[datetime, int, str, int]]:
        """How many posts that count for its spread were written in which minute, by source and place."""
        rows = self._db.query(
            f"select substr({WRITTEN}, 1, 16) as minute, a.source_id, p.place, count(*) as posts"
            f" from {SPREAD} join posts p on p.id = s.post_id where {COUNTS}"
            " group by 1, 2, 3 order by 1",
            [incident_id],
        )
        return [
            (moment(row["minute"] + ":00+00:00"), row["source_id"], row["place"], row["posts"])
            for row in rows
        ]

    def newest(self, incident_id: int) -> int:
        """The number of the sighting that joined last; 0 where there is none."""
        rows = self._db.query(
            "select coalesce(max(id), 0) as newest from sightings where incident_id = ?",
            [incident_id],
        )
        return int(next(rows)["newest"])
