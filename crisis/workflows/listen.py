"""From streams to the spool: heard -> what is new -> screen -> keep, with the cursor, in one transaction.

A stream brings far more than carries a rumour. So its posts are screened before they are written down: of
those that match nothing only the hash and the count stay, and the text never reaches the disk. What does
match goes into the spool like any other post, and triage judges it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crisis.interfaces import House, Store
from crisis.sources.news import News, compare, fingerprint
from crisis.types import FeedContent, FeedPost, Heard, Post, Source
from crisis.workflows import triage
from crisis.workflows.spool import post_of


def keep(house: House, heard: Heard, now: datetime) -> int:
    """Write down what a stream brought; says how many posts were new.

    Heard again (after a crash, from another server) nothing is taken twice. A source that was removed or
    paused meanwhile gets nothing.
    """
    store = house.store
    known = store.posts.known(heard.source_id, [post.key for post in heard.posts])
    news = compare(heard.posts, known)
    source = store.sources.find(heard.source_id)
    if source is None or not source.active:
        return 0
    carrying, bare, counted = _screened(house, source, news, now)
    with store.transaction():
        source = store.sources.find(heard.source_id)
        if source is None or not source.active:
            return 0
        new = store.posts.put([(post, fingerprint_of(post)) for post in carrying], now)
        new += _pass_by(house, bare, counted, now)
        if heard.gone:
            store.posts.withdraw(source.id, heard.gone, now)
        store.sources.update(_after(source, heard, new, now))
        return new


def fingerprint_of(post: Post) -> str:
    """The fingerprint of a post that was heard."""
    return fingerprint(FeedPost(key=post.key, text=post.text))


def _screened(
    house: House, source: Source, news: News, now: datetime
) -> tuple[list[Post], list[Post], triage.Counted]:
    """The posts that may carry a rumour, those that do not, and what of these is to be counted."""
    fresh = [post_of(post, source, FeedContent(), now) for post in news.new]
    edited = [post_of(post, source, FeedContent(), now, edited=True) for post in news.edited]
    if not fresh:
        return edited, [], ((), 1)
    index = house.index()
    few = len(fresh) <= triage.FEW
    found = triage.matched(index, fresh, banded=not few, thrifty=triage.thrifty(house, now))
    carrying: list[Post] = []
    bare: list[Post] = []
    scored: list[triage.Scored] = []
    for post, match in zip(fresh, found, strict=True):
        if match is not None and triage.keeps(house, match, drill=post.drill):
            carrying.append(post)
        else:
            bare.append(post)
            scored.append(triage.Scored(post, match, index.model.version))
    counted: triage.Counted = (scored, 1) if few else triage.sample(index, bare)
    return carrying + edited, bare, counted


def _pass_by(house: House, bare: Sequence[Post], counted: triage.Counted, now: datetime) -> int:
    """Remember the hashes of posts that carry nothing, and count them."""
    if not bare:
        return 0
    scored, weight = counted
    triage.count(house, scored, now, weight=weight)
    return house.store.posts.pass_by([(post, fingerprint_of(post)) for post in bare], now)


def _after(source: Source, heard: Heard, new: int, now: datetime) -> Source:
    """How the source does now. Where a stream only goes beside polling, its line says nothing of that."""
    source = replace(source, last_new_post=now if new else source.last_new_post)
    if not source.kind.heard:
        # After a gap what was missed is asked for at once; the cursor is the polling's.
        source = _line(source, heard, now)
        return replace(source, next_due=now) if heard.gap else source
    if heard.error is not None:
        return replace(
            source,
            cursor=heard.cursor or source.cursor,
            failures=source.failures + 1,
            failing_since=source.failing_since or now,
            last_error=heard.error.de,
            last_error_en=heard.error.en,
        )
    return replace(
        source,
        cursor=heard.cursor or source.cursor,
        failures=0,
        failing_since=None,
        last_error="",
        last_error_en="",
        last_success=now,
    )


def _line(source: Source, heard: Heard, now: datetime) -> Source:
    """How the stream beside a polled source does: since when it is up, or down and why."""
    if heard.error is not None:
        since = source.line_since if source.line_error else now
        return replace(
            source,
            line_since=since,
            line_error=heard.error.de,
            line_error_en=heard.error.en,
        )
    if source.line_since is None or source.line_error:
        return replace(source, line_since=now, line_error="", line_error_en="")
    return source


def wants_lines(store: Store) -> list[Source]:
    """The sources a stream may be held to."""
    return [source for source in store.sources.all() if source.active]
