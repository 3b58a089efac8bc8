"""Promises to inform again at set times. Knows no rule of them: see ``responses.updates``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from sqlite_utils import Database

from crisis.errors import ConflictError, NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, rewritten, to_row
from crisis.types import UpdatePlan, UpdateState


class UpdateRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, plan: UpdatePlan) -> UpdatePlan:
        """One open plan an answer: the index refuses a second one."""
        return self.get(int(self._db.table("update_plans").insert(to_row(plan)).last_pk or 0))

    def get(self, plan_id: int) -> UpdatePlan:
        for found in _plans(self._db.query("select * from update_plans where id = ?", [plan_id])):
            return found
        raise NotFoundError("Diese Ankündigung gibt es nicht.", "There is no such promise.")

    def update(self, plan: UpdatePlan) -> UpdatePlan:
        """Keep what became of it; ConflictError if somebody, or the monitor, changed it since."""
        row = to_row(replace(plan, version=plan.version + 1), without=("id",))
        seen = [plan.id, plan.version]
        if not rewritten(self._db, "update_plans", row, "id = ? and version = ?", seen):
            raise ConflictError(
                "Das hat sich gerade geändert. Bitte neu laden und nachsehen, wie es jetzt steht.",
                "This has just changed. Please reload and look how it stands now.",
            )
        return replace(plan, version=plan.version + 1)

    def of_response(self, response_id: int) -> list[UpdatePlan]:
        """All there were, the newest first."""
        rows = self._db.query(
            "select * from update_plans where response_id = ? order by id desc", [response_id]
        )
        return _plans(rows)

    def of_incident(self, incident_id: int) -> list[UpdatePlan]:
        """Those that have not ended, the next one first."""
        rows = self._db.query(
            "select * from update_plans where incident_id = ? and state <> 'ended' order by due, id",
            [incident_id],
        )
        return _plans(rows)

    def open(self) -> list[UpdatePlan]:
        """All that have not ended, exercises too, the next one first."""
        rows = self._db.query(
            "select * from update_plans where state <> 'ended' order by due, id limit 200"
        )
        return _plans(rows)


def _plans(rows: Iterable[Row]) -> list[UpdatePlan]:
    return [
        UpdatePlan(
            id=row["id"],
            response_id=row["response_id"],
            incident_id=row["incident_id"],
            channels=tuple(json.loads(row["channels"])),
            first=moment(row["first"]),
            every=row["every"],
            until=maybe_moment(row["until"]),
            due=maybe_moment(row["due"]),
            state=UpdateState(row["state"]),
            turn=row["turn"],
            last=maybe_moment(row["last"]),
            missed=row["missed"],
            told=row["told"],
            made_by=row["made_by"],
            made=moment(row["made"]),
            drill=bool(row["drill"]),
            version=row["version"],
        )
        for row in rows
    ]
