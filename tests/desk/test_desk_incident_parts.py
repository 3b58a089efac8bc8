"""The parts of an incident's page that renew themselves: the same words as in the page, and only when new."""

from __future__ import annotations

import re

import pytest
from people import TownHall, Visitor

from crisis.types import Incident

PARTS = ("kopf", "wissen", "antwort", "verlauf")


@pytest.fixture
def incident(desk: TownHall) -> Incident:
    """Taken by Ana, with a note and an answer that waits for a second person."""
    desk.chloe_approves()
    found = desk.rumour_spreads(6)  # as urgent as can be: one more changes nothing but the count
    desk.ana.acknowledges(found)
    desk.ana.notes(found, "Labor angerufen.")
    desk.submitted(found)
    return desk.store.incidents.get(found.id)


def part(visitor: Visitor, incident: Incident, name: str, etag: str = "") -> tuple[int, str, str]:
    answer = visitor.opens(
        f"/vorfaelle/{incident.id}/teil/{name}", headers={"If-None-Match": etag} if etag else {}
    )
    return answer.status_code, answer.text, answer.headers.get("ETag", "")


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r'value="[^"]*"', "", html)).strip()


@pytest.mark.parametrize("name", PARTS)
def test_a_part_says_what_the_page_says(desk: TownHall, incident: Incident, name: str) -> None:
    for visitor in (desk.ana, desk.chloe, desk.vera):
        page = plain(visitor.opens(f"/vorfaelle/{incident.id}").text)
        status, html, _etag = part(visitor, incident, name)
        assert status == 200
        assert plain(html) in page
    assert part(desk.dev, incident, name)[0] == 302


def test_what_somebody_writes_changes_the_timeline_and_what_is_the_same_is_not_sent(
    desk: TownHall, incident: Incident
) -> None:
    known = {name: part(desk.chloe, incident, name)[2] for name in PARTS}
    for name, etag in known.items():
        assert part(desk.chloe, incident, name, etag)[:2] == (304, "")
    desk.ana.notes(incident, "Die Stadtwerke rufen zurück.")
    status, html, _etag = part(desk.chloe, incident, "verlauf", known["verlauf"])
    assert status == 200
    assert "Die Stadtwerke rufen zurück." in html


def test_a_post_changes_only_the_top(desk: TownHall, incident: Incident) -> None:
    known = {name: part(desk.chloe, incident, name)[2] for name in PARTS}
    desk.sees("Das Trinkwasser ist vergiftet, teilt das!")
    assert part(desk.chloe, incident, "kopf", known["kopf"])[0] == 200
    assert part(desk.chloe, incident, "antwort", known["antwort"])[0] == 304


def test_the_answer_of_another_shows_up(desk: TownHall, incident: Incident) -> None:
    known = {name: part(desk.ana, incident, name)[2] for name in PARTS}
    (answer,) = desk.store.responses.of_incident(incident.id)
    desk.chloe.releases(answer)
    status, html, _etag = part(desk.ana, incident, "antwort", known["antwort"])
    assert status == 200
    assert "freigegeben von Chloe" in html
    assert "richtiggestellt" in part(desk.ana, incident, "kopf", known["kopf"])[1]
