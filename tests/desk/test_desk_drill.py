"""The exercise on the desk: begin, follow, clear away."""

from __future__ import annotations

from urllib.parse import urlsplit

from people import TownHall

from crisis.sources import read
from crisis.types import SourceKind


def test_before_it_begins_the_page_explains_it(desk: TownHall) -> None:
    page = desk.ana.opens("/uebung/").text
    assert "In zwei Minuten alles einmal sehen" in page
    assert "<strong>Trinkwasser</strong>" in page
    assert "Es läuft eine Übung" not in page


def test_once_begun_every_page_says_so(desk: TownHall) -> None:
    assert desk.ana.presses("/uebung/").location == "/uebung/"
    for path in ("/", "/uebung/", "/vorschlaege/", "/vorfaelle/"):
        assert "Es läuft eine Übung" in desk.ben.opens(path).text, path
    assert "Es läuft eine Übung" not in desk.dev.opens("/anmelden").text


def test_its_feed_plays_for_whoever_knows_the_address(desk: TownHall) -> None:
    desk.ana.presses("/uebung/")
    drill = desk.store.drills.latest()
    assert drill is not None
    address = urlsplit(desk.store.sources.get(drill.source_id).url)
    assert address.hostname == "127.0.0.1"
    desk.later(seconds=3)
    answer = desk.dev.opens(address.path)
    assert answer.content_type == "application/rss+xml"
    posts = read(SourceKind.FEED, answer.data, url="http://x.example").posts
    assert len(posts) == 2
    assert desk.dev.opens("/uebung/feed/geraten.xml").status_code == 404


def test_the_stations_follow_what_was_done(desk: TownHall) -> None:
    desk.ana.presses("/uebung/")
    progress: list[int] = []

    def look() -> str:
        page = desk.ana.opens("/uebung/stand").text
        progress.append(page.count("station--done"))
        return page

    desk.later(seconds=3)
    assert "2 von 4 Beiträgen" in look()
    spreading = desk.rumour_spreads(2, drill=True)
    look()
    desk.ana.acknowledges(spreading)
    look()
    desk.ana.drafts(spreading)
    (answer,) = desk.store.responses.of_incident(spreading.id)
    look()
    desk.ana.fills(answer, submit=True, naechste_info="um 18 Uhr")
    look()
    version = {"version": str(desk.store.responses.get(answer.id).version)}
    desk.ana.presses(f"/antworten/{answer.id}/als-zweite-person", version)
    desk.later(seconds=40)
    page = look()
    assert progress == [1, 3, 4, 5, 6, 9]
    assert "Geschafft" in page
    assert "Alle Beiträge sind da" in page
    assert desk.store.responses.get(answer.id).slug in page


def test_the_progress_alone_is_sent_only_when_it_changed(desk: TownHall) -> None:
    desk.ana.presses("/uebung/")
    first = desk.ana.opens("/uebung/stand")
    headers = {"If-None-Match": first.headers["ETag"]}
    assert desk.ana.opens("/uebung/stand", headers=headers).status_code == 304


def test_one_click_and_a_question_remove_all_of_it(desk: TownHall) -> None:
    desk.ana.presses("/uebung/")
    spreading = desk.rumour_spreads(1, drill=True)
    assert "Ja, alles entfernen" in desk.ana.opens("/uebung/entfernen").text
    assert desk.store.incidents.count_open() == 1
    desk.ana.presses("/uebung/entfernen")
    assert desk.store.incidents.count_open() == 0
    assert desk.ana.opens(f"/vorfaelle/{spreading.id}").status_code == 404
    assert "Es läuft eine Übung" not in desk.ana.opens("/").text


def test_a_real_incident_stays_when_the_exercise_goes(desk: TownHall) -> None:
    real = desk.rumour_spreads(1)
    desk.ana.presses("/uebung/")
    desk.rumour_spreads(1, drill=True)
    desk.ana.presses("/uebung/entfernen")
    assert [found.id for found in desk.store.incidents.all_open()] == [real.id]


def test_a_second_exercise_has_to_wait(desk: TownHall) -> None:
    desk.ana.presses("/uebung/")
    answer = desk.ana.presses("/uebung/")
    assert answer.status_code == 409
    assert "Es läuft schon eine Übung" in answer.text


def test_what_belongs_to_the_exercise_carries_its_sign(desk: TownHall) -> None:
    desk.ana.presses("/uebung/")
    spreading = desk.rumour_spreads(1, drill=True)
    for path in ("/", "/vorfaelle/", f"/vorfaelle/{spreading.id}"):
        assert '<span class="drill-badge">ÜBUNG</span>' in desk.ana.opens(path).text, path


def test_who_only_writes_may_not_start_or_remove_it(desk: TownHall) -> None:
    assert desk.ben.presses("/uebung/").status_code == 403
    assert desk.store.drills.latest() is None
    assert "Starten können die Übung" in desk.ben.opens("/uebung/").text
