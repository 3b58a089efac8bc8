"""What makes mail reliable: bundles, follow-ups, answers of people, addresses, windows, what came in.

Steps of ``schema``, never edited afterwards.
"""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.tables import table


def mails_that_work(db: Database) -> None:
    """The outbox knows what goes first, what travels together, and who was told how it went on."""
    for column in (
        "priority integer not null default 1",  # 0 first
        "posts integer not null default 0",  # of the incident, when the mail was written
        "carried_by integer references alerts(id)",  # the mail that lists this one with others
        "followed_up text",  # when the person was told what became of it, or need not be
    ):
        db.execute(f"alter table alerts add column {column}")
    db.execute("update alerts set followed_up = coalesce(sent_at, created)")
    db.execute("create index alerts_waiting on alerts(priority, due, id) where state = 'pending'")
    db.execute(
        "create index alerts_to_follow_up on alerts(incident_id)"
        " where state = 'sent' and followed_up is null and incident_id is not null"
    )
    db.execute("create index alerts_carried on alerts(carried_by) where carried_by is not null")
    table(
        db,
        "call_answers",
        {
            "id": int,
            "incident_id": int,
            "wave": int,
            "person_id": int,
            "answer": str,
            "at": str,
        },
        foreign_keys=[("incident_id", "incidents", "id"), ("person_id", "people", "id")],
        unique=[["incident_id", "wave", "person_id", "answer"]],
    )
    table(
        db,
        "addresses",
        {
            "id": int,
            "address": str,  # case folded
            "confirmed_at": str,
            "unreachable_at": str,
            "problem_de": str,
            "problem_en": str,
        },
        unique=[["address"]],
        optional=("confirmed_at", "unreachable_at"),
    )
    table(
        db,
        "received_mails",
        {"id": int, "message_id": str, "at": str, "outcome": str, "incident_id": int},
        foreign_keys=[("incident_id", "incidents", "id")],
        unique=[["message_id"]],
        optional=("incident_id",),
    )
    table(
        db,
        "maintenance",
        {
            "id": int,
            "start": str,
            "end": str,
            "reason": str,
            "made_by": int,
            "made": str,
            "ended_at": str,
        },
        foreign_keys=[("made_by", "people", "id")],
        optional=("made_by", "ended_at"),
    )
    db.execute("alter table people add column quiet text not null default ''")


def told_of_maintenance(db: Database) -> None:
    """Times of maintenance know when people were told what they held back; of old ones nobody is."""
    db.execute("alter table maintenance add column told text")
    db.execute("update maintenance set told = made")
