"""What people said of posts, one or many at a time, with what stood there before: so it can be undone.

Does not say who may speak, nor what a verdict means.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, stamp
from crisis.store.tally import at_once
from crisis.types import Judgement, Verdict


class JudgementRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def give(
        self,
        incident_id: int | None,
        sighting_ids: Sequence[int],
        verdict: Verdict | None,
        person_id: int,
        now: datetime,
    ) -> Judgement:
        """Say the same of these posts; None takes back what was said. Keeps what stood there before."""
        ids = json.dumps(list(sighting_ids))
        cursor = self._db.execute(
            "insert into judgements (incident_id, verdict, person_id, at, posts)"
            " values (?, ?, ?, ?, ?)",
            [incident_id, verdict, person_id, stamp(now), len(sighting_ids)],
        )
        number = int(cursor.lastrowid or 0)
        self._db.execute(
            "insert into judged (judgement_id, sighting_id, verdict, verdict_by, verdict_at)"
            " select ?, id, verdict, verdict_by, verdict_at from sightings"
            " where id in (select value from json_each(?))",
            [number, ids],
        )
        said = [None, None, None] if verdict is None else [verdict.value, person_id, stamp(now)]
        with at_once(self._db, *self._incidents(number)):
            self._db.execute(
                "update sightings set verdict = ?, verdict_by = ?, verdict_at = ?"
                " where id in (select value from json_each(?))",
                [*said, ids],
            )
        return self.get(number)

    def undo(self, judgement: Judgement, now: datetime) -> int:
        """Put back what stood there before, but where somebody has spoken since; says of how many posts.

        A judgement that was undone already stays as it is: 0.
        """
        cursor = self._db.execute(
            "update judgements set undone_at = ? where id = ? and undone_at is null",
            [stamp(now), judgement.id],
        )
        if cursor.rowcount != 1:
            return 0
        said = (
            [None, None, None]
            if judgement.verdict is None
            else [judgement.verdict.value, judgement.person_id, stamp(judgement.at)]
        )
        with at_once(self._db, *self._incidents(judgement.id)):
            restored = self._db.execute(
                "update sightings set verdict = j.verdict, verdict_by = j.verdict_by,"
                " verdict_at = j.verdict_at from judged j"
                " where j.judgement_id = ? and sightings.id = j.sighting_id and sightings.verdict is ?"
                " and sightings.verdict_by is ? and sightings.verdict_at is ?",
                [judgement.id, *said],
            )
        return int(restored.rowcount)

    def _incidents(self, judgement_id: int) -> list[int | None]:
        """Where the posts of a judgement are now."""
        rows = self._db.query(
            "select distinct s.incident_id from judged j join sightings s on s.id = j.sighting_id"
            " where j.judgement_id = ?",
            [judgement_id],
        )
        return [row["incident_id"] for row in rows]

    def get(self, judgement_id: int) -> Judgement:
        for row in self._db.query("select * from judgements where id = ?", [judgement_id]):
            return _judgement(row)
        raise NotFoundError(
            "Dieses Urteil ist nicht mehr gespeichert.", "This verdict is no longer kept."
        )

    def latest(self, incident_id: int, person_id: int, *, since: datetime) -> Judgement | None:
        """What this person said last of posts of the incident and has not undone, if since then."""
        rows = self._db.query(
            "select * from judgements where incident_id = ? and person_id = ? and at >= ?"
            " and undone_at is null order by id desc limit 1",
            [incident_id, person_id, stamp(since)],
        )
        return next((_judgement(row) for row in rows), None)

    def stamp(self, incident_id: int) -> str:
        """Changes whenever somebody says something of a post of this incident, or undoes it."""
        row = next(
            self._db.query(
                "select count(*) as said, count(undone_at) as undone from judgements"
                " where incident_id = ?",
                [incident_id],
            )
        )
        return f"{row['said']}-{row['undone']}"


def _judgement(row: Row) -> Judgement:
    return Judgement(
        id=row["id"],
        incident_id=row["incident_id"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        person_id=row["person_id"],
        at=moment(row["at"]),
        posts=row["posts"],
        undone_at=maybe_moment(row["undone_at"]),
    )
