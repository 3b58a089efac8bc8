"""Handovers of shifts. A step of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database


def handovers(db: Database) -> None:
    """What one shift told the next."""
    db.execute(
        "create table handovers (id integer primary key autoincrement,"
        " written_by integer not null references people(id), written text not null,"
        " begun text not null, text text not null, told integer references people(id))"
    )


def shift_changes(db: Database) -> None:
    """Who followed whom, and what they were told then; each change once."""
    db.execute(
        "create table shift_changes (id integer primary key autoincrement, at text not null,"
        " noticed text not null, begun text not null, incoming text not null,"
        " outgoing text not null, mailed text not null, busy integer not null, parts text not null,"
        " unique (at, incoming))"
    )
