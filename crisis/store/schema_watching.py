"""Steps of the schema for how sources are asked and watched. Called by ``schema``; never edited."""

from __future__ import annotations

from sqlite_utils import Database

_COLUMNS = (
    "slowest integer not null default 0",
    "pace real not null default 0",
    "moved_to text not null default ''",
    "moved_times integer not null default 0",
    "moved_since text",
    "moved_from text not null default ''",
    "failing_since text",
    "ended text",
    "quiet_hours integer not null default 0",
    "told text not null default ''",
)


def timetables(db: Database) -> None:
    """Each source's own rhythm, where it has moved, since when it fails, what people were told of it."""
    for column in _COLUMNS:
        db.execute(f"alter table sources add column {column}")


def errors_in_both_languages(db: Database) -> None:
    """What went wrong in English, too; and how a stream beside a source does."""
    for table in ("sources", "hub_leases"):
        db.execute(f"alter table {table} add column last_error_en text not null default ''")
    for column in (
        "line_since text",
        "line_error text not null default ''",
        "line_error_en text not null default ''",
    ):
        db.execute(f"alter table sources add column {column}")
