"""Ways beside mail. Steps of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database


def ways(db: Database) -> None:
    """Gateways, who is told through which, and the messages that wait or went."""
    db.execute(
        "create table gateways (id integer primary key autoincrement, name text not null unique,"
        " url text not null, method text not null, headers text not null, content_type text not null,"
        " body text not null, secret text not null, active integer not null)"
    )
    db.execute(
        "create table ways (id integer primary key autoincrement,"
        " person_id integer not null references people(id),"
        " gateway_id integer references gateways(id), address text not null, confirmed_at text,"
        " failed_at text, problem_de text not null, problem_en text not null)"
    )
    db.execute(
        "create unique index one_way_per_address"
        " on ways(person_id, coalesce(gateway_id, 0), address)"
    )
    db.execute(
        "create table rings (id integer primary key autoincrement, way_id integer,"
        " gateway_id integer, person_id integer references people(id),"
        " incident_id integer references incidents(id), wave integer not null, event text not null,"
        " address text not null, payload text not null, counts integer not null,"
        " priority integer not null, key text not null unique, created text not null,"
        " due text not null, attempts integer not null, state text not null, sent_at text,"
        " problem_de text not null, problem_en text not null, carried_by integer,"
        " settled integer not null, claimed_by text, claimed_until text)"
    )
    db.execute("create index rings_waiting on rings(priority, due, id) where state = 'pending'")
    db.execute("create index rings_of_incident on rings(incident_id)")
