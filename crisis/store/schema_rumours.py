"""Steps of the shape that belong to the catalogue alone; ``schema`` says in which order they come.

Does not read or write rows: see ``rumours`` and ``hints``.
"""

from __future__ import annotations

from sqlite_utils import Database


def hints(db: Database) -> None:
    """What could be better about entries, so that no page works it out; and when that was looked at."""
    db.table("rumour_hints").create(
        {"rumour_id": str, "code": str, "other": str},
        pk=("rumour_id", "code"),
        foreign_keys=[("rumour_id", "rumours", "id")],
        not_null={"other"},
    )
    db.table("rumour_hints").create_index(["code"])
    db.table("rumour_hints").create_index(["other"])
    db.table("rumour_reviews").create(
        {"rumour_id": str, "checked": str},
        pk="rumour_id",
        foreign_keys=[("rumour_id", "rumours", "id")],
        not_null={"checked"},
    )
    # The catalogue asks of every entry whether it was ever seen.
    db.execute("create index if not exists idx_sightings_rumour on sightings(rumour_id)")


def rumours(db: Database) -> None:
    """The catalogue, with its full-text index."""
    db.table("rumours").create(
        {
            "id": str,
            "text": str,
            "title": str,
            "variants": str,
            "lang": str,
            "topics": str,
            "status": str,
            "facts": str,
            "valid_until": str,
            "retired": int,
            "created": str,
            "updated": str,
        },
        pk="id",
        not_null={"text", "title", "variants", "lang", "topics", "status", "facts", "retired"},
    )
    db.table("rumours").enable_fts(
        ["title", "text", "variants", "topics"], create_triggers=True, tokenize="unicode61"
    )
