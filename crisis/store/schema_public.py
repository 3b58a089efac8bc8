"""What the citizens' pages need of an answer. Steps of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database


def reviewed_claims(db: Database) -> None:
    """Which claim an answer was about and what was found; until when it stands above all pages."""
    db.execute("alter table responses add column claim text not null default ''")
    db.execute("alter table responses add column finding text")
    db.execute("alter table responses add column pinned_until text")


def answers_that_follow(db: Database) -> None:
    """Answers that take the place of a first statement are told from corrections."""
    db.execute("alter table responses add column follows integer not null default 0")


def answers_let_out_alone(db: Database) -> None:
    """Emergency releases: why, until when a second person must look, who did, who was reminded."""
    db.execute("alter table responses add column alone_because text not null default ''")
    db.execute("alter table responses add column review_by text")
    db.execute("alter table responses add column reviewed_by integer references people(id)")
    db.execute("alter table responses add column reviewed_at text")
    db.execute(
        "create index unreviewed_answers on responses(review_by)"
        " where review_by is not null and reviewed_at is null"
    )
