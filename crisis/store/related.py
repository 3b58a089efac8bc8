"""Which other incidents have to do with one: earlier waves, common posts, common topics. Reads only."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlite_utils import Database

MOST = 8


class Related(NamedTuple):
    """Another incident, and why it stands there."""

    incident_id: int
    why: str  # "posts", "earlier" or "topic"


class RelatedRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def to(self, incident_id: int, rumour_id: str, *, drill: bool) -> list[Related]:
        """The most telling first; each incident once."""
        found: dict[int, str] = {}
        for why, rows in (
            ("posts", self._by_posts(incident_id)),
            ("earlier", self._earlier(incident_id, rumour_id, drill)),
            ("topic", self._by_topic(incident_id, rumour_id, drill)),
        ):
            for number in rows:
                found.setdefault(number, why)
        return [Related(number, why) for number, why in list(found.items())[:MOST]]

    def _by_posts(self, incident_id: int) -> list[int]:
        rows = self._db.query(
            "select o.incident_id as id, count(*) as n from sightings s join sightings o"
            " on o.post_id = s.post_id and o.incident_id <> s.incident_id"
            " where s.incident_id = ? group by 1 order by n desc limit ?",
            [incident_id, MOST],
        )
        return [row["id"] for row in rows]

    def _earlier(self, incident_id: int, rumour_id: str, drill: bool) -> list[int]:
        rows = self._db.query(
            "select id from incidents where rumour_id = ? and drill = ? and id <> ?"
            " order by id desc limit ?",
            [rumour_id, int(drill), incident_id, MOST],
        )
        return [row["id"] for row in rows]

    def _by_topic(self, incident_id: int, rumour_id: str, drill: bool) -> list[int]:
        """Open incidents of rumours that share a topic."""
        own = self._db.execute("select topics from rumours where id = ?", [rumour_id]).fetchone()
        if not own or not json.loads(own[0]):
            return []
        rows = self._db.query(
            "select i.id from incidents i join rumours r on r.id = i.rumour_id"
            " where i.ended_at is null and i.drill = ? and i.id <> ? and exists (select 1 from"
            " json_each(r.topics) t where t.value in (select value from json_each(?)))"
            " order by i.severity desc, i.id desc limit ?",
            [int(drill), incident_id, own[0], MOST],
        )
        return [row["id"] for row in rows]
