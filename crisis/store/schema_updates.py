"""Promised updates. A step of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store import schema_live


def updates(db: Database) -> None:
    """The promises; and what goes out for one of them is told apart by its turn."""
    db.execute(
        "create table update_plans (id integer primary key autoincrement,"
        " response_id integer not null references responses(id) on delete cascade,"
        " incident_id integer not null references incidents(id) on delete cascade,"
        " channels text not null, first text not null, every integer not null, until text, due text,"
        " state text not null, turn integer not null, last text, missed integer not null,"
        " told integer not null, made_by integer not null references people(id), made text not null,"
        " drill integer not null, version integer not null)"
    )
    # Two promises for one answer would contradict each other.
    db.execute(
        "create unique index one_open_plan on update_plans(response_id) where state <> 'ended'"
    )
    db.execute("create index plans_of_incident on update_plans(incident_id)")
    schema_live.watch(db, "answers", "update_plans")
    db.execute("alter table publications add column turn integer not null default 0")
    db.execute("drop index publication_once")
    db.execute(
        "create unique index publication_once on publications(response_id, channel, act, part, turn)"
    )
