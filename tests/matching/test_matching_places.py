"""Which of the authority's places a post speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching.places import about, known_as, place_in

PLACES = ("Nordstadt", "Südstadt", "Bad Neuhaus", "Neuhaus", "St. Georg", "Au")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("In NORDSTADT brennt es", "Nordstadt"),
        ("Nordstadts Wasser", "Nordstadt"),
        ("#nordstadtohnewasser", "Nordstadt"),
        ("Bad Neuhaus und Neuhaus und Bad Neuhaus", "Bad Neuhaus"),
        ("erst Südstadt, dann Nordstadt", "Südstadt"),
        ("erst Südstadt, dann Nordstadt, Nordstadt!", "Nordstadt"),
        ("in St. Georg", "St. Georg"),
        ("Su\u0308dstadt", "Südstadt"),
        ("Auto im Stau, aua #autobahn", ""),
        ("#Au", "Au"),
        ("Nordstadtfest", ""),
        ("Vornordstadt", ""),
        ("", ""),
    ],
)
def test_a_place_is_found_as_people_write_it(text: str, place: str) -> None:
    assert place_in(text, PLACES) == place


def test_without_a_list_there_is_no_place() -> None:
    assert place_in("Nordstadt", ()) == ""
    assert place_in("Nordstadt", ("", "  ")) == ""


def test_a_feed_s_word_is_written_as_the_authority_does() -> None:
    assert known_as(" nordstadt ", PLACES) == "Nordstadt"
    assert known_as("Anderswo", PLACES) == "Anderswo"


@given(st.text(max_size=80), st.lists(st.text(max_size=10), max_size=5))
def test_a_place_is_one_of_the_list_or_none(text: str, places: list[str]) -> None:
    found = place_in(text, places)
    assert found == "" or found in [place.strip() for place in places]


def test_a_post_is_about_what_it_says_before_what_its_source_is_about() -> None:
    ours = ("Nordstadt", "Südstadt")
    assert about("nordstadt", "Wasser in Südstadt", "Altstadt", ours) == "Nordstadt"
    assert about("", "Wasser in Südstadt", "Nordstadt", ours) == "Südstadt"
    assert about("", "Das Wasser ist braun", "nordstadt", ours) == "Nordstadt"
    assert about("", "Das Wasser ist braun", "Hinterland", ours) == "Hinterland"
    assert about("", "Das Wasser ist braun", "", ours) == ""
