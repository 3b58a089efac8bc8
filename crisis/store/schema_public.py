"""What the citizens' pages need of an answer. Steps of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database


def reviewed_claims(db: Database) -> None:
    """Which claim an answer was about and what was found; until when it stands above all pages."""
    db.execute("alter table responses add column claim text not null default ''")
    db.execute("alter table responses add column finding text")
    db.execute("alter table responses add column pinned_until text")
