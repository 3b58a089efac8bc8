"""The words of a post as a further phrasing: what goes, what is asked about, what is known."""

from __future__ import annotations

import unicodedata

import pytest
from builders import rumour
from hypothesis import given
from hypothesis import strategies as st

from crisis.rumours.phrasing import LONGEST, cleaned, known_as, names, too_short


@pytest.mark.parametrize(
    ("post", "left"),
    [
        (
            "Wasser vergiftet!! https://boese.example/?a=1 #Nordstadt",
            "Wasser vergiftet!! Nordstadt",
        ),
        ("@stadt @mia.k das Wasser ist hin", "das Wasser ist hin"),
        ("RT @mia@netz.example: das Wasser ist hin", "das Wasser ist hin"),
        ("www.x.example Das Wasser\n\nist hin", "Das Wasser ist hin"),
        ("Ruft mia@netz.example oder +49 30 1234567 an, Wasser hin", "Ruft oder an, Wasser hin"),
        ("Was\u200bser hin seit 2024, 3.500 Kranke", "Wasser hin seit 2024, 3.500 Kranke"),
        ("Was\x07ser", "Was ser"),
        ("", ""),
    ],
)
def test_what_points_elsewhere_or_to_people_goes(post: str, left: str) -> None:
    assert cleaned(post) == left


def test_a_long_post_ends_with_a_sentence_or_a_word() -> None:
    sentences = "Das Wasser ist vergiftet. " * 40
    assert cleaned(sentences).endswith("vergiftet.")
    assert len(cleaned(sentences)) <= LONGEST
    assert cleaned("Wort " * 200).endswith("Wort")
    assert cleaned("x" * 900) == "x" * LONGEST


@given(st.text(max_size=600))
def test_whatever_comes_the_words_are_one_readable_line(text: str) -> None:
    found = cleaned(text)
    assert len(found) <= LONGEST
    assert "\n" not in found
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in found)


def test_names_of_people_are_asked_about() -> None:
    assert names("Herr Dr. Müller und Frau Anna Klein sagen, Herr Dr. Müller lügt") == [
        "Herr Dr. Müller",
        "Frau Anna Klein",
    ]
    assert names("Die Stadt sagt, das Wasser sei rein") == []


def test_nearly_the_same_words_are_known() -> None:
    entry = rumour(variants=("Aus dem Hahn kommt Gift",))
    assert known_as("AUS DEM HAHN KOMMT GIFT!!!", entry) == "Aus dem Hahn kommt Gift"
    assert known_as("Das Trinkwasser ist vergiftet", entry) == entry.text
    assert known_as("Man soll das Leitungswasser abkochen", entry) == ""
    assert known_as("nichts", rumour(text="", title="")) == ""


def test_two_words_are_too_few() -> None:
    assert too_short("Wasser vergiftet")
    assert not too_short("Wasser ist vergiftet")
