"""What a post leaves out of a short rumour, and what an opinion is worth: bands capped, reasons given."""

from __future__ import annotations

import pytest

from crisis.matching import Index, say
from crisis.matching.bands import Bands
from crisis.matching.gaps import gap
from crisis.matching.histogram import NOTHING, bin_of_match, may_raise
from crisis.matching.reading import Reading
from crisis.matching.screen import Phrasing, Screen
from crisis.types import Band, Match, Rumour

WATER = "Das Trinkwasser in Musterstadt ist vergiftet."


def left_out(post: str, rumour: str, lang: str = "de") -> str:
    screen = Screen([Phrasing(0, rumour, lang)])
    said: Reading = screen.read(post, lang)
    return gap(said, screen.reading(0))


@pytest.mark.parametrize(
    ("post", "rumour", "word"),
    [
        ("Das Trinkwasser in Musterstadt ist lecker", WATER, "vergiftet"),
        ("In Musterstadt wurde ein Hund vergiftet", WATER, "Trinkwasser"),
        ("Das Trinkwasser in Musterstadt ist vergiftet", WATER, ""),
        ("Leitungswasser in Musterstadt verseucht", WATER, ""),  # kin words
        ("Das Trinkwaser in Musterstadt ist vergifted", WATER, ""),  # like spellings
        ("Trinkwasser vergiftet", "Trinkwasser darf nicht getrunken werden. . Trinkwasser vergiftet", ""),
        (
            "Das Trinkwasser ist lecker",
            "In Musterstadt bekamen hundert Haushalte, drei Schulen und Kliniken giftiges Trinkwasser.",
            "",  # a long one is left to the scorer
        ),
        ("", WATER, "Musterstadt"),
    ],
)  # fmt: skip
def test_a_short_rumour_must_be_said_in_full(post: str, rumour: str, word: str) -> None:
    assert left_out(post, rumour) == word


def only(post: str) -> Match:
    index = Index.build([Rumour(id="wasser", text=WATER, lang="de")])
    (match,) = index.match([post], ["de"], top=1)[0]
    return match


def test_a_gap_is_suggested_at_most_and_named() -> None:
    match = only("Das Trinkwasser in Musterstadt ist richtig klar")
    assert match.band is not Band.RAISE
    assert not may_raise(match)
    (reason,) = (reason for reason in match.reasons if reason.code == "gap")
    assert "„vergiftet“" in say(reason, "de")
    assert "“vergiftet”" in say(reason, "en")


def test_an_opinion_is_no_match_and_says_why() -> None:
    text = "Ich finde unser Trinkwasser richtig lecker"
    index = Index.build(
        [Rumour(id="wasser", text=WATER, lang="de")], bands=Bands(raise_at=0.02, suggest_at=0.01)
    )
    (match,) = index.match([text], ["de"], top=1)[0]
    assert match.score > 0.01
    assert match.band is Band.NONE
    assert bin_of_match(match) == NOTHING
    assert "opinion" in [reason.code for reason in match.reasons]
    assert index.match([text], ["de"], banded=True) == [[]]


def test_a_rumour_told_with_anger_is_still_one() -> None:
    match = only("Unfassbar!! Die haben das Trinkwasser in Musterstadt vergiftet, eine Frechheit!")
    assert match.band is Band.RAISE
