"""What stays of an incident's posts when they are forgotten: numbers. Steps for ``schema``.

Triggers keep them while posts come, are judged or are moved, so that figures of a year need neither the
posts nor a look at all of them. Retention deletes posts; the numbers stay.
"""

from __future__ import annotations

from sqlite_utils import Database

_WRITTEN = "min(coalesce(p.published, s.found), s.found)"
_COUNTS = "case when s.verdict is null then s.stance <> 'corrects' else s.verdict = 'fits' end"
ANEW = (
    "insert or replace into incident_counts"
    " (incident_id, first_post, source_id, fits, does_not_fit, corrects)"
    f" select s.incident_id, min(case when {_COUNTS} then {_WRITTEN} end), p.source_id,"
    + ", ".join(
        f" coalesce(sum(s.verdict = '{verdict}' and s.band = 'raise'), 0)"
        for verdict in ("fits", "does_not_fit", "corrects")
    )
    + " from sightings s join posts p on p.id = s.post_id where {which} group by s.incident_id"
)


def counts(db: Database) -> None:
    """The table, what it holds of posts that are here already, and the triggers that keep it."""
    db.execute(
        "create table incident_counts (incident_id integer primary key"
        " references incidents(id) on delete cascade, first_post text,"
        " source_id integer references sources(id) on delete set null,"
        " fits integer not null default 0, does_not_fit integer not null default 0,"
        " corrects integer not null default 0)"
    )
    db.execute(ANEW.format(which="s.incident_id is not null"))
    db.execute(
        "create trigger sighting_joined after insert on sightings"
        " when new.incident_id is not null begin"
        " insert or ignore into incident_counts (incident_id) values (new.incident_id);"
        " update incident_counts set (first_post, source_id) ="
        " (select min(coalesce(p.published, new.found), new.found), p.source_id"
        " from posts p where p.id = new.post_id)"
        " where incident_id = new.incident_id and new.stance <> 'corrects'"
        " and (first_post is null or first_post >"
        " (select min(coalesce(p.published, new.found), new.found)"
        " from posts p where p.id = new.post_id)); end"
    )
    db.execute(
        "create trigger sighting_changed after update on sightings"
        " when old.incident_id is not new.incident_id or old.verdict is not new.verdict"
        " or old.stance is not new.stance or old.band is not new.band begin"
        " delete from incident_counts where incident_id in (old.incident_id, new.incident_id);"
        f" {ANEW.format(which='s.incident_id in (old.incident_id, new.incident_id)')}; end"
    )
    db.execute(
        "create index suggested on sightings(found, verdict, post_id) where band = 'suggest'"
    )
    db.execute("create index idx_audit_action on audit(action, at)")
    db.execute("create index idx_audit_at on audit(at, actor)")


def counts_by_steps(db: Database) -> None:
    """Verdicts on thousands of posts at once must not count all of them again for each.

    Numbers move by one; the earliest post is looked for anew only when it was the one that changed.
    """
    verdicts = ("fits", "does_not_fit", "corrects")

    def moved(row: str, sign: str) -> str:
        return ", ".join(
            f"{verdict} = {verdict} {sign} ({row}.verdict is '{verdict}' and {row}.band = 'raise')"
            for verdict in verdicts
        )

    written = (
        "(select min(coalesce(p.published, {row}.found), {row}.found) from posts p"
        " where p.id = {row}.post_id)"
    )
    first = (
        f"(select {_WRITTEN} as written, p.source_id from sightings s join posts p on p.id = s.post_id"
        f" where s.incident_id = incident_counts.incident_id and {_COUNTS} order by 1 limit 1)"
    )
    db.execute("drop trigger sighting_changed")
    db.execute(
        "create trigger sighting_changed after update on sightings"
        " when old.incident_id is not new.incident_id or old.verdict is not new.verdict"
        " or old.stance is not new.stance or old.band is not new.band begin"
        # No "or ignore": the way an outer statement treats conflicts would take its place.
        " insert into incident_counts (incident_id) select new.incident_id"
        " where new.incident_id is not null and not exists"
        " (select 1 from incident_counts where incident_id = new.incident_id);"
        f" update incident_counts set {moved('old', '-')} where incident_id = old.incident_id;"
        f" update incident_counts set {moved('new', '+')} where incident_id = new.incident_id;"
        f" update incident_counts set (first_post, source_id) = {first}"
        f" where incident_id = old.incident_id and first_post >= {written.format(row='old')};"
        f" update incident_counts set (first_post, source_id) = {first}"
        " where incident_id = new.incident_id and (first_post is null"
        f" or first_post >= {written.format(row='new')}); end"
    )


ACTS = "actor >= 'person:' and actor < 'person;'"
ACT_HOUR = "substr(at, 1, 13)"


def acts_by_hour(db: Database) -> None:
    """What people did by the hour, in order and without the rest of the log: a year has tens of thousands."""
    db.execute(f"create index idx_audit_acts on audit({ACT_HOUR}, at, drill, actor) where {ACTS}")


def ends_of_the_log(db: Database) -> None:
    """The end of each chain at once: without it, a desk that never had an exercise read its whole log."""
    db.execute("create index idx_audit_exercises on audit(id) where drill = 1")
    db.execute("create index idx_audit_real on audit(id) where drill = 0")
