"""Verdicts as numbers to learn from. They stay when retention takes the post they are about.

What the numbers mean is said in ``matching.verdicts``. Exercises teach nothing.
"""

from __future__ import annotations

import json
from datetime import date

from sqlite_utils import Database

from crisis.store.rows import Row, to_json
from crisis.types import Lesson, Verdict

# Drawn up anew where the verdict was changed, or the program counts other features by now.
_DUE = (
    "from sightings s join posts p on p.id = s.post_id left join lessons l on l.sighting_id = s.id"
    " where s.verdict is not null and s.verdict <> 'seen_before' and p.drill = 0"
    " and (l.id is null or l.verdict <> s.verdict or l.basis <> ?)"
)


class LessonRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def due(self, basis: str, *, limit: int) -> list[int]:
        """Sightings with a verdict of which no numbers (made with ``basis``) are kept yet, oldest word
        first."""
        rows = self._db.query(
            f"select s.id {_DUE} order by s.verdict_at, s.id limit ?", [basis, limit]
        )
        return [row["id"] for row in rows]

    def put(self, lesson: Lesson) -> None:
        """Keep a lesson; one about the same sighting is brought up to date and keeps its number."""
        self._db.execute(
            "insert into lessons (sighting_id, rumour_id, verdict, week, model, basis, own, rival)"
            " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (sighting_id) do update set"
            " verdict = excluded.verdict, week = excluded.week, model = excluded.model,"
            " basis = excluded.basis, own = excluded.own, rival = excluded.rival",
            [
                lesson.sighting_id,
                lesson.rumour_id,
                lesson.verdict.value,
                lesson.week.isoformat(),
                lesson.model,
                lesson.basis,
                to_json(dict(lesson.own)),
                to_json(dict(lesson.rival)),
            ],
        )

    def drop_taken_back(self) -> int:
        """Remove lessons whose verdict was taken back, or says nothing of the fit any more; says how many."""
        cursor = self._db.execute(
            "delete from lessons where sighting_id in"
            " (select id from sightings where verdict is null or verdict = 'seen_before')"
        )
        return int(cursor.rowcount)

    def all(self) -> list[Lesson]:
        """Every lesson that has numbers, in the order in which they were kept."""
        rows = self._db.query("select * from lessons where own <> '{}' order by id")
        return [_lesson(row) for row in rows]

    def count(self, *, after: int = 0) -> int:
        """How many lessons have numbers and a higher id than ``after``."""
        return self._db.table("lessons").count_where("id > ? and own <> '{}'", [after])


def _lesson(row: Row) -> Lesson:
    return Lesson(
        id=row["id"],
        sighting_id=row["sighting_id"],
        rumour_id=row["rumour_id"],
        verdict=Verdict(row["verdict"]),
        week=date.fromisoformat(row["week"]),
        model=row["model"],
        basis=row["basis"],
        own=json.loads(row["own"]),
        rival=json.loads(row["rival"]),
    )
