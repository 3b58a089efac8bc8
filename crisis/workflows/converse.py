"""From a source of any kind to what it holds now: question -> answer -> read -> next question.

Where one answer does not hold everything, several are asked for in a row, oldest first, up to a bound; what
is left is asked for next time from the cursor on. Nothing is kept here: see ``watch``.
"""

from __future__ import annotations

from dataclasses import replace

from crisis.errors import CrisisError
from crisis.interfaces import Fetch, Reader
from crisis.sources import kinds
from crisis.sources.mastodon import MOST_PAGES
from crisis.types import FeedContent, FeedPost, Fetched, Source
from crisis.workflows.heed import heed


def converse(fetch: Fetch, reader: Reader, source: Source) -> tuple[Fetched, FeedContent | None]:
    """The last answer, and everything that was read; None where nothing has changed.

    What was read before a page failed counts: the next time goes on from there. Raises CrisisError where
    nothing was read at all.
    """
    if source.kind.warns:
        return heed(fetch, reader, source)
    cursor, title = source.cursor, ""
    posts: list[FeedPost] = []
    fetched: Fetched | None = None
    content = FeedContent()
    more, pages = True, 0
    while more and pages < MOST_PAGES:
        try:
            fetched = fetch.fetch(
                kinds.question(source, cursor),
                etag="" if pages else source.etag,
                last_modified="" if pages else source.last_modified,
            )
            if fetched.not_modified:
                return fetched, None
            content = reader.read(fetched, source.kind)
        except CrisisError as error:
            if not posts:
                raise kinds.explain(source, error) from error
            break
        title = title or content.title
        posts = [*content.posts, *posts]  # later pages are newer, and newest stand first
        cursor, more = kinds.advance(source, cursor, content)
        pages += 1
    if fetched is None:
        raise AssertionError("no question was asked")
    return fetched, replace(content, title=title, posts=tuple(posts), cursor=cursor, full=more)
