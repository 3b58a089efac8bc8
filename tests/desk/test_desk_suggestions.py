"""Posts that may carry a rumour, decided one by one."""

from __future__ import annotations

import pytest
from people import TownHall

from crisis.types import Band, Verdict


@pytest.fixture
def perhaps(desk: TownHall) -> TownHall:
    desk.sees("Trinkwasser riecht komisch", band=Band.SUGGEST)
    return desk


def test_a_suggestion_stands_there_with_its_rumour(perhaps: TownHall) -> None:
    page = perhaps.ana.opens("/vorschlaege/").text
    assert "Das Trinkwasser ist vergiftet." in page
    assert "<mark>Trinkwasser</mark> riecht komisch" in page
    assert "autofocus" in page


def test_what_fits_opens_an_incident(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "fits"})
    assert perhaps.store.incidents.count_open() == 1
    page = perhaps.ana.opens("/vorschlaege/").text
    assert "gehört jetzt zu Vorfall 1" in page
    assert "Nichts zu entscheiden" in page


@pytest.mark.parametrize("said", ["does_not_fit", "corrects"])
def test_what_does_not_fit_is_gone_from_here(perhaps: TownHall, said: str) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": said})
    assert perhaps.store.incidents.count_open() == 0
    assert perhaps.store.sightings.get(waiting.id).verdict is Verdict(said)
    assert perhaps.store.sightings.count_suggestions() == 0


def test_another_word_is_refused(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    answer = perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "vielleicht"})
    assert answer.status_code == 422


def test_who_only_writes_may_look_but_not_decide(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    assert "Passt nicht" not in perhaps.ben.opens("/vorschlaege/").text
    answer = perhaps.ben.presses(f"/vorschlaege/{waiting.id}", {"urteil": "fits"})
    assert answer.status_code == 403
    assert perhaps.store.incidents.count_open() == 0


def test_posts_that_say_the_same_are_one_decision(desk: TownHall) -> None:
    for _ in range(3):
        desk.sees(
            "Trinkwasser riecht komisch, sagt meine Nachbarin aus der Südstadt", band=Band.SUGGEST
        )
    desk.sees("Etwas ganz anderes über das Trinkwasser von heute früh", band=Band.SUGGEST)
    assert desk.store.suggestions.count() == 2
    page = desk.ana.opens("/vorschlaege/").text
    assert "Noch 2 Beiträge sagen dasselbe" in page
    first = desk.store.suggestions.queue(limit=1)[0]
    assert first.posts == 3
    desk.ana.presses(f"/vorschlaege/{first.sighting_id}", {"urteil": "does_not_fit"})
    assert desk.store.suggestions.count() == 1


def test_a_script_gets_the_word_instead_of_the_page(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    answer = perhaps.ana.presses(
        f"/vorschlaege/{waiting.id}", {"urteil": "seen_before"}, headers={"X-Part": "1"}
    )
    assert answer.json is not None
    assert answer.json["left"] == 0
    assert "schon gesehen" in answer.json["text"]


def test_more_come_without_those_that_are_there_already(desk: TownHall) -> None:
    for number in range(25):
        desk.sees(f"Trinkwasser in Straße {number * 7919}: {number}", band=Band.SUGGEST)
    page = desk.ana.opens("/vorschlaege/").text
    there = [part.partition('"')[0] for part in page.split('data-ask="')[1:]]
    part = desk.ana.opens(f"/vorschlaege/?ohne={','.join(there)}", headers={"X-Part": "1"}).text
    more = [one.partition('"')[0] for one in part.split('data-ask="')[1:]]
    assert "<!doctype" not in part
    assert more
    assert not set(there) & set(more)


def test_two_people_at_once_the_first_word_stands(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "does_not_fit"})
    answer = perhaps.chloe.presses(f"/vorschlaege/{waiting.id}", {"urteil": "fits"})
    assert answer.status_code == 409
    assert "schon jemand entschieden" in answer.text
    assert perhaps.store.sightings.get(waiting.id).verdict is Verdict.DOES_NOT_FIT
    assert perhaps.store.incidents.count_open() == 0


# --- taking it back --------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["fits", "does_not_fit", "corrects", "seen_before"])
def test_a_word_can_be_taken_back(perhaps: TownHall, said: str) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": said})
    assert "Letztes Urteil zurücknehmen" in perhaps.ana.opens("/vorschlaege/").text
    answer = perhaps.ana.presses(f"/vorschlaege/{waiting.id}/zurueck", follow_redirects=True)
    assert "wartet wieder auf ein Urteil" in answer.text
    assert [s.id for s in perhaps.store.sightings.suggestions()] == [waiting.id]
    assert perhaps.store.incidents.count_open() == 0
    assert perhaps.store.audit.verify() is None


def test_an_incident_that_has_other_posts_stays_open(perhaps: TownHall) -> None:
    incident = perhaps.rumour_spreads(2)
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "fits"})
    assert perhaps.store.incidents.get(incident.id).posts == 3
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}/zurueck")
    assert perhaps.store.incidents.get(incident.id).posts == 2
    assert perhaps.store.incidents.count_open() == 1


def test_an_incident_somebody_has_taken_is_left_to_them(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "fits"})
    (incident,) = perhaps.store.incidents.all_open()
    perhaps.chloe.acknowledges(incident)
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}/zurueck")
    assert perhaps.store.incidents.count_open() == 1


def test_nobody_takes_back_anothers_word_or_one_of_yesterday(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "does_not_fit"})
    assert perhaps.chloe.presses(f"/vorschlaege/{waiting.id}/zurueck").status_code == 409
    perhaps.later(hours=13)
    assert perhaps.ana.presses(f"/vorschlaege/{waiting.id}/zurueck").status_code == 409
    assert "Letztes Urteil" not in perhaps.ana.opens("/vorschlaege/").text


def test_taking_back_twice_changes_nothing_the_second_time(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "does_not_fit"})
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}/zurueck")
    assert perhaps.ana.presses(f"/vorschlaege/{waiting.id}/zurueck").status_code == 409
    assert perhaps.store.suggestions.count() == 1
