"""Reading texts: folding, tokens and their places, languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching.text import Part, chunks, guess_language, languages, normalise, words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Über", "ueber"),
        ("u\u0308ber", "ueber"),
        ("Ｗｏｌｆ", "wolf"),
        ("vеrgiftеt", "vergiftet"),  # Cyrillic е
        ("Trink\u200bwas\u00adser", "trinkwasser"),
        ("v3rg1ftet", "vergiftet"),
        ("Wooooolf", "woolf"),
        ("𝗯𝗿𝗶𝗱𝗴𝗲", "bridge"),
        ("café", "cafe"),
        ("вода", "вода"),  # a whole word in another script stays
        ("2021", "2021"),
    ],
)
def test_a_word_is_folded_to_what_it_means(written: str, meant: str) -> None:
    assert normalise(written) == meant


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("lang", "text", "terms"),
    [
        ("de", "Häuser, Haus!", ["haus", "haus"]),
        ("de", "daemme dämme", ["damm", "damm"]),
        ("de", "Trinkwasserleitung", ["trinkwasserleit", "trinkwass", "leitung"]),
        ("en", "5,000 euros and 1.5 kg", ["5000", "euro", "and", "1.5", "kg"]),
        ("en", "the town's bridges", ["the", "town", "bridg"]),
        ("en", "#HarbourBridge", ["harbourbridg", "harbour", "bridg"]),
        ("en", "@anna @bert well said", ["well", "said"]),
        ("en", "now @CityCouncil and @joe", ["now", "citi", "council", "and"]),
        ("en", "@NASA: see https://t.co/abc pic.twitter.com/xyz", ["see"]),
        ("en", "RT @someone: water", ["water"]),
        ("en", "https://example.org/a/town-water-poisoned", ["town", "water", "poison"]),
        ("en", "p o i s o n", ["poison"]),
        ("xx", "vodavody", ["vodavody"]),
        ("xx", "gatos", ["gatos"]),
        ("xx", "perritos", ["perrito"]),
        ("zh", "水库大坝", ["水库", "库大", "大坝"]),
        ("", "😂😂 !!! ...", []),
        (
            "en",
            "still waitin' on Robin in Berlin",
            ["still", "wait", "on", "robin", "in", "berlin"],
        ),
    ],
)
def test_a_text_becomes_terms(lang: str, text: str, terms: list[str]) -> None:
    assert words(lang).terms(text) == terms


def test_parts_of_a_compound_are_known_as_such() -> None:
    terms = words("de").terms("Trinkwasserleitung Leitung")
    assert [type(term) is Part for term in terms] == [False, True, True, False]


def test_tokens_stand_where_the_words_stand() -> None:
    text = "Das Trinkwasser ist v e r g i f t e t!"
    found = [text[token.start : token.end] for token in words("de").tokens(text)]
    assert found == ["Das", "Trinkwasser", "ist", "v e r g i f t e t"]


@given(st.text(), st.sampled_from(["de", "en", "ar", "xx", ""]))
def test_tokens_lie_in_order_inside_any_text(text: str, lang: str) -> None:
    end = 0
    for token in words(lang).tokens(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end


@given(st.text(), st.sampled_from(["de", "en", "fr", ""]))
def test_terms_and_tokens_agree(text: str, lang: str) -> None:
    reader = words(lang)
    assert reader.terms(text) == [term for token in reader.tokens(text) for term in token.terms]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Das ist nicht die Brücke", "de"),
        ("this is not the bridge", "en"),
        ("ce n'est pas pour vous", "fr"),
        ("12345", ""),
        ("", ""),
    ],
)
def test_the_language_is_guessed_by_telltale_words(text: str, lang: str) -> None:
    assert guess_language(text) == lang


def test_a_given_language_counts_more_than_a_guess() -> None:
    assert languages(["das ist es", "das ist nicht", "xyz"], ["en-GB", "", ""], "tr") == [
        "en",
        "de",
        "tr",
    ]


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    assert len(words("en").terms("water " * 200_000)) < 4_000


@pytest.mark.parametrize(
    ("lang", "text", "count"),
    [
        ("hi", "बाढ़ में पुल टूट गया", 5),
        ("ta", "வெள்ளத்தில் பாலம் உடைந்தது", 3),
        ("pa", "ਪੁਲ ਟੁੱਟ ਗਿਆ", 3),
        ("ar", "انهار الجسر أمس", 3),
        ("ru", "мост рухнул вчера", 3),
        ("el", "η γέφυρα κατέρρευσε", 3),
        ("he", "הגשר קרס אתמול", 3),
        ("ko", "다리가 무너졌다", 2),
    ],
)
def test_words_of_every_script_are_read(lang: str, text: str, count: int) -> None:
    assert len(words(lang).terms(text)) == count
    assert len(words("").terms(text)) == count


@pytest.mark.parametrize(
    ("lang", "plain", "written"),
    [
        ("de", "Müllabfuhr", "Muellabfuhr"),
        ("de", "Brückeneinsturz", "Brueckeneinsturz"),
        ("de", "Wasser vergiftet", "W@sser vergiftet"),
        ("de", "Wasser vergiftet", "Wa$$er v3rg1ftet"),
        ("en", "poison", "poi$on"),
        ("en", "hospital", "ho$pital"),
        ("de", "Wasser vergiftet", "W\u0336a\u0336s\u0336s\u0336e\u0336r\u0336 vergiftet"),
        ("de", "Wasser vergiftet", "Ⓦⓐⓢⓢⓔⓡ vergiftet"),
        ("de", "Wasser vergiftet", "🅆asser vergiftet"),
        ("de", "Wasser vergiftet", "Wasser vergiiiiftet"),
        ("de", "Wasser vergiftet", "Wasssssser vergifteeeet"),
        ("en", "water", "waaaater"),
        ("en", "flood", "flooooood"),
        ("de", "Wasser vergiftet", "Wasser v/e/r/g/i/f/t/e/t"),
        ("de", "Wasser vergiftet", "QT @max: Wasser vergiftet"),
    ],
)
def test_what_hides_a_word_is_undone(lang: str, plain: str, written: str) -> None:
    assert set(words(lang).terms(plain)) <= set(words(lang).terms(written))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Fragen an max@beispiel.de bitte", ["frag", "an", "max", "de", "bitt"]),
        ("kostet US$5 oder 5$", ["kost", "us", "5", "oder", "5"]),
        ("Foto: @max", ["foto"]),
        ("neue Feuer", ["neu", "feu"]),
    ],
)
def test_what_hides_nothing_is_left_alone(text: str, terms: list[str]) -> None:
    assert words("de").terms(text) == terms


@given(
    st.text(alphabet="aA@$.# 4\u0336Ⓦße/eé_-'", max_size=60),
    st.sampled_from(["de", "en", "", "xx"]),
)
def test_reading_never_fails_and_chunks_say_the_same(text: str, lang: str) -> None:
    reader = words(lang)
    terms = reader.terms(text)
    assert terms == reader.terms(text)
    assert [term for chunk in chunks(text) for term in reader.chunk(chunk)] == terms
    places = [(token.start, token.end) for token in reader.tokens(text)]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
