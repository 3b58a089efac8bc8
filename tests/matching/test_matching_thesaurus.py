"""Words that say the same: the list itself, and what it makes of a pair."""

from __future__ import annotations

from collections import Counter

import pytest

from crisis.matching.counts import Phrasing
from crisis.matching.features import PAIR, pair
from crisis.matching.lexicon import kin_words
from crisis.matching.screen import Screen
from crisis.matching.text import words
from crisis.matching.thesaurus import kin_of


def kin(post: str, post_lang: str, rumour: str, rumour_lang: str) -> float:
    """How much of the rumour the post says in other words."""
    screen = Screen([Phrasing(0, rumour, rumour_lang)])
    row = pair(screen.read(post, post_lang), screen.reading(0))
    return row[PAIR.index("kin_covered")]


def test_every_group_holds_words_to_choose_from() -> None:
    assert len(kin_words()) >= 250
    for group in kin_words():
        assert len(group) == 2
        assert sum(map(len, group)) >= 2, group
        assert all(max(Counter(side).values(), default=1) == 1 for side in group), group


def test_every_word_of_the_list_is_one_term() -> None:
    for lang, column in (("de", 0), ("en", 1)):
        for group in kin_words():
            for word in group[column]:
                assert words(lang).terms(word)[0] == words(lang).stem(word), word


@pytest.mark.parametrize(
    ("post", "post_lang", "rumour", "rumour_lang"),
    [
        ("Das Leitungswasser ist verseucht", "de", "Trinkwasser vergiftet", "de"),
        ("Talsperre gebrochen!", "de", "Der Damm ist geborsten", "de"),
        ("The dam has burst", "en", "Der Damm ist gebrochen", "de"),
        ("Brücke eingestürzt", "de", "The bridge collapsed", "en"),
        ("Verunreinigtes Trinkwasser", "de", "Trinkwasserverunreinigung", "de"),
        ("Wasservergiftung im Ort", "de", "Verseuchtes Wasser", "de"),
    ],
)
def test_a_post_may_say_the_same_in_other_words(
    post: str, post_lang: str, rumour: str, rumour_lang: str
) -> None:
    assert kin(post, post_lang, rumour, rumour_lang) > 0.2


@pytest.mark.parametrize(
    ("post", "rumour"),
    [
        (
            "Das Trinkwasser ist vergiftet",
            "Trinkwasser vergiftet",
        ),  # the same words are no kin words
        ("Der Bäcker hat neue Brötchen", "Trinkwasser vergiftet"),
        ("", "Trinkwasser vergiftet"),
    ],
)
def test_the_same_words_and_unrelated_ones_are_not_kin(post: str, rumour: str) -> None:
    assert kin(post, "de", rumour, "de") == 0


def test_other_languages_have_no_kin() -> None:
    assert kin_of("fr") == {}
    assert kin_of("de")[words("de").stem("damm")] == kin_of("en")[words("en").stem("dam")]
