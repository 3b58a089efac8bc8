"""The answer that fits best comes first, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.responses.suggest import Clues, suggest, words_of
from crisis.types import Incident, PastAnswers, Playbook, Rumour, Severity

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


def test_words_are_read_as_those_of_posts() -> None:
    assert set(words_of("Die Sperrungen der Straßen", "de")) == set(
        words_of("sperrung STRASSE", "de")
    )
    assert words_of("Die Straßen, STRASSE", "de") == {"strass": "Straßen"}
    assert words_of("aber nicht oder 1234 ab", "de") == {}


def test_a_compound_is_about_its_parts() -> None:
    rumour = replace(RUMOUR, topics=(), text="Wasser vergiftet")
    (found,) = suggest(INCIDENT, rumour, [WORDS], langs={})
    assert found.reasons[0][0] == "Gemeinsame Wörter: vergiftet, Wasser."


def test_of_two_that_fit_the_one_that_stood_comes_first() -> None:
    past = {
        "genau": PastAnswers(released=2, withdrawn=2),
        "zweite": PastAnswers(released=3, compared=2, fewer=1),
    }
    found = suggest(
        INCIDENT, RUMOUR, [NAMES, replace(NAMES, name="zweite")], langs={}, clues=Clues(past=past)
    )
    assert [one.playbook.name for one in found] == ["zweite", "genau"]
    assert found[0].reasons[1] == (
        "Schon 3-mal veröffentlicht; danach bei 1 von 2 weniger Beiträge als davor.",
        "Released 3 times before; fewer posts after than before in 1 of 2.",
    )
    assert found[1].reasons[1][1] == "Released 2 times before, 2 withdrawn."


def test_in_a_hurry_a_first_statement_counts_and_where_the_posts_are() -> None:
    ready = replace(NAMES, name="z", holding={"short": "Wir prüfen."}, answers={"comment": "Nein."})
    urgent = replace(INCIDENT, severity=Severity.URGENT)
    clues = Clues(networks={"Mastodon": 3, "Bluesky": 1})
    found = suggest(urgent, RUMOUR, [NAMES, ready], langs={}, clues=clues)
    assert [one.playbook.name for one in found] == ["z", "genau"]
    assert "Es eilt: Sie hat eine erste Meldung für sofort." in found[0].reasons[1]
    assert found[0].reasons[2][1].endswith("Bluesky, Mastodon.")
    calm = suggest(INCIDENT, RUMOUR, [NAMES, ready], langs={})
    assert [one.playbook.name for one in calm] == ["genau", "z"]


def test_clues_alone_make_nothing_fit_and_outweigh_no_language() -> None:
    clues = Clues(
        networks={"X": 9}, past={"leer": PastAnswers(released=9), "a.en": PastAnswers(released=9)}
    )
    assert suggest(INCIDENT, RUMOUR, [EMPTY], langs={}, clues=clues) == []
    english = replace(
        NAMES, name="a.en", lang="en", answers={"short": "No."}, holding={"short": "?"}
    )
    urgent = replace(INCIDENT, severity=Severity.URGENT)
    found = suggest(urgent, RUMOUR, [english, NAMES], langs={"de": 9}, clues=clues)
    assert found[0].playbook.name == "genau"


@given(st.text(), st.text(), st.lists(st.text(max_size=8), max_size=4))
def test_any_words_can_be_compared(claim: str, title: str, topics: list[str]) -> None:
    rumour = replace(RUMOUR, text=claim, topics=tuple(topics))
    playbook = replace(EMPTY, title=title, topics=tuple(topics))
    for suggestion in suggest(INCIDENT, rumour, [playbook, NAMES], langs={"de": 1}):
        assert suggestion.score > 0
        assert suggestion.reasons
