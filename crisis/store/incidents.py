"""Incidents, how they spread, and what was noted on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.errors import ConflictError, NotFoundError
from crisis.store.appearances import WRITTEN
from crisis.store.driver import unique
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_row
from crisis.store.sources import SourceRows
from crisis.types import Incident, IncidentState, Note, Severity, Spread

OPEN = "state in ('new', 'acknowledged', 'answering', 'corrected')"
_TOUCHED = "opened <= ? and (ended_at is null or ended_at >= ?) and drill <= ?"
# Counted are places: a post that was found at three is three. Not those that say nothing of the spread.
SPREAD = "sightings s join appearances a on a.post_id = s.post_id and a.counts = 1"
_COUNTS = (
    "s.incident_id = :incident and case when s.verdict is null then s.stance <> 'corrects'"
    " else s.verdict = 'fits' end"
)
COUNTS = _COUNTS.replace(":incident", "?")
# ``WRITTEN`` after then, said so that most rows need no second look: an incident may have 10,000 places.
_SINCE = "sum(a.seen > :{0} and coalesce(a.published, a.seen) > :{0})"


class IncidentRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, incident: Incident) -> Incident:
        """Open an incident; ConflictError where one is open for the rumour already."""
        with unique(
            "Zu diesem Gerücht ist schon ein Vorfall offen.",
            "An incident is open for this rumour already.",
        ):
            rowid = self._db.table("incidents").insert(to_row(incident)).last_pk
        return self.get(int(rowid or 0))

    def find(self, incident_id: int) -> Incident | None:
        rows = self._db.query("select * from incidents where id = ?", [incident_id])
        return next((incident_of(row) for row in rows), None)

    def get(self, incident_id: int) -> Incident:
        found = self.find(incident_id)
        if found is None:
            raise NotFoundError("Diesen Vorfall gibt es nicht.", "There is no such incident.")
        return found

    def latest(self, rumour_id: str, *, drill: bool) -> Incident | None:
        """The open incident of this rumour, else the one that ended last, else None.

        Where that one goes on in another open incident, it is the other.
        """
        rows = self._db.query(
            "select * from incidents where rumour_id = ? and drill = ?"
            f" order by {OPEN} desc, id desc limit 1",
            [rumour_id, int(drill)],
        )
        found = next((incident_of(row) for row in rows), None)
        if found is None or found.ended_at is None:
            return found
        rows = self._db.query(
            "select i.* from merges m join incidents i on i.id = m.into_id"
            f" where m.from_id = ? and m.undone_at is null and i.{OPEN}",
            [found.id],
        )
        return next((incident_of(row) for row in rows), found)

    def last_opened(self, rumour_ids: Collection[str]) -> dict[str, datetime]:
        """When an incident of these rumours was last opened, exercises apart; by rumour."""
        marks = ",".join("?" * len(rumour_ids))
        rows = self._db.query(
            "select rumour_id, max(opened) as last from incidents"
            f" where drill = 0 and rumour_id in ({marks}) group by rumour_id",
            list(rumour_ids),
        )
        return {row["rumour_id"]: moment(row["last"]) for row in rows}

    def of_rumour(self, rumour_id: str) -> list[Incident]:
        rows = self._db.query(
            "select * from incidents where rumour_id = ? order by id desc", [rumour_id]
        )
        return [incident_of(row) for row in rows]

    def all_open(self, *, drill: bool | None = None) -> list[Incident]:
        """Open incidents, the oldest first; ``drill`` narrows to exercises or to real ones."""
        rows = self._db.query(
            f"select * from incidents where {OPEN} and (? is null or drill = ?) order by id",
            [drill, drill],
        )
        return [incident_of(row) for row in rows]

    def board(
        self, *, include_ended: bool = False, limit: int = 100, offset: int = 0
    ) -> list[Incident]:
        """Incidents for the start page: open ones first, real ones before exercises, most urgent and
        unanswered first."""
        condition = "1 = 1" if include_ended else OPEN
        rows = self._db.query(
            f"select * from incidents where {condition}"
            f" order by {OPEN} desc, drill and {OPEN}, state = 'corrected', severity desc,"
            " state <> 'new', updated desc, id desc limit ? offset ?",
            [limit, offset],
        )
        return [incident_of(row) for row in rows]

    def touched(
        self, start: datetime, end: datetime, *, drill: bool = False, limit: int = 50
    ) -> list[Incident]:
        """Incidents that were open at some time from ``start`` to ``end``, the most pressing first.

        ``drill``: exercises as well.
        """
        rows = self._db.query(
            f"select * from incidents where {_TOUCHED}"
            f" order by {OPEN} desc, state = 'corrected', severity desc, opened, id limit ?",
            [stamp(end), stamp(start), int(drill), limit],
        )
        return [incident_of(row) for row in rows]

    def count_touched(self, start: datetime, end: datetime, *, drill: bool = False) -> int:
        """How many there are of these."""
        return self._db.table("incidents").count_where(
            _TOUCHED, [stamp(end), stamp(start), int(drill)]
        )

    def any(self) -> bool:
        """Whether there ever was one."""
        return bool(self._db.execute("select exists (select 1 from incidents)").fetchone()[0])

    def count_open(self) -> int:
        return self._db.table("incidents").count_where(OPEN)

    def update(self, incident: Incident) -> Incident:
        """Keep the changed incident; ConflictError if somebody changed it since it was read."""
        row = to_row(replace(incident, version=incident.version + 1), without=("id",))
        seen = [incident.id, incident.version]
        if not rewritten(self._db, "incidents", row, "id = ? and version = ?", seen):
            raise ConflictError(
                "Den Vorfall hat gerade jemand anderes geändert. Bitte neu laden und noch einmal"
                " ansehen.",
                "Somebody else has just changed this incident. Please reload and look again.",
            )
        return replace(incident, version=incident.version + 1)

    def spread(self, incident_id: int, now: datetime) -> Spread:
        """How the rumour moves, without posts that do not fit or that correct it."""
        rows = list(
            self._db.query(
                f"select a.source_id, count(*) as posts, {_SINCE.format('ten')} as ten,"
                f" {_SINCE.format('hour')} as hour from {SPREAD} where {_COUNTS} group by 1",
                {
                    "ten": stamp(now - timedelta(minutes=10)),
                    "hour": stamp(now - timedelta(hours=1)),
                    "incident": incident_id,
                },
            )
        )
        sources = [row["source_id"] for row in rows]
        return Spread(
            posts=sum(row["posts"] for row in rows),
            last_10_minutes=sum(row["ten"] for row in rows),
            last_hour=sum(row["hour"] for row in rows),
            sources=len(sources),
            usual_per_hour=SourceRows(self._db).usual_per_hour(sources, now),
        )

    def speed(self, incident_id: int, now: datetime, *, hours: int = 24) -> list[int]:
        """Posts in each of the last ``hours`` hours, the oldest first."""
        counts = [0] * hours
        for row in self._db.query(
            f"select {WRITTEN} as written from {SPREAD} where {COUNTS}",
            [incident_id],
        ):
            age = int((now - moment(row["written"])).total_seconds() // 3600)
            if 0 <= age < hours:
                counts[hours - 1 - age] += 1
        return counts

    def first_post_at(self, incident_id: int) -> datetime | None:
        """When the earliest post of the incident was written."""
        row = next(
            self._db.query(
                f"select min({WRITTEN}) as first from {SPREAD} where {COUNTS}",
                [incident_id],
            )
        )
        return maybe_moment(row["first"])

    def arrived(self, incident_id: int, since: datetime) -> int:
        """At how many places its posts were found after ``since``."""
        row = self._db.execute(
            f"select count(*) from {SPREAD} where s.incident_id = ? and a.seen > ?",
            [incident_id, stamp(since)],
        ).fetchone()
        return int(row[0])

    def post_addresses(self, incident_id: int, *, limit: int = 300) -> list[str]:
        """Where its newest posts stand."""
        rows = self._db.query(
            f"select a.url from {SPREAD} where {COUNTS} order by a.id desc limit ?",
            [incident_id, limit],
        )
        return [row["url"] for row in rows]

    def langs(self, incident_id: int) -> dict[str, int]:
        """How many of its posts are in which language."""
        rows = self._db.query(
            f"select p.lang, count(*) as n from {SPREAD} join posts p on p.id = s.post_id"
            f" where {COUNTS} group by 1",
            [incident_id],
        )
        return {row["lang"]: row["n"] for row in rows}

    def add_note(self, note: Note) -> Note:
        rowid = self._db.table("notes").insert(to_row(note)).last_pk
        return replace(note, id=int(rowid or 0))

    def stamp(self, incident_id: int) -> str:
        """Another one after everything that people did with it, its answers, notes and mails."""
        row = self._db.execute(
            "select i.state, i.severity, i.assignee, i.wave,"
            " (select max(id) from audit where incident_id = i.id),"
            " (select count(*) || '.' || max(id) || '.' || total(length(text)) from notes"
            " where incident_id = i.id),"
            " (select group_concat(id || state || version) from responses where incident_id = i.id),"
            " (select group_concat(id || state) from alerts where incident_id = i.id)"
            " from incidents i where i.id = ?",
            [incident_id],
        ).fetchone()
        return repr(row)

    def notes(self, incident_id: int) -> list[Note]:
        rows = self._db.query(
            "select * from notes where incident_id = ? order by id", [incident_id]
        )
        return [
            Note(
                id=row["id"],
                incident_id=row["incident_id"],
                person_id=row["person_id"],
                text=row["text"],
                written=moment(row["written"]),
            )
            for row in rows
        ]

    def forget(self, ended_before: datetime) -> int:
        """Forget the posts of incidents that ended before then; the incidents' story stays."""
        condition = (
            "select s.post_id from sightings s join incidents i on i.id = s.incident_id"
            " where i.ended_at is not null and i.ended_at < ?"
        )
        arguments = [stamp(ended_before)]
        ids = [row["post_id"] for row in self._db.query(condition, arguments)]
        for post_id in ids:
            self._db.execute("delete from sightings where post_id = ?", [post_id])
            self._db.execute("delete from posts where id = ?", [post_id])
        return len(ids)


def incident_of(row: Row) -> Incident:
    return Incident(
        id=row["id"],
        rumour_id=row["rumour_id"],
        state=IncidentState(row["state"]),
        severity=Severity(row["severity"]),
        opened=moment(row["opened"]),
        updated=moment(row["updated"]),
        assignee=row["assignee"],
        posts=row["posts"],
        wave=row["wave"],
        drill=bool(row["drill"]),
        acknowledged_at=maybe_moment(row["acknowledged_at"]),
        corrected_at=maybe_moment(row["corrected_at"]),
        ended_at=maybe_moment(row["ended_at"]),
        end_reason=row["end_reason"],
        version=row["version"],
    )
