"""The shape of the database, as steps that are applied once and never edited afterwards.

Does not read or write rows: see the nouns' files. A change to the shape is a new step at the end: a
function in the noun's ``schema_<noun>`` and a line here. A database remembers steps by name, so neither
name nor order of an old one may change.
Times are ISO 8601 text in UTC with microseconds, so that they sort as text; lists and mappings are JSON.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database, Migrations

from crisis.store import (
    schema_alerts,
    schema_answers,
    schema_appearances,
    schema_counts,
    schema_drills,
    schema_handling,
    schema_handovers,
    schema_incidents,
    schema_knowledge,
    schema_learning,
    schema_live,
    schema_mails,
    schema_memory,
    schema_oncall,
    schema_people,
    schema_pictures,
    schema_posts,
    schema_public,
    schema_publications,
    schema_reviews,
    schema_rumours,
    schema_search,
    schema_tokens,
    schema_updates,
    schema_walls,
    schema_watching,
    schema_ways,
    suggestions,
)

migrations = Migrations("crisis")

STEPS: tuple[tuple[str, Callable[[Database], None]], ...] = (
    ("people", schema_people.people),
    ("posts", schema_posts.posts),
    ("rumours", schema_rumours.rumours),
    ("incidents", schema_incidents.incidents),
    ("alerts", schema_alerts.alerts),
    ("answers", schema_answers.answers),
    ("memory", schema_memory.memory),
    ("score_counts", schema_learning.score_counts),
    ("models", schema_learning.models),
    ("thresholds", schema_learning.thresholds),
    ("stream", schema_posts.stream),
    ("rumour_hints", schema_rumours.hints),
    ("counts", schema_counts.counts),
    ("live", schema_live.create),
    ("confirmed_mails", schema_live.confirmed_mails),
    ("suggestions", suggestions.create),
    ("search", schema_search.search),
    ("lists", schema_search.lists),
    ("handovers", schema_handovers.handovers),
    ("many_at_once", schema_posts.many_at_once),
    ("forgotten_judgements", schema_posts.forgotten_judgements),
    ("public_answers", schema_search.public_answers),
    ("counts_by_steps", schema_counts.counts_by_steps),
    ("handling", schema_handling.handling),
    ("reviewed_claims", schema_public.reviewed_claims),
    ("publications", schema_publications.publications),
    ("walls", schema_walls.walls),
    ("answers_let_out_alone", schema_public.answers_let_out_alone),
    ("subscribers", schema_publications.subscribers),
    ("reviews", schema_reviews.reviews),
    ("acts_by_hour", schema_counts.acts_by_hour),
    ("first_statements", schema_reviews.first_statements),
    ("answers_that_follow", schema_public.answers_that_follow),
    ("updates", schema_updates.updates),
    ("mails_by_day", schema_alerts.mails_by_day),
    ("reminders", schema_reviews.reminders),
    ("regions", schema_posts.regions),
    ("timetables", schema_watching.timetables),
    ("pictures", schema_pictures.pictures),
    ("oncall", schema_oncall.oncall),
    ("streams", schema_posts.streams),
    ("playbook_drafts", schema_pictures.drafts),
    ("mails_that_work", schema_mails.mails_that_work),
    ("tokens", schema_tokens.tokens),
    ("fact_checks", schema_knowledge.fact_checks),
    ("hubs", schema_posts.hubs),
    ("ends_of_the_log", schema_counts.ends_of_the_log),
    ("two_lists", schema_publications.two_lists),
    ("shift_changes", schema_handovers.shift_changes),
    ("ways", schema_ways.ways),
    ("appearances", schema_appearances.appearances),
    ("told_of_maintenance", schema_mails.told_of_maintenance),
    ("official_warnings", schema_knowledge.official_warnings),
    ("vouched", schema_knowledge.vouched),
    ("team_drills", schema_drills.team_drills),
    ("errors_in_both_languages", schema_watching.errors_in_both_languages),
    ("many_places", schema_appearances.many_places),
)

for _name, _step in STEPS:
    migrations(name=_name)(_step)


def migrate(db: Database) -> None:
    """Bring the database to the present shape.

    Call it inside an immediate transaction: several processes may open a new file at once.
    """
    migrations.apply(db)
