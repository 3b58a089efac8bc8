"""Official warnings: each message once a source, and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.store.rows import Row, maybe_moment, stamp
from crisis.types import Bulletin, Gravity, OfficialWarning

NO_END = timedelta(hours=24)  # how long a warning without an end holds where none says it is over
MOST = 200  # shown at once


class WarningRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, bulletin: Bulletin, source_id: int, now: datetime) -> int:
        """Write down what holds now and what does not any more; says how many messages were new."""
        new = sum(self._one(one, source_id, bulletin.whole, now) for one in bulletin.warnings)
        self._end(bulletin.ended, source_id, now)
        if not bulletin.whole:
            # A message called off before we ever saw it must not come to life when it is found.
            self._remember(bulletin.ended, source_id, now)
            return new
        told = {one.key for one in bulletin.warnings} | set(bulletin.standing)
        self._end([key for key in self._holding(source_id) if key not in told], source_id, now)
        return new

    def active(self, now: datetime) -> list[OfficialWarning]:
        """What holds now by sources that are asked, the gravest first; a message of two sources once."""
        rows = self._db.query(
            "select w.* from official_warnings w join sources s on s.id = w.source_id and s.active = 1"
            " where w.ended is null and (w.expires is null or w.expires > ?)"
            " group by w.key order by w.gravity desc, w.sent desc, w.id limit ?",
            [stamp(now), MOST],
        )
        return [_warning(row) for row in rows]

    def forget(self, before: datetime) -> int:
        """Drop what has not held since then; says how many."""
        return int(
            self._db.execute(
                "delete from official_warnings where coalesce(ended, expires) < ? and seen < ?",
                [stamp(before), stamp(before)],
            ).rowcount
        )

    def _one(self, one: OfficialWarning, source_id: int, whole: bool, now: datetime) -> int:
        end = one.expires or (None if whole else (one.sent or now) + NO_END)
        values = [
            *(one.event, one.lang, one.sender, int(one.gravity), one.url),
            *(stamp(moment) if moment else None for moment in (one.sent, one.onset, end)),
            stamp(now),
        ]
        # Where the whole list says it holds again, it does; elsewhere what was called off stays so.
        revived = ", ended = null" if whole else ""
        changed = self._db.execute(
            "update official_warnings set event = ?, lang = ?, sender = ?, gravity = ?, url = ?,"
            f" sent = ?, onset = ?, expires = ?, seen = ?{revived} where source_id = ? and key = ?",
            [*values, source_id, one.key],
        ).rowcount
        if changed > 0:
            return 0
        self._db.execute(
            "insert into official_warnings"
            " (event, lang, sender, gravity, url, sent, onset, expires, seen, source_id, key)"
            " values (?,?,?,?,?,?,?,?,?,?,?)",
            [*values, source_id, one.key],
        )
        return 1

    def _end(self, keys: Iterable[str], source_id: int, now: datetime) -> None:
        for key in keys:
            self._db.execute(
                "update official_warnings set ended = ? where source_id = ? and key = ? and ended is null",
                [stamp(now), source_id, key],
            )

    def _remember(self, keys: Iterable[str], source_id: int, now: datetime) -> None:
        for key in keys:
            self._db.execute(
                "insert or ignore into official_warnings (source_id, key, seen, ended) values (?,?,?,?)",
                [source_id, key, stamp(now), stamp(now)],
            )

    def _holding(self, source_id: int) -> list[str]:
        rows = self._db.query(
            "select key from official_warnings where source_id = ? and ended is null", [source_id]
        )
        return [row["key"] for row in rows]


def _warning(row: Row) -> OfficialWarning:
    return OfficialWarning(
        source_id=row["source_id"],
        key=row["key"],
        event=row["event"],
        lang=row["lang"],
        sender=row["sender"],
        gravity=Gravity(row["gravity"]),
        url=row["url"],
        sent=maybe_moment(row["sent"]),
        onset=maybe_moment(row["onset"]),
        expires=maybe_moment(row["expires"]),
    )
