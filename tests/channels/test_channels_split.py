"""Long texts become threads: nothing is lost, no address is cut, every post fits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.channels.networks import ADDRESS, NETWORKS, bluesky_length, mastodon_length
from crisis.channels.split import sentences, split
from crisis.errors import InvalidInputError

LINK = "https://musterstadt.example/klarstellungen/das-trinkwasser-ist-in-ordnung"
WORDS = st.text(alphabet="abcdeäöüß.!?,:„“()👍🏽é ", min_size=1, max_size=40)
TEXTS = st.lists(
    st.one_of(WORDS, st.sampled_from([LINK, "\n", "\n\n", "z. B.", "am 23. November."])),
    min_size=1,
    max_size=60,
).map(" ".join)


def bare(parts: list[str]) -> str:
    return "".join("".join(re.sub(r" \(\d+/\d+\)$", "", part).split()) for part in parts)


@given(TEXTS, st.integers(120, 500))
def test_every_post_fits_and_nothing_is_lost_or_added(text: str, most: int) -> None:
    parts = split(text, most, mastodon_length)
    assert all(mastodon_length(part) <= most for part in parts)
    assert bare(parts) == "".join(text.split())


@given(TEXTS)
def test_no_address_is_ever_cut(text: str) -> None:
    parts = split(text, 300, bluesky_length)
    assert [a for part in parts for a in ADDRESS.findall(part)] == ADDRESS.findall(text)


@given(TEXTS)
def test_posts_are_numbered_in_order(text: str) -> None:
    parts = split(text, 150, bluesky_length)
    if len(parts) > 1:
        marks = [re.findall(r"\((\d+)/(\d+)\)$", part)[0] for part in parts]
        assert marks == [(str(n), str(len(parts))) for n in range(1, len(parts) + 1)]


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert split("  Das Wasser ist in Ordnung. ", 300, bluesky_length) == [
        "Das Wasser ist in Ordnung."
    ]
    assert split("  ", 300, bluesky_length) == []
    assert split("x" * 9000, None, bluesky_length) == ["x" * 9000]


def test_a_thread_breaks_at_sentences_and_keeps_paragraphs() -> None:
    text = "Das Wasser ist geprüft. Es ist in Ordnung.\n\nDas Labor hat am 23. November gemessen."
    assert split(text, 60, bluesky_length) == [
        "Das Wasser ist geprüft. Es ist in Ordnung. (1/2)",
        "Das Labor hat am 23. November gemessen. (2/2)",
    ]


def test_abbreviations_and_ordinal_numbers_end_no_sentence() -> None:
    line = "Am 3. Mai rief Dr. Weiß an, z. B. wegen Nr. 5. Danach war Ruhe! „Alles gut.“ Ende"
    assert sentences(line) == [
        "Am 3. Mai rief Dr. Weiß an, z. B. wegen Nr. 5. Danach war Ruhe!",
        "„Alles gut.“",
        "Ende",
    ]


def test_a_word_longer_than_a_post_is_cut_between_letters_as_people_see_them() -> None:
    parts = split("e\u0301" * 100, 40, bluesky_length)
    assert all(not part.startswith("\u0301") for part in parts)
    assert bare(parts) == "e\u0301" * 100


def test_an_address_too_long_for_a_post_and_an_endless_text_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="too long for a post"):
        split("Lest https://stadt.example/" + "x" * 400, 300, bluesky_length)
    with pytest.raises(InvalidInputError, match="more than 99"):
        split("Wort. " * 9000, 100, bluesky_length)


def test_lengths_are_counted_as_the_networks_count_them() -> None:
    assert mastodon_length(f"Hier: {LINK}") == 6 + 23
    assert bluesky_length("ä" * 299) == 299
    assert bluesky_length("👨‍👩‍👧‍👦" * 200) == 500  # 25 bytes a family, and 3,000 bytes are the end
    assert NETWORKS["x"].measure("ä" * 280) == 280


def test_addresses_to_open_carry_text_and_link_safely() -> None:
    opened = NETWORKS["telegram"].open_address("Ruhe & Ordnung?", "https://s.example/a b")
    assert opened.endswith("url=https%3A%2F%2Fs.example%2Fa%20b&text=Ruhe%20%26%20Ordnung%3F")
    assert NETWORKS["instagram"].open_address("{link}", "x") == "https://www.instagram.com/"


def test_a_thread_stays_cut_where_its_author_cut_it_and_is_numbered_once() -> None:
    text = "\n\n---\n\n".join(
        (
            "Das Wasser ist gut. 1/3",
            "Das Labor misst. Es misst jede Stunde. 2/3",
            "Mehr um 18 Uhr. 3/3",
        )
    )
    assert split(text, 500, mastodon_length) == [
        "Das Wasser ist gut. (1/3)",
        "Das Labor misst. Es misst jede Stunde. (2/3)",
        "Mehr um 18 Uhr. (3/3)",
    ]
    assert [part.rpartition(" ")[2] for part in split(text, 32, mastodon_length)] == [
        "(1/4)",
        "(2/4)",
        "(3/4)",
        "(4/4)",
    ]
    # Numbers that are no numbering stay: a date, one post alone, other places.
    for kept in ("Am 1/2", "Eins 2/2\n\n---\n\nZwei 1/2", "Eins 1/2\n\n---\n\nZwei"):
        assert "/2" in split(kept, 500, mastodon_length)[0].removesuffix(" (1/2)")


def test_no_post_is_an_address_alone_where_a_sentence_can_go_with_it() -> None:
    text = f"Das Wasser ist geprüft und gut. Fragen beantworten wir.\n\n{LINK}"
    assert split(text, 70, mastodon_length) == [
        "Das Wasser ist geprüft und gut. (1/2)",
        f"Fragen beantworten wir.\n\n{LINK} (2/2)",
    ]
    assert (
        split(f"Das Wasser ist geprüft und gut.\n\n{LINK}", 40, mastodon_length)[1]
        == f"{LINK} (2/2)"
    )
