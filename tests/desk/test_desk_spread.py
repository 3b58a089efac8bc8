"""How an incident's posts came over time, as a page says it: a sentence, a table, marks."""

from __future__ import annotations

import re
from datetime import timedelta

from builders import NOON, source
from people import TownHall
from surge import wave

from crisis.types import Stance


def sentence(hall: TownHall, query: str = "") -> str:
    page = hall.ana.opens(f"/vorfaelle/1{query}").text
    found = re.search(r'<p class="chart__summary"[^>]*>(.*?)</p>', page, re.S)
    return found[1] if found else ""


def marks(hall: TownHall) -> list[str]:
    page = hall.ana.opens("/vorfaelle/1").text
    return re.findall(r"<li>([^<]+)</li>", page.split('class="chart__marks">')[1].split("</ul>")[0])


def come(hall: TownHall, minutes: list[int], **more: object) -> None:
    for minute in minutes:
        hall.now = NOON + timedelta(minutes=minute)
        hall.sees(f"Trinkwasser {minute} vergiftet", **more)  # type: ignore[arg-type]


def test_few_posts_are_not_drawn(desk: TownHall) -> None:
    come(desk, [0, 1, 2, 3])
    page = desk.ana.opens("/vorfaelle/1").text
    assert 'id="verbreitung"' not in page
    assert "<html" not in desk.ana.opens("/vorfaelle/1/beitraege/verbreitung").text


def test_a_sentence_says_how_many_in_which_time_and_when_most(desk: TownHall) -> None:
    come(desk, [0, 61, 61, 61, 61, 120])
    desk.now = NOON + timedelta(minutes=150)
    assert sentence(desk) == "6 Beiträge in 2 Stunden, Höhepunkt 14:00 Uhr."
    desk.later(days=3)
    assert sentence(desk).startswith("6 Beiträge in 2 Stunden, Höhepunkt 23.11.2026, ")


def test_posts_of_one_minute_need_no_time(desk: TownHall) -> None:
    come(desk, [0, 0, 0, 0, 0])
    assert sentence(desk) == "5 Beiträge."


def test_our_answer_is_marked_and_what_changed_since_is_said_in_numbers(desk: TownHall) -> None:
    desk.chloe_approves()
    come(desk, list(range(0, 120, 6)))
    desk.now = NOON + timedelta(minutes=120)
    incident = desk.store.incidents.get(1)
    desk.ana.acknowledges(incident)
    desk.released(incident)
    come(desk, [130, 150, 170, 190])
    desk.now = NOON + timedelta(minutes=240)
    assert sentence(desk).endswith(
        "Seit unserer Antwort 2 statt 10 pro Stunde: 80 % weniger als in den 2 Stunden davor."
    )
    assert marks(desk) == ["Übernommen: 15:00 Uhr", "Unsere Antwort: 15:00 Uhr"]
    english = sentence(desk, "?lang=en")
    assert "Since our answer 2 instead of 10 per hour: 80% fewer than in the 2 hours" in english


def test_more_posts_or_as_many_are_said_as_honestly(desk: TownHall) -> None:
    desk.chloe_approves()
    come(desk, list(range(0, 120, 10)))
    desk.now = NOON + timedelta(minutes=120)
    desk.released(desk.store.incidents.get(1))
    come(desk, list(range(125, 240, 10)))
    desk.now = NOON + timedelta(minutes=240)
    assert sentence(desk).endswith("Seit unserer Antwort unverändert 6 pro Stunde.")
    come(desk, [239] * 12)
    desk.now = NOON + timedelta(minutes=240)
    assert "12 statt 6 pro Stunde: 100 % mehr" in sentence(desk)


def test_the_alert_is_marked(desk: TownHall) -> None:
    from crisis.workflows import deliver

    come(desk, [0])
    deliver.deliver(desk.house, "test", desk.now)
    come(desk, [10, 20, 30, 40])
    assert marks(desk) == ["Alarm: 13:00 Uhr"]


def test_what_is_left_out_is_said(desk: TownHall) -> None:
    come(desk, [0, 10, 20, 30, 40])
    come(desk, [41], stance=Stance.CORRECTS)
    come(desk, [42], published=NOON - timedelta(days=900))
    said = sentence(desk)
    assert "Ein viel älterer Beitrag ist nicht gezeichnet." in said
    assert "Nicht mitgezählt ist ein Beitrag, der widerspricht" in said


def test_bars_are_divided_by_source_or_by_place(desk: TownHall) -> None:
    wave(desk, 40)
    by_source = desk.ana.opens("/vorfaelle/1").text
    assert re.search(r"<th[^>]*>Lokalblatt</th>", by_source)
    by_place = desk.ana.opens("/vorfaelle/1?gliederung=ort").text
    assert re.search(r"<th[^>]*>Südstadt</th>", by_place)
    assert "ohne Ort oder woanders" in by_place


def test_with_one_source_places_divide_without_being_asked(desk: TownHall) -> None:
    come(desk, [0, 10, 20], place="Nordstadt")
    come(desk, [30, 40], place="Südstadt")
    page = desk.ana.opens("/vorfaelle/1").text
    assert re.search(r"<th[^>]*>Nordstadt</th>", page)
    assert "Aufgeteilt nach:" not in page


def test_a_source_that_is_gone_has_a_name_all_the_same(desk: TownHall) -> None:
    with desk.store.transaction():
        other = desk.store.sources.add(source(url="http://feed.example/weg", name="Weg"))
    come(desk, [0, 10, 20], source_id=other.id)
    come(desk, [30, 40])
    assert "Weg" in desk.ana.opens("/vorfaelle/1").text
