"""What fact-check desks publish: ClaimReview in pages and data feeds, else a feed of their headlines.

Pure. ClaimReview is JSON-LD of schema.org (https://schema.org/ClaimReview): alone, in a list, in a
``@graph``, in the ``dataFeedElement`` of a data feed, or in script elements of a page. A feed (RSS, Atom,
JSON Feed) has no claim, only headlines: they are offered as such, without a verdict. Decides nothing about
truth: the publisher's verdict is put beside our own words for it, and a person decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from crisis.errors import FeedError
from crisis.sources import reading
from crisis.sources.charset import decode
from crisis.sources.dates import from_iso
from crisis.sources.markup import plain, web_address
from crisis.types import FactCheck, FeedContent, RumourStatus

MOST = 500  # checks of one answer; a data feed may hold years
LONGEST_CLAIM = 500  # characters
_LONGEST_NAME = 120
_MOST_NODES = 200_000  # of JSON, so that a hostile page ends
_SCRIPT = re.compile(
    r"<script\b[^>]*\btype\s*=\s*[\"']?application/ld\+json[^>]*>(.*?)</script\s*>",
    re.IGNORECASE | re.DOTALL,
)
# What the usual verdicts mean, longest first: "teilweise falsch" is not "falsch". In small letters.
_VERDICTS: tuple[tuple[str, RumourStatus], ...] = (
    ("größtenteils falsch", RumourStatus.FALSE),
    ("teilweise falsch", RumourStatus.MISLEADING),
    ("teils falsch", RumourStatus.MISLEADING),
    ("halb wahr", RumourStatus.MISLEADING),
    ("half true", RumourStatus.MISLEADING),
    ("partly false", RumourStatus.MISLEADING),
    ("partially false", RumourStatus.MISLEADING),
    ("mixture", RumourStatus.MISLEADING),
    ("irreführend", RumourStatus.MISLEADING),
    ("misleading", RumourStatus.MISLEADING),
    ("fehlender kontext", RumourStatus.OUT_OF_CONTEXT),
    ("falscher kontext", RumourStatus.OUT_OF_CONTEXT),
    ("aus dem zusammenhang", RumourStatus.OUT_OF_CONTEXT),
    ("missing context", RumourStatus.OUT_OF_CONTEXT),
    ("out of context", RumourStatus.OUT_OF_CONTEXT),
    ("miscaptioned", RumourStatus.OUT_OF_CONTEXT),
    ("satire", RumourStatus.SATIRE),
    ("nicht wahr", RumourStatus.FALSE),
    ("not true", RumourStatus.FALSE),
    ("untrue", RumourStatus.FALSE),
    ("frei erfunden", RumourStatus.FALSE),
    ("manipuliert", RumourStatus.FALSE),
    ("falsch", RumourStatus.FALSE),
    ("false", RumourStatus.FALSE),
    ("fake", RumourStatus.FALSE),
    ("pants on fire", RumourStatus.FALSE),
    ("hoax", RumourStatus.FALSE),
    ("unbelegt", RumourStatus.SUSPECTED),
    ("unproven", RumourStatus.SUSPECTED),
    ("richtig", RumourStatus.TRUE),
    ("stimmt", RumourStatus.TRUE),
    ("wahr", RumourStatus.TRUE),
    ("true", RumourStatus.TRUE),
    ("correct", RumourStatus.TRUE),
)


def read(body: bytes, *, url: str = "", content_type: str = "") -> FeedContent:
    """The checks in ``body``, as ``FeedContent.checks``; ``posts`` stays empty.

    Raises FeedError where neither a ClaimReview nor a feed is found.
    """
    text, _ = decode(body, content_type)
    found = [check for data in _json_ld(text) for check in _checks(data, url)][:MOST]
    if found:
        return FeedContent(checks=tuple({check.url: check for check in found}.values()))
    try:
        feed = reading.read(body, url=url, content_type=content_type)
    except FeedError as error:
        raise FeedError(
            "Hier steht kein geprüfter Faktencheck (ClaimReview) und kein Feed.",
            "There is no published fact check (ClaimReview) here, and no feed.",
        ) from error
    headlines = [
        FactCheck(
            claim=_cut(post.text.partition("\n")[0]),
            url=post.url,
            publisher=_cut(feed.title, _LONGEST_NAME),
            published=post.published.date() if post.published else None,
            lang=post.lang or feed.lang,
        )
        for post in feed.posts
        if post.url and post.text.strip()
    ]
    return FeedContent(
        title=feed.title, lang=feed.lang, remarks=feed.remarks, checks=tuple(headlines[:MOST])
    )


def status_of(verdict: str, rating: dict[str, Any] | None = None) -> RumourStatus:
    """What a publisher's verdict means to us; SUSPECTED where it is not clear.

    ``rating``: schema.org's Rating; where words say nothing, the worst of its scale means false and the
    best true (https://schema.org/Rating: from ``worstRating``, usually 1, to ``bestRating``).
    """
    said = " ".join(verdict.casefold().split())
    for word, status in _VERDICTS:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said):
            return status
    value, best = (_number((rating or {}).get(name)) for name in ("ratingValue", "bestRating"))
    worst = _number((rating or {}).get("worstRating"))
    worst = 1.0 if worst is None else worst
    if value is None or best is None or best <= worst:
        return RumourStatus.SUSPECTED
    if value <= worst:
        return RumourStatus.FALSE
    return RumourStatus.TRUE if value >= best else RumourStatus.MISLEADING


def _json_ld(text: str) -> Iterator[Any]:
    bare = text.lstrip("\ufeff \t\r\n").startswith(("{", "["))
    pieces = [text] if bare else _SCRIPT.findall(text)
    for piece in pieces:
        try:
            yield json.loads(piece.strip().removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            continue  # a page may have other scripts that are damaged


def _checks(data: Any, base: str) -> Iterator[FactCheck]:
    """Every ClaimReview in ``data``, however deep it stands."""
    waiting, nodes = [data], 0
    while waiting and nodes < _MOST_NODES:
        node = waiting.pop()
        nodes += 1
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            if "ClaimReview" in _types(node):
                check = _check(node, base)
                if check is not None:
                    yield check
            else:
                waiting.extend(reversed(node.values()))


def _types(node: dict[str, Any]) -> set[str]:
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def _check(node: dict[str, Any], base: str) -> FactCheck | None:
    claim = _cut(_text(node.get("claimReviewed")))
    url = web_address(_text(node.get("url")), base) or base
    if not claim or not url.startswith(("http://", "https://")):
        return None
    rating = node.get("reviewRating")
    rating = rating if isinstance(rating, dict) else {}
    verdict = _cut(_text(rating.get("alternateName")) or _text(rating.get("name")), _LONGEST_NAME)
    return FactCheck(
        claim=claim,
        claimed=True,
        url=url,
        verdict=verdict,
        status=status_of(verdict, rating),
        publisher=_cut(
            _name(node.get("author")) or _name(node.get("publisher")) or _host(url), _LONGEST_NAME
        ),
        published=_day(node.get("datePublished")),
        lang=_text(node.get("inLanguage"))[:8],
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _name(node: Any) -> str:
    if isinstance(node, list):
        return next((name for one in node if (name := _name(one))), "")
    return _text(node.get("name")) if isinstance(node, dict) else _text(node)


def _text(value: Any) -> str:
    return (
        " ".join(plain(value, html="<" in value or "&" in value).split())
        if isinstance(value, str)
        else ""
    )


def _day(value: Any) -> date | None:
    moment = from_iso(value) if isinstance(value, str) else None
    return moment.date() if moment else None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _cut(text: str, most: int = LONGEST_CLAIM) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
