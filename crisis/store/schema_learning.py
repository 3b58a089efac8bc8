"""Counts of scores, lessons, models, and which thresholds held when. Steps of ``schema``, never
edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.tables import table


def score_counts(db: Database) -> None:
    """How everyday posts scored."""
    # What stays of how everyday posts scored: counts, so that thresholds can be tried out later.
    db.table("score_counts").create(
        {"day": str, "model": str, "bin": int, "may_raise": int, "count": int},
        pk=("day", "model", "bin", "may_raise"),
        not_null={"count"},
    )


def models(db: Database) -> None:
    """What was learned."""
    # What stays of a verdict: numbers. The sighting goes with its post, the numbers need it no more.
    db.execute(
        "create table lessons (id integer primary key autoincrement,"
        " sighting_id integer unique references sightings(id) on delete set null,"
        " rumour_id text not null, verdict text not null, week text not null, model text not null,"
        " basis text not null, own text not null, rival text not null)"
    )
    db.table("models").create(
        {
            "version": str,
            "parent": str,
            "made": str,
            "made_by": int,
            "text": str,
            "sha256": str,
            "figures": str,
            "better": int,
            "lessons": int,
            "up_to": int,
        },
        pk="version",
        foreign_keys=[("made_by", "people", "id")],
        not_null={"parent", "made", "text", "sha256", "figures", "better", "lessons", "up_to"},
    )
    table(
        db,
        "model_uses",
        {"id": int, "version": str, "since": str, "by": int, "before": int},
        foreign_keys=[("by", "people", "id"), ("before", "model_uses", "id")],
        optional=("by", "before"),
    )


def thresholds(db: Database) -> None:
    """From which scores on was raised and suggested."""
    db.execute(
        "create table threshold_uses (id integer primary key autoincrement, raising real,"
        " suggesting real, false_alarms_per_week real, suggestions_per_day real, since text not null,"
        " by integer references people(id), before integer references threshold_uses(id))"
    )
    # The page that shows what thresholds would have done reads the newest of them.
    db.execute("create index idx_sightings_found on sightings(found)")
