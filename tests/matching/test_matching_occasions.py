"""What a post gives as the occasion, and what that is worth beside a rumour."""

from __future__ import annotations

import pytest

from crisis.matching import Index
from crisis.matching.features import NAMES, pair
from crisis.matching.index import phrasings_of
from crisis.matching.occasions import causes, everyday_terms
from crisis.matching.screen import Screen
from crisis.types import Rumour

THREAT = "Das Straßenfest ist wegen einer Bombendrohung abgesagt."


def compared(post: str, rumour: str = THREAT, lang: str = "de") -> dict[str, float]:
    screen = Screen(phrasings_of([Rumour(id="x", text=rumour, lang=lang)]))
    return dict(zip(NAMES, pair(screen.read(post, lang), screen.reading(0)), strict=False))


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("Wegen des Regens fällt das Fest aus", "de", "reg"),
        ("Abgesagt aufgrund von Sturm", "de", "sturm"),
        ("Cancelled because of the rain", "en", "rain"),
        ("Closed due to snow", "en", "snow"),
    ],
)
def test_a_cause_is_read_from_the_text(text: str, lang: str, found: str) -> None:
    assert found in causes(text, lang)


def test_without_a_cause_or_a_known_language_there_is_none() -> None:
    assert causes("Das Fest fällt aus", "de") == frozenset()
    assert causes("à cause de la pluie", "fr") == frozenset()
    assert everyday_terms("fr") == frozenset()


@pytest.mark.parametrize(
    ("post", "other"),
    [
        ("Straßenfest wegen Regen abgesagt", 1.0),
        ("Straßenfest wegen Drohung abgesagt", 0.0),
        ("Straßenfest abgesagt", 0.0),
    ],
)
def test_another_cause_is_told_from_the_same(post: str, other: float) -> None:
    assert compared(post)["other_cause"] == other


def test_causes_that_say_the_same_in_other_words_are_no_other_cause() -> None:
    poisoned = "Die Quelle ist wegen Verseuchung gesperrt"
    assert compared("Quelle wegen Vergiftung gesperrt", poisoned)["other_cause"] == 0.0


def test_everyday_occasions_count_unless_the_rumour_names_them() -> None:
    assert (
        compared("Hallo Leute. Das Straßenfest wird wegen Regen und Nebel verlegt")["everyday"]
        == 1.0
    )
    assert compared("Straßenfest wegen Bombendrohung abgesagt")["everyday"] == 0.0
    assert compared("Regen", "Giftiger Regen zieht auf")["everyday"] == 0.0


@pytest.mark.parametrize(
    ("post", "rumour", "agree"),
    [
        ("Three people died", "3 people died", 1.0),
        ("Five people died", "3 people died", 0.0),
    ],
)
def test_numbers_may_be_written_as_words(post: str, rumour: str, agree: float) -> None:
    assert compared(post, rumour, "en")["numbers_agree"] == agree
    assert compared(post, rumour, "en")["numbers_differ"] == 1.0 - agree


def test_another_cause_makes_a_match_less_likely() -> None:
    index = Index.build([Rumour(id="x", text=THREAT, lang="de")])
    threat, rain = (
        match[0].score
        for match in index.match(
            ["Straßenfest wegen Bombendrohung abgesagt", "Straßenfest wegen Regen abgesagt"],
            ["de", "de"],
        )
    )
    assert rain < threat
