"""The catalogue of rumours."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.rumours.seeking import Wanted
from crisis.store.rows import Row, maybe_day, maybe_moment, to_row
from crisis.types import Fact, Rumour, RumourStatus

_NAME = "case r.title when '' then r.text else r.title end collate nocase"
_ORDERS = {
    "name": _NAME,
    "changed": "r.updated desc",
    "seen": "(select max(opened) from incidents i where i.rumour_id = r.id and i.drill = 0) desc",
}


def _condition(wanted: Wanted) -> tuple[str, list[str]]:
    conditions = ["1 = 1"] if wanted.retired else ["r.retired = 0"]
    arguments: list[str] = []

    def add(condition: str, *values: str) -> None:
        conditions.append(condition)
        arguments.extend(values)

    if words := re.findall(r"\w+", wanted.text):
        add(
            "r.rowid in (select rowid from rumours_fts where rumours_fts match ?)",
            " ".join(f'"{word}"*' for word in words),
        )
    if wanted.topic:
        add("exists (select 1 from json_each(r.topics) where value = ?)", wanted.topic)
    if wanted.status:
        add("r.status = ?", wanted.status)
    if wanted.lang:
        add("r.lang = ?", wanted.lang)
    if wanted.hint == "any":
        add("r.id in (select rumour_id from rumour_hints)")
    elif wanted.hint:
        add("r.id in (select rumour_id from rumour_hints where code = ?)", wanted.hint)
    if wanted.unseen:
        add("not exists (select 1 from sightings s where s.rumour_id = r.id)")
    if wanted.uncovered is not None:
        add(
            "r.id not in (select value from json_each(?)) and not exists (select 1 from"
            " json_each(r.topics) t where t.value in (select value from json_each(?))"
            " or lower(t.value) in (select value from json_each(?)))",
            json.dumps(sorted(wanted.uncovered.rumours)),
            *(json.dumps(sorted(wanted.uncovered.topics)),) * 2,
        )
    return " and ".join(conditions), arguments


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

    def page(
        self, wanted: Wanted, *, order: str = "name", limit: int = 50, offset: int = 0
    ) -> list[Rumour]:
        """Entries that are wanted, in this order (one of ``seeking.ORDERS``)."""
        condition, arguments = _condition(wanted)
        by = _ORDERS[order]
        rows = self._db.query(
            "select * from rumours where id in (select id from rumours r where"
            f" {condition} order by {by}, id limit ? offset ?)"
            f" order by {by.replace('r.', 'rumours.')}, id",
            [*arguments, limit, offset],
        )
        return [_rumour(row) for row in rows]

    def count(self, wanted: Wanted) -> int:
        """How many entries are wanted."""
        condition, arguments = _condition(wanted)
        rows = self._db.query(f"select count(*) as n from rumours r where {condition}", arguments)
        return int(next(rows)["n"])

    def langs(self) -> list[str]:
        """The languages that entries name."""
        rows = self._db.query("select distinct lang from rumours where lang <> '' order by 1")
        return [row["lang"] for row in rows]

    def ids(self) -> set[str]:
        """Every id that is taken."""
        return {row["id"] for row in self._db.query("select id from rumours")}

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
