"""The catalogue of rumours."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_day, maybe_moment, to_row
from crisis.types import Fact, Rumour, RumourStatus


class RumourRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, rumour: Rumour, now: datetime) -> Rumour:
        """Keep a rumour, new or changed. ``created`` stays what it was."""
        before = self.find(rumour.id)
        kept = replace(
            rumour, created=before.created if before else (rumour.created or now), updated=now
        )
        self._db.table("rumours").upsert(to_row(kept), pk="id")
        return kept

    def find(self, rumour_id: str) -> Rumour | None:
        rows = self._db.query("select * from rumours where id = ?", [rumour_id])
        return next((_rumour(row) for row in rows), None)

    def get(self, rumour_id: str) -> Rumour:
        found = self.find(rumour_id)
        if found is None:
            raise NotFoundError(
                f"Ein Gerücht „{rumour_id}“ steht nicht im Katalog.",
                f"There is no rumour “{rumour_id}” in the catalogue.",
            )
        return found

    def all(self, *, retired: bool = False) -> list[Rumour]:
        """The whole catalogue by title; retired ones only where asked for."""
        return self.search(retired=retired)

    def search(self, text: str = "", *, retired: bool = False, topic: str = "") -> list[Rumour]:
        """Rumours in which every word of ``text`` begins some word; all where it is empty."""
        conditions, arguments = ["1 = 1"], []
        if not retired:
            conditions.append("retired = 0")
        if topic:
            conditions.append("exists (select 1 from json_each(topics) where value = ?)")
            arguments.append(topic)
        words = re.findall(r"\w+", text)
        if words:
            conditions.append("rowid in (select rowid from rumours_fts where rumours_fts match ?)")
            arguments.append(" ".join(f'"{word}"*' for word in words))
        rows = self._db.query(
            f"select * from rumours where {' and '.join(conditions)}"
            " order by case title when '' then text else title end collate nocase, id",
            arguments,
        )
        return [_rumour(row) for row in rows]

    def topics(self) -> list[str]:
        rows = self._db.query(
            "select distinct value from rumours, json_each(topics) where retired = 0 order by 1"
        )
        return [row["value"] for row in rows]

    def stamp(self) -> str:
        """Changes whenever the catalogue does."""
        row = next(
            self._db.query("select count(*) as n, coalesce(max(updated), '') as last from rumours")
        )
        return f"{row['n']} {row['last']}"


def _rumour(row: Row) -> Rumour:
    return Rumour(
        id=row["id"],
        text=row["text"],
        title=row["title"],
        variants=tuple(json.loads(row["variants"])),
        lang=row["lang"],
        topics=tuple(json.loads(row["topics"])),
        status=RumourStatus(row["status"]),
        facts=tuple(_fact(fact) for fact in json.loads(row["facts"])),
        valid_until=maybe_day(row["valid_until"]),
        retired=bool(row["retired"]),
        created=maybe_moment(row["created"]),
        updated=maybe_moment(row["updated"]),
    )


def _fact(row: Row) -> Fact:
    return Fact(text=row["text"], source=row["source"], url=row["url"], date=maybe_day(row["date"]))
