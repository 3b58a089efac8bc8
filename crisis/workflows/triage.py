"""From posts to the desk: claim -> match -> decide -> open or join -> queue alert.

Matching is slow and happens before the transaction; what comes of a post is one transaction each, so that
a crash loses nothing and a repeat doubles nothing.
"""

from __future__ import annotations

from datetime import datetime

from crisis import audit
from crisis.errors import StoreError
from crisis.interfaces import House
from crisis.types import Match, Post, Sighting
from crisis.workflows import place, tell

BATCH = 200


def triage(house: House, claimant: str, now: datetime, *, limit: int = BATCH) -> int:
    """Triage up to ``limit`` waiting posts; says how many were dealt with."""
    store = house.store
    with store.transaction():
        posts = store.posts.claim(limit, claimant, now)
    if not posts:
        return 0
    found = house.index().match([post.text for post in posts], [post.lang for post in posts], top=1)
    carrying = {
        post.id: matches[0]
        for post, matches in zip(posts, found, strict=True)
        if matches and _keeps(house, post, matches[0])
    }
    _forget(house, [post for post in posts if post.id not in carrying], claimant)
    if carrying:
        playbooks = tell.drawer(house)
        for post in posts:
            if post.id in carrying:
                _keep(house, post, carrying[post.id], playbooks, claimant, now)
    return len(posts)


def _keeps(house: House, post: Post, match: Match) -> bool:
    latest = house.store.incidents.latest(match.rumour_id, drill=post.drill)
    return place.keeps(match, latest)


def _forget(house: House, posts: list[Post], claimant: str) -> None:
    """Posts that carry nothing go, all but their hash. An edited one that carried something stays."""
    store = house.store
    with store.transaction():
        for post in posts:
            carried = post.edited and bool(store.sightings.of_post(post.id))
            store.posts.done(post, claimant, keep=carried)


def _keep(
    house: House, post: Post, match: Match, playbooks: tell.Drawer, claimant: str, now: datetime
) -> None:
    store = house.store
    try:
        with store.transaction():
            if store.posts.done(post, claimant, keep=True):
                place.place(house, Sighting(post=post, match=match, found=now), playbooks, now)
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
