"""The audit log, exercises, and small facts. Steps of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.tables import table


def memory(db: Database) -> None:
    """What happened, in a chain."""
    table(
        db,
        "audit",
        {
            "id": int,
            "at": str,
            "actor": str,
            "action": str,
            "what": str,
            "incident_id": int,
            "before": str,
            "after": str,
            "drill": int,
            "previous": str,
            "hash": str,
        },
        unique=[["previous", "drill"]],
        indexes=[["incident_id"], ["what"]],
        optional=("incident_id",),
    )
    table(
        db,
        "drills",
        {
            "id": int,
            "scenario": str,
            "source_id": int,
            "started": str,
            "seconds": int,
            "token": str,
            "removed": int,
        },
        unique=[["token"]],
    )
    db.table("facts").create({"name": str, "value": str}, pk="name", not_null={"value"})
