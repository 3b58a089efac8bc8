"""Steps of the schema for what others have found out. Called by ``schema``; never edited."""

from __future__ import annotations

from sqlite_utils import Database


def fact_checks(db: Database) -> None:
    """Published fact checks, each article and each claim once."""
    db.execute(
        "create table fact_checks ("
        " id integer primary key autoincrement,"
        " source_id integer not null,"
        " claim text not null, claim_key text not null, url text not null,"
        " verdict text not null, status text not null, publisher text not null,"
        " published text, lang text not null, claimed integer not null, seen text not null,"
        " state text not null default 'offered', rumour_id text not null default '',"
        " like text not null default '', compared text)"
    )
    db.execute("create unique index one_check_per_article on fact_checks(url)")
    db.execute("create unique index one_check_per_claim on fact_checks(claim_key)")
    db.execute("create index checks_by_state on fact_checks(state, id)")


def official_warnings(db: Database) -> None:
    """What authorities warn of; ``ended``: called off, replaced, or no longer told."""
    db.execute(
        "create table official_warnings ("
        " id integer primary key autoincrement,"
        " source_id integer not null, key text not null,"
        " event text not null default '', lang text not null default '',"
        " sender text not null default '', gravity integer not null default 0,"
        " url text not null default '', sent text, onset text, expires text,"
        " seen text not null, ended text)"
    )
    db.execute("create unique index one_warning_per_key on official_warnings(source_id, key)")


def vouched(db: Database) -> None:
    """For what somebody has gone through the checklist: "source:5"; ``by``: null on the command line."""
    db.execute("create table vouched (what text primary key, by integer, at text not null)")
