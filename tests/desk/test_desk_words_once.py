"""Names of states are made once a page, in its language."""

from __future__ import annotations

from people import TownHall

from crisis.desk import words
from crisis.types import Severity


def test_the_names_follow_the_language_of_the_page(hall: TownHall) -> None:
    with hall.app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert words.word(Severity.HIGH) == "high"
        assert words.word(Severity.LOW) == "low"
    with hall.app.test_request_context("/", headers={"Accept-Language": "de"}):
        assert words.word(Severity.HIGH) == "hoch"
        assert words.word(None) == ""
