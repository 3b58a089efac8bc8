"""Bluesky: an account's posts by its public API, and what a post is, wherever it came from.

Pure. A source's address is the account's page (https://bsky.app/profile/…). The API needs no sign-in and no
token. Everything that is said there at this moment comes by ``jetstream``. Written against
https://docs.bsky.app/docs/api/app-bsky-feed-get-author-feed and the lexicon app.bsky.feed.post.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from crisis.errors import FeedError
from crisis.sources.dates import from_iso
from crisis.sources.entries import Entry, assemble
from crisis.sources.markup import clean, line
from crisis.types import FeedContent

SERVER = "https://public.api.bsky.app"
LIMIT = 100  # posts of one answer, the most there are; nobody writes more between two questions
POST = "app.bsky.feed.post"

_PROFILE = re.compile(r"/profile/([A-Za-z0-9.:_-]{3,253})(?:/rss)?/?")
_HANDLE = re.compile(r"@?([a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9][a-z0-9-]{0,62}){1,8})", re.I)


def actor(url: str) -> str:
    """The account behind a page of bsky.app, "" if it is none: its handle or its DID."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname not in ("bsky.app", "www.bsky.app"):
        return ""
    found = _PROFILE.fullmatch(unquote(parts.path))
    return found[1] if found else ""


def profile(account: str) -> str:
    """The page of an account that is named "@stadt.example" or "stadt.example"; "" if it is no handle."""
    found = _HANDLE.fullmatch(account.strip())
    return f"https://bsky.app/profile/{found[1].lower()}" if found else ""


def question(url: str, server: str = SERVER) -> str:
    """The address to ask for the account's newest posts and replies."""
    ask = {"actor": actor(url), "limit": LIMIT, "filter": "posts_with_replies"}
    return f"{server}/xrpc/app.bsky.feed.getAuthorFeed?{urlencode(ask)}"


def read(body: bytes) -> FeedContent:
    """The posts in an answer, without what the account only passed on. Raises FeedError."""
    try:
        data = json.loads(body)
    except ValueError as error:
        raise _no_api() from error
    if not isinstance(data, dict) or not isinstance(data.get("feed"), list):
        raise _no_api()
    posts = [
        one["post"]
        for one in data["feed"]
        if isinstance(one, dict) and isinstance(one.get("post"), dict) and not one.get("reason")
    ]
    return assemble(
        [entry for one in posts if (entry := _entry(one)) is not None],
        title=next((_name(one.get("author")) for one in posts), ""),
    )


def text_of(record: dict[str, Any]) -> str:
    """What a post says: its text, the title of what it links to, its pictures' descriptions."""
    said = [clean(_string(record.get("text")))]
    embed = record.get("embed")
    if isinstance(embed, dict):
        media = embed.get("media")
        for part in (embed, media if isinstance(media, dict) else {}):
            external = part.get("external")
            if isinstance(external, dict):
                said.append(line(_string(external.get("title")), 300))
            images = part.get("images")
            for image in images[:4] if isinstance(images, list) else ():
                if isinstance(image, dict):
                    said.append(clean(_string(image.get("alt"))))
    return "\n".join(part for part in said if part)


def lang_of(record: dict[str, Any]) -> str:
    """The post's first language, "" if it says none or several."""
    langs = record.get("langs")
    if not isinstance(langs, list) or len(langs) != 1:
        return ""
    return _string(langs[0]).partition("-")[0].lower()


def web_of(did: str, rkey: str) -> str:
    """Where people see the post."""
    return f"https://bsky.app/profile/{did}/post/{rkey}"


def _entry(post: dict[str, Any]) -> Entry | None:
    uri = _string(post.get("uri"))
    record, author = post.get("record"), post.get("author")
    parts = uri.removeprefix("at://").split("/")
    if not isinstance(record, dict) or len(parts) != 3 or parts[1] != POST:
        return None
    name = author.get("handle") if isinstance(author, dict) else ""
    return Entry(
        id=uri,
        link=web_of(parts[0], parts[2]),
        body=text_of(record),
        author=f"@{_string(name)}" if name else "",
        published=from_iso(record.get("createdAt")),
        lang=lang_of(record),
        reach=str(post.get("repostCount", "")),
    )


def _name(author: object) -> str:
    if not isinstance(author, dict):
        return ""
    return _string(author.get("displayName")) or f"@{_string(author.get('handle'))}"


def _no_api() -> FeedError:
    return FeedError(
        "Bluesky antwortet nicht wie erwartet. Bitte prüfen Sie den Namen des Kontos.",
        "Bluesky does not answer as expected. Please check the name of the account.",
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
