"""Tokens of other programs, by the hash of their secret; what each spent; what each was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, stamp, to_row
from crisis.types import KeptReply, Scope, Token


class TokenRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, token: Token, token_hash: str) -> Token:
        row = {**to_row(token), "token_hash": token_hash}
        return replace(token, id=int(self._db.table("tokens").insert(row).last_pk or 0))

    def get(self, token_id: int) -> Token:
        for row in self._db.query("select * from tokens where id = ?", [token_id]):
            return _token(row)
        raise NotFoundError("Diesen Zugang gibt es nicht.", "There is no such token.")

    def find(self, token_hash: str, now: datetime) -> Token | None:
        """The one with this secret, if it still opens anything."""
        rows = self._db.query(
            "select * from tokens where token_hash = ? and revoked is null and expires > ?",
            [token_hash, stamp(now)],
        )
        return next((_token(row) for row in rows), None)

    def all(self) -> list[Token]:
        """The newest first, those that open nothing any more with them."""
        return [_token(row) for row in self._db.query("select * from tokens order by id desc")]

    def used(self, token_id: int, now: datetime) -> None:
        self._db.execute("update tokens set last_used = ? where id = ?", [stamp(now), token_id])

    def revoke(self, token_id: int, now: datetime) -> None:
        """It opens nothing any more."""
        self._db.execute(
            "update tokens set revoked = ? where id = ? and revoked is null", [stamp(now), token_id]
        )

    def spend(self, token_id: int, posts: int, most: int, now: datetime) -> bool:
        """Count these posts in this minute; False, and nothing counted, if that were more than ``most``."""
        minute = stamp(now)[:16]
        self._db.execute(
            "delete from token_minutes where token_id = ? and minute <> ?", [token_id, minute]
        )
        cursor = self._db.execute(
            "insert into token_minutes (token_id, minute, posts) select ?, ?, ? where ? <= ?"
            " on conflict (token_id, minute) do update set posts = posts + excluded.posts"
            " where posts + excluded.posts <= ?",
            [token_id, minute, posts, posts, most, most],
        )
        return bool(cursor.rowcount == 1)

    def reply(self, token_id: int, key: str) -> KeptReply | None:
        """What the request with this key was answered."""
        rows = self._db.query(
            "select * from token_replies where token_id = ? and key = ?", [token_id, key]
        )
        return next(
            (
                KeptReply(body_hash=row["body_hash"], status=row["status"], reply=row["reply"])
                for row in rows
            ),
            None,
        )

    def keep(self, token_id: int, key: str, kept: KeptReply, now: datetime) -> None:
        """Remember the answer for whoever asks again with this key."""
        self._db.table("token_replies").insert(
            {"token_id": token_id, "key": key, "at": stamp(now), **to_row(kept)}
        )

    def forget_replies(self, before: datetime) -> int:
        """Drop answers given before then; says how many."""
        return int(
            self._db.execute("delete from token_replies where at < ?", [stamp(before)]).rowcount
        )


def _token(row: Row) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        scope=Scope(row["scope"]),
        source_id=row["source_id"],
        created=moment(row["created"]),
        created_by=row["created_by"],
        expires=moment(row["expires"]),
        last_used=maybe_moment(row["last_used"]),
        revoked=maybe_moment(row["revoked"]),
    )
