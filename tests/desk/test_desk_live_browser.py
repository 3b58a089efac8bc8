"""Two people at two desks in a real Chromium: what one does, the other sees; what is typed, stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shots
from people import TownHall, Visitor
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

pytestmark = pytest.mark.browser


class Desks:
    """A town hall that is being served, and a browser."""

    def __init__(self, hall: TownHall, address: str, browser: Browser) -> None:
        self.hall = hall
        self.address = address
        self.browser = browser

    def enters(self, who: Visitor, **look: object) -> tuple[BrowserContext, Page]:
        context = self.browser.new_context(**look)  # type: ignore[arg-type]
        page = context.new_page()
        shots.sign_in(page, self.address, who)
        page.wait_for_url(f"{self.address}/")
        return context, page


def until(page: Page, question: str) -> None:
    """Wait until this is true in the page. (Playwright's own way needs ``eval``, which we forbid.)"""
    for _ in range(60):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


@pytest.fixture
def desks(hall: TownHall) -> Iterator[Desks]:
    with shots.serving(hall.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shots.chromium())
        yield Desks(hall, address, browser)
        browser.close()


def test_what_chloe_does_appears_at_anas_desk_without_reloading(desks: Desks) -> None:
    incident = desks.hall.rumour_spreads(3)
    _, ana = desks.enters(desks.hall.ana)
    expect(ana.locator(".incident")).to_contain_text("noch niemand")
    ana.evaluate("window.same = true")
    _, chloe = desks.enters(desks.hall.chloe)
    chloe.goto(f"{desks.address}/vorfaelle/{incident.id}")
    chloe.get_by_role("button", name="Übernehmen").first.click()
    expect(ana.locator(".incident")).to_contain_text("Chloe", timeout=4_000)
    assert ana.evaluate("window.same") is True
    ana.goto(f"{desks.address}/vorfaelle/{incident.id}")
    ana.evaluate("window.same = true")
    ana.fill(".note-form textarea", "Noch nicht fertig")
    chloe.fill(".note-form textarea", "Ich rufe die Stadtwerke an.")
    chloe.get_by_role("button", name="Notiz speichern").click()
    expect(ana.locator(".story")).to_contain_text("Ich rufe die Stadtwerke an.", timeout=4_000)
    assert ana.input_value(".note-form textarea") == "Noch nicht fertig"
    assert ana.evaluate("window.same") is True


def test_nothing_moves_under_the_cursor_or_the_focus(desks: Desks) -> None:
    incident = desks.hall.rumour_spreads(3)
    _, ana = desks.enters(desks.hall.ana)
    ana.goto(f"{desks.address}/vorfaelle/{incident.id}")
    stream = ana.locator("#strom")
    first = stream.locator(".post").first
    first.locator("button").first.focus()
    before = first.get_attribute("id")
    desks.hall.later(minutes=1)
    desks.hall.sees("Schon wieder: Trinkwasser ganz anders als alle anderen Beiträge heute!")
    news = ana.get_by_role("button", name="Es gibt Neues")
    news.wait_for()
    assert stream.locator(".post").first.get_attribute("id") == before
    news.click()
    expect(stream).to_contain_text("Schon wieder")
    assert news.count() == 0


def test_chloe_sees_that_ana_is_writing_an_answer(desks: Desks) -> None:
    desks.hall.chloe_approves()
    incident = desks.hall.rumour_spreads(3)
    draft = desks.hall.draft(incident)
    context, ana = desks.enters(desks.hall.ana)
    ana.goto(f"{desks.address}/antworten/{draft.id}")
    _, chloe = desks.enters(desks.hall.chloe)
    chloe.goto(f"{desks.address}/vorfaelle/{incident.id}")
    line = chloe.locator("[data-presence]")
    expect(line).to_have_text("Ana schreibt gerade eine Antwort.", timeout=5_000)
    ana.goto(f"{desks.address}/geruechte/")
    expect(line).to_be_hidden(timeout=5_000)
    context.close()


def test_a_lost_connection_is_said_and_typed_text_is_kept(desks: Desks) -> None:
    incident = desks.hall.rumour_spreads(3)
    context, ana = desks.enters(desks.hall.ana)
    path = f"{desks.address}/vorfaelle/{incident.id}"
    ana.goto(path)
    note = ana.locator("textarea[name=text]").first
    note.fill("Labor ruft um 15 Uhr zurück.")
    context.set_offline(True)
    expect(ana.locator("[data-bar=offline]")).to_be_visible(timeout=15_000)
    note.locator("xpath=ancestor::form").locator("button[type=submit]").first.click()
    assert ana.url == path  # nothing is sent into nowhere
    context.set_offline(False)
    expect(ana.locator("[data-bar=offline]")).to_be_hidden(timeout=15_000)
    ana.reload()
    expect(ana.locator("textarea[name=text]").first).to_have_value("Labor ruft um 15 Uhr zurück.")
    expect(ana.locator(".draft-note")).to_contain_text("ist wieder da")
    ana.locator("textarea[name=text]").first.locator("xpath=ancestor::form").locator(
        "button[type=submit]"
    ).first.click()
    ana.wait_for_load_state()
    assert ana.locator(".draft-note").count() == 0
    assert ana.locator("textarea[name=text]").first.input_value() == ""


def test_whose_session_ended_is_told_and_finds_the_text_again(desks: Desks) -> None:
    incident = desks.hall.rumour_spreads(3)
    context, ana = desks.enters(desks.hall.ana)
    path = f"{desks.address}/vorfaelle/{incident.id}"
    ana.goto(path)
    ana.locator("textarea[name=text]").first.fill("Noch nicht gespeichert")
    context.clear_cookies()
    link = ana.get_by_role("link", name="Wieder anmelden")
    link.wait_for(timeout=8_000)
    link.click()
    assert desks.hall.ana.person is not None
    ana.fill("#email", desks.hall.ana.person.email)
    ana.fill("#password", "ein langes Passwort")
    ana.click("main button[type=submit]")
    ana.wait_for_url(path)
    expect(ana.locator("textarea[name=text]").first).to_have_value("Noch nicht gespeichert")


def test_signing_out_forgets_what_was_typed(desks: Desks) -> None:
    incident = desks.hall.rumour_spreads(1)
    _, ana = desks.enters(desks.hall.ana)
    ana.goto(f"{desks.address}/vorfaelle/{incident.id}")
    ana.locator("textarea[name=text]").first.fill("Geheim")
    assert "Geheim" in ana.evaluate("JSON.stringify(sessionStorage)")
    ana.locator("details.menu--end:has([data-sign-out]) summary").click()
    ana.get_by_role("button", name="Abmelden").click()
    ana.wait_for_url("**/anmelden*")
    assert ana.evaluate("JSON.stringify(sessionStorage)") == "{}"


def test_a_new_alarm_rings_where_it_is_wanted(desks: Desks) -> None:
    context, ana = desks.enters(desks.hall.ana, permissions=["notifications"])
    context.add_init_script(
        "window.told = []; window.Notification = class { constructor(title, more)"
        " { window.told.push([title, more.body]); } addEventListener() {}"
        " static permission = 'granted'; static requestPermission() { return 'granted'; } };"
    )
    ana.goto(f"{desks.address}/")
    ana.locator("details.menu--end:has([data-sign-out]) summary").click()
    ana.get_by_label("Hinweis des Browsers").check()
    ana.get_by_role("button", name="Ausprobieren").click()
    assert ana.evaluate("window.told") == [["Probe", "So meldet sich ein neuer Vorfall."]]
    until(ana, "localStorage.getItem('klarstellung.alarm') !== null")
    incident = desks.hall.rumour_spreads(3)
    from crisis.types import Severity
    from crisis.workflows import handle

    assert desks.hall.ana.person is not None
    handle.rate(
        desks.hall.store, incident.id, Severity.URGENT, desks.hall.ana.person, desks.hall.now
    )
    until(ana, "window.told.length === 2")
    assert ana.evaluate("window.told[1]") == [
        "Neuer Vorfall: dringend",
        "Das Trinkwasser ist vergiftet.",
    ]


def test_the_menu_opens_and_closes_by_keyboard(desks: Desks) -> None:
    _, vera = desks.enters(desks.hall.vera, viewport={"width": 1280, "height": 800})
    menu = vera.locator(".nav--wide details.menu")
    menu.locator("summary").focus()
    vera.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Personen")).to_be_visible()
    vera.keyboard.press("Tab")
    vera.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Personen")).to_be_hidden()
    assert vera.evaluate("document.activeElement.tagName") == "SUMMARY"
