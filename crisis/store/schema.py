"""The shape of the database, as steps that are applied once and never edited afterwards.

Does not read or write rows: see the nouns' files. A change to the shape is a new step at the end.
Times are ISO 8601 text in UTC with microseconds, so that they sort as text; lists and mappings are JSON.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database, Migrations

from crisis.store import (
    schema_counts,
    schema_handling,
    schema_handovers,
    schema_live,
    schema_posts,
    schema_public,
    schema_publications,
    schema_reviews,
    schema_rumours,
    schema_search,
    schema_updates,
    schema_walls,
)
from crisis.store.suggestions import create as waiting_suggestions

migrations = Migrations("crisis")


def migrate(db: Database) -> None:
    """Bring the database to the present shape.

    Call it inside an immediate transaction: several processes may open a new file at once.
    """
    migrations.apply(db)


@migrations()
def people(db: Database) -> None:
    _table(
        db,
        "people",
        {
            "id": int,
            "name": str,
            "email": str,
            "roles": str,
            "lang": str,
            "active": int,
            "drill": int,
            "password_hash": str,
            "created": str,
        },
    )
    db.execute("create unique index one_person_per_email on people(lower(email))")
    _table(
        db,
        "shifts",
        {"id": int, "person_id": int, "start": str, "end": str, "drill": int},
        foreign_keys=[("person_id", "people", "id")],
        indexes=[["end"]],
    )
    _table(
        db,
        "links",
        {
            "id": int,
            "purpose": str,
            "person_id": int,
            "token_hash": str,
            "created": str,
            "expires": str,
            "used": str,
        },
        unique=[["purpose", "token_hash"]],
        optional=("person_id", "used"),
    )


@migrations()
def posts(db: Database) -> None:
    _table(
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
    _table(
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


@migrations()
def rumours(db: Database) -> None:
    db.table("rumours").create(
        {
            "id": str,
            "text": str,
            "title": str,
            "variants": str,
            "lang": str,
            "topics": str,
            "status": str,
            "facts": str,
            "valid_until": str,
            "retired": int,
            "created": str,
            "updated": str,
        },
        pk="id",
        not_null={"text", "title", "variants", "lang", "topics", "status", "facts", "retired"},
    )
    db.table("rumours").enable_fts(
        ["title", "text", "variants", "topics"], create_triggers=True, tokenize="unicode61"
    )


@migrations()
def incidents(db: Database) -> None:
    _table(
        db,
        "incidents",
        {
            "id": int,
            "rumour_id": str,
            "state": str,
            "severity": int,
            "opened": str,
            "updated": str,
            "assignee": int,
            "posts": int,
            "wave": int,
            "drill": int,
            "acknowledged_at": str,
            "corrected_at": str,
            "ended_at": str,
            "end_reason": str,
            "version": int,
        },
        foreign_keys=[("rumour_id", "rumours", "id"), ("assignee", "people", "id")],
        indexes=[["rumour_id"], ["state", "severity"]],
        optional=("assignee", "acknowledged_at", "corrected_at", "ended_at"),
    )
    # Two processes and three identical posts in one second make one incident: the index says so.
    db.execute(
        "create unique index one_open_incident_per_rumour on incidents(rumour_id, drill)"
        " where state in ('new', 'acknowledged', 'answering', 'corrected')"
    )
    _table(
        db,
        "notes",
        {"id": int, "incident_id": int, "person_id": int, "text": str, "written": str},
        foreign_keys=[("incident_id", "incidents", "id"), ("person_id", "people", "id")],
        indexes=[["incident_id"]],
    )
    _table(
        db,
        "sightings",
        {
            "id": int,
            "post_id": int,
            "rumour_id": str,
            "score": float,
            "band": str,
            "stance": str,
            "phrasing": str,
            "marks": str,
            "reasons": str,
            "model": str,
            "incident_id": int,
            "found": str,
            "verdict": str,
            "verdict_by": int,
            "verdict_at": str,
        },
        foreign_keys=[
            ("post_id", "posts", "id"),
            ("rumour_id", "rumours", "id"),
            ("incident_id", "incidents", "id"),
            ("verdict_by", "people", "id"),
        ],
        unique=[["post_id", "rumour_id"]],
        indexes=[["incident_id", "found"]],
        optional=("incident_id", "verdict", "verdict_by", "verdict_at"),
    )
    db.execute(
        "create index suggestions on sightings(score)"
        " where incident_id is null and verdict is null and band = 'suggest'"
    )


@migrations()
def alerts(db: Database) -> None:
    _table(
        db,
        "alerts",
        {
            "id": int,
            "incident_id": int,
            "person_id": int,
            "kind": str,
            "to": str,
            "subject": str,
            "text": str,
            "html": str,
            "message_id": str,
            "in_reply_to": str,
            "created": str,
            "due": str,
            "attempts": int,
            "state": str,
            "sent_at": str,
            "last_error": str,
            "drill": int,
            "claimed_by": str,
            "claimed_until": str,
        },
        foreign_keys=[("incident_id", "incidents", "id"), ("person_id", "people", "id")],
        unique=[["message_id"]],
        indexes=[["incident_id"], ["state", "due"]],
        optional=("incident_id", "sent_at", "claimed_by", "claimed_until"),
    )


@migrations()
def answers(db: Database) -> None:
    db.table("playbook_versions").create(
        {"name": str, "sha256": str, "text": str, "seen": str, "written_by": int},
        pk=("name", "sha256"),
        foreign_keys=[("written_by", "people", "id")],
        not_null={"text", "seen"},
    )
    _table(
        db,
        "approvals",
        {
            "id": int,
            "name": str,
            "sha256": str,
            "person_id": int,
            "at": str,
            "comment": str,
            "drill": int,
            "revoked_at": str,
        },
        foreign_keys=[("person_id", "people", "id")],
        indexes=[["name"]],
        optional=("revoked_at",),
    )
    _table(
        db,
        "responses",
        {
            "id": int,
            "incident_id": int,
            "playbook": str,
            "playbook_sha256": str,
            "approval_id": int,
            "lang": str,
            "title": str,
            "values": str,
            "texts": str,
            "state": str,
            "slug": str,
            "revision": int,
            "replaces": int,
            "change_note": str,
            "written_by": int,
            "written_at": str,
            "submitted_at": str,
            "released_by": int,
            "released_at": str,
            "withdrawn_at": str,
            "drill": int,
            "version": int,
        },
        foreign_keys=[
            ("incident_id", "incidents", "id"),
            ("approval_id", "approvals", "id"),
            ("replaces", "responses", "id"),
            ("written_by", "people", "id"),
            ("released_by", "people", "id"),
        ],
        indexes=[["incident_id"], ["slug"]],
        optional=("replaces", "submitted_at", "released_by", "released_at", "withdrawn_at"),
    )
    db.execute(
        "create unique index one_current_answer_per_address on responses(slug)"
        " where state in ('released', 'withdrawn')"
    )


@migrations()
def memory(db: Database) -> None:
    _table(
        db,
        "audit",
        {
            "id": int,
            "at": str,
            "actor": str,
            "action": str,
            "what": str,
            "incident_id": int,
            "before": str,
            "after": str,
            "drill": int,
            "previous": str,
            "hash": str,
        },
        unique=[["previous", "drill"]],
        indexes=[["incident_id"], ["what"]],
        optional=("incident_id",),
    )
    _table(
        db,
        "drills",
        {
            "id": int,
            "scenario": str,
            "source_id": int,
            "started": str,
            "seconds": int,
            "token": str,
            "removed": int,
        },
        unique=[["token"]],
    )
    db.table("facts").create({"name": str, "value": str}, pk="name", not_null={"value"})


@migrations()
def score_counts(db: Database) -> None:
    # What stays of how everyday posts scored: counts, so that thresholds can be tried out later.
    db.table("score_counts").create(
        {"day": str, "model": str, "bin": int, "may_raise": int, "count": int},
        pk=("day", "model", "bin", "may_raise"),
        not_null={"count"},
    )


@migrations()
def models(db: Database) -> None:
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
    _table(
        db,
        "model_uses",
        {"id": int, "version": str, "since": str, "by": int, "before": int},
        foreign_keys=[("by", "people", "id"), ("before", "model_uses", "id")],
        optional=("by", "before"),
    )


@migrations()
def thresholds(db: Database) -> None:
    db.execute(
        "create table threshold_uses (id integer primary key autoincrement, raising real,"
        " suggesting real, false_alarms_per_week real, suggestions_per_day real, since text not null,"
        " by integer references people(id), before integer references threshold_uses(id))"
    )
    # The page that shows what thresholds would have done reads the newest of them.
    db.execute("create index idx_sightings_found on sightings(found)")


@migrations()
def stream(db: Database) -> None:
    schema_posts.stream(db)


@migrations()
def rumour_hints(db: Database) -> None:
    schema_rumours.hints(db)


@migrations()
def counts(db: Database) -> None:
    schema_counts.counts(db)


@migrations()
def live(db: Database) -> None:
    schema_live.create(db)


@migrations()
def confirmed_mails(db: Database) -> None:
    schema_live.watch(db, "alerts", "links", "used")


@migrations()
def suggestions(db: Database) -> None:
    waiting_suggestions(db)


@migrations()
def search(db: Database) -> None:
    schema_search.search(db)


@migrations()
def lists(db: Database) -> None:
    schema_search.lists(db)


@migrations()
def handovers(db: Database) -> None:
    schema_handovers.handovers(db)


@migrations()
def many_at_once(db: Database) -> None:
    schema_posts.many_at_once(db)


@migrations()
def forgotten_judgements(db: Database) -> None:
    schema_posts.forgotten_judgements(db)


@migrations()
def public_answers(db: Database) -> None:
    schema_search.public_answers(db)


@migrations()
def counts_by_steps(db: Database) -> None:
    schema_counts.counts_by_steps(db)


@migrations()
def handling(db: Database) -> None:
    schema_handling.handling(db)


@migrations()
def reviewed_claims(db: Database) -> None:
    schema_public.reviewed_claims(db)


@migrations()
def publications(db: Database) -> None:
    schema_publications.publications(db)


@migrations()
def walls(db: Database) -> None:
    schema_walls.walls(db)


@migrations()
def answers_let_out_alone(db: Database) -> None:
    schema_public.answers_let_out_alone(db)


@migrations()
def subscribers(db: Database) -> None:
    schema_publications.subscribers(db)


@migrations()
def reviews(db: Database) -> None:
    schema_reviews.reviews(db)


@migrations()
def acts_by_hour(db: Database) -> None:
    schema_counts.acts_by_hour(db)


@migrations()
def first_statements(db: Database) -> None:
    schema_reviews.first_statements(db)


@migrations()
def answers_that_follow(db: Database) -> None:
    schema_public.answers_that_follow(db)


@migrations()
def updates(db: Database) -> None:
    schema_updates.updates(db)


@migrations()
def mails_by_day(db: Database) -> None:
    db.execute("create index alerts_created on alerts(created, state, drill)")


@migrations()
def reminders(db: Database) -> None:
    schema_reviews.reminders(db)


@migrations()
def regions(db: Database) -> None:
    db.execute("alter table sources add column region text not null default ''")


def _table(
    db: Database,
    name: str,
    columns: dict[str, Any],
    *,
    foreign_keys: list[tuple[str, str, str]] | None = None,
    unique: list[list[str]] | None = None,
    indexes: list[list[str]] | None = None,
    optional: tuple[str, ...] = (),
) -> None:
    """A table with an ``id`` that is never used twice; all columns are required but the optional ones."""
    db.table(name).create(
        columns,
        pk="id",
        foreign_keys=foreign_keys or [],
        not_null=set(columns) - {"id", *optional},
    )
    for group in unique or []:
        db.table(name).create_index(group, unique=True)
    for group in indexes or []:
        db.table(name).create_index(group)
