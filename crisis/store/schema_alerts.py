"""The outbox. Steps of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.tables import table


def alerts(db: Database) -> None:
    """Mails that wait or were sent."""
    table(
        db,
        "alerts",
        {
            "id": int,
            "incident_id": int,
            "person_id": int,
            "kind": str,
            "to": str,
            "subject": str,
            "text": str,
            "html": str,
            "message_id": str,
            "in_reply_to": str,
            "created": str,
            "due": str,
            "attempts": int,
            "state": str,
            "sent_at": str,
            "last_error": str,
            "drill": int,
            "claimed_by": str,
            "claimed_until": str,
        },
        foreign_keys=[("incident_id", "incidents", "id"), ("person_id", "people", "id")],
        unique=[["message_id"]],
        indexes=[["incident_id"], ["state", "due"]],
        optional=("incident_id", "sent_at", "claimed_by", "claimed_until"),
    )


def mails_by_day(db: Database) -> None:
    """Mails of a day are counted on the start page."""
    db.execute("create index alerts_created on alerts(created, state, drill)")
