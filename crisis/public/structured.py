"""Corrections for programs: ClaimReview for search engines, JSON Feed, sitemap. Pure: no request, no store.

ClaimReview: https://schema.org/ClaimReview. JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/. Sitemap:
https://www.sitemaps.org/protocol.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree as ET

from crisis.public.feed import Entry, Feed
from crisis.types import RumourStatus

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
# From 1 (worst: false) to 5 (best: true), and the words people see, German and English. Satire is not
# false, so it gets words but no number. A rumour that is still being looked into is not rated at all.
RATINGS: Mapping[RumourStatus, tuple[int | None, str, str]] = MappingProxyType(
    {
        RumourStatus.FALSE: (1, "Falsch", "False"),
        RumourStatus.MISLEADING: (2, "Irreführend", "Misleading"),
        RumourStatus.OUT_OF_CONTEXT: (2, "Aus dem Zusammenhang gerissen", "Missing context"),
        RumourStatus.SATIRE: (None, "Satire", "Satire"),
        RumourStatus.TRUE: (5, "Trifft zu", "True"),
    }
)


def claim_review(
    *,
    claim: str,
    finding: RumourStatus | None,
    title: str,
    address: str,
    lang: str,
    authority: str,
    home: str,
    published: datetime,
    modified: datetime,
    picture: str = "",
) -> dict[str, Any] | None:
    """The JSON-LD of one correction; None where there is no claim or no finding to tell."""
    rating = RATINGS.get(finding) if finding is not None else None
    if rating is None or not claim.strip():
        return None
    number, german, english = rating
    publisher = {"@type": "GovernmentOrganization", "name": authority, "url": home}
    review_rating: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": english if lang == "en" else german,
    }
    if number is not None:
        review_rating |= {"ratingValue": number, "bestRating": 5, "worstRating": 1}
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": address,
        "name": title,
        "inLanguage": lang,
        "datePublished": _iso(published),
        "dateModified": _iso(modified),
        "claimReviewed": " ".join(claim.split()),
        "itemReviewed": {"@type": "Claim", "name": " ".join(claim.split())},
        "reviewRating": review_rating,
        "author": publisher,
        "publisher": publisher,
    }
    return review | ({"image": picture} if picture else {})


def json_feed(feed: Feed, self_address: str) -> dict[str, Any]:
    """The same entries as the Atom feed."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.address,
        "feed_url": self_address,
        "language": feed.lang,
        "authors": [{"name": feed.author, "url": feed.address}],
        "items": [_item(entry) for entry in feed.entries],
    }


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.address,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "language": entry.lang,
        "date_published": _iso(entry.published),
        "date_modified": _iso(entry.updated),
    }


def sitemap(pages: Iterable[tuple[str, datetime | None, Sequence[tuple[str, str]]]]) -> bytes:
    """Address, last change and other languages (code, address) of each page."""
    ET.register_namespace("", _SITEMAP)
    ET.register_namespace("xhtml", _XHTML)
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    for address, changed, others in pages:
        node = ET.SubElement(root, f"{{{_SITEMAP}}}url")
        ET.SubElement(node, f"{{{_SITEMAP}}}loc").text = address
        if changed is not None:
            ET.SubElement(node, f"{{{_SITEMAP}}}lastmod").text = _iso(changed)
        for lang, other in others:
            attributes = {"rel": "alternate", "hreflang": lang, "href": other}
            ET.SubElement(node, f"{{{_XHTML}}}link", attributes)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
