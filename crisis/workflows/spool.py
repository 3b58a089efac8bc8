"""What a source brought, into the spool: what is new -> put. Within the caller's transaction.

How it was brought (asked, pushed) is the caller's: ``watch``, ``hear_hub``. Streams are screened first: see
``listen``.
"""

from __future__ import annotations

from datetime import datetime

from crisis.interfaces import Store
from crisis.sources.news import News, compare, fingerprint
from crisis.types import FeedContent, FeedPost, Post, Source


def spool(store: Store, source: Source, content: FeedContent, now: datetime) -> News:
    """Lay what is new into the spool, inside the caller's transaction; says what was."""
    known = store.posts.known(source.id, [post.key for post in content.posts])
    news = compare(content.posts, known)
    # Oldest first: the spool is worked off in this order.
    fresh = [
        (post_of(post, source, content, now, edited), fingerprint(post))
        for posts, edited in ((news.new, False), (news.edited, True))
        for post in reversed(posts)
    ]
    store.posts.touch(source.id, [post.key for post in news.unchanged], now)
    store.posts.put(fresh, now)
    return news


def post_of(
    post: FeedPost, source: Source, content: FeedContent, now: datetime, edited: bool = False
) -> Post:
    """The post as it is kept, of this source, seen now."""
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
