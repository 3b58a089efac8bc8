"""The outbox on the desk: who reads which mail, and that nothing in it can run."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from people import TownHall

from crisis.desk.outbox import linked
from crisis.types import Alert, AlertState, Person


def mail(hall: TownHall, *, drill: bool = False) -> Alert:
    incident = hall.rumour_spreads(drill=drill)
    return hall.store.alerts.of_incident(incident.id)[0]


def person(of: Person | None) -> Person:
    assert of is not None
    return of


def test_the_list_shows_what_became_of_every_mail(desk: TownHall) -> None:
    alert = mail(desk)
    assert alert.subject in desk.ana.opens("/postausgang/").text
    with desk.store.transaction():
        desk.store.alerts.update(
            replace(alert, attempts=2, last_error="Der Server ist weg.", state=AlertState.FAILED)
        )
    page = desk.ana.opens("/postausgang/").text
    assert "gescheitert" in page
    assert "2 Versuche: Der Server ist weg." in page


def test_without_a_mail_server_the_page_says_so(desk: TownHall) -> None:
    assert "Niemand wird wirklich alarmiert." in desk.ana.opens("/postausgang/").text


def test_an_empty_outbox_explains_itself(desk: TownHall) -> None:
    assert "Noch keine Mail" in desk.ana.opens("/postausgang/").text


def test_whoever_got_the_mail_can_press_its_link(desk: TownHall) -> None:
    alert = mail(desk)
    assert alert.person_id == person(desk.ana.person).id
    page = desk.ana.opens(f"/postausgang/{alert.id}").text
    start = page.index('href="http', page.index("mail-text")) + 6
    link = page[start : page.index('"', start)]
    assert "/a/" in link
    assert desk.dev.opens("/a/" + link.rpartition("/")[2]).status_code == 200


def test_administrators_read_it_without_the_link(desk: TownHall) -> None:
    alert = mail(desk)
    for path in (f"/postausgang/{alert.id}", f"/postausgang/{alert.id}/ansicht"):
        page = desk.vera.opens(path)
        assert page.status_code == 200
        assert "/a/…" in page.text
        assert "/a/W" not in page.text


def test_colleagues_do_not_read_it(desk: TownHall) -> None:
    alert = mail(desk)
    for path in (f"/postausgang/{alert.id}", f"/postausgang/{alert.id}/ansicht"):
        assert desk.ben.opens(path).status_code == 403
    assert f'href="/postausgang/{alert.id}"' not in desk.ben.opens("/postausgang/").text


def test_mails_of_an_exercise_are_for_everybody(desk: TownHall) -> None:
    alert = mail(desk, drill=True)
    page = desk.ben.opens(f"/postausgang/{alert.id}").text
    assert "ÜBUNG" in page
    assert "/a/…" not in page


def test_the_html_part_can_do_nothing(desk: TownHall) -> None:
    alert = mail(desk)
    answer = desk.ana.opens(f"/postausgang/{alert.id}/ansicht")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert "sandbox src=" in desk.ana.opens(f"/postausgang/{alert.id}").text


def test_a_mail_that_is_not_there_is_not_found(desk: TownHall) -> None:
    assert desk.ana.opens("/postausgang/4711").status_code == 404


def in_list(page: str) -> int:
    """Rows of the list of mails, the headings' row among them; the chart has a table of its own."""
    return page[page.index("list-table") :].count("kern-table__row")


def test_many_mails_have_pages(desk: TownHall) -> None:
    alert = mail(desk)
    with desk.store.transaction():
        for number in range(60):
            desk.store.alerts.put(replace(alert, id=0, message_id=f"<{number}@x>"))
    first = desk.ana.opens("/postausgang/").text
    assert in_list(first) == 51
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older is not None
    assert in_list(desk.ana.opens(unescape(older[1])).text) == 12


def test_addresses_in_a_text_become_links_and_nothing_else_does() -> None:
    text = linked("Hier: https://x.example/a?b=1&c=2.\n<b>javascript:alert(1)</b>")
    assert text == (
        'Hier: <a href="https://x.example/a?b=1&amp;c=2" rel="noopener noreferrer">'
        "https://x.example/a?b=1&amp;c=2</a>.\n&lt;b&gt;javascript:alert(1)&lt;/b&gt;"
    )
