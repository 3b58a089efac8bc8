"""The bytes of approved pictures, and which of them an answer shows. A step of ``schema``, never edited
afterwards."""

from __future__ import annotations

from sqlite_utils import Database


def pictures(db: Database) -> None:
    """By checksum; an answer names its own as JSON."""
    db.execute(
        "create table pictures (sha256 text primary key, media_type text not null,"
        " width integer not null, height integer not null, content blob not null, at text not null)"
    )
    db.execute("alter table responses add column pictures text not null default '[]'")
