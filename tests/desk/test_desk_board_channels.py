"""The board says which answers did not get through, and what waits for somebody's hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from networks import Networks

from crisis.workflows import respond


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Networks]:
    made = Networks(tmp_path)
    yield made
    made.close()


def test_what_waits_for_a_hand_stands_there_until_it_is_ticked(town: Networks) -> None:
    made = town.released("facebook")
    board = town.hall.ana.opens("/").text
    assert "Von Hand zu tun auf Facebook: Das Trinkwasser" in board
    assert f"/antworten/{made.id}#kanaele" in board
    assert "To be done by hand on Facebook" in town.hall.ana.opens("/?lang=en").text
    town.hall.ana.presses(f"/antworten/kanaele/{town.row(made, 'facebook')}/erledigt", {})
    assert "Von Hand zu tun" not in town.hall.ana.opens("/").text


def test_what_is_tried_again_says_when_and_what_failed_says_so(town: Networks) -> None:
    made = town.released("mastodon", "bluesky")
    town.masto.trouble = town.sky.trouble = lambda asked: (503, {}, {})
    town.sends()
    board = town.hall.ana.opens("/").text
    assert "Noch nicht hinaus auf Mastodon, Bluesky, nächster Versuch 13:00 Uhr:" in board
    town.masto.trouble = lambda asked: (403, {}, {"error": "nein"})
    town.sky.trouble = lambda asked: None
    town.hall.later(minutes=5)
    town.sends()
    board = town.hall.ana.opens("/").text
    assert "Ging nicht hinaus auf Mastodon: Das Trinkwasser" in board
    assert "Noch nicht hinaus" not in board
    assert "Ging nicht hinaus" not in town.hall.vera.opens("/").text  # she may not change it
    respond.withdraw(town.hall.store, made.id, "Falsch.", town.hall.chloe.person, town.hall.now)
    assert "Ging nicht hinaus" not in town.hall.ana.opens("/").text


def test_an_old_answer_does_not_haunt_the_board(town: Networks) -> None:
    town.released("facebook")
    town.hall.later(days=15)
    town.hall.ana.signs_in()
    assert "Von Hand zu tun" not in town.hall.ana.opens("/").text
