"""Does a post still stand where it stood? Which question to ask of its address, and what the answer means.

Pure; asks nobody. Mastodon is asked by its API for one status (GET /api/v1/statuses/:id,
https://docs.joinmastodon.org/methods/statuses/#get), Bluesky for up to 25 posts at once (getPosts,
https://docs.bsky.app/docs/api/app-bsky-feed-get-posts), everything else whether its page is there (HEAD). An
edit is seen where the answer holds the text: at Mastodon.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode, urlsplit

from crisis.sources import bluesky, mastodon
from crisis.types import Appearance, SourceKind

TOGETHER = 25  # posts of Bluesky in one question, the most there may be
GONE = frozenset({404, 410})  # HTTP: not there; anything else says nothing of the post


class Way(StrEnum):
    """How it is asked."""

    PAGE = "page"  # is anything there? No body
    STATUS = "status"  # one status of Mastodon, with its text
    POSTS = "posts"  # posts of Bluesky, of which those that are gone are missing


@dataclass(frozen=True, slots=True)
class Question:
    """One request, and of which places it tells."""

    way: Way
    url: str
    of: tuple[Appearance, ...]

    @property
    def host(self) -> str:
        """Who is asked."""
        return host_of(self.url)


def questions(
    places: Iterable[tuple[Appearance, SourceKind, str]], server: str = bluesky.SERVER
) -> list[Question]:
    """What to ask to learn of these places, each with the kind and the address of its source.

    In the order they were given; places that nobody can be asked about are left out. ``server``: of Bluesky.
    """
    found: list[Question] = []
    together: list[Appearance] = []
    for place, kind, source_url in places:
        uri = _uri(place, kind)
        if uri:
            together.append(place)
            if len(together) == TOGETHER:
                found.append(_posts(together, server))
                together = []
        elif url := _status(place, kind, source_url):
            found.append(Question(Way.STATUS, url, (place,)))
        elif place.url.startswith(("https://", "http://")):
            found.append(Question(Way.PAGE, place.url, (place,)))
    if together:
        found.append(_posts(together, server))
    return found


def affordable(asked: Sequence[str], wanted: Iterable[Question], most: int) -> list[Question]:
    """Those of ``wanted`` that may be asked when no host is asked more than ``most`` times; ``asked``: the
    hosts that were."""
    spent: dict[str, int] = {}
    for host in asked:
        spent[host] = spent.get(host, 0) + 1
    may = []
    for question in wanted:
        if spent.get(question.host, 0) < most:
            spent[question.host] = spent.get(question.host, 0) + 1
            may.append(question)
    return may


def missing(question: Question, body: bytes) -> frozenset[int]:
    """Which of the places are no longer in an answer of Bluesky; none where the answer is no such."""
    try:
        data = json.loads(body)
        there = {post["uri"] for post in data["posts"]}
    except (ValueError, TypeError, KeyError):
        return frozenset()
    return frozenset(place.id for place in question.of if _of_bluesky(place) not in there)


def host_of(url: str) -> str:
    """Host and port of an address, "" where there is none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _posts(places: Sequence[Appearance], server: str) -> Question:
    asked = urlencode([("uris", _of_bluesky(place)) for place in places])
    return Question(Way.POSTS, f"{server}/xrpc/app.bsky.feed.getPosts?{asked}", tuple(places))


def _uri(place: Appearance, kind: SourceKind) -> str:
    return _of_bluesky(place) if kind in (SourceKind.BLUESKY, SourceKind.JETSTREAM) else ""


def _of_bluesky(place: Appearance) -> str:
    """The post's name on Bluesky: "at://did/app.bsky.feed.post/rkey", of a stream's or an account's key."""
    did, _, rkey = place.key.removeprefix("at://").replace(f"/{bluesky.POST}/", "/").partition("/")
    return f"at://{did}/{bluesky.POST}/{rkey}" if did.startswith("did:") and rkey else ""


def _status(place: Appearance, kind: SourceKind, source_url: str) -> str:
    if kind is not SourceKind.MASTODON or not place.key.isalnum():
        return ""
    page = mastodon.page(source_url)
    return f"{page.server}/api/v1/statuses/{quote(place.key, safe='')}" if page else ""
