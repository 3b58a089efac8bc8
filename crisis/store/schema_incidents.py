"""Incidents, notes, and which post carries which rumour. Steps of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.tables import table


def incidents(db: Database) -> None:
    """A rumour goes round; posts carry it."""
    table(
        db,
        "incidents",
        {
            "id": int,
            "rumour_id": str,
            "state": str,
            "severity": int,
            "opened": str,
            "updated": str,
            "assignee": int,
            "posts": int,
            "wave": int,
            "drill": int,
            "acknowledged_at": str,
            "corrected_at": str,
            "ended_at": str,
            "end_reason": str,
            "version": int,
        },
        foreign_keys=[("rumour_id", "rumours", "id"), ("assignee", "people", "id")],
        indexes=[["rumour_id"], ["state", "severity"]],
        optional=("assignee", "acknowledged_at", "corrected_at", "ended_at"),
    )
    # Two processes and three identical posts in one second make one incident: the index says so.
    db.execute(
        "create unique index one_open_incident_per_rumour on incidents(rumour_id, drill)"
        " where state in ('new', 'acknowledged', 'answering', 'corrected')"
    )
    table(
        db,
        "notes",
        {"id": int, "incident_id": int, "person_id": int, "text": str, "written": str},
        foreign_keys=[("incident_id", "incidents", "id"), ("person_id", "people", "id")],
        indexes=[["incident_id"]],
    )
    table(
        db,
        "sightings",
        {
            "id": int,
            "post_id": int,
            "rumour_id": str,
            "score": float,
            "band": str,
            "stance": str,
            "phrasing": str,
            "marks": str,
            "reasons": str,
            "model": str,
            "incident_id": int,
            "found": str,
            "verdict": str,
            "verdict_by": int,
            "verdict_at": str,
        },
        foreign_keys=[
            ("post_id", "posts", "id"),
            ("rumour_id", "rumours", "id"),
            ("incident_id", "incidents", "id"),
            ("verdict_by", "people", "id"),
        ],
        unique=[["post_id", "rumour_id"]],
        indexes=[["incident_id", "found"]],
        optional=("incident_id", "verdict", "verdict_by", "verdict_at"),
    )
    db.execute(
        "create index suggestions on sightings(score)"
        " where incident_id is null and verdict is null and band = 'suggest'"
    )
