"""The picture on the wall: few, large, without a menu."""

from __future__ import annotations

from dataclasses import replace

from builders import incident, rumour
from people import TownHall

from crisis.types import Severity


def test_the_wall_shows_six_incidents_and_counts_the_rest(desk: TownHall) -> None:
    with desk.store.transaction():
        for number in range(9):
            told = rumour(id=f"w{number}", text=f"Gerücht {number}.")
            desk.store.rumours.put(told, desk.now)
            made = incident(rumour_id=told.id, severity=Severity.URGENT)
            desk.store.incidents.open(replace(made, id=0))
    page = desk.ana.opens("/lage/wand").text
    assert page.count('class="wall__one ') == 6
    assert "3 weitere, weniger dringende Vorfälle sind offen." in page
    assert "9 Vorfälle warten auf jemanden" in page
    assert "<nav" not in page


def test_a_quiet_wall_still_says_whether_the_desk_is_well(desk: TownHall) -> None:
    page = desk.ben.opens("/lage/wand").text
    assert "Ungewiss." in page
    assert "Beobachtung steht" in page
    assert "Mail prüfen" in page


def test_the_changing_part_of_the_wall_is_sent_only_when_it_changed(desk: TownHall) -> None:
    first = desk.ana.opens("/lage/wand/stand")
    same = {"If-None-Match": first.headers["ETag"]}
    assert desk.ana.opens("/lage/wand/stand", headers=same).status_code == 304
    desk.rumour_spreads(1)
    assert desk.ana.opens("/lage/wand/stand", headers=same).status_code == 200


def test_strangers_see_no_wall(desk: TownHall) -> None:
    assert desk.dev.opens("/lage/wand").location.startswith("/anmelden")
