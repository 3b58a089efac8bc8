"""Where kept posts were found: one post, several places.

A place counts for the spread unless the post was found on the same page or from the same author before. The
post's own row says of itself what its earliest place says. What is the same post is ``matching.same``'s.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.matching import same
from crisis.store.rows import Row, maybe_moment, moment, stamp
from crisis.types import Appearance, Post

WRITTEN = "min(coalesce(a.published, a.seen), a.seen)"
"""When it was written there, as far as the source can be believed: never later than we found it."""

_LIVE = "gone is null"
_REMEMBERED = timedelta(hours=2)


class AppearanceRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def of_posts(
        self, post_ids: Collection[int], *, limit: int = 20
    ) -> Mapping[int, list[Appearance]]:
        """The places of each of these posts, earliest first, at most so many each."""
        rows = self._db.query(
            f"select * from (select a.*, row_number() over (partition by post_id order by {WRITTEN}, id)"
            " as nth from appearances a where post_id in (select value from json_each(?)))"
            " where nth <= ? order by post_id, nth",
            [json.dumps(list(post_ids)), limit],
        )
        found: dict[int, list[Appearance]] = {}
        for row in rows:
            found.setdefault(row["post_id"], []).append(appearance_of(row))
        return found

    def counts(self, post_ids: Collection[int]) -> Mapping[int, int]:
        """At how many places each of these posts was found."""
        rows = self._db.query(
            "select post_id, count(*) as n from appearances"
            " where post_id in (select value from json_each(?)) group by post_id",
            [json.dumps(list(post_ids))],
        )
        return {row["post_id"]: row["n"] for row in rows}

    def gone(self, incident_id: int) -> int:
        """At how many places posts of the incident were deleted."""
        row = self._db.execute(
            "select count(*) from appearances where gone is not null"
            " and post_id in (select post_id from sightings where incident_id = ?)",
            [incident_id],
        ).fetchone()
        return int(row[0])

    def twins(self, marks: Sequence[str], rumour_id: str) -> list[tuple[int, int | None]]:
        """Posts that are here with one of these marks: number, and the incident of their match with this
        rumour."""
        rows = self._db.query(
            "select distinct w.post_id, s.incident_id from wordings w"
            " join sightings s on s.post_id = w.post_id and s.rumour_id = ?"
            " where w.mark in (select value from json_each(?)) order by w.post_id",
            [rumour_id, json.dumps(list(marks))],
        )
        return [(row["post_id"], row["incident_id"]) for row in rows]

    def remember(self, post: Post, marks: Sequence[str]) -> None:
        """Let the post be found by these marks from now on, instead of whichever was before."""
        self._db.execute("delete from wordings where post_id = ?", [post.id])
        self._db.conn.executemany(
            "insert into wordings (mark, post_id) values (?, ?)"
            " on conflict (mark) do update set post_id = excluded.post_id",
            [(mark, post.id) for mark in marks],
        )
        self._db.execute(
            "update appearances set page = ? where source_id = ? and key = ?",
            [same.page(post.url), post.source_id, post.key],
        )

    def fold(self, post: Post, into: int, now: datetime) -> None:
        """Make this post a place of another; its own row goes."""
        page = same.page(post.url)
        counts = not self._met_before(into, page, post)
        row = self._db.execute("select author from posts where id = ?", [post.id]).fetchone()
        self._db.execute("delete from posts where id = ?", [post.id])
        self._db.execute(
            "insert into appearances (post_id, source_id, key, url, page, author, published, seen,"
            " counts) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " on conflict (source_id, key) do nothing",
            [
                *(into, post.source_id, post.key, post.url, page),
                row[0] if row else "",
                stamp(post.published) if post.published else None,
                *(stamp(now), int(counts)),
            ],
        )
        if self._is_earlier(post, into):
            self._lead(into)

    def _is_earlier(self, post: Post, than: int) -> bool:
        """Whether it was written before the place that the other post names as its own."""
        rows = self._db.execute(
            f"select {WRITTEN} from appearances a where (source_id, key) = (?, ?) union all"
            f" select {WRITTEN} from posts p join appearances a"
            " on (a.source_id, a.key) = (p.source_id, p.key) where p.id = ?",
            [post.source_id, post.key, than],
        ).fetchall()
        return len(rows) < 2 or bool(rows[0][0] < rows[1][0])

    def _met_before(self, post_id: int, page: str, post: Post) -> bool:
        """Whether the post was found on this page, or from this author of this source."""
        row = self._db.execute(
            "select exists (select 1 from appearances where post_id = :post and page = :page"
            " and page <> '') or exists (select 1 from appearances where post_id = :post"
            " and source_id = :source and author <> '' and author ="
            " (select author from posts where id = :other))",
            {"post": post_id, "page": page, "source": post.source_id, "other": post.id},
        ).fetchone()
        return bool(row[0])

    def leave_all(self, places: Sequence[tuple[int, str]]) -> None:
        """``leave`` those of these places where a post is kept."""
        rows = self._db.execute(
            "select source_id, key from appearances where (source_id, key) in"
            " (select value ->> 0, value ->> 1 from json_each(?))",
            [json.dumps(list(places))],
        ).fetchall()
        for source_id, key in rows:
            self.leave(source_id, key)

    def leave(self, source_id: int, key: str) -> bool:
        """Take the place from its post, which was edited there; True if the post stands elsewhere, too.

        The only place stays: its post is changed instead.
        """
        row = self._db.execute(
            "select id, post_id, counts from appearances where source_id = ? and key = ?",
            [source_id, key],
        ).fetchone()
        if row is None:
            return False
        number, post_id, counted = row
        others = self._db.execute(
            f"select 1 from appearances where post_id = ? and id <> ? and {_LIVE} limit 1",
            [post_id, number],
        ).fetchone()
        if others is None:
            return False
        self._db.execute("delete from appearances where id = ?", [number])
        if counted:
            self._count_next(post_id)
        self._lead(post_id)
        return True

    def _count_next(self, post_id: int) -> None:
        """Where one that counted has gone, one that was left out for its sake may count."""
        self._db.execute(
            "update appearances set counts = 1 where id = (select min(a.id) from appearances a"
            " where a.post_id = ? and a.counts = 0 and not exists (select 1 from appearances b"
            " where b.post_id = a.post_id and b.counts = 1 and ((a.page <> '' and b.page = a.page)"
            " or (a.author <> '' and b.source_id = a.source_id and b.author = a.author))))",
            [post_id],
        )

    def _lead(self, post_id: int) -> None:
        """Let the post say of itself what its earliest place says that still stands."""
        first = self._db.execute(
            f"select a.source_id, a.key, a.url, a.author, a.published, {WRITTEN} from appearances a"
            f" where post_id = ? and {_LIVE} order by {WRITTEN}, id limit 1",
            [post_id],
        ).fetchone()
        if first is None:
            return
        led = self._db.execute(
            "select source_id, key from posts where id = ?", [post_id]
        ).fetchone()
        if led is None or tuple(led) == tuple(first[:2]):
            return
        self._db.execute(
            "update posts set source_id = ?, key = ?, url = ?, author = ?, published = ?"
            " where id = ?",
            [*first[:5], post_id],
        )
        # What stays of an incident when its posts are forgotten: see schema_counts.
        self._db.execute(
            "update incident_counts set first_post = ?, source_id = ? where first_post > ?"
            " and incident_id in (select incident_id from sightings where post_id = ?)",
            [first[5], first[0], first[5], post_id],
        )

    def withdraw(self, source_id: int, key: str, now: datetime) -> int:
        """Forget what was deleted where it stood; says how many places that were.

        A key that ends in "/" stands for all that begin so. A post that stands elsewhere stays; one that
        stands nowhere any more is counted on, without text, author and address.
        """
        which, named = ("key = ?", [key])
        if key.endswith("/"):
            which, named = "key >= ? and key < ?", [key, key[:-1] + "0"]  # "0" comes after "/"
        rows = list(
            self._db.query(
                f"select id, post_id from appearances where source_id = ? and {which} and {_LIVE}",
                [source_id, *named],
            )
        )
        for row in rows:
            self._forget(row["id"], row["post_id"], now)
        return len(rows)

    def to_look_at(
        self, now: datetime, before: datetime, missed_before: datetime, *, limit: int
    ) -> list[Appearance]:
        """Places of open incidents that were not looked at since; ``missed_before``: since when, where they
        were missing the last time. Those that were not looked at for longest first."""
        last = "coalesce(a.checked, a.seen)"
        rows = self._db.query(
            "select distinct a.* from incidents i join sightings s on s.incident_id = i.id"
            " join appearances a on a.post_id = s.post_id join posts p on p.id = a.post_id"
            " where i.state in ('new', 'acknowledged', 'answering', 'corrected') and i.drill = 0"
            f" and a.gone is null and p.gone is null and p.triaged = 1 and ({last} <= ?"
            # Looked at in the future it was by a clock that has jumped since.
            f" or a.checked > ? or (a.missed > 0 and {last} <= ?))"
            f" order by a.missed = 0, {last}, a.id limit ?",
            [stamp(before), stamp(now), stamp(missed_before), limit],
        )
        return [appearance_of(row) for row in rows]

    def looked_at(self, since: datetime) -> list[str]:
        """The hosts that were asked since then, once a question."""
        rows = self._db.query("select host from looks where at > ?", [stamp(since)])
        return [row["host"] for row in rows]

    def looking(self, numbers: Sequence[int], host: str, now: datetime) -> None:
        """These places are asked for at this host now, with one question; "": nobody is asked."""
        if host:
            self._db.execute(
                "delete from looks where at < ? or at > ?",
                [stamp(now - _REMEMBERED), stamp(now + _REMEMBERED)],
            )
            self._db.execute("insert into looks (host, at) values (?, ?)", [host, stamp(now)])
        self._db.execute(
            "update appearances set checked = ? where id in (select value from json_each(?))",
            [stamp(now), json.dumps(list(numbers))],
        )

    def stands(self, number: int) -> None:
        """It is still there."""
        self._db.execute("update appearances set missed = 0 where id = ? and missed > 0", [number])

    def missed(self, number: int) -> int:
        """It was not there; says how often in a row. 0 for one that was forgotten meanwhile."""
        rows = self._db.execute(
            f"update appearances set missed = missed + 1 where id = ? and {_LIVE} returning missed",
            [number],
        ).fetchall()
        return int(rows[0][0]) if rows else 0

    def _forget(self, number: int, post_id: int, now: datetime) -> None:
        self._db.execute(
            "update appearances set key = 'gone ' || id, url = '', page = '', author = '', gone = ?"
            " where id = ?",
            [stamp(now), number],
        )
        left = self._db.execute(
            f"select 1 from appearances where post_id = ? and {_LIVE} limit 1", [post_id]
        ).fetchone()
        if left is not None:
            self._lead(post_id)
            return
        self._db.execute(
            "update posts set text = '', author = '', url = '', gone = ?, key = 'gone ' || id"
            " where id = ?",
            [stamp(now), post_id],
        )


def appearance_of(row: Row) -> Appearance:
    return Appearance(
        id=row["id"],
        post_id=row["post_id"],
        source_id=row["source_id"],
        key=row["key"],
        url=row["url"],
        author=row["author"],
        published=maybe_moment(row["published"]),
        seen=moment(row["seen"]),
        counts=bool(row["counts"]),
        gone=maybe_moment(row["gone"]),
        missed=row["missed"],
    )
