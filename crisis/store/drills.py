"""Exercises, how all they made is removed again, and small facts that processes tell each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from sqlite_utils import Database

from crisis.store.rows import Row, moment, to_row
from crisis.types import Drill

# In this order, so that no row is left behind that points to one already gone.
_TRACES = (
    ("alerts", "drill = 1"),
    ("call_answers", "incident_id in (select id from incidents where drill = 1)"),
    ("received_mails", "incident_id in (select id from incidents where drill = 1)"),
    ("sightings", "post_id in (select id from posts where drill = 1)"),
    ("notes", "incident_id in (select id from incidents where drill = 1)"),
    ("responses", "drill = 1"),
    ("approvals", "drill = 1"),
    ("incidents", "drill = 1"),
    ("posts", "drill = 1"),
    ("seen", "source_id in (select id from sources where drill = 1)"),
    ("source_hours", "source_id in (select id from sources where drill = 1)"),
    ("sources", "drill = 1"),
    ("shifts", "drill = 1"),
    ("audit", "drill = 1"),
)


class DrillRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, drill: Drill) -> Drill:
        rowid = self._db.table("drills").insert(to_row(drill)).last_pk
        return replace(drill, id=int(rowid or 0))

    def latest(self) -> Drill | None:
        return self._one("order by id desc limit 1", [])

    def by_token(self, token: str) -> Drill | None:
        """The exercise whose local feed has this secret, unless it was removed."""
        return self._one("where token = ? and removed = 0", [token])

    def _one(self, condition: str, arguments: list[object]) -> Drill | None:
        for row in self._db.query(f"select * from drills {condition}", arguments):
            return _drill(row)
        return None

    def remove_everything(self) -> Mapping[str, int]:
        """Take away all that exercises made; says how many rows of which kind.

        Exercise people stay, as they play in the next one; they can never sign in.
        """
        # Corrections of an exercise's answers point to one another.
        self._db.execute("update responses set replaces = null where drill = 1")
        counts = {
            table: self._db.execute(f"delete from {table} where {condition}").rowcount
            for table, condition in _TRACES
        }
        self._db.execute("update drills set removed = 1")
        return counts


class FactRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, name: str) -> str:
        """The fact's value, or "" where nobody has said it yet."""
        rows = self._db.query("select value from facts where name = ?", [name])
        return cast(str, next((row["value"] for row in rows), ""))

    def set(self, name: str, value: str) -> None:
        self._db.table("facts").upsert({"name": name, "value": value}, pk="name")


def _drill(row: Row) -> Drill:
    return Drill(
        id=row["id"],
        scenario=row["scenario"],
        source_id=row["source_id"],
        started=moment(row["started"]),
        seconds=row["seconds"],
        token=row["token"],
        removed=bool(row["removed"]),
    )
