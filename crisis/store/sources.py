"""Sources, how they do, and how much they usually carry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.driver import unique
from crisis.store.rows import Row, maybe_moment, stamp, to_row
from crisis.types import Source, SourceKind

USUAL_DAYS = 7  # the span over which "usual" is counted
FURTHEST = timedelta(days=1, hours=1)  # from now, at which any source is asked next


class SourceRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, source: Source) -> Source:
        """Keep a new source; its address must not be known yet (ConflictError otherwise)."""
        with unique(
            "Diese Quelle steht schon in der Liste.", "This source is in the list already."
        ):
            rowid = self._db.table("sources").insert(to_row(source)).last_pk
        return self.get(int(rowid or 0))

    def find(self, source_id: int) -> Source | None:
        rows = self._db.query("select * from sources where id = ?", [source_id])
        return next((_source(row) for row in rows), None)

    def get(self, source_id: int) -> Source:
        found = self.find(source_id)
        if found is None:
            raise NotFoundError(
                "Diese Quelle gibt es nicht (mehr).", "There is no such source (any more)."
            )
        return found

    def by_url(self, url: str) -> Source | None:
        rows = self._db.query("select * from sources where url = ?", [url])
        return next((_source(row) for row in rows), None)

    def all(self) -> list[Source]:
        return [_source(row) for row in self._db.query("select * from sources order by name, id")]

    def due(self, now: datetime) -> list[Source]:
        """Active sources whose time has come, the longest overdue first. Streams are not asked.

        A time further away than any is ever set was written by a clock that has been put right since.
        """
        rows = self._db.query(
            "select * from sources where active = 1 and kind not in ('jetstream', 'mailbox', 'push')"
            " and (next_due is null or next_due <= ? or next_due > ?)"
            " order by coalesce(next_due, ''), id",
            [stamp(now), stamp(now + FURTHEST)],
        )
        return [_source(row) for row in rows]

    def update(self, source: Source) -> None:
        self._db.table("sources").update(source.id, to_row(source, without=("id",)))

    def remove(self, source_id: int) -> None:
        """Forget the source, its counts, and posts that nobody needs any more.

        Posts that belong to an incident stay, and with them the source's row, inactive.
        """
        arguments = [source_id]
        self._db.execute(
            "delete from posts where source_id = ? and id not in (select post_id from sightings)",
            arguments,
        )
        self._db.execute("delete from seen where source_id = ?", arguments)
        self._db.execute("delete from source_hours where source_id = ?", arguments)
        self._db.execute("delete from vouched where what = ?", [f"source:{source_id}"])
        self._db.execute("delete from official_warnings where source_id = ?", arguments)
        # What people decided of its fact checks stays, so that none is offered twice.
        self._db.execute(
            "delete from fact_checks where source_id = ? and state = 'offered'", arguments
        )
        if any(
            self._db.table(name).count_where("source_id = ?", arguments)
            for name in ("posts", "appearances")
        ):
            self._db.execute(
                "update sources set active = 0, url = 'removed:' || id where id = ?", arguments
            )
        else:
            self._db.execute("delete from sources where id = ?", arguments)

    def hours(self, source_id: int, since: datetime) -> list[datetime]:
        """The hours since then in which the source brought posts, oldest first."""
        rows = self._db.query(
            "select hour from source_hours where source_id = ? and hour >= ? order by hour",
            [source_id, stamp(since)[:13]],
        )
        return [datetime.fromisoformat(row["hour"] + ":00:00+00:00") for row in rows]

    def per_hour(self, source_id: int, since: datetime) -> dict[datetime, int]:
        """How many posts it brought in each hour since then; hours without are left out."""
        rows = self._db.query(
            "select hour, posts from source_hours where source_id = ? and hour >= ?",
            [source_id, stamp(since)[:13]],
        )
        return {datetime.fromisoformat(row["hour"] + ":00:00+00:00"): row["posts"] for row in rows}

    def usual_per_hour(self, source_ids: Collection[int], now: datetime) -> float:
        """Posts of any kind these sources carry in an ordinary hour, together.

        The mean over the last 7 days, over the hours since each source's first post in that span,
        without the present hour, which may be the wave itself.
        """
        total = 0.0
        since = now - timedelta(days=USUAL_DAYS)
        for source_id in source_ids:
            row = next(
                self._db.query(
                    "select min(hour) as first, sum(posts) as posts from source_hours"
                    " where source_id = ? and hour >= ? and hour < ?",
                    [source_id, stamp(since)[:13], stamp(now)[:13]],
                )
            )
            first = row["first"]
            if first is None:
                continue
            hours = (now - datetime.fromisoformat(first + ":00:00+00:00")).total_seconds() / 3600
            total += row["posts"] / max(1.0, hours)
        return total


def _source(row: Row) -> Source:
    return Source(
        id=row["id"],
        url=row["url"],
        name=row["name"],
        kind=SourceKind(row["kind"]),
        lang=row["lang"],
        region=row["region"],
        interval=row["interval"],
        active=bool(row["active"]),
        drill=bool(row["drill"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        next_due=maybe_moment(row["next_due"]),
        failures=row["failures"],
        last_success=maybe_moment(row["last_success"]),
        last_new_post=maybe_moment(row["last_new_post"]),
        last_error=row["last_error"],
        last_error_en=row["last_error_en"],
        line_since=maybe_moment(row["line_since"]),
        line_error=row["line_error"],
        line_error_en=row["line_error_en"],
        slowest=row["slowest"],
        pace=row["pace"],
        moved_to=row["moved_to"],
        moved_times=row["moved_times"],
        moved_since=maybe_moment(row["moved_since"]),
        moved_from=row["moved_from"],
        failing_since=maybe_moment(row["failing_since"]),
        ended=maybe_moment(row["ended"]),
        quiet_hours=row["quiet_hours"],
        told=row["told"],
        added=maybe_moment(row["added"]),
        cursor=row["cursor"],
    )
