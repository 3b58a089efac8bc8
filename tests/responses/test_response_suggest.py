"""The answer that fits best comes first, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.responses.suggest import suggest, words_of
from crisis.types import Incident, Playbook, Rumour

NOW = datetime(2026, 11, 23, tzinfo=UTC)
INCIDENT = Incident(rumour_id="wasser-gift", opened=NOW, updated=NOW)
RUMOUR = Rumour(
    id="wasser-gift",
    text="Das Trinkwasser in der Nordstadt ist vergiftet",
    topics=("Trinkwasser", "versorgung"),
)
EMPTY = Playbook(name="leer", sha256="", text="", title="Wolf", lang="de")
NAMES = replace(EMPTY, name="genau", rumours=("wasser-gift",))
TOPIC = replace(EMPTY, name="thema", topics=("trinkwasser",))
WORDS = replace(EMPTY, name="worte", situation="Es heißt, Trinkwasser sei vergiftet worden.")


def names(playbooks: list[Playbook], langs: dict[str, int] | None = None) -> list[str]:
    found = suggest(INCIDENT, RUMOUR, playbooks, langs=langs or {})
    return [suggestion.playbook.name for suggestion in found]


def test_better_grounds_come_first() -> None:
    assert names([EMPTY, WORDS, TOPIC, NAMES]) == ["genau", "thema", "worte"]


def test_nothing_fits_nothing() -> None:
    assert names([EMPTY, replace(EMPTY, title="Das Trinkwasser")], {"de": 9}) == []
    assert names([]) == []


def test_a_rumour_named_outweighs_everything_else_together() -> None:
    other = replace(
        WORDS,
        name="alles-andere",
        topics=("trinkwasser", "versorgung"),
        situation=RUMOUR.text,
    )
    assert names([other, NAMES], {"de": 1})[0] == "genau"


def test_of_two_languages_that_of_the_posts_comes_first() -> None:
    english = replace(NAMES, name="a.en", lang="en")
    assert names([english, NAMES], {"de": 3, "en": 1}) == ["genau", "a.en"]
    assert names([english, NAMES], {"en": 3, "": 1}) == ["a.en", "genau"]
    assert names([english, NAMES], {}) == ["a.en", "genau"]


def test_every_ground_is_said_in_both_languages() -> None:
    full = replace(NAMES, topics=("trinkwasser",), situation=WORDS.situation)
    (found,) = suggest(INCIDENT, RUMOUR, [full], langs={"de": 3, "en": 1})
    assert found.reasons == (
        ("Für genau dieses Gerücht geschrieben.", "Written for exactly this rumour."),
        ("Gleiches Thema: Trinkwasser.", "Same topic: Trinkwasser."),
        (
            "Gemeinsame Wörter: Trinkwasser, vergiftet.",
            "Words in common: Trinkwasser, vergiftet.",
        ),
        ("In der Sprache von 75 % der Beiträge.", "In the language of 75% of the posts."),
    )


def test_the_wrong_rumour_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="rumour"):
        suggest(INCIDENT, replace(RUMOUR, id="anderes"), [NAMES], langs={})


def test_words_are_simplified() -> None:
    assert set(words_of("Die Sperrungen der Straßen")) == set(words_of("sperrung STRASSE"))
    assert words_of("Die Straßen, STRASSE") == {"strass": "Straßen"}
    assert words_of("aber nicht oder 1234 ab") == {}


@given(st.text(), st.text(), st.lists(st.text(max_size=8), max_size=4))
def test_any_words_can_be_compared(claim: str, title: str, topics: list[str]) -> None:
    rumour = replace(RUMOUR, text=claim, topics=tuple(topics))
    playbook = replace(EMPTY, title=title, topics=tuple(topics))
    for suggestion in suggest(INCIDENT, rumour, [playbook, NAMES], langs={"de": 1}):
        assert suggestion.score > 0
        assert suggestion.reasons
