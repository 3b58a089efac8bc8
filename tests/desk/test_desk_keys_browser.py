"""Keys that lead somewhere, in a real browser: on every page, switched off for good, never while writing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shots
from builders import incident, rumour
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def ana(browser: Browser, desk: TownHall) -> Iterator[Page]:
    """Ana at her desk; an incident is open and she has it."""
    desk.chloe_approves()
    desk.ana.acknowledges(desk.rumour_spreads())
    with shots.serving(desk.app) as address:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce", base_url=address
        )
        page = watched(context.new_page(), origin=address)
        shots.sign_in(page, address, desk.ana)
        page.wait_for_url(f"{address}/")
        yield page
        context.close()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"))


def test_one_key_leads_to_each_part_of_an_incident(ana: Page) -> None:
    ana.goto("/vorfaelle/1")
    for key, part in (
        ("2", "Beiträge"),
        ("3", "Antwort"),
        ("4", "Geprüft vor der Antwort"),
        ("5", "Verlauf"),
        ("6", "Dateien"),
        ("7", "Bearbeiten"),
        ("1", "Antwort auswählen"),
    ):
        ana.keyboard.press(key)
        assert focused(ana).startswith(part), key
        assert ana.evaluate(
            "(() => { const r = document.activeElement.getBoundingClientRect();"
            " return r.top >= 0 && r.bottom <= innerHeight; })()"
        )
    ana.keyboard.press("7")
    ana.keyboard.press("Tab")
    assert focused(ana) == "Übergeben"
    assert troubles(ana) == []


def test_a_key_only_leads_there_and_does_nothing(ana: Page, desk: TownHall) -> None:
    ana.goto("/vorfaelle/1")
    before = desk.store.incidents.get(1)
    for key in "123456789":
        ana.keyboard.press(key)
    assert ana.url.endswith("/vorfaelle/1")
    assert desk.store.incidents.get(1) == before


def test_without_own_links_digits_lead_to_the_headings(ana: Page) -> None:
    ana.goto("/kennzahlen/")
    headings = [" ".join(one.split()) for one in ana.locator("main h2:visible").all_text_contents()]
    assert len(headings) > 1
    ana.keyboard.press("3")
    assert focused(ana) == headings[1]


def test_lists_are_walked_with_two_keys(ana: Page, desk: TownHall) -> None:
    with desk.store.transaction():
        for number in range(2):
            one = replace(rumour(), id=f"r{number}", title=f"Gerücht {number}")
            desk.store.rumours.put(one, desk.now)
            desk.store.incidents.open(incident(rumour_id=one.id))
    ana.goto("/vorfaelle/")
    links = ana.locator(".list-table tbody tr a[href]")
    expect(links).to_have_count(3)
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        ana.keyboard.press(key)
        expect(links.nth(row)).to_be_focused()
    address = links.first.get_attribute("href")
    ana.keyboard.press("Enter")
    ana.wait_for_url(f"**{address}")


def test_the_overview_says_what_keys_do_here_and_turns_them_off(ana: Page) -> None:
    ana.goto("/vorfaelle/")
    ana.keyboard.press("?")
    dialog = ana.get_by_role("dialog", name="Tasten auf dieser Seite")
    expect(dialog).to_contain_text("zum nächsten Eintrag der Liste")
    assert barriers(ana) == []
    ana.keyboard.press("j")  # does nothing below an open dialogue
    ana.get_by_label("Tasten eingeschaltet").uncheck()
    ana.keyboard.press("Escape")
    for _load in range(2):
        for key in ("j", "1", "?", "/"):
            ana.keyboard.press(key)
        expect(dialog).to_be_hidden()
        assert ana.evaluate("document.activeElement.closest('main, [data-find]')") is None
        assert ana.locator("[data-find][aria-keyshortcuts]").count() == 0
        ana.reload()
    ana.locator(".menu--help > summary").click()  # the way back needs no key
    ana.get_by_role("button", name="Tasten auf dieser Seite").click()
    ana.get_by_label("Tasten eingeschaltet").check()
    ana.get_by_role("button", name="Schließen").click()
    ana.keyboard.press("/")
    expect(ana.locator("[data-find]").first).to_be_focused()


def test_no_key_acts_while_somebody_writes(ana: Page) -> None:
    ana.goto("/vorfaelle/1")
    note = ana.locator(".note-form textarea")
    note.focus()
    ana.keyboard.type("um 7 und 3, j/k?")
    expect(note).to_have_value("um 7 und 3, j/k?")
    expect(note).to_be_focused()


def test_what_is_written_is_sent_with_control_and_enter(ana: Page, desk: TownHall) -> None:
    ana.goto("/vorfaelle/1")
    ana.locator(".note-form textarea").fill("Das Labor ruft um 15 Uhr an.")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator(".story")).to_contain_text("Das Labor ruft um 15 Uhr an.")
    assert troubles(ana) == []


def test_english_keys_are_the_same_and_have_no_barrier(ana: Page) -> None:
    ana.goto("/vorfaelle/1?lang=en")
    ana.keyboard.press("3")
    assert focused(ana) == "Answer"
    ana.keyboard.press("?")
    expect(ana.get_by_role("dialog")).to_contain_text("Handle")
    assert barriers(ana) == []
