"""What fact-check desks publish is read as knowledge, whatever shape it comes in. No network."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import FeedError
from crisis.sources import factchecks, read, worker
from crisis.sources.reader import _content
from crisis.types import FeedContent, RumourStatus, SourceKind

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "/pruefung/wasser",
    "claimReviewed": "Das Wasser in Nordstadt ist <b>vergiftet</b> &amp; tödlich",
    "datePublished": "2026-11-30",
    "inLanguage": "de",
    "author": {"@type": "Organization", "name": "Prüfwerk"},
    "reviewRating": {"@type": "Rating", "alternateName": "Falsch"},
}
BASE = "https://pruefwerk.example/seite"


def checks(data: object) -> FeedContent:
    return factchecks.read(json.dumps(data).encode(), url=BASE)


def page(*scripts: str) -> bytes:
    blocks = "".join(f'<script type="application/ld+json">{one}</script>' for one in scripts)
    return f"<!doctype html><html><head>{blocks}</head><body>Hallo</body></html>".encode()


def test_a_review_alone_has_claim_verdict_publisher_date_and_address() -> None:
    (one,) = checks(REVIEW).checks
    assert one.claim == "Das Wasser in Nordstadt ist vergiftet & tödlich"
    assert (one.verdict, one.status, one.publisher) == ("Falsch", RumourStatus.FALSE, "Prüfwerk")
    assert one.url == "https://pruefwerk.example/pruefung/wasser"
    assert (one.published, one.lang, one.claimed) == (date(2026, 11, 30), "de", True)


@pytest.mark.parametrize(
    "wrapped",
    [
        [REVIEW],
        {"@graph": [{"@type": "WebPage"}, REVIEW]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}]},
        {**REVIEW, "@type": ["Review", "ClaimReview"]},
        {**REVIEW, "@type": "http://schema.org/ClaimReview"},
    ],
    ids=["list", "graph", "data feed", "two types", "whole name"],
)
def test_a_review_is_found_however_it_is_wrapped(wrapped: object) -> None:
    assert [one.verdict for one in checks(wrapped).checks] == ["Falsch"]


def test_a_page_may_have_damaged_scripts_beside_the_review() -> None:
    body = page("{kaputt", json.dumps({"@type": "Article"}), json.dumps(REVIEW))
    assert len(factchecks.read(body, url=BASE).checks) == 1


def test_the_same_article_twice_is_one_check() -> None:
    assert len(checks([REVIEW, REVIEW]).checks) == 1


def test_a_review_without_a_claim_is_none_and_the_page_says_so() -> None:
    with pytest.raises(FeedError, match="ClaimReview"):
        checks({**REVIEW, "claimReviewed": " "})


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"]
)
def test_an_address_that_is_none_of_the_web_is_not_kept(address: str) -> None:
    (one,) = checks({**REVIEW, "url": address}).checks
    assert one.url == BASE


def test_a_feed_gives_headlines_without_a_verdict() -> None:
    feed = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Faktencheck</title>
    <language>de</language><item><guid>1</guid><title>Nein, der Damm ist nicht gebrochen</title>
    <link>https://pruefwerk.example/damm</link><description>Lang und breit.</description></item>
    <item><guid isPermaLink="false">2</guid><title>Ohne Adresse</title></item></channel></rss>"""
    content = read(SourceKind.FACT_CHECKS, feed, url="https://pruefwerk.example/feed")
    (one,) = content.checks
    assert not content.posts
    assert one.claim == "Nein, der Damm ist nicht gebrochen"
    assert (one.verdict, one.claimed, one.publisher) == ("", False, "Faktencheck")


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        ("Falsch", RumourStatus.FALSE),
        ("Größtenteils falsch", RumourStatus.FALSE),
        ("Teilweise falsch", RumourStatus.MISLEADING),
        ("Falscher Kontext", RumourStatus.OUT_OF_CONTEXT),
        ("Fehlender Kontext", RumourStatus.OUT_OF_CONTEXT),
        ("Frei erfunden!", RumourStatus.FALSE),
        ("Satire", RumourStatus.SATIRE),
        ("Stimmt", RumourStatus.TRUE),
        ("Unbelegt", RumourStatus.SUSPECTED),
        ("Mostly untrue", RumourStatus.FALSE),
        ("TRUE", RumourStatus.TRUE),
        ("Kompliziert", RumourStatus.SUSPECTED),
        ("", RumourStatus.SUSPECTED),
    ],
)
def test_a_verdict_in_words_says_what_it_means_to_us(verdict: str, status: RumourStatus) -> None:
    assert factchecks.status_of(verdict) is status


@pytest.mark.parametrize(
    ("rating", "status"),
    [
        ({"ratingValue": 1, "bestRating": 5}, RumourStatus.FALSE),
        ({"ratingValue": "3", "bestRating": "5"}, RumourStatus.MISLEADING),
        ({"ratingValue": 5, "bestRating": 5, "worstRating": 1}, RumourStatus.TRUE),
        ({"ratingValue": -1, "bestRating": -1}, RumourStatus.SUSPECTED),
        ({"ratingValue": "viel"}, RumourStatus.SUSPECTED),
    ],
)
def test_where_words_say_nothing_the_ends_of_the_scale_do(
    rating: dict[str, Any], status: RumourStatus
) -> None:
    assert factchecks.status_of("", rating) is status


def test_checks_come_through_the_pipe_of_the_reading_process_unchanged() -> None:
    content = checks(REVIEW)
    assert _content(json.loads(json.dumps(worker._plain(content)))) == content


def test_a_deeply_nested_page_ends() -> None:
    deep: Any = REVIEW
    for _ in range(300):
        deep = {"a": [deep]}
    assert len(checks(deep).checks) == 1
    with pytest.raises(FeedError):
        factchecks.read(b"[" * 200_000, url=BASE)


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@graph", "claimReviewed", "url", "author", "name", "reviewRating", "x"]
            ),
            inner | st.just("ClaimReview"),
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(_json)
def test_whatever_stands_there_it_is_read_or_refused(data: Any) -> None:
    try:
        content = checks(data)
    except FeedError:
        return
    assert all(one.claim and one.url.startswith("http") for one in content.checks)
