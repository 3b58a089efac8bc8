"""Links to the wall picture, by the hash of their secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, stamp, to_row
from crisis.types import Wall


class WallRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, wall: Wall, token_hash: str) -> Wall:
        row = {**to_row(wall), "token_hash": token_hash}
        return replace(wall, id=int(self._db.table("walls").insert(row).last_pk or 0))

    def get(self, wall_id: int) -> Wall:
        for row in self._db.query("select * from walls where id = ?", [wall_id]):
            return _wall(row)
        raise NotFoundError("Diesen Link gibt es nicht.", "There is no such link.")

    def find(self, token_hash: str, now: datetime) -> Wall | None:
        """The one this secret opens, if it still opens anything."""
        rows = self._db.query(
            "select * from walls where token_hash = ? and revoked is null and expires > ?",
            [token_hash, stamp(now)],
        )
        return next((_wall(row) for row in rows), None)

    def all(self) -> list[Wall]:
        """Those that open something, or did, the newest first."""
        return [_wall(row) for row in self._db.query("select * from walls order by id desc")]

    def seen(self, wall_id: int, now: datetime) -> None:
        """A screen has asked."""
        self._db.execute("update walls set last_seen = ? where id = ?", [stamp(now), wall_id])

    def revoke(self, wall_id: int, now: datetime) -> None:
        """It opens nothing any more."""
        self._db.execute(
            "update walls set revoked = ? where id = ? and revoked is null", [stamp(now), wall_id]
        )


def _wall(row: Row) -> Wall:
    return Wall(
        id=row["id"],
        name=row["name"],
        names=bool(row["names"]),
        created_by=row["created_by"],
        created=moment(row["created"]),
        expires=moment(row["expires"]),
        last_seen=maybe_moment(row["last_seen"]),
        revoked=maybe_moment(row["revoked"]),
    )
