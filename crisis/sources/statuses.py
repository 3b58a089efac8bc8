"""Answers of Mastodon's API to posts: timelines, searches, accounts, single statuses of a stream.

Only what is public is taken. A boost is no post: what it passes on stands in its own place. Replies are
posts. HTML becomes text as everywhere (``markup``). Which address was asked is ``mastodon``'s.
"""

from __future__ import annotations

import json
from typing import Any

from crisis.errors import FeedError
from crisis.sources import mastodon
from crisis.sources.bounds import MAX_POSTS
from crisis.sources.dates import from_iso
from crisis.sources.entries import Entry, assemble
from crisis.sources.markup import plain, web_address
from crisis.types import FeedContent


def read(body: bytes, *, url: str = "") -> FeedContent:
    """What an answer holds; ``cursor`` is its newest status, ``full`` says that there may be more.

    An account that was looked up has no posts; its number is the cursor. Raises FeedError.
    """
    try:
        data = json.loads(body)
    except ValueError as error:
        raise _no_api() from error
    if isinstance(data, dict) and isinstance(data.get("statuses"), list):
        data = data["statuses"]
    if isinstance(data, dict) and _string(data.get("acct")):
        return FeedContent(
            title=plain(_string(data.get("display_name")) or f"@{data['acct']}"),
            cursor=_id(data),
            full=True,
        )
    if isinstance(data, dict) and isinstance(data.get("account"), dict):
        data = [data]  # one status, asked for by its number
    if not isinstance(data, list):
        raise _no_api(data)
    found = [one for one in data[:MAX_POSTS] if isinstance(one, dict)]
    content = assemble([_entry(one, url) for one in found if _counts(one)])
    cursor = ""
    for one in found:
        cursor = mastodon.newest(cursor, _id(one))
    return FeedContent(
        title=content.title,
        lang=content.lang,
        posts=content.posts,
        remarks=() if not found or not content.posts else content.remarks,
        cursor=cursor,
        full=len(data) >= mastodon.LIMIT,
    )


def _counts(status: dict[str, Any]) -> bool:
    return status.get("visibility") == "public" and not status.get("reblog") and bool(_id(status))


def _entry(status: dict[str, Any], base: str) -> Entry:
    link = web_address(_string(status.get("url")), base) or web_address(_string(status.get("uri")))
    return Entry(
        id=_id(status),
        link=link,
        title=plain(_string(status.get("spoiler_text"))),
        body="\n".join(
            filter(
                None,
                (
                    plain(_string(status.get("content")), html=True, base=base, own=link),
                    *_beside(status),
                ),
            )
        ),
        author=_author(status.get("account")),
        published=from_iso(status.get("created_at")),
        lang=_string(status.get("language")),
        reach=str(status.get("reblogs_count", "")),
    )


def _beside(status: dict[str, Any]) -> list[str]:
    """What stands beside the text and is read along: a picture's description, answers of a poll."""
    said = [
        plain(_string(media.get("description")))
        for media in _list(status.get("media_attachments"))
        if isinstance(media, dict)
    ]
    poll = status.get("poll")
    if isinstance(poll, dict):
        said += [
            f"- {plain(_string(option.get('title')))}"
            for option in _list(poll.get("options"))
            if isinstance(option, dict)
        ]
    return said


def _author(account: object) -> str:
    return f"@{_string(account.get('acct'))}" if isinstance(account, dict) else ""


def _id(thing: dict[str, Any]) -> str:
    number = thing.get("id")
    return number if isinstance(number, str) and len(number) <= 60 and number.isascii() else ""


def _no_api(data: object = None) -> FeedError:
    said = _string(data.get("error")) if isinstance(data, dict) else ""
    words = "".join(c for c in said[:200] if c.isprintable())
    return FeedError(
        "Dieser Server antwortet nicht wie Mastodon"
        + (f" („{words}“)" if words else "")
        + ". Bitte prüfen Sie die Adresse; oft gibt es dort auch einen RSS-Feed.",
        "This server does not answer like Mastodon"
        + (f" (“{words}”)" if words else "")
        + ". Please check the address; often there is an RSS feed as well.",
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
