"""What another wording of a rumour would change: recent posts -> match as it is -> match as it would be.

Keeps nothing. Looks at posts that the desk still has, so at those that came near some rumour: what a
wording finds among all others, nobody can say afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.interfaces import House, Index
from crisis.types import Band, Match, Post, Rumour

LOOKS_BACK = timedelta(days=7)
MOST_POSTS = 200  # the newest; a large catalogue takes about ten milliseconds a post, twice


@dataclass(frozen=True, slots=True)
class Found:
    """A post whose fate another wording changes, with what is said of it now and then."""

    post: Post
    before: Band
    after: Band


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How many of ``posts`` carry the rumour as it is and as it would be, by band."""

    posts: int
    before: dict[Band, int]
    after: dict[Band, int]
    gained: Sequence[Found]
    lost: Sequence[Found]


def rehearse(house: House, rumour: Rumour, now: datetime) -> Rehearsal:
    """Compare the posts of the last week with the rumour as it stands and as ``rumour`` says it."""
    posts = house.store.posts.kept(now - LOOKS_BACK, limit=MOST_POSTS)
    index = house.index()
    before = _bands(index, posts, rumour.id)
    after = _bands(index.with_rumour(rumour), posts, rumour.id)
    changed = [
        Found(post, old, new)
        for post, old, new in zip(posts, before, after, strict=True)
        if old is not new
    ]
    return Rehearsal(
        posts=len(posts),
        before={band: before.count(band) for band in Band},
        after={band: after.count(band) for band in Band},
        gained=[one for one in changed if _rank(one.after) > _rank(one.before)],
        lost=[one for one in changed if _rank(one.after) < _rank(one.before)],
    )


def _bands(index: Index, posts: Sequence[Post], rumour_id: str) -> list[Band]:
    found = index.match([post.text for post in posts], [post.lang for post in posts], banded=True)
    return [_band(matches, rumour_id) for matches in found]


def _band(matches: Sequence[Match], rumour_id: str) -> Band:
    return next((m.band for m in matches if m.rumour_id == rumour_id), Band.NONE)


def _rank(band: Band) -> int:
    return (Band.NONE, Band.SUGGEST, Band.RAISE).index(band)
