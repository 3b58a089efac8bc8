"""What one shift told the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, moment, stamp, to_row
from crisis.types import Handover


class HandoverRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, handover: Handover) -> Handover:
        rowid = self._db.table("handovers").insert(to_row(handover)).last_pk
        return replace(handover, id=int(rowid or 0))

    def get(self, handover_id: int) -> Handover:
        for row in self._db.query("select * from handovers where id = ?", [handover_id]):
            return _handover(row)
        raise NotFoundError("Diese Übergabe gibt es nicht.", "There is no such handover.")

    def latest(self, *, limit: int = 10) -> list[Handover]:
        """The newest first."""
        rows = self._db.query("select * from handovers order by id desc limit ?", [limit])
        return [_handover(row) for row in rows]

    def forget(self, before: datetime) -> int:
        """Drop those written before then; says how many."""
        cursor = self._db.execute("delete from handovers where written < ?", [stamp(before)])
        return int(cursor.rowcount)


def _handover(row: Row) -> Handover:
    return Handover(
        id=row["id"],
        written_by=row["written_by"],
        written=moment(row["written"]),
        begun=moment(row["begun"]),
        text=row["text"],
        told=row["told"],
    )
