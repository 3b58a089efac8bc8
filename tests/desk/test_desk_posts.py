"""The posts of an incident, as a page without JavaScript: groups, filters, verdicts, undo."""

from __future__ import annotations

import re
from typing import Any

from people import TownHall
from werkzeug.test import TestResponse

from crisis.types import Incident, Sighting, Stance, Verdict

STREETS = ("Ahornweg", "Birkenweg", "Buchenweg", "Eichenweg", "Erlenweg", "Fichtenweg", "Kieferweg")


def page(hall: TownHall, query: str = "") -> str:
    return hall.ana.opens(f"/vorfaelle/1{query}").text


def shown(text: str) -> list[str]:
    return re.findall(r'<article class="post[^"]*" id="b(\d+)"', text)


def different(hall: TownHall, count: int, **more: Any) -> Incident:
    """So many posts, none of which says the same as another."""
    incident = None
    for number in range(count):
        street = STREETS[number % len(STREETS)]
        incident = hall.sees(f"Trinkwasser im {street} {number} vergiftet, sagt man", **more)
    assert incident is not None
    return incident


def bulk(hall: TownHall, verdict: str, *ticked: str, query: str = "", **more: str) -> TestResponse:
    return hall.ana.presses(
        f"/vorfaelle/1/beitraege{query}", {"urteil": verdict, "auswahl": list(ticked), **more}
    )


def all_of(hall: TownHall) -> list[Sighting]:
    return hall.store.sightings.of_incident(1, limit=500)


def test_posts_that_say_the_same_are_one_entry(desk: TownHall) -> None:
    desk.rumour_spreads(5)
    text = page(desk)
    assert shown(text) == ["5"]
    assert "5 Beiträge, zusammengefasst zu einem Eintrag" in text
    assert "… und 4 gleiche Beiträge" in text
    every = desk.ana.opens("/vorfaelle/1/beitraege/gleiche/1").text
    assert shown(every) == ["5", "4", "3", "2", "1"]
    assert "5 Beiträge, die das Gleiche sagen" in every
    part = desk.ana.opens("/vorfaelle/1/beitraege/gleiche/1?teil=1").text
    assert "<html" not in part
    assert shown(part) == ["5", "4", "3", "2", "1"]


def test_one_post_at_several_places_names_them(desk: TownHall) -> None:
    text = "Trinkwasser vergiftet, sagt man"
    for number in range(23):
        desk.sees(text, url="javascript:alert(1)" if number == 1 else f"https://a.example/{number}")
    desk.sees(text, url="https://www.a.example/3?utm_source=x")
    shows = page(desk)
    assert shown(shows) == ["1"]
    assert "23 Beiträge, zusammengefasst zu einem Eintrag" in shows
    assert "An 24 Stellen gefunden: Stadtgespräch" in shows
    assert "und 4 weitere Stellen" in shows
    assert 'href="https://a.example/3"' in shows
    assert "javascript:" not in shows
    assert "Found at 24 places" in page(desk, "?lang=en")
    bulk(desk, "fits", alle="1")
    assert all_of(desk)[0].verdict is Verdict.FITS


def test_entries_come_in_pages(desk: TownHall) -> None:
    different(desk, 23)
    first = page(desk)
    assert len(shown(first)) == 20
    assert "vor=4" in first
    second = page(desk, "?vor=4")
    assert shown(second) == ["3", "2", "1"]
    assert "Zu den neuesten Beiträgen" in second
    # What is old stands still; the rest of the page goes on following what others do.
    assert 'id="strom" data-own-keys data-refresh' in first
    assert 'id="strom" data-own-keys data-refresh' not in second
    for odd in (
        "?vor=-3",
        "?vor=kein",
        "?quelle=x&haltung=y&nur=z",
        "?vor=99999999999999999999999",
    ):
        assert desk.ana.opens(f"/vorfaelle/1{odd}").status_code == 200, odd


def test_a_large_group_has_pages_of_its_own(desk: TownHall) -> None:
    desk.rumour_spreads(53)
    first = desk.ana.opens("/vorfaelle/1/beitraege/gleiche/1").text
    assert len(shown(first)) == 50
    assert len(shown(desk.ana.opens("/vorfaelle/1/beitraege/gleiche/1?vor=4").text)) == 3
    assert "vor=4" in first


