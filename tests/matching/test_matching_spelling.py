"""Misspelt words of a post are read as those of the rumours it may carry, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.matching import Index
from crisis.matching.index import phrasings_of
from crisis.matching.reading import Reading
from crisis.matching.screen import Screen
from crisis.matching.spelling import respelt
from crisis.matching.text import words
from crisis.types import Rumour

RUMOUR = "Bei der Bombenentschärfung am Bahnhof ist ein Sprengmeister gestorben."


def meant_by(post: str, rumour: str = RUMOUR) -> tuple[Reading, Reading]:
    """The post as it is written, and as it is read beside the rumour."""
    screen = Screen(phrasings_of([Rumour(id="x", text=rumour, lang="de")]))
    said = screen.read(post, "de")
    return said, respelt(said, [screen.reading(0)], screen.weights)


def read_as(post: str, rumour: str = RUMOUR) -> set[str]:
    """The terms that reading the post with good will adds to it."""
    said, meant = meant_by(post, rumour)
    return set(meant.weights) - set(said.weights)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Sprengmaister", "Sprengmeister"),
        ("Sprengmeistr", "Sprengmeister"),
        ("Bombenentscharfug", "Bombenentschärfung"),
    ],
)
def test_a_slip_of_the_finger_is_forgiven(typed: str, meant: str) -> None:
    assert words("de").stem(meant.lower()) in read_as(f"{typed} tot")


@pytest.mark.parametrize(
    ("typed", "meant", "rumour"),
    [
        ("prsdnt", "president", "The president has resigned over the poisoned water."),
        ("Brgrmstr", "Bürgermeister", "Der Bürgermeister ist zurückgetreten."),
        ("hospitl", "hospital", "The hospital turns patients away."),
    ],
)
def test_a_word_without_its_vowels_is_read_as_the_word(typed: str, meant: str, rumour: str) -> None:
    lang = "de" if meant == "Bürgermeister" else "en"
    screen = Screen(phrasings_of([Rumour(id="x", text=rumour, lang=lang)]))
    said = screen.read(f"{typed} !!", lang)
    read = respelt(said, [screen.reading(0)], screen.weights)
    assert words(lang).stem(meant.lower()) in read.weights


@pytest.mark.parametrize("typed", ["tonkor", "tnk", "ntkr"])
def test_vowels_may_be_missing_but_not_be_others(typed: str) -> None:
    screen = Screen(phrasings_of([Rumour(id="x", text="The tanker is leaking", lang="en")]))
    said = screen.read(f"{typed} leaking", "en")
    assert respelt(said, [screen.reading(0)], screen.weights) is said


@pytest.mark.parametrize(
    "post", ["Meister am Bahnhof", "Wxyzwxyz tot", "Spreng tot", "12345 tot", ""]
)
def test_other_words_stay_what_they_are(post: str) -> None:
    assert read_as(post) == set()


def test_a_word_of_the_language_is_never_changed() -> None:
    assert read_as("Der Hafen ist zu", "Der Hefen ist zu") == set()


def test_a_misspelt_word_counts_in_its_sentence_too() -> None:
    _, meant = meant_by("Eilig! Der Sprengmaister ist tot.")
    assert any("sprengmeist" in sentence for sentence, _ in meant.sentences)


def test_a_misspelt_post_scores_as_one_without_slips() -> None:
    index = Index.build([Rumour(id="x", text=RUMOUR, lang="de")])
    right, wrong = (
        match[0].score
        for match in index.match(
            [
                "Am Bahnhof ist bei der Bombenentschärfung ein Sprengmeister gestorben",
                "Am Bahnhof ist bei der Bombenentschärfung ein Sprengmaister gestorben",
            ],
            ["de", "de"],
        )
    )
    assert wrong == pytest.approx(right, abs=0.02)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_post_can_be_read_with_good_will(post: str) -> None:
    said, meant = meant_by(post)
    assert len(meant.terms) == len(said.terms)
