"""Bluesky's Jetstream: what is asked for, and what an event of it means. Pure; ``follow`` holds the line.

A source's address carries what is wanted: wss://SERVER/subscribe?lang=de&words=wasser,keime. The server is
told the kind of record only; language and words are looked at here, before anything is kept. The cursor is
the time of the last event in microseconds. Events: {"did", "time_us", "kind": "commit", "commit":
{"operation", "collection", "rkey", "record"}} (https://github.com/bluesky-social/jetstream).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from crisis.sources.bluesky import POST, lang_of, text_of, web_of
from crisis.sources.dates import from_iso
from crisis.sources.entries import shorten
from crisis.types import FeedPost

SERVERS = ("jetstream2.us-east.bsky.network", "jetstream1.us-west.bsky.network")
REWIND = 5_000_000  # microseconds asked for again after a break; what is known already is told by its key
MAX_EVENT = 1_000_000  # bytes; a post with everything is below 20 kB
_MOST_WORDS = 200
_OVER = {"deleted", "takendown"}
_WRITTEN = {"create", "update"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a source takes of all that is said: posts of these languages that hold one of these words.

    Words without a language or a language without words are fine; none of both takes everything.
    """

    server: str  # "wss://host"
    langs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The source's address."""
        asked = {"lang": ",".join(self.langs), "words": ",".join(self.words)}
        query = urlencode({name: value for name, value in asked.items() if value}, safe=",")
        return f"{self.server}/subscribe" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Event:
    """One event that concerns posts: written (again) or deleted; neither where it is passed over."""

    at: int  # microseconds
    post: FeedPost | None = None
    gone: str = ""  # key of the post that was deleted; of all posts of an account: "did:…/"


def wanted(url: str) -> Wanted | None:
    """What a source's address asks for, None if it is no address of Jetstream."""
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.netloc or parts.path != "/subscribe":
        return None
    asked = parse_qs(parts.query)
    return Wanted(
        f"{parts.scheme}://{parts.netloc}",
        langs=tuple(lang.lower() for lang in listed(asked.get("lang", [""])[0])),
        words=listed(asked.get("words", [""])[0])[:_MOST_WORDS],
    )


def listed(text: str) -> tuple[str, ...]:
    """Words separated by commas or line ends, each once."""
    words = (" ".join(word.split()) for word in re.split(r"[,\n;]", text))
    return tuple(dict.fromkeys(word for word in words if word))


def question(want: Wanted, cursor: str) -> str:
    """The address to connect to, a little before where we were."""
    ask: dict[str, str | int] = {"wantedCollections": POST}
    if cursor.isdigit():
        ask["cursor"] = max(0, int(cursor) - REWIND)
    return f"{want.server}/subscribe?{urlencode(ask)}"


class Sieve:
    """Which posts are wanted. A word counts wherever it stands, in any case, also inside another."""

    def __init__(self, want: Wanted) -> None:
        self._langs = frozenset(want.langs)
        words = sorted((re.escape(word.casefold()) for word in want.words), key=len, reverse=True)
        self._words = re.compile("|".join(words)) if words else None

    def takes(self, text: str, langs: Sequence[str]) -> bool:
        """Whether a post in these languages (none: it does not say) with this text is wanted."""
        if self._langs and langs and self._langs.isdisjoint(langs):
            return False
        return self._words is None or self._words.search(text.casefold()) is not None


def read(message: bytes | str, sieve: Sieve) -> Event | None:
    """One event, None if it is damaged. Everything in it is somebody's and proves nothing."""
    try:
        data = json.loads(message)
        at = data["time_us"]
        commit = data.get("commit") or {}
        if not isinstance(at, int) or isinstance(at, bool) or at < 0:
            return None
        if data.get("kind") == "account":
            return Event(at, gone=_left(data))
        if data.get("kind") != "commit" or commit.get("collection") != POST:
            return Event(at)
        key = _key(data.get("did"), commit.get("rkey"))
        if not key:
            return Event(at)
        if commit.get("operation") == "delete":
            return Event(at, gone=key)
        record = commit.get("record")
        if commit.get("operation") not in _WRITTEN or not isinstance(record, dict):
            return Event(at)
        return Event(at, post=_post(key, record, sieve))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _post(key: str, record: dict[str, Any], sieve: Sieve) -> FeedPost | None:
    text = text_of(record)
    langs = record.get("langs")
    named = [str(one).partition("-")[0].lower() for one in langs] if isinstance(langs, list) else []
    if not text or not sieve.takes(text, named):
        return None
    did, _, rkey = key.partition("/")
    return FeedPost(
        key=key,
        text=shorten(text),
        url=web_of(did, rkey),
        published=from_iso(record.get("createdAt")),
        lang=lang_of(record),
    )


def _left(data: dict[str, Any]) -> str:
    """All posts of an account that is no more: "did:…/"; "" of one that only sleeps or came back."""
    account, did = data["account"], data.get("did")
    over = account.get("active") is False and account.get("status") in _OVER
    return f"{did}/" if over and isinstance(did, str) and did.startswith("did:") else ""


def _key(did: object, rkey: object) -> str:
    """The post's own name. Not its author's: handles do not stand in the stream, and none is looked up."""
    if not isinstance(did, str) or not isinstance(rkey, str):
        return ""
    if not did.startswith("did:") or "/" in did or len(did) > 300 or not 0 < len(rkey) <= 512:
        return ""
    return f"{did}/{rkey}"
