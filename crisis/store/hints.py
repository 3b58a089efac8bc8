"""What could be better about the entries of the catalogue, as it was found when somebody last looked.

Knows no hint: codes are those of ``crisis.rumours.quality``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlite_utils import Database

from crisis.store.rows import stamp

_BATCH = 500  # bound variables in one statement


class HintRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, rumour_id: str, hints: Sequence[tuple[str, str]], now: datetime) -> None:
        """Keep the hints of an entry, (code, id of the other entry or ""), in place of the earlier ones."""
        self._db.execute("delete from rumour_hints where rumour_id = ?", [rumour_id])
        for code, other in hints:
            self._db.execute(
                "insert or replace into rumour_hints (rumour_id, code, other) values (?, ?, ?)",
                [rumour_id, code, other],
            )
        self._db.execute(
            "insert or replace into rumour_reviews (rumour_id, checked) values (?, ?)",
            [rumour_id, stamp(now)],
        )

    def of(self, rumour_id: str) -> list[tuple[str, str]]:
        """The hints of an entry, (code, id of the other entry or "")."""
        rows = self._db.query(
            "select code, other from rumour_hints where rumour_id = ?", [rumour_id]
        )
        return [(row["code"], row["other"]) for row in rows]

    def of_all(self, rumour_ids: Collection[str]) -> dict[str, list[str]]:
        """The codes of the hints of these entries, by entry; those without any are left out."""
        marks = ",".join("?" * len(rumour_ids))
        found: dict[str, list[str]] = {}
        for row in self._db.query(
            f"select rumour_id, code from rumour_hints where rumour_id in ({marks})",
            list(rumour_ids),
        ):
            found.setdefault(row["rumour_id"], []).append(row["code"])
        return found

    def due(self, before: datetime, *, limit: int) -> list[str]:
        """Entries that nobody has looked at since they changed, or since ``before``; new ones first."""
        rows = self._db.query(
            "select r.id from rumours r left join rumour_reviews v on v.rumour_id = r.id"
            " where r.retired = 0 and (v.checked is null or v.checked < coalesce(r.updated, '')"
            " or v.checked < ?) order by v.checked, r.id limit ?",
            [stamp(before), limit],
        )
        return [row["id"] for row in rows]

    def again(self, rumour_ids: Collection[str]) -> None:
        """Have these looked at once more."""
        wanted = sorted(rumour_ids)
        for at in range(0, len(wanted), _BATCH):
            part = wanted[at : at + _BATCH]
            self._db.execute(
                f"delete from rumour_reviews where rumour_id in ({','.join('?' * len(part))})", part
            )

    def counts(self) -> dict[str, int]:
        """How many entries of the catalogue have which hint."""
        rows = self._db.query(
            "select h.code, count(*) as n from rumour_hints h join rumours r on r.id = h.rumour_id"
            " where r.retired = 0 group by h.code"
        )
        return {row["code"]: row["n"] for row in rows}
