"""From a draft to an answer, in a real Chromium: hand in, return, mend, two approve, use. No barriers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import shots
from chromium import barriers, chromium, troubles, watched
from people import TownHall, Visitor
from playwright.sync_api import Browser, Page, expect
from review_states import RISKY, eva, joins, states

from crisis.types import ResponseState

pytestmark = pytest.mark.browser

SHOW = "/playbooks/ansehen/trinkwasser"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def town(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path)
    joins(made)
    yield made
    made.close()


def test_a_playbook_is_returned_mended_approved_by_two_and_used(
    browser: Browser, town: TownHall
) -> None:
    with shots.serving(town.app) as address:

        def desk_of(visitor: Visitor) -> Page:
            page = watched(browser.new_context(locale="de").new_page(), origin=address)
            shots.sign_in(page, address, visitor)
            return page

        ben, chloe, other, ana = (
            desk_of(visitor) for visitor in (town.ben, town.chloe, eva(town), town.ana)
        )
        # Ben writes and hands in.
        ben.goto(f"{address}/playbooks/bearbeiten/trinkwasser")
        ben.fill("#text", RISKY)
        ben.get_by_role("button", name="Speichern", exact=True).click()
        ben.goto(address + SHOW)
        ben.get_by_label("Worauf soll geachtet werden?").fill("Stimmt die Uhrzeit?")
        ben.get_by_role("button", name="Zur Prüfung einreichen").click()
        expect(ben.get_by_text("Wartet auf eine zweite Person").first).to_be_visible()

        # Chloé finds it on the board and returns it.
        chloe.goto(address)
        chloe.get_by_role("link", name="Vorlage prüfen: Das Trinkwasser ist in Ordnung").click()
        expect(chloe.get_by_text("Stimmt die Uhrzeit?").first).to_be_visible()
        chloe.get_by_text("Mit Anmerkung zurückgeben").click()
        chloe.get_by_label("Was ist zu ändern?").fill("Es war 10 Uhr.")
        chloe.get_by_role("button", name="Zurückgeben").click()

        # Ben reads why, mends it, and hands it in again.
        ben.goto(address)
        ben.get_by_role("link", name="Zurückgegeben, bitte ändern").click()
        expect(ben.locator(".review-note blockquote")).to_have_text("Es war 10 Uhr.")
        mended = RISKY.replace("um 9 Uhr", "um 10 Uhr")
        ben.goto(f"{address}/playbooks/bearbeiten/trinkwasser")
        ben.fill("#text", mended)
        ben.get_by_role("button", name="Speichern", exact=True).click()
        ben.goto(address + SHOW)
        ben.get_by_role("button", name="Zur Prüfung einreichen").click()

        # Two approve; one is not enough.
        for page in (chloe, other):
            page.goto(address + SHOW)
            page.get_by_role("button", name="Text freigeben").click()
        expect(other.locator(".page-head .kern-badge")).to_contain_text("freigegeben")
        names = [town.store.people.get(a.person_id).name for a in town.store.playbooks.approvals()]
        assert sorted(names) == ["Chloe", "Eva"]

        # It is used: Ana answers, Chloé puts a detail right and releases at once.
        incident = town.rumour_spreads()
        ana.goto(f"{address}/vorfaelle/{incident.id}")
        ana.get_by_role("button", name="Damit antworten").click()
        ana.get_by_label("Wann kommt die nächste Meldung?").fill("heute um 18 Uhr")
        ana.get_by_role("button", name="Zur Freigabe geben").click()
        (made,) = town.store.responses.of_incident(incident.id)
        chloe.goto(f"{address}/antworten/{made.id}")
        chloe.get_by_text("Selbst berichtigen und gleich freigeben").click()
        chloe.get_by_label("Wann kommt die nächste Meldung?").fill("heute um 19 Uhr")
        chloe.get_by_role("button", name="Berichtigen, freigeben und veröffentlichen").click()
        expect(chloe.get_by_text("Bei der Freigabe berichtigt von Chloe")).to_be_visible()
        out = town.store.responses.get(made.id)
        assert out.state is ResponseState.RELEASED
        assert out.values == {"naechste_info": "heute um 19 Uhr"}
        for page in (ben, chloe, other, ana):
            assert troubles(page) == []


@pytest.mark.parametrize(
    ("lang", "scheme", "width"),
    [("de", "light", 1280), ("en", "dark", 320), ("en", "light", 390), ("de", "dark", 1280)],
)
def test_every_state_is_free_of_barriers(
    browser: Browser, town: TownHall, lang: str, scheme: str, width: int
) -> None:
    pages = states(town)
    with shots.serving(town.app) as address:
        opened: dict[int, Page] = {}
        for name, visitor, path in pages:
            assert visitor.person is not None
            if visitor.person.id not in opened:
                context = browser.new_context(
                    color_scheme=scheme,  # type: ignore[arg-type]
                    viewport={"width": width, "height": 900},
                )
                page = watched(context.new_page(), origin=address)
                shots.sign_in(page, address, visitor, lang)
                opened[visitor.person.id] = page
            page = opened[visitor.person.id]
            page.goto(address + path)
            for summary in page.locator(
                ".review-act__back summary, .review-otherwise summary"
            ).all():
                summary.click()
            assert barriers(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=f"{folder}/{name}.{lang}.{width}.png", full_page=True)
        for page in opened.values():
            assert troubles(page) == []


def test_the_warning_of_a_second_answer_is_free_of_barriers(
    browser: Browser, town: TownHall
) -> None:
    town.chloe_approves()
    incident = town.rumour_spreads()
    town.draft(incident)
    with shots.serving(town.app) as address:
        page = watched(browser.new_context(locale="de").new_page(), origin=address)
        shots.sign_in(page, address, town.ben)
        page.goto(f"{address}/vorfaelle/{incident.id}")
        page.get_by_role("button", name="Damit antworten").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Es gibt schon eine Antwort")
        assert barriers(page) == []
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/second.de.1280.png", full_page=True)
        page.get_by_role("button", name="Trotzdem eine zweite Antwort beginnen").click()
        expect(page.get_by_text("Zum selben Gerücht gibt es noch eine Antwort")).to_be_visible()
        assert barriers(page) == []
        assert troubles(page) == []
