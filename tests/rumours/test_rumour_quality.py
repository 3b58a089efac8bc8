"""Hints for whoever writes an entry of the catalogue."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import rumour

from crisis.rumours.quality import hints, telling_words
from crisis.types import Fact, Rumour, RumourStatus

TODAY = date(2026, 11, 23)
CASES = tomllib.loads((Path(__file__).parents[1] / "data/rumours/hints.toml").read_text("utf-8"))[
    "case"
]


def entry(case: dict[str, Any]) -> Rumour:
    return Rumour(
        id="neu",
        text=case["text"],
        lang=case.get("lang", ""),
        variants=tuple(case.get("variants", ())),
        status=RumourStatus(case.get("status", "suspected")),
        facts=tuple(Fact(**fact) for fact in case.get("facts", ())),
        valid_until=date.fromisoformat(case["valid_until"]) if "valid_until" in case else None,
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_entry_gets_these_hints(case: dict[str, Any]) -> None:
    found = hints(entry(case), [rumour()], today=TODAY)
    assert [hint.code for hint in found] == case["hints"]
    for hint in found:
        assert hint.say("de") != hint.say("en")


def test_nearly_the_same_entry_is_named() -> None:
    new = rumour(id="neu", title="", text="das TRINKWASSER ist vergiftet!!")
    found = {hint.code: hint for hint in hints(new, [rumour()], today=TODAY)}
    assert found["double"].other == "wasser"
    assert "Trinkwasser vergiftet" in found["double"].de


def test_the_most_similar_entry_is_named() -> None:
    new = rumour(id="neu", text="Der Staudamm bei Oberau bricht heute")
    near = rumour(id="nah", title="", text="Der Staudamm bei Oberau bricht heute Nacht")
    same = rumour(id="gleich", title="", text="Der Staudamm bei Oberau bricht heute.")
    for others in ([near, same], [same, near]):
        found = {hint.code: hint for hint in hints(new, others, today=TODAY)}
        assert found["double"].other == "gleich"


def test_an_entry_is_no_double_of_itself_nor_of_a_retired_one() -> None:
    others = [rumour(), rumour(id="alt", retired=True)]
    assert "double" not in [hint.code for hint in hints(rumour(), others, today=TODAY)]


def test_another_rumour_on_the_same_topic_is_no_double() -> None:
    other = rumour(
        id="brot", text="Das Trinkwasser ist wegen des Rohrbruchs bis Freitag abgestellt."
    )
    assert "double" not in [hint.code for hint in hints(rumour(), [other], today=TODAY)]


def test_everyday_words_do_not_tell() -> None:
    words = telling_words("Die Leute sagen, der Staudamm bricht. Der Staudamm!", "de")
    assert "staudamm" in words
    assert "die" not in words
    assert words.count("staudamm") == 1
