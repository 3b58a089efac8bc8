"""Lengths are counted as the networks count them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.channels.networks import NETWORKS
from crisis.playbooks.lengths import LENGTHS
from crisis.playbooks.limits import (
    CHANNELS,
    channel_code,
    channel_words,
    check,
    graphemes,
    length,
    sizes,
    sms,
    x_weight,
)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("Straße", 6),
        ("a\u0308", 1),  # composed first
        ("日本", 4),
        ("Вода", 4),
        ("„Wasser“ – ja", 13),
        ("👍", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("https://stadt.example/ein/sehr/langer/pfad/der/nicht/zaehlt", 23),
        ("🇩🇪", 2),
        ("🇩🇪🇫🇷!", 5),
        ("❤️‍🔥", 2),
        ("1️⃣", 2),
        ("a\u200db", 3),
        ("Mehr: https://a.de.", 30),
        ("Mehr: stadt.de/wasser!", 30),
        ("(www.stadt.de)", 25),
        ("presse@stadt.de", 15),
        ("z.B. bei Fa.Dettmer", 19),
        ("http://a.de https://b.de", 47),
    ],
)
def test_x_counts_with_weights(text: str, weight: int) -> None:
    assert x_weight(text) == weight


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Öl", 2),
        ("O\u0308l", 2),
        ("\u0308", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("👍🏽!", 2),
        ("🇩🇪🇫🇷", 2),
        ("🇩🇪a🇫🇷", 3),
        ("☀️", 1),
        ("a\r\nb", 3),
        ("e\u0301\u0301", 1),
    ],
)
def test_people_see_graphemes(text: str, count: int) -> None:
    assert graphemes(text) == count


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("äöüÄÖÜß", "GSM-7", 7, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("–", "UCS-2", 1, 1),
        ("–" + "a" * 69, "UCS-2", 70, 1),
        ("–" + "a" * 70, "UCS-2", 71, 2),
        ("😀", "UCS-2", 2, 1),
    ],
)
def test_text_messages_are_counted_in_parts(
    text: str, alphabet: str, units: int, parts: int
) -> None:
    size = sms(text)
    assert (size.alphabet, size.units, size.parts) == (alphabet, units, parts)


def test_the_characters_that_cost_are_named() -> None:
    assert sms("„Nein“ – „nie“").unusual == "„“–"


@pytest.mark.parametrize(
    ("channel", "text", "rules"),
    [
        ("short", "a" * 280, []),
        ("short", "a" * 281, ["X"]),
        ("short", "a" * 301, ["X", "Bluesky"]),
        ("short", "https://a.example/" + "x" * 290, ["Bluesky"]),
        ("sms", "a" * 459, []),
        ("sms", "a" * 460, ["SMS"]),
        ("sms", "–" * 202, ["SMS"]),
        ("website", "a" * 10_000, []),
        ("press", "a" * 10_000, []),
    ],
)
def test_too_long_is_said_for_every_rule(channel: str, text: str, rules: list[str]) -> None:
    found = check(channel, text)
    assert [size.rule for size in sizes(channel, text) if size.over] == rules
    assert len(found) == len(rules)
    for (de, en), rule in zip(found, rules, strict=True):
        assert rule in de
        assert rule in en


def test_length_is_that_of_the_narrowest_rule() -> None:
    assert length("short", "a" * 10) == 10
    assert length("short", "https://a.example/" + "x" * 290) == 308
    assert length("short", "日" * 100) == 200
    assert length("press", "👍🏽") == 1


def test_channels_go_by_german_and_english_names() -> None:
    assert channel_code(" Kurz ") == channel_code("short") == "short"
    assert channel_code("presse") == "press"
    assert channel_code("rauchzeichen") is None
    assert set(channel_words("de")) >= {"website", "kurz", "faden", "leichte sprache", "telefon"}
    assert set(channel_words("en")) >= {"website", "short", "thread", "easy read", "phone"}
    assert {channel_code(word) for word in channel_words("en")} == set(CHANNELS)


@given(st.text())
def test_any_text_can_be_measured(text: str) -> None:
    assert graphemes(text) <= len(text)
    assert sms(text).parts >= 1
    for channel in CHANNELS:
        assert length(channel, text) >= 0


def test_every_figure_stands_in_one_table_and_on_the_pages_people_read() -> None:
    docs = Path(__file__).parents[2] / "docs"
    pages = "".join(
        (docs / name).read_text("utf-8")
        for name in ("operate/channels.md", "reference/playbook.md")
    )
    for place, figure in LENGTHS.items():
        assert f"{figure.most:,}" in pages or str(figure.most) in pages, place
        assert figure.source
    bound = {code: network.most for code, network in NETWORKS.items() if network.most is not None}
    assert bound == {code: LENGTHS[code].most for code in LENGTHS if code in NETWORKS}
