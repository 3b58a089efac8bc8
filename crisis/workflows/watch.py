"""From sources to the spool: due -> ask -> read -> what is new -> keep.

``ask`` may take long and touches no database, so that many may run side by side; ``keep`` writes what one
of them brought, in one transaction: new posts, the source's health, and when it is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from crisis.errors import CrisisError
from crisis.interfaces import Fetch, House, Reader, Store
from crisis.sources.news import compare, fingerprint
from crisis.sources.timetable import next_due
from crisis.types import FeedContent, FeedPost, Fetched, Post, Source


@dataclass(frozen=True, slots=True)
class Outcome:
    """What asking a source brought: exactly one of ``fetched`` and ``error``."""

    source: Source
    fetched: Fetched | None = None
    content: FeedContent | None = None  # None where nothing changed
    error: CrisisError | None = None


def ask(fetch: Fetch, reader: Reader, source: Source) -> Outcome:
    """Fetch and read; what goes wrong is part of the outcome."""
    try:
        fetched = fetch.fetch(source.url, etag=source.etag, last_modified=source.last_modified)
        content = None if fetched.not_modified else reader.read(fetched)
    except CrisisError as error:
        return Outcome(source, error=error)
    return Outcome(source, fetched=fetched, content=content)


def keep(store: Store, outcome: Outcome, now: datetime) -> int:
    """Spool what is new and write down how the source does; says how many posts were new."""
    with store.transaction():
        source = store.sources.find(outcome.source.id)  # as it is now: perhaps paused meanwhile
        if source is None:  # removed while we asked, as exercises are
            return 0
        if outcome.error is not None:
            store.sources.update(_failing(source, outcome.error, now))
            return 0
        new = _spool(store, source, outcome.content, now) if outcome.content else 0
        store.sources.update(_well(source, outcome, new, now))
        return new


def watch(house: House, now: datetime) -> int:
    """Ask every source that is due, one after the other; says how many posts were new."""
    return sum(
        keep(house.store, ask(house.fetch, house.reader, source), now)
        for source in house.store.sources.due(now)
    )


def _spool(store: Store, source: Source, content: FeedContent, now: datetime) -> int:
    known = store.posts.known(source.id, [post.key for post in content.posts])
    news = compare(content.posts, known)
    # Oldest first: the spool is worked off in this order.
    fresh = [
        (_post(post, source, content, now, edited), fingerprint(post))
        for posts, edited in ((news.new, False), (news.edited, True))
        for post in reversed(posts)
    ]
    store.posts.touch(source.id, [post.key for post in news.unchanged], now)
    return store.posts.put(fresh, now)


def _post(
    post: FeedPost, source: Source, content: FeedContent, now: datetime, edited: bool
) -> Post:
    return Post(
        source_id=source.id,
        key=post.key,
        text=post.text,
        url=post.url,
        author=post.author,
        published=post.published,
        seen=now,
        lang=post.lang or content.lang or source.lang,
        place=post.place,
        reach=post.reach,
        edited=edited,
        drill=source.drill,
    )


def _well(source: Source, outcome: Outcome, new: int, now: datetime) -> Source:
    fetched = outcome.fetched
    return replace(
        source,
        # A 304 may come without them: what we know stays.
        etag=(fetched.etag if fetched else "") or (source.etag if outcome.content is None else ""),
        last_modified=(fetched.last_modified if fetched else "")
        or (source.last_modified if outcome.content is None else ""),
        failures=0,
        last_error="",
        last_success=now,
        last_new_post=now if new else source.last_new_post,
        next_due=next_due(source, now, failed=False),
    )


def _failing(source: Source, error: CrisisError, now: datetime) -> Source:
    retry_after = getattr(error, "retry_after", None)
    return replace(
        source,
        failures=source.failures + 1,
        last_error=error.de,
        next_due=next_due(source, now, failed=True, retry_after=retry_after),
    )
