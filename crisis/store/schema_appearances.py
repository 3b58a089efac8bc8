"""Where a post was found: one post, several places. A step of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.matching import same
from crisis.store.schema_live import watch

_COLUMNS = "source_id, key, url, author, published, seen"
_TABLES = (
    (
        "create table appearances (id integer primary key autoincrement,"
        " post_id integer not null references posts(id) on delete cascade,"
        " source_id integer not null references sources(id), key text not null,"
        " url text not null default '', page text not null default '',"
        " author text not null default '', published text, seen text not null,"
        " counts integer not null default 1, gone text,"
        " checked text, missed integer not null default 0)"
    ),
    # Whom we asked whether posts still stand, for an hour: no host is asked often.
    "create table looks (host text not null, at text not null)",
    "create index looks_by_time on looks(at)",
    # Two monitors that read the same at once count it once.
    "create unique index one_appearance on appearances(source_id, key)",
    (
        "create index appearances_of_post on appearances"
        "(post_id, counts, source_id, published, seen)"
    ),
    "create index appearances_by_time on appearances(seen, post_id)",
    "create index appearances_gone on appearances(post_id) where gone is not null",
    # What a kept text and its page hash to: enough to know the same again, not to read it.
    (
        "create table wordings (mark text primary key,"
        " post_id integer not null references posts(id) on delete cascade) without rowid"
    ),
    "create index wordings_of_post on wordings(post_id)",
)
_TRIGGERS = (
    # A post that carries a rumour was found somewhere, whoever keeps it.
    (
        "create trigger post_found after insert on sightings when not exists"
        " (select 1 from appearances where post_id = new.post_id) begin"
        f" insert into appearances (post_id, {_COLUMNS})"
        " select id, source_id, key, url, author, published, new.found from posts"
        " where id = new.post_id; end"
    ),
    (
        "create trigger post_elsewhere after update of url on posts when old.url <> new.url begin"
        " update appearances set url = new.url, page = '' where source_id = new.source_id"
        " and key = new.key; end"
    ),
    # Of a text that was edited or deleted no word stays: not its hash, not what was found in it.
    (
        "create trigger post_reworded after update of text on posts when old.text <> new.text begin"
        " delete from wordings where post_id = new.id;"
        " update sightings set marks = '[]', reasons = '[]' where post_id = new.id; end"
    ),
)


def appearances(db: Database) -> None:
    """Places at which a post was found; those that are here already were found at one."""
    for statement in _TABLES:
        db.execute(statement)
    db.execute(
        f"insert into appearances (post_id, {_COLUMNS}, gone)"
        " select p.id, p.source_id, p.key, p.url, p.author, p.published, min(s.found), p.gone"
        " from posts p join sightings s on s.post_id = p.id group by p.id order by p.id"
    )
    for statement in _TRIGGERS:
        db.execute(statement)
    _remember(db)
    watch(db, "posts", "appearances", "post_id, gone")


def many_places(db: Database) -> None:
    """Ten thousand places of one post are told apart without looking at each."""
    db.execute("create index appearances_by_page on appearances(post_id, page)")
    db.execute("create index appearances_by_author on appearances(post_id, author, source_id)")


def _remember(db: Database) -> None:
    """Let what is here already be known again. Those that are the same among them stay apart: people may
    have said different things of them."""
    rows = db.query(
        "select p.id, p.text, p.url, p.drill, p.place, s.rumour_id, s.stance from sightings s"
        " join posts p on p.id = s.post_id where p.gone is null order by s.id"
    )
    for row in list(rows):
        db.execute(
            "update appearances set page = ? where post_id = ?", [same.page(row["url"]), row["id"]]
        )
        scope = f"{row['rumour_id']} {row['stance']} {row['drill']} {row['place']}"
        for mark in same.marks(row["text"], row["url"], scope):
            db.execute(
                "insert into wordings (mark, post_id) values (?, ?) on conflict do nothing",
                [mark, row["id"]],
            )
