"""RSS 0.9x to 2.0, RDF, Atom and CDF, through feedparser. The only module that imports it.

feedparser gets a stream of UTF-8 and nothing else: given bytes or text it would open files and
addresses of that name. Its own cleaning of HTML is switched off (``markup`` does that), which makes
it two to three times as fast. Before it sees the feed, what could exhaust it is cut or refused.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.parsers import expat

import feedparser

from crisis.errors import FeedError
from crisis.sources import remarks
from crisis.sources.bounds import MAX_ALL_TEXT, MAX_DEPTH, MAX_POSTS
from crisis.sources.dates import from_struct, from_words
from crisis.sources.entries import Entry, assemble
from crisis.sources.markup import plain, web_address
from crisis.sources.wishes import asked_by_feed
from crisis.types import FeedContent

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in any XML 1.0
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+(?:"([^"]*)"|'([^']*)')""")
_ITEM = re.compile(r"<((?:[\w.-]{1,20}:)?(?:item|entry))[\s>]", re.IGNORECASE)
_END = re.compile(
    r"</(?:[\w.-]{1,20}:)?(?:rss|rdf|feed|channel|entry|item)\s*>\s*(?:<!--.*?-->\s*)*$",
    re.DOTALL | re.IGNORECASE,
)
_AMPLIFIED = expat.errors.codes.get(
    "limit on input amplification factor (from DTD and entities) breached"
)
_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_XHTML = "application/xhtml+xml"


def read(text: str, *, url: str = "", root: str = "") -> FeedContent | None:
    """The feed in ``text``, or None if there is no sign of one. ``root`` names its first element.

    Raises FeedError where reading it would take more than a feed is worth.
    """
    text = _FORBIDDEN.sub("", text).lstrip()
    _refuse_bombs(text)
    _refuse_depth(text)
    text = _ends_only(text)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    parsed = feedparser.parse(
        BytesIO(text.encode("utf-8", "replace")),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    feed = parsed.feed
    url = url or web_address(_string(dict.get(feed, "link")))
    if not parsed.entries and not parsed.version and root not in _ROOTS:
        return None
    if not (parsed.entries or feed) and parsed.bozo:
        return None
    authors_hold = str(parsed.version).startswith("atom")  # as RFC 4287, 4.2.1, has it
    author = _author(feed) if authors_hold else ""
    return assemble(
        [_entry(found, author, url) for found in parsed.entries],
        title=_text(dict.get(feed, "title_detail"), url) or _string(dict.get(feed, "title")),
        lang=_string(dict.get(feed, "language")) or _lang(dict.get(feed, "title_detail")),
        remarks=_remarks(parsed.bozo, text),
        ask_every=asked_by_feed(
            _string(dict.get(feed, "ttl")),
            _string(dict.get(feed, "sy_updateperiod")),
            _string(dict.get(feed, "sy_updatefrequency")),
        ),
        hub=_related(feed, "hub", url),
        topic=_related(feed, "self", url),
    )


def _remarks(ill_formed: object, text: str) -> list[str]:
    if not ill_formed:
        return []
    return [remarks.ILL_FORMED] if _END.search(text[-2_000:]) else [remarks.CUT_OFF]


def _entry(found: dict[str, Any], feed_author: str, base: str) -> Entry:
    get = dict.get  # of dict itself: feedparser's own takes one key for another, with a warning
    details = [*(dict.get(found, "content") or []), dict.get(found, "summary_detail")]
    link = _link(found, base)
    bodies = [_text(detail, base, link) for detail in details if detail]
    if not any(bodies):
        bodies.append(plain(_string(dict.get(found, "summary")), base=base, own=link))
    languages = [_lang(detail) for detail in (*details, dict.get(found, "title_detail")) if detail]
    return Entry(
        id=_string(get(found, "id")),
        link=link,
        title=_text(get(found, "title_detail"), base),
        body=max(bodies, key=len),
        author=_author(found) or feed_author,
        published=_published(found),
        lang=_string(get(found, "language")) or next(filter(None, languages), ""),
        place=_string(get(found, "georss_featurename")) or _string(get(found, "dc_coverage")),
        reach=_views(get(found, "media_statistics")),
    )


def _views(statistics: Any) -> str:
    """How often a video was seen, as media feeds say it."""
    return _string(statistics.get("views")).strip() if isinstance(statistics, dict) else ""


def _text(detail: Any, base: str, own: str = "") -> str:
    """The clean text of a value with its media type."""
    if not isinstance(detail, dict):
        return ""
    html = _string(detail.get("type")) in ("text/html", _XHTML)
    base = _string(detail.get("base")) or base
    return plain(_string(detail.get("value")), html=html, base=base, own=own)


def _related(feed: dict[str, Any], rel: str, base: str) -> str:
    """Where the feed says its hub, or it itself, is."""
    for link in dict.get(feed, "links") or []:
        if _string(link.get("rel")) == rel:
            return web_address(_string(link.get("href")), base)
    return ""


def _link(found: dict[str, Any], base: str) -> str:
    links = [dict.get(found, "link")]
    links += [link.get("href") for link in dict.get(found, "links") or []]
    return next(filter(None, (web_address(_string(link), base) for link in links if link)), "")


def _author(found: dict[str, Any]) -> str:
    """The first author's name, else their address, as the feed shows it to everybody."""
    for person in (*(dict.get(found, "authors") or []), dict.get(found, "author_detail") or {}):
        if name := _string(person.get("name")) or _string(person.get("email")):
            return name
    return _string(dict.get(found, "author"))


def _published(found: dict[str, Any]) -> datetime | None:
    for name in ("published", "created", "updated"):
        moment = from_struct(dict.get(found, f"{name}_parsed"))
        if moment or (moment := from_words(_string(dict.get(found, name)))):
            return moment
    return None


def _lang(detail: Any) -> str:
    return _string(detail.get("language")) if isinstance(detail, dict) else ""


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _refuse_bombs(text: str) -> None:
    """Refuse entities that unfold to far more than was sent."""
    grown = 0
    for name, double, single in _ENTITY.findall(text):
        grown += len(double or single) * text.count(f"&{name};")
        if grown > MAX_ALL_TEXT:
            raise _bomb()


def _refuse_depth(text: str) -> None:
    """Refuse elements nested deeper than any feed's: feedparser's time grows with their depth."""
    depth = 0

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise FeedError(
                "Der Feed ist tiefer verschachtelt, als es ein Feed je wäre, und wird nicht gelesen.",
                "The feed is nested deeper than any feed would be and is not read.",
            )

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")  # whatever the declaration still says
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        if error.code == _AMPLIFIED:
            raise _bomb() from error  # anything else is feedparser's to judge


def _bomb() -> FeedError:
    return FeedError(
        "Der Feed enthält Abkürzungen, die sich zu einer riesigen Textmenge entfalten, "
        "und wird nicht gelesen.",
        "The feed holds entities that unfold to a huge amount of text and is not read.",
    )


def _ends_only(text: str) -> str:
    """The feed without its middle where it has far more entries than are kept.

    The newest stand first nearly everywhere and last in a few places; dates tell later.
    """
    starts = [found.start() for found in _ITEM.finditer(text)]
    if len(starts) <= 2 * MAX_POSTS:
        return text
    return text[: starts[MAX_POSTS]] + text[starts[-MAX_POSTS] :]
