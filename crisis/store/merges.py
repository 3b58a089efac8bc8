"""Which incident goes on in which other, and what is needed to part them again. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crisis.store.rows import Row, moment, stamp, to_json
from crisis.store.tally import at_once
from crisis.types import Merge


class MergeRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def move(self, from_id: int, into_id: int) -> list[int]:
        """All posts go over; those that the other has already (another rumour's match) go along as well."""
        rows = self._db.query("select id from sightings where incident_id = ?", [from_id])
        ids = [row["id"] for row in rows]
        with at_once(self._db, from_id, into_id):
            self._db.execute(
                "update sightings set incident_id = ? where incident_id = ?", [into_id, from_id]
            )
        return ids

    def keep(
        self,
        from_id: int,
        into_id: int,
        person_id: int,
        now: datetime,
        before: Mapping[str, Any],
        sightings: Sequence[int],
    ) -> None:
        self._db.execute(
            "insert into merges (from_id, into_id, person_id, at, before, sightings)"
            " values (?, ?, ?, ?, ?, ?)",
            [from_id, into_id, person_id, stamp(now), to_json(before), json.dumps(list(sightings))],
        )

    def away(self, incident_id: int) -> Merge | None:
        """Where the incident goes on, if it was merged away."""
        return self._one("from_id = ? and undone_at is null", incident_id)

    def into(self, incident_id: int) -> list[Merge]:
        """What goes on in this incident."""
        rows = self._db.query(
            "select * from merges where into_id = ? and undone_at is null order by id",
            [incident_id],
        )
        return [_merge(row) for row in rows]

    def undo(self, merge: Merge, now: datetime) -> int:
        """The posts that are still there go back; says how many."""
        self._db.execute("update merges set undone_at = ? where id = ?", [stamp(now), merge.id])
        with at_once(self._db, merge.from_id, merge.into_id):
            cursor = self._db.execute(
                "update sightings set incident_id = ? where incident_id = ?"
                " and id in (select value from json_each(?))",
                [merge.from_id, merge.into_id, json.dumps(list(merge.sightings))],
            )
        return int(cursor.rowcount)

    def _one(self, condition: str, number: int) -> Merge | None:
        rows = self._db.query(f"select * from merges where {condition}", [number])
        return next((_merge(row) for row in rows), None)


def _merge(row: Row) -> Merge:
    return Merge(
        id=row["id"],
        from_id=row["from_id"],
        into_id=row["into_id"],
        person_id=row["person_id"],
        at=moment(row["at"]),
        before=json.loads(row["before"]),
        sightings=json.loads(row["sightings"]),
    )