def test_the_posts_alone_are_sent_for_the_refresh(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    first = desk.ana.opens("/vorfaelle/1/beitraege")
    assert "<html" not in first.text
    headers = {"If-None-Match": first.headers["ETag"]}
    assert desk.ana.opens("/vorfaelle/1/beitraege", headers=headers).status_code == 304
    assert desk.ana.opens("/vorfaelle/1/beitraege?nur=open", headers=headers).status_code == 200
    desk.ana.judges(spreading, all_of(desk)[0], "fits")
    assert desk.ana.opens("/vorfaelle/1/beitraege", headers=headers).status_code == 200


def test_a_verdict_is_kept_and_taken_back(desk: TownHall) -> None:
    spreading = different(desk, 2)
    sighting = all_of(desk)[0]
    answer = desk.ana.judges(spreading, sighting, "does_not_fit")
    assert answer.location.endswith(f"#b{sighting.id}")
    assert desk.store.sightings.get(sighting.id).verdict is Verdict.DOES_NOT_FIT
    assert 'aria-pressed="true"' in page(desk)
    assert "Ein Beitrag: „passt nicht“." in page(desk)
    desk.ana.judges(spreading, sighting, "")
    assert desk.store.sightings.get(sighting.id).verdict is None
    assert "zurückgenommen" in page(desk)
    assert desk.ana.judges(spreading, sighting, "quatsch").status_code == 422


def test_a_verdict_on_a_group_is_about_all_in_it(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(3)
    path = f"/vorfaelle/{spreading.id}/beitraege/3"
    desk.ana.presses(path, {"urteil": "fits", "gruppe": "1"})
    assert {one.verdict for one in all_of(desk)} == {Verdict.FITS}
    text = page(desk)
    assert "gilt für alle 3" in text
    assert "Zuletzt: 3 Beiträge „passt“." in text
    desk.ana.judges(spreading, all_of(desk)[0], "corrects")
    assert "verschieden beurteilt" in page(desk)


def test_each_of_a_group_is_judged_alone_on_its_own_page(desk: TownHall) -> None:
    desk.rumour_spreads(3)
    answer = desk.ana.presses(
        "/vorfaelle/1/beitraege/2", {"urteil": "fits", "von": "gleiche", "kin": "1"}
    )
    assert answer.location == "/vorfaelle/1/beitraege/gleiche/1#b2"
    assert [one.verdict for one in all_of(desk)] == [None, Verdict.FITS, None]


def test_what_was_seen_before_is_put_away_and_can_be_looked_at(desk: TownHall) -> None:
    spreading = different(desk, 2)
    desk.ana.judges(spreading, all_of(desk)[0], "seen_before")
    assert shown(page(desk)) == ["1"]
    assert shown(page(desk, "?nur=all")) == ["2", "1"]
    assert shown(page(desk, "?nur=seen_before")) == ["2"]
    desk.ana.judges(spreading, all_of(desk)[1], "seen_before")
    text = page(desk)
    assert "Kein Beitrag passt zum Filter" in text
    assert "nur=all" in text


def test_many_are_judged_at_once_and_undone_at_once(desk: TownHall) -> None:
    different(desk, 4)
    answer = bulk(desk, "fits", "b1", "b3")
    assert answer.location == "/vorfaelle/1#beitraege"
    assert [one.verdict for one in all_of(desk)] == [None, Verdict.FITS, None, Verdict.FITS]
    text = page(desk)
    assert "Urteil über 2 Beiträge gespeichert." in text
    assert "2 Beiträge auf einmal: „passt“." in text
    desk.ana.presses("/vorfaelle/1/beitraege/zurueck")
    assert {one.verdict for one in all_of(desk)} == {None}
    assert "Urteil über 2 Beiträge rückgängig gemacht." in page(desk)
    assert desk.ana.presses("/vorfaelle/1/beitraege/zurueck").status_code == 409


def test_undo_says_where_somebody_else_has_judged_since(desk: TownHall) -> None:
    spreading = different(desk, 2)
    bulk(desk, "fits", "b1", "b2")
    desk.later(minutes=1)
    desk.chloe.judges(spreading, desk.store.sightings.get(1), "corrects")
    desk.ana.presses("/vorfaelle/1/beitraege/zurueck")
    assert "bleibt dessen Urteil" in page(desk)
    assert desk.store.sightings.get(1).verdict is Verdict.CORRECTS


def test_groups_and_all_that_a_filter_shows_are_ticked_too(desk: TownHall) -> None:
    desk.rumour_spreads(2)
    different(desk, 2, stance=Stance.ASKS)
    bulk(desk, "fits", "g1")
    assert sum(one.verdict is Verdict.FITS for one in all_of(desk)) == 2
    bulk(desk, "corrects", query="?haltung=asks", alle="1")
    assert sum(one.verdict is Verdict.CORRECTS for one in all_of(desk)) == 2
    assert sum(one.verdict is Verdict.FITS for one in all_of(desk)) == 2


def test_nothing_ticked_and_nonsense_change_nothing(desk: TownHall) -> None:
    different(desk, 2)
    for ticked in ((), ("x1", "b", "bxx"), ("b99",), ("g99",), ("b²",)):
        assert bulk(desk, "fits", *ticked).status_code in (404, 422), ticked
    assert bulk(desk, "quatsch", "b1").status_code == 422
    assert {one.verdict for one in all_of(desk)} == {None}


def test_a_script_gets_the_stream_alone_and_no_message_for_later(desk: TownHall) -> None:
    different(desk, 2)
    answer = desk.ana.presses(
        "/vorfaelle/1/beitraege/2", {"urteil": "fits"}, headers={"X-Part": "1"}
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert shown(answer.text) == ["2", "1"]
    undone = desk.ana.presses("/vorfaelle/1/beitraege/zurueck", headers={"X-Part": "1"})
    assert 'aria-pressed="true"' not in undone.text
    assert "rückgängig gemacht.</" not in page(desk).split("<main")[1].split("</h1>")[0]


def test_posts_are_filtered_by_what_they_have_in_common(desk: TownHall) -> None:
    different(desk, 2, lang="tr", place="Nordstadt", reach=12345)
    different(desk, 1, lang="de", place="Südstadt")
    text = page(desk)
    assert "Türkisch (2)" in text
    assert "Südstadt (1)" in text
    assert "Reichweite 12.345" in text
    assert shown(page(desk, "?ort=S%C3%BCdstadt")) == ["3"]
    assert shown(page(desk, "?sprache=tr")) == ["2", "1"]
    assert "Filter aufheben" in page(desk, "?sprache=fr")
    assert "frühere Quelle" in page(desk, "?quelle=77")
    english = page(desk, "?lang=en&sprache=tr")
    assert "Turkish (2)" in english
    assert "Reach 12,345" in english


def test_a_long_post_is_folded_between_words_and_marks(desk: TownHall) -> None:
    words = "Wort " * 97
    desk.sees(f"{words}Trinkwasser {'Ende ' * 100}")
    text = page(desk)
    assert "Ganzen Beitrag lesen" in text
    assert "<mark>Trinkwasser</mark>" in text
    head = text.split('<blockquote class="post__text"')[1].split("</blockquote>")[0]
    assert "Ende" not in head
    desk.sees("Trinkwasser" * 100)
    assert page(desk).count("Ganzen Beitrag lesen") == 2


def test_posts_from_right_to_left_and_with_signs_that_turn_text_stay_in_their_place(
    desk: TownHall,
) -> None:
    desk.sees("مياه الشرب مسمومة Trinkwasser \u202e txet denrut", lang="ar")
    text = page(desk)
    assert 'dir="auto" lang="ar"' in text


def test_who_only_writes_reads_without_buttons(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(2)
    text = desk.ben.opens("/vorfaelle/1").text
    assert "data-judge" not in text
    stream = text.partition('id="strom"')[2].partition("<dialog")[0]
    assert 'type="checkbox"' not in stream
    assert desk.ben.judges(spreading, all_of(desk)[0], "fits").status_code == 403
    assert desk.ben.presses("/vorfaelle/1/beitraege", {"urteil": "fits"}).status_code == 403
    assert desk.ben.presses("/vorfaelle/1/beitraege/zurueck").status_code == 403
