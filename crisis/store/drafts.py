"""What somebody has written of a playbook and not saved yet: one text a person and playbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from crisis.store.rows import Row, moment, stamp, to_row
from crisis.types import PlaybookDraft


class DraftRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, draft: PlaybookDraft) -> None:
        """In the place of what was kept before."""
        self._db.table("playbook_drafts").upsert(to_row(draft), pk=("person_id", "name"))

    def find(self, person_id: int, name: str) -> PlaybookDraft | None:
        rows = self._db.query(
            "select * from playbook_drafts where person_id = ? and name = ?", [person_id, name]
        )
        return next(iter(_drafts(rows)), None)

    def of_person(self, person_id: int) -> list[PlaybookDraft]:
        """The one kept last first."""
        rows = self._db.query(
            "select * from playbook_drafts where person_id = ? order by kept desc", [person_id]
        )
        return _drafts(rows)

    def drop(self, person_id: int, name: str) -> bool:
        """False if there is none."""
        cursor = self._db.execute(
            "delete from playbook_drafts where person_id = ? and name = ?", [person_id, name]
        )
        return bool(cursor.rowcount)

    def forget(self, kept_before: datetime) -> int:
        cursor = self._db.execute(
            "delete from playbook_drafts where kept < ?", [stamp(kept_before)]
        )
        return int(cursor.rowcount)


def _drafts(rows: Iterable[Row]) -> list[PlaybookDraft]:
    return [PlaybookDraft(**{**row, "kept": moment(row["kept"])}) for row in rows]
