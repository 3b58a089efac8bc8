"""Whose side a post is on, apart from any score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching.reasons import CODES, GROUPS, explain, say
from crisis.matching.stance import stance_of
from crisis.types import Reason, Stance

CORRECTS = [
    "Das ist falsch.",
    "Stimmt so nicht!",
    "So ein Quatsch",
    "Die Meldung ist frei erfunden",
    "Bitte nicht weiterverbreiten",
    "Es besteht keine Gefahr",
    "Die Polizei dementiert",
    "Nichts davon ist wahr",
    "That's not true",
    "This has been debunked",
    "There is no evidence for it",
    "Don't believe it",
    "It's a hoax",
]
SPREADS = [
    "Das ist kein Scherz",
    "Das ist nicht gelogen",
    "Das ist keine Falschmeldung",
    "Angeblich Fake, aber ich habe es gesehen",
    "This is no joke",
    "It is not false",
    "They will call it fake news",
    "Trinkt kein Wasser",
]
ASKS = ["Stimmt das?", "Weiß jemand mehr?", "Is this true?", "Can anyone confirm this?"]


@pytest.mark.parametrize(
    ("post", "stance"),
    [
        *((post, Stance.CORRECTS) for post in CORRECTS),
        *((post, Stance.SPREADS) for post in SPREADS),
        *((post, Stance.ASKS) for post in ASKS),
    ],
)
def test_a_stance_is_read_from_its_words(post: str, stance: Stance) -> None:
    assert stance_of(post, (), "Das Wasser hat Keime.") is stance


def marks(post: str, *found: str) -> tuple[tuple[int, int], ...]:
    return tuple((post.index(word), post.index(word) + len(word)) for word in found)


@pytest.mark.parametrize(
    ("post", "found", "stance"),
    [
        ("Das Wasser ist nicht vergiftet", ("Wasser", "vergiftet"), Stance.CORRECTS),
        ("Das Wasser ist NICHT wirklich vergiftet", ("vergiftet",), Stance.CORRECTS),
        ("The water is not poisoned", ("water", "poisoned"), Stance.CORRECTS),
        ("The water wasn't poisoned", ("poisoned",), Stance.CORRECTS),
        ("Im Wasser werden keine Keime gefunden", ("Keime", "Wasser"), Stance.CORRECTS),
        ("The water is not about to be poisoned", ("poisoned",), Stance.CORRECTS),
        ("Es gibt kein Wasser mehr", ("Wasser",), Stance.SPREADS),
        ("There is no water left", ("water",), Stance.SPREADS),
        ("Trinkt nicht vom vergifteten Wasser", ("vergifteten", "Wasser"), Stance.SPREADS),
        ("Ist das Wasser vergiftet?", ("Wasser", "vergiftet"), Stance.ASKS),
        ("Warum ist das Wasser vergiftet?", ("Wasser", "vergiftet"), Stance.SPREADS),
        ("Wasser vergiftet! Und jetzt?", ("Wasser", "vergiftet"), Stance.SPREADS),
    ],
)
def test_what_is_denied_or_asked_is_found_by_its_place(
    post: str, found: tuple[str, ...], stance: Stance
) -> None:
    assert stance_of(post, marks(post, *found), "Das Wasser ist vergiftet.") is stance


def test_a_rumour_that_denies_is_spread_by_the_same_denial() -> None:
    post = "Die Brücke ist nicht sicher"
    assert stance_of(post, marks(post, "sicher"), "Die Brücke ist nicht sicher") is Stance.SPREADS


@given(st.text(), st.text())
def test_any_text_has_a_stance(post: str, phrasing: str) -> None:
    assert stance_of(post, ((0, 1),), phrasing) in Stance


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("weight", [1.0, -1.0])
def test_every_reason_is_worded_in_both_languages(code: str, weight: float) -> None:
    reason = Reason(code=code, weight=weight, words=("Wolf",))
    assert say(reason, "de") != say(reason, "en")
    assert say(reason, "de").endswith(".")


def test_a_reason_of_a_newer_model_is_shown_as_it_is() -> None:
    assert say(Reason(code="rhythm", weight=1.0), "de") == "rhythm"


def test_the_words_that_agree_are_quoted() -> None:
    reason = Reason(code="words", weight=1.0, words=("Wolf", "Kind"))
    assert say(reason, "de") == "Wichtige Wörter des Gerüchts kommen vor: „Wolf“, „Kind“."
    assert say(reason, "en") == "Important words of the rumour occur: “Wolf”, “Kind”."


def test_reasons_add_up_and_the_weightiest_comes_first() -> None:
    values = {name: 1.0 for names in GROUPS.values() for name in names}
    parts = {"words": 1.0, "covered": 0.5, "numbers_differ": -3.0, "parts": 0.01}
    reasons = explain(parts, values, words=["Wolf"], names=[], numbers=["5"], notes=["short"])
    assert [(r.code, r.weight) for r in reasons] == [
        ("short", 0.0),
        ("numbers", -3.0),
        ("words", 1.5),
    ]
    assert reasons[1].words == ("5",)


def test_numbers_are_no_reason_where_there_are_none() -> None:
    values = {name: 0.0 for names in GROUPS.values() for name in names}
    assert explain({"numbers_agree": -1.0}, values, words=[], names=[], numbers=[]) == ()
