"""Texts handed in for approval, and how many people must approve one. Steps of ``schema``, never
edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store import schema_live

_REVIEWS = (
    "create table reviews (id integer primary key autoincrement, playbook text not null,"
    " response_id integer references responses(id) on delete cascade, sha256 text not null,"
    " written_by integer references people(id), handed_by integer not null references people(id),"
    ' handed_at text not null, note text not null, "to" integer references people(id),'
    " state text not null, closed_by integer references people(id), closed_at text,"
    " comment text not null, check ((playbook = '') = (response_id is not null)))"
)


def reviews(db: Database) -> None:
    """What was handed in: one text of a playbook or an answer at a time. Approvals get their rule."""
    db.execute(_REVIEWS)
    db.execute(
        "create unique index one_open_review on reviews(playbook, coalesce(response_id, 0))"
        " where state = 'open'"
    )
    db.execute("create index reviews_of on reviews(playbook, response_id)")
    db.execute(
        "create index reviews_returned on reviews(state) where state in ('open', 'returned')"
    )
    db.execute("alter table approvals add column needed integer not null default 1")
    schema_live.watch(db, "playbooks", "reviews")


def first_statements(db: Database) -> None:
    """Whether an answer was begun as a first statement: its words may be changed since."""
    db.execute("alter table responses add column holding integer not null default 0")


def reminders(db: Database) -> None:
    """Which reminder of which day was written: once, whatever dies in between."""
    db.execute(
        "create table reminders (name text not null, why text not null, day text not null,"
        " step integer not null, at text not null, primary key (name, why, day, step))"
    )
