"""For which sources and rumours somebody has gone through the checklist; the others are found by it."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from crisis.store.rows import stamp

# Official warnings are about nobody, exercises invent everybody; what was removed is followed no more.
_SOURCES = (
    " from sources s where s.drill = 0 and s.kind not in ('nina', 'cap') and s.url not like 'removed:%'"
    " and not exists (select 1 from vouched where what = 'source:' || s.id)"
)
_RUMOURS = (
    " from rumours r where r.retired = 0"
    " and not exists (select 1 from vouched where what = 'rumour:' || r.id)"
)


class VouchedRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, what: str, by: int | None, now: datetime) -> None:
        """Somebody has gone through the checklist for it ("source:5", "rumour:wasser")."""
        self._db.execute(
            "insert into vouched (what, by, at) values (?,?,?)"
            " on conflict (what) do update set by = excluded.by, at = excluded.at",
            [what, by, stamp(now)],
        )

    def at(self, what: str) -> datetime | None:
        """When; None for never."""
        for row in self._db.query("select at from vouched where what = ?", [what]):
            return datetime.fromisoformat(row["at"])
        return None

    def open_sources(self) -> list[int]:
        """The sources nobody has gone through it for, by name."""
        return [
            row["id"] for row in self._db.query("select s.id" + _SOURCES + " order by s.name, s.id")
        ]

    def open_rumours(self, *, limit: int) -> list[str]:
        """The entries nobody has gone through it for, those that change least last."""
        rows = self._db.query(
            "select r.id" + _RUMOURS + " order by r.updated desc, r.id limit ?", [limit]
        )
        return [row["id"] for row in rows]

    def waiting(self) -> tuple[int, int]:
        """How many sources and how many entries that is."""
        (sources,) = self._db.execute("select count(*)" + _SOURCES).fetchone()
        (rumours,) = self._db.execute("select count(*)" + _RUMOURS).fetchone()
        return int(sources), int(rumours)
