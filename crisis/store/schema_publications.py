"""Steps of the schema for what goes out on channels. Called by ``schema``; never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

_STATEMENTS = (
    (
        "create table publications (id integer primary key autoincrement,"
        " response_id integer not null references responses(id) on delete cascade,"
        " incident_id integer not null references incidents(id) on delete cascade,"
        " channel text not null, act text not null, part integer not null, text text not null,"
        " more text not null, key text not null, after integer references publications(id)"
        " on delete set null, target integer references publications(id) on delete set null,"
        " state text not null, created text not null, due text not null, attempts integer not null,"
        " begun text, sent_at text, remote text not null, url text not null,"
        " problem_de text not null, problem_en text not null,"
        " done_by integer references people(id), claimed_by text, claimed_until text)"
    ),
    "create unique index publication_once on publications(response_id, channel, act, part)",
    "create unique index publication_key on publications(key)",
    ("create index publications_due on publications(due) where state in ('waiting', 'sending')"),
    "create index publications_open on publications(state) where state in ('todo', 'failed')",
    "create index publications_of_incident on publications(incident_id)",
    "create index publications_after on publications(after)",
    "create index publications_target on publications(target)",
)


def publications(db: Database) -> None:
    """What is to be done on channels; pages that show answers see every change of it."""
    for statement in _STATEMENTS:
        db.execute(statement)
    for event in ("insert", "update of state, url, due, problem_de", "delete"):
        db.execute(
            f"create trigger changed_publications_{event.split()[0]} after {event} on publications"
            " begin update changes set version = version + 1 where topic = 'answers'; end"
        )


def two_lists(db: Database) -> None:
    """Press and partners are lists of their own, with texts of their own."""
    db.execute("alter table subscribers add column channel text not null default 'press'")


def subscribers(db: Database) -> None:
    """Who gets answers by mail; an address once, however it is written."""
    db.execute(
        "create table subscribers (id integer primary key autoincrement,"
        " address text not null collate nocase unique, name text not null,"
        " added_by integer references people(id), added text not null, asked_at text,"
        " confirmed_at text, left_at text, due text not null, attempts integer not null,"
        " problem_de text not null, problem_en text not null)"
    )
    db.execute(
        "create index subscribers_to_ask on subscribers(due)"
        " where asked_at is null and confirmed_at is null and left_at is null"
    )
