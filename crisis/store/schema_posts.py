"""Steps of the schema for the posts of an incident as a stream: place, reach, groups, verdicts of many.

Called by ``schema``, once each; never edited afterwards.
"""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.schema_counts import ANEW
from crisis.store.tables import table

_STREAM = (
    "alter table posts add column place text not null default ''",
    "alter table posts add column reach integer",
    "alter table sightings add column kin integer not null default 0",
    "update sightings set kin = id",
    # Whoever keeps a sighting need not know of groups: it is one of its own until somebody says more.
    (
        "create trigger sighting_alone after insert on sightings when new.kin = 0"
        " begin update sightings set kin = new.id where id = new.id; end"
    ),
    "create index stream on sightings(incident_id, kin, verdict, stance)",
    # What the text of a group's first post hashes to: enough to find near-copies, not to read them.
    (
        "create table kin (band integer not null,"
        " sighting_id integer not null references sightings(id) on delete cascade,"
        " primary key (band, sighting_id)) without rowid"
    ),
    "create index kin_of_sighting on kin(sighting_id)",
    # What was said of one or many posts at once, and what stood there before, so that it can be undone.
    (
        "create table judgements (id integer primary key autoincrement,"
        " incident_id integer references incidents(id) on delete cascade, verdict text,"
        " person_id integer not null references people(id), at text not null, posts integer not null,"
        " undone_at text)"
    ),
    "create index judgements_of_incident on judgements(incident_id, person_id, id)",
    (
        "create table judged (judgement_id integer not null references judgements(id) on delete cascade,"
        " sighting_id integer not null references sightings(id) on delete cascade, verdict text,"
        " verdict_by integer, verdict_at text, primary key (judgement_id, sighting_id)) without rowid"
    ),
    "create index judged_sighting on judged(sighting_id)",
)


def stream(db: Database) -> None:
    """Places, reach, groups of posts that say the same, and verdicts on many at once."""
    for statement in _STREAM:
        db.execute(statement)


def many_at_once(db: Database) -> None:
    """Let many sightings change without their incident being counted anew for each: see ``tally``."""
    db.execute("create table counting_held (one integer primary key)")
    db.execute("drop trigger sighting_changed")
    db.execute(
        "create trigger sighting_changed after update on sightings"
        " when (old.incident_id is not new.incident_id or old.verdict is not new.verdict"
        " or old.stance is not new.stance or old.band is not new.band)"
        " and not exists (select 1 from counting_held) begin"
        " delete from incident_counts where incident_id in (old.incident_id, new.incident_id);"
        f" {ANEW.format(which='s.incident_id in (old.incident_id, new.incident_id)')}; end"
    )


def forgotten_judgements(db: Database) -> None:
    """Of a judgement nothing stays once all its posts are forgotten; the audit log has its line."""
    db.execute(
        "create trigger judgement_forgotten after delete on judged when not exists"
        " (select 1 from judged where judgement_id = old.judgement_id)"
        " begin delete from judgements where id = old.judgement_id; end"
    )


def posts(db: Database) -> None:
    """Sources, what they carry in an hour, what was seen, and posts."""
    table(
        db,
        "sources",
        {
            "id": int,
            "url": str,
            "name": str,
            "kind": str,
            "lang": str,
            "interval": int,
            "active": int,
            "drill": int,
            "etag": str,
            "last_modified": str,
            "next_due": str,
            "failures": int,
            "last_success": str,
            "last_new_post": str,
            "last_error": str,
            "added": str,
        },
        unique=[["url"]],
        optional=("next_due", "last_success", "last_new_post", "added"),
    )
    # How many posts a source carries in each hour: the usual against which a wave stands out.
    db.table("source_hours").create(
        {"source_id": int, "hour": str, "posts": int},
        pk=("source_id", "hour"),
        foreign_keys=[("source_id", "sources", "id")],
        not_null={"posts"},
    )
    # All that stays of a post that carried no rumour: enough to know it again, not enough to read it.
    db.table("seen").create(
        {"source_id": int, "key_hash": str, "fingerprint": str, "seen": str},
        pk=("source_id", "key_hash"),
        foreign_keys=[("source_id", "sources", "id")],
        not_null={"fingerprint", "seen"},
    )
    db.table("seen").create_index(["seen"])
    table(
        db,
        "posts",
        {
            "id": int,
            "source_id": int,
            "key": str,
            "text": str,
            "url": str,
            "author": str,
            "published": str,
            "seen": str,
            "lang": str,
            "edited": int,
            "drill": int,
            "triaged": int,
            "claimed_by": str,
            "claimed_until": str,
        },
        foreign_keys=[("source_id", "sources", "id")],
        unique=[["source_id", "key"]],
        optional=("published", "claimed_by", "claimed_until"),
    )
    db.execute("create index posts_waiting on posts(id) where triaged = 0")


def regions(db: Database) -> None:
    """Where the posts of a source are about."""
    db.execute("alter table sources add column region text not null default ''")


def streams(db: Database) -> None:
    """Where a source goes on that is not asked for everything anew, and posts deleted where they stood."""
    db.execute("alter table sources add column cursor text not null default ''")
    db.execute("alter table posts add column gone text")


def hubs(db: Database) -> None:
    """Subscriptions to feeds at their hubs. Not bound to their sources: those we leave outlive them."""
    db.execute(
        "create table hub_leases (id integer primary key autoincrement, source_id integer not null,"
        " hub text not null, topic text not null, nonce text not null, leaving integer not null,"
        " asked text, until text, pushed text, next_due text not null, failures integer not null,"
        " last_error text not null)"
    )
    db.execute(
        "create unique index one_lease_per_source on hub_leases(source_id) where leaving = 0"
    )
    db.execute("create index leases_due on hub_leases(next_due)")
