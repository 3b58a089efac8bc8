"""Which posts of a feed are new, which were edited, which we know. Compares; remembers nothing itself.

What is remembered of a post that carries no rumour is its key's and its text's hash, in ``store``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from crisis.types import FeedPost


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A feed's posts, told apart; each in the order of the feed, each once."""

    new: tuple[FeedPost, ...] = ()
    edited: tuple[FeedPost, ...] = ()  # known under this key, with another text
    unchanged: tuple[FeedPost, ...] = ()


def compare(posts: Iterable[FeedPost], known: Mapping[str, str]) -> News:
    """Tell posts apart by what is known: key -> ``fingerprint`` of the text seen last.

    A key met twice in ``posts`` counts once, as it stood first.
    """
    new: list[FeedPost] = []
    edited: list[FeedPost] = []
    unchanged: list[FeedPost] = []
    first: dict[str, FeedPost] = {}
    for post in posts:
        first.setdefault(post.key, post)
    for post in first.values():
        seen = known.get(post.key)
        if seen is None:
            new.append(post)
        elif seen != fingerprint(post):
            edited.append(post)
        else:
            unchanged.append(post)
    return News(new=tuple(new), edited=tuple(edited), unchanged=tuple(unchanged))


def fingerprint(post: FeedPost) -> str:
    """SHA-256 of the text, hexadecimal. Spacing and the way letters are composed make no edit."""
    words = " ".join(unicodedata.normalize("NFC", post.text).split())
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def key_hash(source_id: int, key: str) -> str:
    """SHA-256 of a post's key within its source, hexadecimal: recognises it, tells nothing of it."""
    return sha256(f"{source_id}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()
