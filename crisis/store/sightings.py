"""Matches, stored: which post carries which rumour, in which incident, and what people said of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import compress

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.posts import post_of
from crisis.store.rows import Row, maybe_moment, moment, stamp, to_row
from crisis.types import Band, Match, Reason, Scored, Sighting, Stance, Verdict

_SELECT = (
    "select s.*, "
    + ", ".join(
        f"p.{name} as post_{name}"
        for name in (
            *("source_id", "key", "text", "url", "author"),
            *("published", "seen", "lang", "edited", "drill", "place", "reach", "gone"),
        )
    )
    + " from sightings s join posts p on p.id = s.post_id "
)
_STANCES, _VERDICTS = {o.value: o for o in Stance}, {o.value: o for o in Verdict}
_NONE: frozenset[str] = frozenset()
_SUGGESTIONS = "s.incident_id is null and s.verdict is null and s.band = 'suggest'"


class SightingRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, sighting: Sighting) -> Sighting:
        """Keep a sighting. The same post and rumour again brings score, marks and reasons up to date,
        and leaves incident, time and verdict as they were."""
        row = {
            "post_id": sighting.post.id,
            **to_row(sighting.match),
            "incident_id": sighting.incident_id,
            "found": stamp(sighting.found),
        }
        columns = ", ".join(row)
        fresh = ", ".join(
            f"{name} = excluded.{name}"
            for name in ("score", "band", "stance", "phrasing", "marks", "reasons", "model")
        )
        found = next(
            self._db.query(
                f"insert into sightings ({columns}) values ({','.join('?' * len(row))})"
                f" on conflict (post_id, rumour_id) do update set {fresh},"
                " incident_id = coalesce(incident_id, excluded.incident_id) returning id",
                list(row.values()),
            )
        )
        return self.get(found["id"])

    def get(self, sighting_id: int) -> Sighting:
        for row in self._db.query(_SELECT + "where s.id = ?", [sighting_id]):
            return _sighting(row)
        raise NotFoundError(
            "Diesen Beitrag gibt es hier nicht mehr.", "This post is no longer here."
        )

    def judge(
        self, sighting_id: int, verdict: Verdict | None, person_id: int, now: datetime
    ) -> None:
        """Write down what a person said; None takes it back."""
        self._db.execute(
            "update sightings set verdict = ?, verdict_by = ?, verdict_at = ? where id = ?",
            [
                verdict.value if verdict else None,
                person_id if verdict else None,
                stamp(now) if verdict else None,
                sighting_id,
            ],
        )

    def verdicts(self, incident_id: int, sighting_ids: Sequence[int]) -> dict[int, str]:
        """What was said of those of these posts that are in the incident; "" where nothing was."""
        rows = self._db.query(
            "select id, coalesce(verdict, '') as verdict from sightings"
            " where incident_id = ? and id in (select value from json_each(?))",
            [incident_id, json.dumps(list(sighting_ids))],
        )
        return {row["id"]: row["verdict"] for row in rows}

    def leaders(self, bands: Sequence[int], *, limit: int = 40) -> list[tuple[int, str]]:
        """The first posts of groups that share one of these hashes, oldest first: number and text."""
        rows = self._db.query(
            "select s.id, p.text from sightings s join posts p on p.id = s.post_id where s.id in"
            " (select sighting_id from kin where band in (select value from json_each(?)))"
            " order by s.id limit ?",
            [json.dumps(list(bands)), limit],
        )
        return [(row["id"], row["text"]) for row in rows]

    def join(self, sighting_id: int, kin: int, bands: Sequence[int]) -> None:
        """Put the post into the group that ``kin`` leads, or (its own id) at the head of one of its own.

        A post that was edited away from the group it led leaves the lead to the next in it.
        """
        was = next(self._db.query("select kin from sightings where id = ?", [sighting_id]))["kin"]
        rows = self._db.query("select band from kin where sighting_id = ?", [sighting_id])
        led = {row["band"] for row in rows}
        if was == sighting_id and (kin != sighting_id or led != set(bands)):
            self._hand_over(sighting_id)
        self._db.execute("delete from kin where sighting_id = ?", [sighting_id])
        if kin == sighting_id:
            self._db.conn.executemany(
                "insert into kin (band, sighting_id) values (?, ?)",
                [(band, sighting_id) for band in sorted(set(bands))],
            )
        self._db.execute("update sightings set kin = ? where id = ?", [kin, sighting_id])

    def _hand_over(self, leader: int) -> None:
        found = self._db.query(
            "select min(id) as next from sightings where kin = ? and id <> ?", [leader, leader]
        )
        heir = next(found)["next"]
        if heir is not None:
            self._db.execute(
                "update sightings set kin = ? where kin = ? and id <> ?", [heir, leader, leader]
            )
            self._db.execute("update kin set sighting_id = ? where sighting_id = ?", [heir, leader])

    def move(self, sighting_id: int, incident_id: int | None) -> None:
        self._db.execute(
            "update sightings set incident_id = ? where id = ?", [incident_id, sighting_id]
        )

    def several(self, sighting_ids: Sequence[int]) -> list[Sighting]:
        """These sightings, in the order they were asked for."""
        rows = self._db.query(
            _SELECT + "where s.id in (select value from json_each(?))",
            [json.dumps(list(sighting_ids))],
        )
        found = {row["id"]: _sighting(row) for row in rows}
        return [found[number] for number in sighting_ids if number in found]

    def of_incident(self, incident_id: int, *, limit: int = 50, offset: int = 0) -> list[Sighting]:
        """The posts of an incident, newest first."""
        return self._list(
            "s.incident_id = ?", [incident_id], "s.found desc, s.id desc", limit, offset
        )

    def count_of_incident(self, incident_id: int) -> int:
        return self._db.table("sightings").count_where("incident_id = ?", [incident_id])

    def of_post(self, post_id: int) -> list[Sighting]:
        return self._list("s.post_id = ?", [post_id], "s.score desc", 100, 0)

    def since(self, moment: datetime, model: str, *, limit: int = 5_000) -> list[Sighting]:
        """Real posts found since then and scored by this version of the model, newest first."""
        return self._list(
            "s.found >= ? and s.model = ? and p.drill = 0",
            [stamp(moment), model],
            "s.found desc, s.id desc",
            limit,
            0,
        )

    def scored_within(
        self,
        moment: datetime,
        model: str,
        spans: Sequence[tuple[float, float]],
        codes: Collection[str],
        *,
        limit: int = 5_000,
    ) -> list[Scored]:
        """Those of ``since`` whose score lies in one of the ``spans`` (from, up to but without)."""
        if not spans:
            return []
        within = " or ".join(["(score >= ? and score < ?)"] * len(spans))
        return self._scored(
            "id in (select s.id from sightings s join posts p on p.id = s.post_id where s.found >= ?"
            f" and s.model = ? and p.drill = 0 order by s.found desc, s.id desc limit ?) and ({within})",
            [stamp(moment), model, limit, *(end for span in spans for end in span)],
            codes,
        )

    def judged_since(
        self, moment: datetime, model: str, codes: Collection[str], *, limit: int = 5_000
    ) -> list[Scored]:
        """Those of ``since`` that somebody judged, newest first, but not those seen before."""
        return self._scored(
            "found >= ? and model = ? and verdict is not null and verdict <> 'seen_before'"
            " and (select p.drill from posts p where p.id = post_id) = 0"
            " order by found desc, id desc limit ?",
            [stamp(moment), model, limit],
            codes,
        )

    def _scored(
        self, condition: str, arguments: Sequence[object], codes: Collection[str]
    ) -> list[Scored]:
        """No text is read, and of the reasons only whether they have one of these ``codes``.

        ``rows.plain`` wrote them, so that a code stands there as ``"code": "short"`` and, since quotes in
        words are escaped, nowhere else.
        """
        asked = sorted(codes)
        having = ", instr(reasons, ?)" * len(asked)
        rows = self._db.execute(
            f"select id, rumour_id, score, stance, verdict{having} from sightings where {condition}",
            [*(f'"code": "{code}"' for code in asked), *arguments],
        )
        return [
            Scored(
                number,
                rumour,
                score,
                _STANCES[stance],
                frozenset(compress(asked, found)) if any(found) else _NONE,
                _VERDICTS[verdict] if verdict else None,
            )
            for number, rumour, score, stance, verdict, *found in rows
        ]

    def count_since(self, moment: datetime, model: str, *, limit: int = 5_000) -> int:
        """How many ``since`` gives."""
        row = self._db.execute(
            "select count(*) from (select 1 from sightings s join posts p on p.id = s.post_id"
            " where s.found >= ? and s.model = ? and p.drill = 0 limit ?)",
            [stamp(moment), model, limit],
        ).fetchone()
        return int(row[0])

    def said_since(self, moment: datetime, model: str) -> dict[tuple[Band, Verdict], int]:
        """What was said of real posts found since then, by the band they were shown in."""
        rows = self._db.query(
            "select s.band, s.verdict, count(*) as posts from sightings s"
            " join posts p on p.id = s.post_id where s.found >= ? and s.model = ? and p.drill = 0"
            " and s.verdict is not null group by s.band, s.verdict",
            [stamp(moment), model],
        )
        return {(Band(row["band"]), Verdict(row["verdict"])): row["posts"] for row in rows}

    def suggestions(
        self, *, limit: int = 50, offset: int = 0, rumour_id: str = ""
    ) -> list[Sighting]:
        """Posts that may carry a rumour and wait for a person's word, surest first."""
        condition: str = _SUGGESTIONS
        arguments: list[str] = []
        if rumour_id:
            condition, arguments = f"{condition} and s.rumour_id = ?", [rumour_id]
        return self._list(condition, arguments, "s.score desc, s.id", limit, offset)

    def count_suggestions(self) -> int:
        rows = self._db.query(f"select count(*) as n from sightings s where {_SUGGESTIONS}")
        return int(next(rows)["n"])

    def _list(
        self, condition: str, arguments: Sequence[object], order: str, limit: int, offset: int
    ) -> list[Sighting]:
        rows = self._db.query(
            f"{_SELECT} where {condition} order by {order} limit ? offset ?",
            [*arguments, limit, offset],
        )
        return [_sighting(row) for row in rows]


def _sighting(row: Row) -> Sighting:
    match = Match(
        rumour_id=row["rumour_id"],
        score=row["score"],
        band=Band(row["band"]),
        phrasing=row["phrasing"],
        stance=Stance(row["stance"]),
        marks=tuple((start, end) for start, end in json.loads(row["marks"])),
        reasons=tuple(
            Reason(
                code=reason["code"],
                weight=reason["weight"],
                value=reason["value"],
                words=tuple(reason["words"]),
            )
            for reason in json.loads(row["reasons"])
        ),
        model=row["model"],
    )
    return Sighting(
        id=row["id"],
        post=post_of(row, "post_"),
        match=match,
        incident_id=row["incident_id"],
        found=moment(row["found"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        verdict_by=row["verdict_by"],
        verdict_at=maybe_moment(row["verdict_at"]),
        kin=row["kin"],
    )
