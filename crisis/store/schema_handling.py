"""Steps of the schema for what people leave on an incident. Called by ``schema``; never edited afterwards.

Everything goes with its incident: an exercise that is removed leaves nothing behind.
"""

from __future__ import annotations

from sqlite_utils import Database

_OF_INCIDENT = "incident_id integer not null references incidents(id) on delete cascade"
_PERSON = "integer not null references people(id)"

_HANDLING = (
    (
        f"create table assessments (id integer primary key autoincrement, {_OF_INCIDENT},"
        f" wave integer not null, person_id {_PERSON}, at text not null, harm integer not null,"
        " people integer not null, speed integer not null, credible integer not null,"
        " suggested integer not null, decided integer not null, severity integer not null)"
    ),
    "create index assessments_of_incident on assessments(incident_id, id)",
    (
        f"create table debriefs (id integer primary key autoincrement, {_OF_INCIDENT},"
        " wave integer not null, ending text not null, reason text not null, lesson text not null,"
        f" person_id {_PERSON}, at text not null)"
    ),
    "create index debriefs_of_incident on debriefs(incident_id, id)",
    (
        f"create table transfers (id integer primary key autoincrement, {_OF_INCIDENT},"
        f" from_id {_PERSON}, to_id {_PERSON}, text text not null, at text not null, accepted_at text)"
    ),
    "create index transfers_open on transfers(to_id) where accepted_at is null",
    "create index transfers_of_incident on transfers(incident_id, id)",
    (
        f"create table checks ({_OF_INCIDENT}, wave integer not null, step text not null,"
        f" remark text not null, person_id {_PERSON}, at text not null,"
        " primary key (incident_id, wave, step)) without rowid"
    ),
    (
        "create table mentions (note_id integer not null references notes(id) on delete cascade,"
        f" person_id {_PERSON}, seen_at text, primary key (note_id, person_id)) without rowid"
    ),
    "create index mentions_unseen on mentions(person_id) where seen_at is null",
    "alter table notes add column edited text",
    "alter table notes add column withdrawn text",
    (
        f"create table attachments (id integer primary key autoincrement, {_OF_INCIDENT},"
        f" person_id {_PERSON}, at text not null, name text not null, media_type text not null,"
        " size integer not null, content blob not null)"
    ),
    "create index attachments_of_incident on attachments(incident_id, id)",
    (
        "create table merges (id integer primary key autoincrement,"
        " from_id integer not null references incidents(id) on delete cascade,"
        " into_id integer not null references incidents(id) on delete cascade,"
        f" person_id {_PERSON}, at text not null, before text not null, sightings text not null,"
        " undone_at text)"
    ),
    "create unique index one_merge_away on merges(from_id) where undone_at is null",
    "create index merges_into on merges(into_id)",
)


def handling(db: Database) -> None:
    """Assessments, debriefs, hand-overs, checks, mentions, files and merges."""
    for statement in _HANDLING:
        db.execute(statement)
    for table in ("assessments", "debriefs", "transfers", "checks", "mentions", "attachments"):
        for event in ("insert", "update", "delete"):
            db.execute(
                f"create trigger changed_{table}_{event} after {event} on {table} begin"
                " update changes set version = version + 1 where topic = 'incidents'; end"
            )
