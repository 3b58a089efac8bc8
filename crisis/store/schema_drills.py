"""Exercises of the team. A step of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.tables import table


def team_drills(db: Database) -> None:
    """Those that are planned, run or are over; and which mails of an exercise went to people."""
    table(
        db,
        "drill_plans",
        {
            "id": int,
            "scenario": str,
            "title": str,
            "title_en": str,
            "script": str,
            "kind": str,
            "leader": int,
            "state": str,
            "made": str,
            "due": str,
            "window_from": str,
            "window_until": str,
            "minutes": int,
            "drill_id": int,
            "played": int,
            "ended": str,
            "ended_by": int,
            "reason": str,
            "outcome": str,
        },
        foreign_keys=[("leader", "people", "id"), ("ended_by", "people", "id")],
        indexes=[["state", "due"]],
        optional=("leader", "window_from", "window_until", "drill_id", "ended", "ended_by"),
    )
    db.execute(
        "create unique index one_running_drill on drill_plans(state) where state = 'running'"
    )
    db.execute("alter table alerts add column travels integer not null default 0")
