"""Other programs that come in by a token. A step of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database


def tokens(db: Database) -> None:
    """Tokens by the hash of their secret; how much each spent in a minute; answers to be given again."""
    for statement in (
        (
            "create table tokens (id integer primary key autoincrement, name text not null,"
            " token_hash text not null unique, scope text not null, source_id integer,"
            " created text not null, created_by integer references people(id), expires text not null,"
            " last_used text, revoked text)"
        ),
        (
            "create table token_minutes (token_id integer not null references tokens(id) on delete cascade,"
            " minute text not null, posts integer not null, primary key (token_id, minute)) without rowid"
        ),
        (
            "create table token_replies (token_id integer not null references tokens(id) on delete cascade,"
            " key text not null, body_hash text not null, status integer not null, reply text not null,"
            " at text not null, primary key (token_id, key))"
        ),
        "create index token_replies_at on token_replies(at)",
    ):
        db.execute(statement)
