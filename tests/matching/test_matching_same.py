"""The same post at another place: found in every dress, and never where something else is said."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching import same
from crisis.matching.links import LONGEST, canonical

PAGE = "https://zeitung.example/stadt/damm"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.Zeitung.example/stadt/damm/",
        "https://zeitung.example:443/stadt/damm?utm_source=x&fbclid=IwAR0&wt_mc=rss",
        "https://m.zeitung.example/stadt/damm",
        "https://amp.zeitung.example/stadt/damm?gclid=1&at_medium=RSS",
        "https://zeitung.example/stadt/damm/amp/",
        "https://zeitung.example/stadt/damm.amp",
        "https://www.google.de/amp/s/www.zeitung.example/stadt/damm/amp",
        "https://zeitung-example.cdn.ampproject.org/c/s/zeitung.example/stadt/damm",
        "https://zeitung.example/stadt/damm#utm_campaign=rss",
        "https://zeitung.example/stadt/damm#:~:text=Der%20Damm",
    ],
)
def test_every_form_of_a_page_is_one(url: str) -> None:
    assert canonical(url) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PAGE, PAGE + "?seite=2"),
        (PAGE, PAGE + "#kommentar-5"),  # forums: a comment each
        (PAGE, "https://zeitung.example:8443/stadt/damm"),
        (PAGE, "https://archiv.zeitung.example/stadt/damm"),
        ("https://m.example/x", "https://example/x"),
        (PAGE, "https://zeitung.example/stadt/Damm"),
    ],
)
def test_other_pages_stay_others(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://youtu.be/a1B2?si=xyz", "https://www.youtube.com/watch?v=a1B2&feature=shared"),
        ("https://x.com/a/status/1?s=20", "https://mobile.twitter.com/a/status/1"),
        ("https://m.example.org/users/anna/statuses/12", "https://m.example.org/@anna/12"),
    ],
)
def test_networks_with_two_names_are_known(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize("url", ["", "ftp://x/y", "javascript:alert(1)", "https://[bad", "http://"])
def test_what_is_no_web_address_is_no_page(url: str) -> None:
    assert canonical(url) == ""


@given(st.text(max_size=80), st.text(max_size=40))
def test_one_form_stays_as_it_is(path: str, query: str) -> None:
    once = canonical(f"https://zeitung.example/{path}?{query}")
    assert canonical(once) == once
    assert len(canonical("https://x.example/" + "a" * LONGEST)) > LONGEST


SAID = "Der Damm bricht, sagt der Nachbar"


@pytest.mark.parametrize(
    "other",
    [
        "der  DAMM bricht sagt der Nachbar!!!",
        "RT @anna: Der Damm bricht, sagt der Nachbar",
        "Der Damm\u200b bricht,\nsagt der Nachbar.",
        "Der Damm bricht, sagt der Nachbar via @anna",
        "„Der Damm bricht“, sagt der Nachbar …",
    ],
)
def test_the_same_words_in_another_dress_are_one(other: str) -> None:
    assert same.one(SAID, "", other, "")
    assert same.marks(SAID, "", "a") == same.marks(other, "", "a")


@pytest.mark.parametrize(
    "other",
    [
        "Der Damm bricht, sagt der Nachbar?",
        "Der Damm bricht nicht, sagt der Nachbar",
        "Der Damm bricht, sagt @anna",
        "Der Damm 2 bricht, sagt der Nachbar",
        SAID + " 😂",
        SAID + " https://zeitung.example/a",
    ],
)
def test_a_word_a_sign_or_a_question_more_is_another(other: str) -> None:
    assert not same.one(SAID, "", other, "")
    assert set(same.marks(SAID, "", "a")).isdisjoint(same.marks(other, "", "a"))


def test_minus_and_numbers_are_said() -> None:
    assert not same.one("Heute -5 Grad", "", "Heute 5 Grad", "")
    assert same.one("Heute −5 Grad", "", "heute -5 Grad.", "")


def test_a_page_alone_proves_nothing() -> None:
    """Forums and aggregators give one address to many posts; collisions of hashes join nothing."""
    assert not same.one("Der Damm bricht!", PAGE, "Morgen ist Markt.", PAGE + "?utm_source=x")
    long = "Der Damm bricht gleich, sagt die Feuerwehr, und alle sollen die Südstadt verlassen."
    assert same.one(long, PAGE, long[:60] + "…", PAGE + "/amp")
    assert same.one(long, PAGE, "Update: " + long, PAGE)
    assert not same.one(long, PAGE, "Update: " + long, PAGE, by_page=False)
    assert not same.one(long, PAGE, long.replace("bricht", "bricht nicht"), PAGE)


def test_nothing_is_like_nothing() -> None:
    for nothing in ("", "   ", "\u200b", "???", "…"):
        assert same.wording(nothing) == ""
        assert same.marks(nothing, "", "a") == ()
        assert not same.one(nothing, "", nothing, "")


def test_a_link_alone_is_what_it_leads_to() -> None:
    assert same.one("http://www.zeitung.example/a?utm_id=1", "", "https://zeitung.example/a", "")
    assert not same.one("https://zeitung.example/a", "", "https://zeitung.example/b", "")


def test_what_must_stay_apart_does() -> None:
    assert set(same.marks(SAID, PAGE, "a")).isdisjoint(same.marks(SAID, PAGE, "b"))


@given(st.text(max_size=300), st.text(max_size=300))
def test_one_is_symmetric_and_only_marks_find_it(one: str, other: str) -> None:
    assert same.one(one, "", other, "") == same.one(other, "", one, "")
    if same.one(one, "", other, ""):
        assert same.marks(one, "", "a") == same.marks(other, "", "a")


def test_hostile_texts_take_no_longer_than_their_length() -> None:
    began = time.process_time()
    for text in (
        "wasser " * 3_000,
        "a" * 20_000,
        "@" * 20_000,
        "http://" * 3_000,
        "-1." * 7_000,
        "RT @" + "a." * 9_000,
        "\u0301" * 20_000,
        "x" + " " * 19_000 + "y",
        "https://x.example/?" + "&" * 1_900,
    ):
        same.marks(text, text, "a")
    assert time.process_time() - began < 2
