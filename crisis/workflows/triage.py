"""From posts to the desk: claim -> match -> decide -> open or join -> queue alert.

Matching is slow and happens before the transaction; what comes of a post is one transaction each, so that
a crash loses nothing and a repeat doubles nothing.

Of many posts at once only those that reach a band are scored; how the others score, which later thresholds
are weighed by, is known of a few that stand for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from crisis import audit
from crisis.errors import StoreError
from crisis.interfaces import House, Index
from crisis.matching.histogram import bin_of_match, may_raise
from crisis.matching.places import about
from crisis.types import Match, Post, Sighting
from crisis.workflows import place, tell

BATCH = 200

CROWDED = 2_000
"""Posts that wait, from which on the meaning is looked up only of those that share words with a rumour."""

THRIFTY = "matching.thrifty"
"""Fact: since when that is so; empty while it is not."""


FEW = 20
"""Posts at once whose whole scores are worth their time."""

ONE_OF = 250
"""Of so many posts of a larger lot, and of each lot, one is scored wholly, to stand for all: 10 ms each."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A post, its best match if any, and the version of the model that judged it."""

    post: Post
    match: Match | None
    model: str


Counted: TypeAlias = tuple[Sequence[Scored], int]
"""Posts with their scores, and how many each stands for."""


def triage(house: House, claimant: str, now: datetime, *, limit: int = BATCH) -> int:
    """Triage up to ``limit`` waiting posts; says how many were dealt with."""
    store = house.store
    with store.transaction():
        posts = store.posts.claim(limit, claimant, now)
    if not posts:
        return 0
    index = house.index()
    few = len(posts) <= FEW
    found = matched(index, posts, banded=not few, thrifty=thrifty(house, now))
    scored = [
        Scored(post, match, index.model.version) for post, match in zip(posts, found, strict=True)
    ]
    carrying = {one.post.id for one in scored if keeps(house, one.match, drill=one.post.drill)}
    bare = [one for one in scored if one.post.id not in carrying]
    _forget(
        house, bare, (bare, 1) if few else sample(index, [one.post for one in bare]), claimant, now
    )
    if carrying:
        playbooks = tell.drawer(house)
        for one in scored:
            if one.post.id in carrying:
                _keep(house, one, playbooks, claimant, now)
    return len(posts)


def thrifty(house: House, now: datetime) -> bool:
    """Say whether more posts wait than an encoder can take; the desk is told so."""
    store = house.store
    crowded = store.posts.waiting() > CROWDED
    if crowded != bool(store.facts.get(THRIFTY)):
        with store.transaction():
            store.facts.set(THRIFTY, now.isoformat() if crowded else "")
    return crowded


def matched(
    index: Index, posts: Sequence[Post], *, banded: bool, thrifty: bool = False
) -> list[Match | None]:
    """The best match of each post; with ``banded`` only what reaches a band, and much faster."""
    found = index.match(
        [post.text for post in posts],
        [post.lang for post in posts],
        top=1,
        banded=banded,
        thrifty=thrifty,
    )
    return [matches[0] if matches else None for matches in found]


def sample(index: Index, bare: Sequence[Post]) -> Counted:
    """Every so many of these posts with its whole score, each standing for so many."""
    every = max(1, len(bare) // max(1, round(len(bare) / ONE_OF)))
    some = bare[every // 2 :: every]
    found = matched(index, some, banded=False)
    version = index.model.version
    return [Scored(*one, version) for one in zip(some, found, strict=True)], every


def keeps(house: House, match: Match | None, *, drill: bool) -> bool:
    """Whether a post with this match is kept."""
    if match is None:
        return False
    latest = house.store.incidents.latest(match.rumour_id, drill=drill)
    return place.keeps(match, latest)


def _forget(
    house: House, scored: list[Scored], counted: Counted, claimant: str, now: datetime
) -> None:
    """Posts that carry nothing go, all but their hash. An edited one that carried something stays."""
    store = house.store
    with store.transaction():
        over = store.posts.done_all(
            [one.post.id for one in scored if not one.post.edited], claimant
        )
        for one in scored:
            if not one.post.edited:
                continue
            carried = store.sightings.of_post(one.post.id)
            if store.posts.done(one.post, claimant, keep=bool(carried)):
                over.add(one.post.id)
                for sighting in carried:  # it says something else now than those it stood with
                    place.beside_its_like(store, sighting)
        scores, weight = counted
        count(house, [one for one in scores if one.post.id in over], now, weight=weight)


def _keep(house: House, one: Scored, playbooks: tell.Drawer, claimant: str, now: datetime) -> None:
    store, post = house.store, one.post
    assert one.match is not None  # noqa: S101 - only those that match are kept
    try:
        with store.transaction():
            if store.posts.done(post, claimant, keep=True):
                count(house, [one], now)
                sighting = Sighting(post=_located(house, post), match=one.match, found=now)
                place.place(house, sighting, playbooks, now)
    except StoreError:
        raise  # the database, not the post: all of it is tried again
    except Exception as error:
        with store.transaction():
            store.posts.set_aside(post, claimant)
            store.audit.append(
                audit.entry(
                    now,
                    None,
                    "post.set_aside",
                    f"post:{post.id}",
                    after={"error": type(error).__name__},
                    drill=post.drill,
                )
            )


def _located(house: House, post: Post) -> Post:
    """The post with the place it is about."""
    source = house.store.sources.find(post.source_id)
    name = about(post.place, post.text, source.region if source else "", house.terms.places)
    if name != post.place:
        house.store.posts.locate(post.id, name)
    return replace(post, place=name)


def count(house: House, scored: Sequence[Scored], now: datetime, *, weight: int = 1) -> None:
    """Count how high posts scored: every real one once, as it was when it came; ``weight``: how many each
    stands for."""
    day = house.terms.today(now)
    counts: dict[tuple[str, bool], Counter[int]] = {}
    for one in scored:
        if not (one.post.drill or one.post.edited):
            group = counts.setdefault((one.model, may_raise(one.match)), Counter())
            group[bin_of_match(one.match)] += weight
    for (model, raising), bins in counts.items():
        house.store.scores.add(day, model, bins, may_raise=raising)
