"""Layers, absences, swaps and the rules of alerting. A step of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store import schema_live


def oncall(db: Database) -> None:
    """Shifts stay as they are, at the first level; mails say by which step and rule they were written."""
    db.execute("alter table shifts add column level integer not null default 1")
    db.execute("alter table alerts add column step integer")
    db.execute("alter table alerts add column policy integer")
    db.execute("alter table alerts add column rule text not null default ''")
    db.execute(
        "create table layers (id integer primary key autoincrement, name text not null,"
        " level integer not null, rank integer not null, people text not null, rhythm text not null,"
        " length integer not null, begins text not null, handover text not null,"
        " weekdays text not null, opens text, closes text, holidays text not null,"
        " active integer not null)"
    )
    db.execute(
        "create table absence_calendars (id integer primary key autoincrement,"
        " person_id integer not null references people(id), url text not null, checked text,"
        " due text, problem text not null)"
    )
    db.execute("create unique index one_calendar_per_address on absence_calendars(person_id, url)")
    db.execute(
        "create table absences (id integer primary key autoincrement,"
        " person_id integer not null references people(id), start text not null,"
        ' "end" text not null, note text not null,'
        " calendar_id integer references absence_calendars(id) on delete cascade)"
    )
    db.execute('create index absences_end on absences("end")')
    db.execute(
        "create table shadowings (id integer primary key autoincrement,"
        " learner_id integer not null references people(id),"
        ' mentor_id integer not null references people(id), start text not null, "end" text not null)'
    )
    db.execute(
        "create table swaps (id integer primary key autoincrement,"
        " from_id integer not null references people(id), to_id integer not null references people(id),"
        ' level integer not null, start text not null, "end" text not null, back_start text,'
        " back_end text, note text not null, state text not null, offered text not null, answered text)"
    )
    db.execute(
        "create table policies (id integer primary key autoincrement, steps text not null,"
        " rounds integer not null, quiet_from text, quiet_until text, quiet_below integer not null,"
        " office_from text not null, office_until text not null, note text not null,"
        ' "by" integer references people(id), made text not null)'
    )
    # What was changed in the rota, so that it can be undone: rows as they were and became.
    db.execute(
        "create table rota_changes (id integer primary key autoincrement, at text not null,"
        ' "by" integer references people(id), noun text not null, row_id integer not null,'
        " before text, after text, undone integer not null default 0)"
    )
    # Of a calendar's address only the hash of its secret is kept.
    db.execute(
        "create table rota_feeds (token_hash text primary key,"
        " person_id integer not null references people(id), made text not null)"
    )
    db.execute("create table gap_warnings (level integer, start text, told text not null,"
               " primary key (level, start))")  # fmt: skip
    for table in ("layers", "absences", "swaps", "shadowings", "policies"):
        schema_live.watch(db, "people", table)
