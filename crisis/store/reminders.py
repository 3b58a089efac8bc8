"""Who was reminded of which day of a playbook, so that nobody is twice. Sends nothing."""

from __future__ import annotations

from datetime import date, datetime

from sqlite_utils import Database

from crisis.store.rows import stamp


class ReminderRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, name: str, why: str, on: date, step: int, now: datetime) -> bool:
        """Note it; False where it was noted before."""
        cursor = self._db.execute(
            "insert or ignore into reminders (name, why, day, step, at) values (?, ?, ?, ?, ?)",
            [name, why, on.isoformat(), step, stamp(now)],
        )
        return bool(cursor.rowcount == 1)

    def forget(self, before: date) -> int:
        """Days that are long over."""
        return int(
            self._db.execute("delete from reminders where day < ?", [before.isoformat()]).rowcount
        )
