"""What came and what went day by day, above the lists of sources and of mails."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

from builders import NOON, post, source
from people import TownHall

from crisis.types import AlertState


def drawn(page: str, name: str) -> dict[str, Any]:
    """The numbers of the chart with this name."""
    found = re.search(rf'id="{name}".*?data-chart="([^"]+)"', page, re.S)
    assert found is not None
    return dict(json.loads(unescape(found[1])))


def carries(hall: TownHall, name: str, count: int, days_ago: int, *, drill: bool = False) -> None:
    """A source with so many posts at noon of that day."""
    with hall.store.transaction():
        one = hall.store.sources.add(
            source(url=f"http://feed.example/{name}", name=name, drill=drill)
        )
        at = NOON - timedelta(days=days_ago)
        for number in range(count):
            hall.store.posts.put(
                [(replace(post(source_id=one.id, key=f"{name}{number}"), seen=at), "x")], at
            )


def test_posts_are_drawn_by_day_and_source_with_their_table(desk: TownHall) -> None:
    for number, name in enumerate(("Forum", "Zeitung", "Kanal", "Blog", "Verein", "Chor")):
        carries(desk, name, 9 - number, number)
    carries(desk, "Übungsquelle", 20, 0, drill=True)
    page = desk.ana.opens("/quellen/").text
    chart = drawn(page, "beitraege-je-tag")
    assert [one["name"] for one in chart["series"]] == [
        *("Forum", "Zeitung", "Kanal", "Blog", "2 weitere Quellen")
    ]
    assert [sum(one["values"]) for one in chart["series"]] == [9, 8, 7, 6, 9]
    assert chart["series"][0]["values"][-1] == 9
    assert chart["series"][1]["values"][-2] == 8
    assert len({one["style"] for one in chart["series"]}) == 5  # told apart without colour
    assert "39 Beiträge in 14 Tagen, die meisten am" in page
    assert "am lebhaftesten: Forum." in page
    assert '<th class="kern-table__header" scope="col">Tag</th>' in page


def test_a_single_further_source_has_its_own_name(desk: TownHall) -> None:
    for name in "ABCDE":
        carries(desk, name, 1, 1)
    names = [
        one["name"] for one in drawn(desk.ana.opens("/quellen/").text, "beitraege-je-tag")["series"]
    ]
    assert names == list("ABCDE")


def test_without_posts_and_in_a_part_of_the_list_nothing_is_drawn(desk: TownHall) -> None:
    assert "beitraege-je-tag" not in desk.ana.opens("/quellen/").text
    carries(desk, "Forum", 3, 0)
    assert "beitraege-je-tag" in desk.ana.opens("/quellen/").text
    assert "beitraege-je-tag" not in desk.ana.opens("/quellen/?suche=forum").text


def test_the_day_begins_at_the_towns_midnight(desk: TownHall) -> None:
    with desk.store.transaction():
        one = desk.store.sources.add(source(url="http://feed.example/nacht", name="Nacht"))
        for hour in (22, 23):  # of Sunday in UTC: 23 h and midnight in Berlin
            at = (NOON - timedelta(days=1)).replace(hour=hour)
            desk.store.posts.put(
                [(replace(post(source_id=one.id, key=f"n{hour}"), seen=at), "x")], at
            )
    values = drawn(desk.ana.opens("/quellen/").text, "beitraege-je-tag")["series"][0]["values"]
    assert values[-2:] == [1, 1]


def test_mails_are_drawn_by_what_became_of_them(desk: TownHall) -> None:
    assert "mails-je-tag" not in desk.ana.opens("/postausgang/").text
    incident = desk.rumour_spreads()
    alert = desk.store.alerts.of_incident(incident.id)[0]
    page = desk.ana.opens("/postausgang/").text
    total = sum(drawn(page, "mails-je-tag")["series"][0]["values"])
    assert "keine ist gescheitert." in page
    with desk.store.transaction():
        desk.store.alerts.update(replace(alert, state=AlertState.FAILED))
    page = desk.ana.opens("/postausgang/").text
    chart = drawn(page, "mails-je-tag")
    failed = {one["name"]: sum(one["values"]) for one in chart["series"]}["gescheitert"]
    assert failed == 1
    assert sum(sum(one["values"]) for one in chart["series"]) == total
    assert "eine ist gescheitert." in page
    assert "mails-je-tag" not in desk.ana.opens("/postausgang/?stand=failed").text


def test_mails_of_an_exercise_do_not_count(desk: TownHall) -> None:
    desk.rumour_spreads(drill=True)
    page = desk.ana.opens("/postausgang/").text
    assert "Noch keine Mail" not in page
    assert "mails-je-tag" not in page
