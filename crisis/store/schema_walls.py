"""Screens on walls that nobody signs in to. A step of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database


def walls(db: Database) -> None:
    """The links that open the wall picture: only the hash of each secret."""
    db.execute(
        "create table walls (id integer primary key autoincrement, name text not null,"
        " token_hash text not null unique, names integer not null,"
        " created_by integer references people(id), created text not null, expires text not null,"
        " last_seen text, revoked text)"
    )
