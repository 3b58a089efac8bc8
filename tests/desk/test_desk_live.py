"""Live pages: what others change appears by itself, who else is there, and asking costs no session."""

from __future__ import annotations

import pytest
from people import TownHall, Visitor

from crisis.types import Severity
from crisis.workflows import handle

ALL = "incidents posts answers alerts rumours playbooks people sources"


def stand(who: Visitor, topics: str = ALL, place: str = "") -> dict[str, object]:
    answer = who.client.get("/stand", query_string={"themen": topics, "ort": place})
    assert answer.status_code == 200
    found = answer.json
    assert isinstance(found, dict)
    return found


def present(who: Visitor, place: str, **more: str) -> int:
    return who.presses("/hier", {"ort": place, **more}).status_code


def test_a_stranger_learns_nothing(hall: TownHall) -> None:
    assert hall.dev.opens("/stand").status_code == 302
    assert hall.dev.presses("/hier", {"ort": "incident:1"}).status_code in (302, 403)


def test_the_number_moves_with_what_others_do(desk: TownHall) -> None:
    before = stand(desk.ana)
    assert stand(desk.ana) == before
    incident = desk.rumour_spreads(3)
    found = stand(desk.ana)
    assert found["v"] != before["v"]
    desk.chloe.notes(incident, "Ich frage beim Labor nach.")
    assert stand(desk.ana)["v"] != found["v"]


@pytest.mark.parametrize(
    ("topic", "moves"),
    [("incidents", True), ("posts", True), ("sources", False), ("people", False), ("", False)],
)
def test_only_the_topics_of_a_page_move_it(desk: TownHall, topic: str, moves: bool) -> None:
    before = stand(desk.ana, topic)["v"]
    desk.rumour_spreads(1)
    assert (stand(desk.ana, topic)["v"] != before) is moves


def test_a_source_that_was_only_fetched_moves_nothing(desk: TownHall) -> None:
    from dataclasses import replace

    before = stand(desk.ana, "sources")["v"]
    with desk.store.transaction():
        desk.store.sources.update(replace(desk.source, last_success=desk.now))
    after = stand(desk.ana, "sources")["v"]
    with desk.store.transaction():
        desk.store.sources.update(replace(desk.source, failures=3))
    assert stand(desk.ana, "sources")["v"] != before
    assert isinstance(after, int)


def test_nothing_new_is_said_without_a_body(desk: TownHall) -> None:
    tag = desk.ana.opens("/stand?themen=incidents").headers["ETag"]
    answer = desk.ana.client.get("/stand?themen=incidents", headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.data == b""


def test_the_page_begins_with_the_number_it_is_compared_with(desk: TownHall) -> None:
    desk.rumour_spreads(2)
    page = desk.ana.opens("/").text
    topics = page.partition('data-topics="')[2].partition('"')[0]
    assert f'data-version="{stand(desk.ana, topics)["v"]}"' in page


def test_an_alarm_is_a_new_and_urgent_incident(desk: TownHall) -> None:
    assert stand(desk.ana)["alarm"] == 0
    incident = desk.rumour_spreads(1)
    assert desk.ana.person is not None
    handle.rate(desk.store, incident.id, Severity.HIGH, desk.ana.person, desk.now)
    assert stand(desk.ana)["alarm"] == incident.id
    said = desk.ana.opens(f"/alarm/{incident.id}").json
    assert said == {"title": "Neuer Vorfall: hoch", "text": "Das Trinkwasser ist vergiftet."}
    desk.ana.acknowledges(incident)
    assert stand(desk.ana)["alarm"] == 0


def test_the_alarm_of_an_exercise_says_so(desk: TownHall) -> None:
    incident = desk.rumour_spreads(2, drill=True)
    said = desk.ana.opens(f"/alarm/{incident.id}").json
    assert said is not None
    assert said["title"].startswith("ÜBUNG: ")


# --- who else is here ------------------------------------------------------------------------


def test_others_see_who_is_here_and_what_they_do(desk: TownHall) -> None:
    assert present(desk.chloe, "incident:1", tut="answer") == 204
    assert present(desk.ben, "incident:1") == 204
    said = stand(desk.ana, place="incident:1")["here"]
    assert said == "Chloe schreibt gerade eine Antwort. Auch hier: Ben."
    assert stand(desk.ana, place="incident:2")["here"] == ""


def test_nobody_is_told_of_themselves(desk: TownHall) -> None:
    present(desk.ana, "incident:1")
    assert stand(desk.ana, place="incident:1")["here"] == ""


def test_who_leaves_is_gone_at_once_and_who_falls_silent_soon(desk: TownHall) -> None:
    present(desk.ben, "incident:1")
    present(desk.ben, "incident:1", weg="1")
    assert stand(desk.ana, place="incident:1")["here"] == ""
    present(desk.ben, "incident:1")
    desk.later(seconds=26)
    assert stand(desk.ana, place="incident:1")["here"] == ""


def test_nobody_is_remembered_for_longer_than_they_are_there(desk: TownHall) -> None:
    present(desk.ben, "incident:1")
    desk.later(seconds=26)
    present(desk.ana, "incident:2")
    import sqlite3

    with sqlite3.connect(desk.store.path) as connection:
        places = connection.execute("select place from presence").fetchall()
    assert places == [("incident:2",)]


def test_a_page_without_a_place_says_nothing(desk: TownHall) -> None:
    assert present(desk.ana, "") == 204
    assert present(desk.ana, "x" * 5000) == 204


def test_being_here_moves_no_page(desk: TownHall) -> None:
    before = stand(desk.ana)["v"]
    present(desk.ben, "incident:1")
    assert stand(desk.ana)["v"] == before


# --- sessions --------------------------------------------------------------------------------


def test_asking_by_itself_does_not_prolong_a_session(desk: TownHall) -> None:
    by_hand = desk.ana.client.get("/lage")
    by_itself = desk.ana.client.get("/lage", headers={"X-By-Itself": "1"})
    assert "Set-Cookie" in by_hand.headers
    assert "Set-Cookie" not in by_itself.headers


# --- one's own language ----------------------------------------------------------------------


def test_ana_chooses_her_language_for_every_machine(desk: TownHall) -> None:
    answer = desk.ana.presses("/ich/sprache", {"sprache": "en", "weiter": "/geruechte/?x=1"})
    assert answer.location == "/geruechte/?x=1"
    assert desk.ana.person is not None
    assert desk.store.people.get(desk.ana.person.id).lang == "en"
    assert "Sign out" in desk.ana.opens("/").text


def test_a_language_that_is_not_there_is_refused(desk: TownHall) -> None:
    assert desk.ana.presses("/ich/sprache", {"sprache": "fr"}).status_code == 422


@pytest.mark.parametrize("back", ["//boese.example", "https://boese.example", "/\\boese", ""])
def test_choosing_a_language_leads_to_no_foreign_page(desk: TownHall, back: str) -> None:
    answer = desk.ana.presses("/ich/sprache", {"sprache": "de", "weiter": back})
    assert answer.location == "/"
