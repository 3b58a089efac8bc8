"""Exercises of the team: those planned, the one that runs, and those that are over with what came of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_row
from crisis.types import Alert, AlertState, AuditEntry, DrillKind, DrillPlan, DrillState


class DrillPlanRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, plan: DrillPlan) -> DrillPlan:
        rowid = self._db.table("drill_plans").insert(to_row(plan)).last_pk
        return replace(plan, id=int(rowid or 0))

    def get(self, plan_id: int) -> DrillPlan:
        for plan in self._read("where id = ?", [plan_id]):
            return plan
        raise NotFoundError("Diese Übung gibt es nicht.", "There is no such exercise.")

    def running(self) -> DrillPlan | None:
        """The one that runs; there is never more than one."""
        return next(iter(self._read("where state = 'running'", [])), None)

    def waiting(self) -> list[DrillPlan]:
        """Those that have not begun, the next one first."""
        return self._read("where state = 'waiting' order by due, id", [])

    def over(self, *, limit: int = 50) -> list[DrillPlan]:
        """Those that are over, the newest first."""
        return self._read(
            "where state not in ('waiting', 'running') order by due desc, id desc limit ?", [limit]
        )

    def last_done(self, *, before: DrillPlan | None = None, scenario: str = "") -> DrillPlan | None:
        """The last one that ran to its end: of this scenario, and before this one, if they are given."""
        found = self._read(
            "where state = 'done' and (? = '' or scenario = ?) and (? = 0 or (due < ? and id <> ?))"
            " order by due desc, id desc limit 1",
            [
                *(scenario, scenario),
                *((0, "", 0) if before is None else (before.id, stamp(before.due), before.id)),
            ],
        )
        return next(iter(found), None)

    def move(self, plan: DrillPlan, was: DrillState) -> bool:
        """Keep the plan in its new state; False if it was no longer as ``was``: somebody was faster."""
        row = to_row(plan, without=("id",))
        return bool(
            rewritten(self._db, "drill_plans", row, "id = ? and state = ?", [plan.id, was.value])
        )

    def play(self, plan_id: int, was: int, now_played: int) -> bool:
        """So many posts have gone into the chain; False if somebody else has put them there meanwhile."""
        cursor = self._db.execute(
            "update drill_plans set played = ? where id = ? and played = ? and state = 'running'",
            [now_played, plan_id, was],
        )
        return cursor.rowcount == 1

    def of_drill(self, drill_id: int) -> DrillPlan | None:
        """The plan that plays or played so; None for an exercise that no team planned."""
        return next(iter(self._read("where drill_id = ?", [drill_id])), None)

    # --- what the exercise that lies here has left behind ----------------------------------------

    def incident_ids(self) -> list[int]:
        """Incidents of the exercise, ended ones too."""
        rows = self._db.query("select id from incidents where drill = 1 order by id")
        return [row["id"] for row in rows]

    def entries(self) -> list[AuditEntry]:
        """Its audit log, in order."""
        from crisis.store.audit import entry_of

        return [
            entry_of(row)
            for row in self._db.query("select * from audit where drill = 1 order by id")
        ]

    def mails(self) -> list[Alert]:
        """Its mails that went out to people, in order."""
        from crisis.store.alerts import alerts_of

        rows = self._db.query(
            "select * from alerts where drill = 1 and travels = 1 and state = ? order by sent_at, id",
            [AlertState.SENT.value],
        )
        return alerts_of(rows)

    def count_sightings(self) -> int:
        """Posts of it that carried a rumour."""
        row = self._db.execute(
            "select count(*) from sightings s join posts p on p.id = s.post_id"
            " where p.drill = 1 and s.incident_id is not null"
        ).fetchone()
        return int(row[0])

    def hush(self, now: datetime) -> int:
        """It is over: what waits of it comes to nothing, posts and mails; says how many mails.

        A mail in a worker's hand is stopped too: it asks right before handing it over.
        """
        self._db.execute("delete from posts where drill = 1 and triaged = 0")
        cancelled = self._db.execute(
            "update alerts set state = 'cancelled' where drill = 1 and state = 'pending'"
        ).rowcount
        self._db.execute(
            "update alerts set followed_up = ? where drill = 1 and followed_up is null",
            [stamp(now)],
        )
        return int(cancelled)

    def _read(self, condition: str, arguments: Sequence[object]) -> list[DrillPlan]:
        rows = self._db.query(f"select * from drill_plans {condition}", list(arguments))
        return [_plan(row) for row in rows]


def _plan(row: Row) -> DrillPlan:
    return DrillPlan(
        id=row["id"],
        scenario=row["scenario"],
        title=row["title"],
        title_en=row["title_en"],
        script=row["script"],
        kind=DrillKind(row["kind"]),
        leader=row["leader"],
        state=DrillState(row["state"]),
        made=moment(row["made"]),
        due=moment(row["due"]),
        window_from=maybe_moment(row["window_from"]),
        window_until=maybe_moment(row["window_until"]),
        minutes=row["minutes"],
        drill_id=row["drill_id"],
        played=row["played"],
        ended=maybe_moment(row["ended"]),
        ended_by=row["ended_by"],
        reason=row["reason"],
        outcome=json.loads(row["outcome"]),
    )
