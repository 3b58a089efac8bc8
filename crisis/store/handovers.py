"""What one shift told the next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, moment, stamp, to_json, to_row
from crisis.types import Handover, ShiftChange


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

    def between(self, start: datetime, end: datetime) -> list[Handover]:
        """Those written from ``start`` until just before ``end``, in order."""
        rows = self._db.query(
            "select * from handovers where written >= ? and written < ? order by id",
            [stamp(start), stamp(end)],
        )
        return [_handover(row) for row in rows]

    def forget(self, before: datetime) -> int:
        """Drop those written, and changes of shift, before then; says how many."""
        cursor = self._db.execute("delete from handovers where written < ?", [stamp(before)])
        changes = self._db.execute("delete from shift_changes where at < ?", [stamp(before)])
        return int(cursor.rowcount + changes.rowcount)

    # --- changes of shift --------------------------------------------------------------------

    def add_change(self, change: ShiftChange) -> ShiftChange:
        """The index refuses the same one twice."""
        rowid = self._db.table("shift_changes").insert(to_row(change)).last_pk
        return replace(change, id=int(rowid or 0))

    def mailed(self, change_id: int, person_ids: Sequence[int]) -> None:
        """Who got a mail about it."""
        self._db.execute(
            "update shift_changes set mailed = ? where id = ?", [to_json(person_ids), change_id]
        )

    def change(self, change_id: int) -> ShiftChange:
        for row in self._db.query("select * from shift_changes where id = ?", [change_id]):
            return _change(row)
        raise NotFoundError(
            "Diesen Schichtwechsel gibt es nicht.", "There is no such change of shift."
        )

    def changes(self, *, limit: int = 10) -> list[ShiftChange]:
        """The newest first."""
        rows = self._db.query("select * from shift_changes order by id desc limit ?", [limit])
        return [_change(row) for row in rows]


def _handover(row: Row) -> Handover:
    return Handover(
        id=row["id"],
        written_by=row["written_by"],
        written=moment(row["written"]),
        begun=moment(row["begun"]),
        text=row["text"],
        told=row["told"],
    )


def _change(row: Row) -> ShiftChange:
    return ShiftChange(
        id=row["id"],
        at=moment(row["at"]),
        noticed=moment(row["noticed"]),
        begun=moment(row["begun"]),
        incoming=tuple(json.loads(row["incoming"])),
        outgoing=tuple(json.loads(row["outgoing"])),
        mailed=tuple(json.loads(row["mailed"])),
        busy=bool(row["busy"]),
        parts=json.loads(row["parts"]),
    )
