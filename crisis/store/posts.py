"""The spool between watching and triage, and the posts that matched.

A post that carries no rumour leaves only its hash in ``seen``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.sources.news import key_hash
from crisis.store.appearances import AppearanceRows
from crisis.store.rows import Row, maybe_moment, moment, stamp
from crisis.types import Post

LEASE = timedelta(seconds=20)  # after a crash others may take over what was claimed
_BATCH = 500  # bound variables in one statement
_SPOOL = (
    "insert into posts (source_id, key, text, url, author, published, seen, lang, edited, drill,"
    " place, reach, triaged) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
    " on conflict (source_id, key) do update set text = excluded.text, url = excluded.url,"
    " lang = excluded.lang, place = excluded.place, reach = coalesce(excluded.reach, reach),"
    " edited = 1, triaged = 0, claimed_by = null, claimed_until = null"
)


class PostRows:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._appearances = AppearanceRows(db)
        # What is kept in the place of an author's name; the installation's key is not ours to know.
        self.veil: Callable[[str], str] = str

    def get(self, post_id: int) -> Post:
        for row in self._db.query("select * from posts where id = ?", [post_id]):
            return post_of(row)
        raise NotFoundError("Diesen Beitrag gibt es nicht mehr.", "This post is no longer here.")

    def known(self, source_id: int, keys: Collection[str]) -> Mapping[str, str]:
        """Of these keys those seen before, with the fingerprint of the text seen last."""
        hashes = {key_hash(source_id, key): key for key in keys}
        found: dict[str, str] = {}
        wanted = list(hashes)
        for at in range(0, len(wanted), _BATCH):
            part = wanted[at : at + _BATCH]
            marks = ",".join("?" * len(part))
            for row in self._db.query(
                f"select key_hash, fingerprint from seen where source_id = ?"
                f" and key_hash in ({marks})",
                [source_id, *part],
            ):
                found[hashes[row["key_hash"]]] = row["fingerprint"]
        return found

    def put(self, posts: Sequence[tuple[Post, str]], now: datetime) -> int:
        """Spool new and edited posts, each with the fingerprint of its text; says how many were taken.

        The same post put twice (another monitor, a repeat after a crash) is taken once.
        """
        fresh = self._met(posts, now)
        # Edited at one of its places, a post is one of its own; the others still say what they said.
        self._appearances.leave_all([(post.source_id, post.key) for post in fresh])
        self._db.conn.executemany(_SPOOL, [self._spooled(post) for post in fresh])
        taken: Counter[tuple[int, str]] = Counter()
        for post in fresh:
            if not post.edited:
                # A feed asked for the first time brings days of posts: each counts in its own hour.
                written = min(post.published or now, now)
                taken[post.source_id, stamp(written)[:13]] += 1
        self._count(taken)
        return sum(taken.values())

    def _met(self, posts: Sequence[tuple[Post, str]], now: datetime) -> list[Post]:
        """Remember the hashes of these posts; those that were not known so, each once."""
        marked = {
            (post.source_id, key_hash(post.source_id, post.key), fingerprint): post
            for post, fingerprint in reversed(posts)
        }
        rows = self._db.execute(
            "insert into seen (source_id, key_hash, fingerprint, seen)"
            " select value ->> 0, value ->> 1, value ->> 2, ? from json_each(?) where true"
            " on conflict (source_id, key_hash) do update"
            " set fingerprint = excluded.fingerprint, seen = excluded.seen"
            " where fingerprint <> excluded.fingerprint returning source_id, key_hash, fingerprint",
            [stamp(now), json.dumps(list(reversed(marked)))],
        ).fetchall()
        return [marked[tuple(row)] for row in rows]

    def _spooled(self, post: Post) -> tuple[object, ...]:
        return (
            *(post.source_id, post.key, post.text, post.url),
            post.author if post.drill else self.veil(post.author),
            stamp(post.published) if post.published else None,
            *(stamp(post.seen), post.lang, int(post.edited), int(post.drill)),
            *(post.place, post.reach),
        )

    def pass_by(self, posts: Sequence[tuple[Post, str]], now: datetime) -> int:
        """Remember posts that carry nothing, each with its fingerprint, without keeping them; says how
        many were new."""
        before = self._db.conn.total_changes
        self._db.conn.executemany(
            "insert into seen (source_id, key_hash, fingerprint, seen) values (?, ?, ?, ?)"
            " on conflict (source_id, key_hash) do nothing",
            [
                (post.source_id, key_hash(post.source_id, post.key), fingerprint, stamp(now))
                for post, fingerprint in posts
            ],
        )
        taken = int(self._db.conn.total_changes - before)
        self._count(
            Counter(
                (post.source_id, stamp(min(post.published or now, now))[:13]) for post, _ in posts
            )
        )
        return taken

    def _count(self, taken: Counter[tuple[int, str]]) -> None:
        for (source_id, hour), count in taken.items():
            self._db.execute(
                "insert into source_hours (source_id, hour, posts) values (?, ?, ?)"
                " on conflict (source_id, hour) do update set posts = posts + excluded.posts",
                [source_id, hour, count],
            )

    def withdraw(self, source_id: int, keys: Collection[str], now: datetime) -> int:
        """Forget posts that were deleted where they stood; says how many were here.

        A key that ends in "/" stands for all that begin so. What belongs to an incident stays there as a
        post that was deleted at this place: counted, without author and address, and where it stands nowhere
        any more without its text.
        """
        here = 0
        for key in keys:
            which, named = "key = ?", [key]
            if key.endswith("/"):
                which, named = "key >= ? and key < ?", [key, key[:-1] + "0"]  # "0" follows "/"
            here += self._appearances.withdraw(source_id, key, now)
            here += self._db.execute(
                f"delete from posts where source_id = ? and {which}"
                " and id not in (select post_id from sightings)",
                [source_id, *named],
            ).rowcount
        return here

    def touch(self, source_id: int, keys: Collection[str], now: datetime) -> None:
        """Remember these known posts for longer: the feed still carries them."""
        self._db.conn.executemany(
            "update seen set seen = ? where source_id = ? and key_hash = ?",
            [(stamp(now), source_id, key_hash(source_id, key)) for key in keys],
        )

    def claim(self, limit: int, claimant: str, now: datetime) -> list[Post]:
        """Take up to ``limit`` waiting posts, oldest first; nobody else gets them for 20 seconds."""
        rows = self._db.query(
            "update posts set claimed_by = ?, claimed_until = ? where id in ("
            " select id from posts where triaged = 0"
            " and (claimed_until is null or claimed_until < ?) order by id limit ?"
            ") returning *",
            [claimant, stamp(now + LEASE), stamp(now), limit],
        )
        return sorted((post_of(row) for row in rows), key=lambda post: post.id)

    def done(self, post: Post, claimant: str, *, keep: bool) -> bool:
        """Triage of this post is over; False if it was no longer ours, and nothing may come of it."""
        if keep:
            cursor = self._db.execute(
                "update posts set triaged = 1, claimed_by = null, claimed_until = null"
                " where id = ? and claimed_by = ? and triaged = 0",
                [post.id, claimant],
            )
        else:
            cursor = self._db.execute(
                "delete from posts where id = ? and claimed_by = ? and triaged = 0",
                [post.id, claimant],
            )
        return bool(cursor.rowcount)

    def done_all(self, post_ids: Sequence[int], claimant: str) -> set[int]:
        """Triage of these posts is over, and nothing stays of them; those that were still ours."""
        rows = self._db.execute(
            "delete from posts where id in (select value from json_each(?)) and claimed_by = ?"
            " and triaged = 0 returning id",
            [json.dumps(list(post_ids)), claimant],
        ).fetchall()
        return {row[0] for row in rows}

    def veil_names(self) -> int:
        """Veil names that were kept before names were veiled; says how many."""
        rows = list(
            self._db.query(
                "select id, author from posts where drill = 0 and author <> ''"
                " and author not glob '@????????…' limit ?",
                [_BATCH],
            )
        )
        for row in rows:
            arguments = [self.veil(row["author"]), row["id"]]
            self._db.execute("update posts set author = ? where id = ?", arguments)
            self._db.execute("update appearances set author = ? where post_id = ?", arguments)
        return len(rows)

    def locate(self, post_id: int, place: str) -> None:
        """Say which place the post is about."""
        self._db.execute("update posts set place = ? where id = ?", [place, post_id])

    def give_back(self, claimant: str) -> None:
        """What claimants whose name begins so hold may be taken by others at once."""
        self._db.execute(
            "update posts set claimed_by = null, claimed_until = null"
            " where substr(claimed_by, 1, ?) = ?",
            [len(claimant), claimant],
        )

    def set_aside(self, post: Post, claimant: str) -> None:
        """Pass over a post that cannot be triaged, so that it does not hold up the others."""
        self._db.execute(
            "update posts set triaged = 2, claimed_by = null, claimed_until = null"
            " where id = ? and claimed_by = ?",
            [post.id, claimant],
        )

    def waiting(self) -> int:
        return self._db.table("posts").count_where("triaged = 0")

    def waiting_since(self) -> datetime | None:
        """Since when the post waits that has waited longest; None where none does."""
        row = self._db.execute("select min(seen) from posts where triaged = 0").fetchone()
        return maybe_moment(row[0])

    def kept(self, since: datetime, *, limit: int) -> list[Post]:
        """Real posts seen since then that are still here because they came near a rumour, newest first."""
        rows = self._db.query(
            "select * from posts where triaged <> 0 and drill = 0 and seen >= ?"
            " order by id desc limit ?",
            [stamp(since), limit],
        )
        return [post_of(row) for row in rows]

    def forget_apart(self, before: datetime) -> int:
        """Forget posts seen before then that belong to no incident: suggestions nobody took up, and what
        could not be triaged. Says how many."""
        lone = (
            "select p.id from posts p where p.triaged <> 0 and p.seen < ? and not exists"
            " (select 1 from sightings s where s.post_id = p.id and s.incident_id is not null)"
        )
        ids = [row["id"] for row in self._db.query(lone, [stamp(before)])]
        for post_id in ids:
            self._db.execute("delete from sightings where post_id = ?", [post_id])
            self._db.execute("delete from posts where id = ?", [post_id])
        return len(ids)

    def forget_seen(self, before: datetime) -> int:
        """Drop the hashes of posts not met since; says how many."""
        return self._db.execute("delete from seen where seen < ?", [stamp(before)]).rowcount


def post_of(row: Row, prefix: str = "") -> Post:
    """The post in a row, whose columns may carry a prefix where it was joined."""
    return Post(
        id=row[prefix + "id"],
        source_id=row[prefix + "source_id"],
        key=row[prefix + "key"],
        text=row[prefix + "text"],
        url=row[prefix + "url"],
        author=row[prefix + "author"],
        published=maybe_moment(row[prefix + "published"]),
        seen=moment(row[prefix + "seen"]),
        lang=row[prefix + "lang"],
        edited=bool(row[prefix + "edited"]),
        drill=bool(row[prefix + "drill"]),
        place=row[prefix + "place"],
        reach=row[prefix + "reach"],
        gone=maybe_moment(row[prefix + "gone"]),
    )
