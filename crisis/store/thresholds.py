"""From which scores on was raised and suggested, since when, and who said so. Rows are only ever added.

Knows no model: what the distances are measured from is said in ``workflows.tune``.
"""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from crisis.store.rows import Row, moment, to_row
from crisis.types import ThresholdUse


class ThresholdRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def use(self, use: ThresholdUse) -> ThresholdUse:
        """From now on these hold."""
        rowid = self._db.table("threshold_uses").insert(to_row(use)).last_pk
        return replace(use, id=int(rowid or 0))

    def in_use(self) -> ThresholdUse | None:
        """What holds now; None: nobody ever set any here."""
        return next(iter(self.uses(limit=1)), None)

    def use_of(self, use_id: int) -> ThresholdUse:
        """The use with this number."""
        return _use(next(self._db.query("select * from threshold_uses where id = ?", [use_id])))

    def uses(self, *, limit: int = 50) -> list[ThresholdUse]:
        """The last ones, newest first."""
        rows = self._db.query("select * from threshold_uses order by id desc limit ?", [limit])
        return [_use(row) for row in rows]


def _use(row: Row) -> ThresholdUse:
    return ThresholdUse(**{**row, "since": moment(row["since"])})
