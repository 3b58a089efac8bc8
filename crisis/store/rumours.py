"""The catalogue of rumours."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.lists import Piece, Wish
from crisis.store import sheet
from crisis.store.rows import Row, maybe_day, maybe_moment, to_row
from crisis.store.sheet import Sheet
from crisis.types import Fact, Rumour, RumourStatus

_NAME = "case r.title when '' then r.text else r.title end"
RUMOURS = Sheet(
    tables="rumours r",
    columns="r.*",
    id="r.id",
    sorts={
        "name": f"lower({_NAME})",
        "geaendert": "coalesce(r.updated, '')",
        "umgegangen": "coalesce((select max(opened) from incidents i where i.rumour_id = r.id"
        " and i.drill = 0), '')",
        "formulierungen": "json_array_length(r.variants)",
    },
    filters={
        "akten": "case :akten when 'nein' then r.retired = 0 when 'nur' then r.retired = 1 else 1 end",
        "thema": "exists (select 1 from json_each(r.topics) where value = :thema)",
        "stand": "r.status = :stand",
        "sprache": "r.lang = :sprache",
        "hinweis": "exists (select 1 from rumour_hints h where h.rumour_id = r.id"
        " and (:hinweis = 'alle' or h.code = :hinweis))",
        "gesehen": "(:gesehen = 'ja') = exists (select 1 from sightings s where s.rumour_id = r.id)",
        # What playbooks are for, as JSON: {"rumours": [ids], "topics": [as written and in lower case]}
        "ohne_vorlage": "r.id not in (select value from json_each(:ohne_vorlage, '$.rumours'))"
        # The lists are read once, not once a row: said as a join this takes four times as long.
        " and not exists (select 1 from json_each(r.topics) t"
        " where t.value in (select value from json_each(:ohne_vorlage, '$.topics'))"
        " or lower(t.value) in (select value from json_each(:ohne_vorlage, '$.topics')))",
    },
    words="r.id in (select f.ref from found_fts x join found f on f.id = x.rowid where found_fts"
    " match 'kind : \"krumour\" AND {title body} : (' || :words || ')') or r.id = :text",
)

_WORDS = 12  # of an entry that others are looked for with


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

    def search(
        self, text: str = "", *, retired: bool = False, topic: str = "", limit: int = -1
    ) -> list[Rumour]:
        """Rumours in which every word of ``text`` begins some word; all where it is empty.

        The first ``limit`` of them by title; below zero all.
        """
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
            " order by case title when '' then text else title end collate nocase, id limit ?",
            [*arguments, limit],
        )
        return [_rumour(row) for row in rows]

    def alike(self, rumour: Rumour, *, limit: int) -> list[Rumour]:
        """Others in force that share rare words with this one, most first: a look, not a judgement."""
        words = {*re.findall(r"\w+", f"{rumour.title} {rumour.text}".casefold())}
        # Searching for the commonest words costs most and says least; short ones are mostly those.
        asked = sorted((word for word in words if len(word) > 3), key=len)[-_WORDS:]
        rows = self._db.query(
            "select r.* from rumours_fts f join rumours r on r.rowid = f.rowid"
            " where rumours_fts match ? and r.retired = 0 and r.id <> ? order by f.rank limit ?",
            [" OR ".join(f'"{word}"' for word in asked) or '""', rumour.id, limit],
        )
        return [_rumour(row) for row in rows]

    def several(self, rumour_ids: Collection[str]) -> dict[str, Rumour]:
        """These entries by id, retired ones too; what is not there is left out."""
        rows = self._db.query(
            "select * from rumours where id in (select value from json_each(?))",
            [json.dumps(sorted(rumour_ids))],
        )
        return {row["id"]: _rumour(row) for row in rows}

    def piece(self, wish: Wish) -> Piece[Rumour]:
        """One page of the catalogue."""
        found = sheet.piece(self._db, RUMOURS, wish)
        return Piece(
            rows=[_rumour(row) for row in found.rows],
            total=found.total,
            more=found.more,
            before=found.before,
            after=found.after,
        )

    def every(self, wish: Wish) -> Iterator[Rumour]:
        """All entries of that list, for an export."""
        return map(_rumour, sheet.every(self._db, RUMOURS, wish))

    def langs(self) -> list[str]:
        """The languages that entries name."""
        rows = self._db.query("select distinct lang from rumours where lang <> '' order by 1")
        return [row["lang"] for row in rows]

    def ids(self) -> set[str]:
        """Every id that is taken."""
        return {row["id"] for row in self._db.query("select id from rumours")}

    def count(self) -> int:
        """How many may raise an incident or be suggested."""
        return self._db.table("rumours").count_where("retired = 0")

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
