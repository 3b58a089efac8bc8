"""The end of a shift: the text is kept once, mailed once, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import shots
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Browser

from crisis.types import AlertKind, Person, Role, Shift
from crisis.workflows import change_shift, tidy

PATH = "/uebergabe/"


def shifts(desk: TownHall) -> None:
    """Ana is on call until three, Chloé after her."""
    people = desk.store.people
    assert desk.ana.person is not None and desk.chloe.person is not None
    with desk.store.transaction():
        for number, person in enumerate((desk.ana.person, desk.chloe.person)):
            start = desk.now + timedelta(hours=8 * number - 5)
            end = start + timedelta(hours=8)
            people.add_shift(Shift(person_id=person.id, start=start, end=end))


def mails(desk: TownHall) -> list[tuple[int, str]]:
    return [
        (alert.person_id, alert.text)
        for alert in desk.store.alerts.recent()
        if alert.kind is AlertKind.HANDOVER
    ]


def test_who_handles_incidents_hands_over_and_the_staff_may_read(desk: TownHall) -> None:
    assert desk.ana.presses(PATH, {"text": "- Alles ruhig", "an": ""}).status_code == 302
    for visitor in (desk.ana, desk.ben, desk.chloe, desk.vera):
        assert "Alles ruhig" in visitor.opens(f"{PATH}1").text
    assert desk.ben.opens(PATH).status_code == 403
    assert desk.ben.presses(PATH, {"text": "x"}).status_code == 403
    assert desk.dev.opens(f"{PATH}1").status_code == 302
    assert desk.ana.opens(f"{PATH}99").status_code == 404


def test_the_text_is_nearly_written_and_the_next_person_is_chosen(desk: TownHall) -> None:
    shifts(desk)
    desk.rumour_spreads(4)
    page = desk.ana.opens(PATH).text
    assert "- Trinkwasser vergiftet: " in page
    assert "heute, 08:00 Uhr" in page  # since the shift began
    assert desk.chloe.person is not None
    assert f'<option value="{desk.chloe.person.id}" selected>Chloe</option>' in page
    assert "person1" not in page


def test_it_is_kept_audited_and_mailed(desk: TownHall) -> None:
    assert desk.chloe.person is not None
    text = "Was war\n- Labor ruft um 15 Uhr an <b>\n"
    answer = desk.ana.presses(PATH, {"text": text, "an": str(desk.chloe.person.id)})
    assert answer.location.endswith("/uebergabe/1")
    page = desk.chloe.opens("/uebergabe/1").text
    assert "<h2" in page and "<li>Labor ruft um 15 Uhr an &lt;b&gt;</li>" in page
    assert "per Mail an Chloe" in page
    ((to, mail),) = mails(desk)
    assert to == desk.chloe.person.id
    assert "Labor ruft um 15 Uhr an" in mail and "/uebergabe/1" in mail
    assert "Schicht übergeben." in desk.vera.opens("/protokoll/").text


def test_pressed_twice_it_is_kept_and_mailed_once(desk: TownHall) -> None:
    assert desk.chloe.person is not None
    form = {"text": "- Alles ruhig", "an": str(desk.chloe.person.id)}
    for _ in range(2):
        assert desk.ana.presses(PATH, form).location.endswith("/uebergabe/1")
    assert len(mails(desk)) == 1
    desk.later(hours=1)
    assert desk.ana.presses(PATH, form).location.endswith("/uebergabe/2")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001])
def test_a_text_that_cannot_be_taken_is_said_and_not_lost(desk: TownHall, text: str) -> None:
    answer = desk.ana.presses(PATH, {"text": text, "an": ""})
    assert answer.status_code == 422
    assert "Bitte schreiben Sie etwas in die Übergabe" in answer.text
    assert text.strip() in answer.text
    assert desk.store.handovers.latest() == []


def test_nobody_is_told_who_cannot_be_told(desk: TownHall) -> None:
    with desk.store.transaction():
        gone = desk.store.people.add(
            Person(
                name="Gustav",
                email="gustav@musterstadt.example",
                roles=frozenset({Role.DUTY}),
                active=False,
            ),
            desk.now,
        )
    answer = desk.ana.presses(PATH, {"text": "- x", "an": str(gone.id)})
    assert answer.status_code == 422
    assert desk.store.handovers.latest() == [] and mails(desk) == []
    assert desk.ana.presses(PATH, {"text": "- x", "an": "999"}).status_code == 404


def test_since_when_is_checked(desk: TownHall) -> None:
    for since in ("Quatsch", "2020-01-01T00:00:00+00:00", "2026-11-23T11:00:00"):
        desk.ana.presses(PATH, {"text": f"- {since}", "an": "", "seit": since})
    begun = desk.now - timedelta(hours=8)
    assert {one.begun for one in desk.store.handovers.latest()} == {begun}
    good = (desk.now - timedelta(hours=3)).isoformat()
    desk.ana.presses(PATH, {"text": "- gut", "an": "", "seit": good})
    assert desk.store.handovers.latest()[0].begun.isoformat() == good


def test_a_change_of_shift_has_a_page_that_leads_to_what_is_open(desk: TownHall) -> None:
    shifts(desk)
    incident = desk.rumour_spreads(4)
    change_shift.look(desk.house, desk.now)
    desk.later(hours=4)
    made = change_shift.look(desk.house, desk.now)
    assert made is not None
    address = f"{PATH}wechsel/{made.id}"
    for visitor in (desk.ana, desk.ben, desk.chloe, desk.vera):
        visitor.signs_in()
        page = visitor.opens(address).text
        assert "Chloe übernimmt von Ana." in page and "Per Mail an Chloe, Ana." in page
        assert f'<a href="/vorfaelle/{incident.id}">Trinkwasser vergiftet: ' in page
    assert desk.dev.opens(address).status_code == 302
    assert desk.ana.opens(f"{PATH}wechsel/99").status_code == 404
    assert f'href="{address}"' in desk.ana.opens(PATH).text
    desk.later(minutes=1)
    desk.ana.presses(PATH, {"text": "- Labor ruft an", "an": ""})
    assert ", Ana</a>" in desk.chloe.opens(address).text
    assert "Schichtwechsel: Übergabe festgehalten." in desk.vera.opens("/protokoll/").text


def test_handovers_are_forgotten_with_the_posts(desk: TownHall) -> None:
    desk.ana.presses(PATH, {"text": "- alt", "an": ""})
    desk.later(days=91)
    desk.ana.signs_in()
    desk.ana.presses(PATH, {"text": "- neu", "an": ""})
    assert tidy.tidy(desk.house, desk.now)["handovers"] == 1
    assert [one.text for one in desk.store.handovers.latest()] == ["- neu"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "scheme"), [("de", "light"), ("en", "dark")])
def test_a_shift_is_handed_over_without_a_mouse(
    hall: TownHall, browser: Browser, lang: str, scheme: str
) -> None:
    shots.example(hall)
    with shots.serving(hall.app) as address:
        context = browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 700})
        page = watched(context.new_page(), origin=address)
        shots.sign_in(page, address, hall.chloe, lang)
        page.goto(address + PATH)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert barriers(page) == []
        page.locator("#text").focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(" Labor ruft an")
        page.locator("form.handover__form button").press("Enter")
        page.wait_for_url(re.compile(r"/uebergabe/\d+"))
        page.wait_for_load_state("networkidle")
        assert "Labor ruft an" in page.inner_text("article")
        assert barriers(page) == []
        assert troubles(page) == []
        context.close()
