"""The search over everything: where words stand. ``schema_search`` keeps the index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlite_utils import Database

from crisis.store.rows import Row
from crisis.store.sheet import full_text

KINDS = ("incident", "rumour", "response", "playbook", "post", "source", "person")
MOST = 1000  # beyond so many nobody wants to know the number
_BY_TIME = frozenset({"post"})  # so many that ranking them would take seconds: newest first


class Hit(NamedTuple):
    """One thing that was found; ``ref`` is its id or name, ``place`` where the next page begins."""

    kind: str
    ref: str
    title: str
    body: str
    at: str
    place: int


def matching(kind: str, words: str) -> str:
    """The full-text expression for things of a kind that have every word; "" where there is no word."""
    wanted = full_text(words)
    return f'kind : "k{kind}" AND {{title body}} : ({wanted})' if wanted else ""


class SearchRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, kind: str, words: str, *, limit: int, skip: int = 0) -> list[Hit]:
        """Things of one kind that have every word, best first; posts newest first."""
        wanted = matching(kind, words)
        if not wanted:
            return []
        order = "rowid desc" if kind in _BY_TIME else "bm25(found_fts, 0, 5, 1), rowid desc"
        return _hits(
            self._db.query(
                "select f.* from (select rowid as place, row_number() over () as turn from ("
                f" select rowid from found_fts where found_fts match ? order by {order}"
                " limit ? offset ?)) x join found f on f.id = x.place order by x.turn",
                [wanted, limit, skip],
            )
        )

    def count(self, kind: str, words: str) -> int:
        """How many there are, at most ``MOST``."""
        wanted = matching(kind, words)
        if not wanted:
            return 0
        row = self._db.execute(
            "select count(*) from (select 1 from found_fts where found_fts match ? limit ?)",
            [wanted, MOST],
        ).fetchone()
        return int(row[0])


def _hits(rows: Iterable[Row]) -> list[Hit]:
    return [
        Hit(row["kind"], row["ref"], row["title"], row["body"], row["at"], row["id"])
        for row in rows
    ]
