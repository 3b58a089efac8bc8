"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).

Takes a field of the wrong type as absent, as the format asks of readers. Nothing else in JSON is read.
"""

from __future__ import annotations

import json
import re
from typing import Any

from crisis.errors import FeedError
from crisis.sources.bounds import MAX_POSTS
from crisis.sources.dates import from_iso
from crisis.sources.entries import Entry, assemble
from crisis.sources.markup import plain, web_address
from crisis.sources.sniff import no_json_feed
from crisis.types import FeedContent

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d+)?/?")


def read(text: str, *, url: str = "") -> FeedContent:
    """The feed in ``text``. Raises FeedError if it is broken JSON or JSON of another kind."""
    data = _loads(text)
    if data is None:
        first = _loads(text.lstrip().partition("\n")[0])
        if first is not None:
            raise no_json_feed(first, lines=True)
        raise FeedError(
            "Das beginnt wie JSON, ist aber unvollständig oder fehlerhaft.",
            "This begins like JSON but is incomplete or damaged.",
        )
    if not isinstance(data, dict) or not _VERSION.fullmatch(_string(data.get("version"))):
        raise no_json_feed(data)
    items = [item for item in _list(data.get("items")) if isinstance(item, dict)]
    if len(items) > 2 * MAX_POSTS:
        items = items[:MAX_POSTS] + items[-MAX_POSTS:]
    author = _author(data)
    return assemble(
        [_entry(item, author, url) for item in items],
        title=_string(data.get("title")),
        lang=_string(data.get("language")),
        hub=_hub(data, url),
        topic=web_address(_string(data.get("feed_url")), url),
    )


def _loads(text: str) -> Any:
    """The value, or None if this is no JSON, or JSON nested too deeply to be one of ours."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _entry(item: dict[str, Any], feed_author: str, base: str) -> Entry:
    links = (web_address(_string(item.get(name)), base) for name in ("url", "external_url"))
    link = next(filter(None, links), "")
    bodies = [
        plain(_string(item.get("content_html")), html=True, base=base, own=link),
        plain(_string(item.get("content_text")), base=base),
        plain(_string(item.get("summary")), base=base),
    ]
    return Entry(
        id=_id(item.get("id")),
        link=link,
        title=plain(_string(item.get("title")), base=base),
        body=next(filter(None, bodies), ""),
        author=_author(item) or feed_author,
        published=from_iso(item.get("date_published")) or from_iso(item.get("date_modified")),
        lang=_string(item.get("language")),
    )


def _hub(data: dict[str, Any], base: str) -> str:
    """The first WebSub hub among the feed's hubs."""
    for one in _list(data.get("hubs")):
        if isinstance(one, dict) and _string(one.get("type")).lower() == "websub":
            return web_address(_string(one.get("url")), base)
    return ""


def _author(thing: dict[str, Any]) -> str:
    """The first named author: 1.1 has a list, 1.0 has one."""
    for person in (*_list(thing.get("authors")), thing.get("author")):
        if isinstance(person, dict) and (name := _string(person.get("name")).strip()):
            return name
    return ""


def _id(value: object) -> str:
    """An id; numbers are coerced to text, as the format says."""
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, int | float | str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
