"""The search over everything: what Ana types is found, wherever it stands, and nothing typed breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOON, rumour
from people import TownHall

from crisis.desk import search
from crisis.store.search import Hit
from crisis.types import Band, Person


def main(text: str) -> str:
    return text.partition("<main")[2]


def test_one_word_finds_everything_that_has_it(desk: TownHall) -> None:
    desk.chloe_approves()
    incident = desk.rumour_spreads()
    response = desk.released(incident)
    page = main(desk.ana.opens("/suche/?q=trinkwasser").text)
    assert f'href="/vorfaelle/{incident.id}"' in page
    assert 'href="/geruechte/wasser"' in page
    assert f'href="/antworten/{response.id}"' in page
    assert 'href="/playbooks/ansehen/trinkwasser"' in page
    assert f'href="/vorfaelle/{incident.id}#beitraege"' in page
    assert "<mark>Trinkwasser</mark>" in page


def test_sources_and_people_are_found_in_their_lists(desk: TownHall) -> None:
    page = main(desk.ana.opens(f"/suche/?q={desk.source.name}").text)
    assert "/quellen/?suche=" in page
    page = main(desk.ana.opens("/suche/?q=chloe").text)
    assert 'href="/personen/?suche=Chloe"' in page
    assert "Freigabe" in page


def test_notes_lead_to_their_incident(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    desk.ana.notes(incident, "Das Hygieneinstitut ruft zurück")
    page = main(desk.chloe.opens("/suche/?q=hygieneinst").text)
    assert "<mark>Hygieneinstitut</mark> ruft zurück" in page


def test_the_number_of_an_incident_leads_to_it(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    for typed in (str(incident.id), f"%23{incident.id}"):
        assert desk.ana.opens(f"/suche/?q={typed}").location == f"/vorfaelle/{incident.id}"
    assert desk.ana.opens("/suche/?q=999").status_code == 200
    assert desk.ana.opens("/suche/?q=" + "9" * 30).status_code == 200


def test_a_post_in_no_incident_leads_to_its_rumour(desk: TownHall) -> None:
    desk.sees("Trinkwasser schmeckt seltsam", band=Band.SUGGEST)
    page = main(desk.ana.opens("/suche/?q=seltsam").text)
    assert 'href="/geruechte/wasser"' in page
    assert "in keinem Vorfall" in page


def test_one_kind_alone_has_pages(desk: TownHall) -> None:
    with desk.store.transaction():
        for n in range(60):
            made = replace(rumour(), id=f"r{n}", title="", text=f"Nachtbus Nummer {n}")
            desk.store.rumours.put(made, NOON)
    every = main(desk.ana.opens("/suche/?q=nachtbus").text)
    assert every.count('class="hit"') == 5
    assert "Alle 60 zeigen" in every
    first = main(desk.ana.opens("/suche/?q=nachtbus&art=rumour").text)
    assert first.count('class="hit"') == 25
    assert "seite=2" in first
    last = main(desk.ana.opens("/suche/?q=nachtbus&art=rumour&seite=3").text)
    assert last.count('class="hit"') == 10
    assert "seite=4" not in last


def test_retired_rumours_say_so(desk: TownHall) -> None:
    with desk.store.transaction():
        desk.store.rumours.put(replace(rumour(), id="alt", text="Einhorn", retired=True), NOON)
    assert "zu den Akten" in main(desk.ana.opens("/suche/?q=einhorn").text)


@pytest.mark.parametrize("kind", ["", "post", "gibt-es-nicht"])
def test_nothing_typed_breaks_the_search(desk: TownHall, kind: str) -> None:
    desk.rumour_spreads()
    for typed in ('"', "*", "a AND (", "%00", "%E2%80%AE", "<script>alert(1)</script>", "x" * 900):
        page = desk.ana.opens(f"/suche/?q={typed}&art={kind}&seite=-7")
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_what_is_not_there_is_said_and_what_can_be_found_too(desk: TownHall) -> None:
    assert "Nichts gefunden" in desk.ana.opens("/suche/?q=einhorn").text
    assert "Gesucht wird in Vorfällen" in desk.ana.opens("/suche/").text


def test_a_playbook_whose_file_is_gone_is_not_shown(desk: TownHall) -> None:
    desk.chloe_approves()
    (desk.playbooks / "trinkwasser.md").unlink()
    assert "/playbooks/ansehen" not in main(desk.ana.opens("/suche/?q=rohrbruch").text)


def test_every_page_has_the_box_and_strangers_find_nothing(desk: TownHall) -> None:
    assert 'name="q"' in desk.ana.opens("/").text
    assert desk.dev.opens("/suche/?q=wasser").location.startswith("/anmelden")


def test_what_is_gone_or_plays_a_part_in_an_exercise_is_left_out(desk: TownHall) -> None:
    with desk.store.transaction():
        player = desk.store.people.add(
            Person(name="Spielerin", email="spiel@musterstadt.example", drill=True), NOON
        )
    gone = {"incident": "999", "rumour": "weg", "source": "999", "post": "999", "playbook": "weg"}
    with desk.app.test_request_context("/suche/"):
        for kind, ref in (gone | {"person": str(player.id)}).items():
            assert search._LINES[kind](Hit(kind, ref, "x", "y", "", 1), "x") is None


def test_answers_are_shown_without_the_signs_of_markdown(desk: TownHall) -> None:
    desk.chloe_approves()
    desk.submitted(desk.rumour_spreads())
    page = main(desk.ana.opens("/suche/?q=trinkwasser&art=response").text)
    assert "###" not in page
    assert "{{" not in page
    assert "[naechste info]" in page or "heute um 18 Uhr" in page
