"""People, their shifts, and links that work once. Steps of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.tables import table


def people(db: Database) -> None:
    """Who works here."""
    table(
        db,
        "people",
        {
            "id": int,
            "name": str,
            "email": str,
            "roles": str,
            "lang": str,
            "active": int,
            "drill": int,
            "password_hash": str,
            "created": str,
        },
    )
    db.execute("create unique index one_person_per_email on people(lower(email))")
    table(
        db,
        "shifts",
        {"id": int, "person_id": int, "start": str, "end": str, "drill": int},
        foreign_keys=[("person_id", "people", "id")],
        indexes=[["end"]],
    )
    table(
        db,
        "links",
        {
            "id": int,
            "purpose": str,
            "person_id": int,
            "token_hash": str,
            "created": str,
            "expires": str,
            "used": str,
        },
        unique=[["purpose", "token_hash"]],
        optional=("person_id", "used"),
    )
