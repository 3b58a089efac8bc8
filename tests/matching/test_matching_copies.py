"""Posts that say the same: what is grouped, and what must never be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching.copies import alike, bands

POST = "Leute, das Trinkwasser in Nordstadt ist vergiftet! Bitte teilen, bevor es gelöscht wird!!"
WORDS = st.lists(
    st.sampled_from(
        ["wasser", "nordstadt", "brücke", "gesperrt", "heute", "abend", "alle", "warnen"]
    ),
    min_size=1,
    max_size=30,
).map(" ".join)
TEXTS = st.one_of(WORDS, st.text(max_size=200))


@pytest.mark.parametrize(
    "copy",
    [
        (
            "RT @mia: Leute, das Trinkwasser in Nordstadt ist vergiftet! Bitte teilen, bevor es gelöscht"
            " wird!! https://kurz.example/x"
        ),
        "LEUTE das Trinkwasser in Nordstadt ist vergiftet!! Bitte teilen bevor es gelöscht wird 😱",
        (
            "@stadt OMG Leute, das Trinkwasser in Nordstadt ist vergiftet! Bitte teilen, bevor es gelöscht"
            " wird!! #wasser"
        ),
        "Leute, das Trink\u200bwasser in Nordstadt ist vergiftet! Bitte teilen, bevor es gelöscht wird!!",
    ],
)
def test_a_copy_is_known_again(copy: str) -> None:
    assert alike(POST, copy)
    assert set(bands(POST)) & set(bands(copy))


@pytest.mark.parametrize(
    "other",
    [
        POST.replace("Nordstadt", "Südstadt"),
        POST.replace("Nordstadt", "Nordstatt"),  # a slip, or another street: nobody can tell
        POST.replace("ist vergiftet", "ist nicht vergiftet"),
        POST.replace("vergiftet!", "vergiftet?"),
        "FAKE: " + POST,
        POST + " Entwarnung",
        "Das Trinkwasser in Nordstadt ist in Ordnung, sagt die Stadt, bitte alle weiter trinken",
        "",
    ],
)
def test_what_says_something_else_is_no_copy(other: str) -> None:
    assert not alike(POST, other)


def test_another_number_is_another_post() -> None:
    said = "In der Lindenstraße gibt es heute Nacht %s Verletzte, die Stadt schweigt dazu wie immer"
    assert not alike(said % "3", said % "30")
    assert alike(said % "3", (said % "3").upper())


def test_the_same_words_of_another_rumour_or_stance_stay_apart() -> None:
    assert not set(bands(POST, "wasser spreads False")) & set(bands(POST, "wasser asks False"))


def test_posts_of_links_and_signs_alone_are_compared_as_they_stand() -> None:
    assert alike("https://a.example/1", "https://a.example/1")
    assert not alike("https://a.example/1", "https://b.example/2")
    assert not alike("😱😱😱", "🎉🎉🎉")


@given(TEXTS, TEXTS)
def test_it_does_not_matter_which_comes_first(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)


@given(TEXTS)
def test_every_text_is_like_itself_and_hashes_the_same(text: str) -> None:
    assert alike(text, text)
    assert bands(text) == bands(text)
    assert all(0 <= band < 2**63 for band in bands(text))


@given(WORDS)
def test_a_link_a_name_and_loud_letters_change_nothing(text: str) -> None:
    loud = f"RT @jemand: {text.upper()}!!! https://kurz.example/abc"
    assert alike(text, loud)
    assert bands(text) == bands(loud)


@given(WORDS)
def test_a_no_makes_another_post_of_it(text: str) -> None:
    assert not alike(text, f"{text} nicht")
