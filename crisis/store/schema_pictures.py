"""The bytes of approved pictures and which of them an answer shows; drafts of playbooks. Steps of
``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database


def pictures(db: Database) -> None:
    """By checksum; an answer names its own as JSON."""
    db.execute(
        "create table pictures (sha256 text primary key, media_type text not null,"
        " width integer not null, height integer not null, content blob not null, at text not null)"
    )
    db.execute("alter table responses add column pictures text not null default '[]'")


def drafts(db: Database) -> None:
    """What people have written and not saved; gone with them."""
    db.execute(
        "create table playbook_drafts (person_id integer not null references people(id)"
        " on delete cascade, name text not null, typed text not null, text text not null,"
        " sha256 text not null, began text not null, kept text not null,"
        " primary key (person_id, name))"
    )
