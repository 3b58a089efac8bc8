"""Catalogue, test bench, settings, test mail, first steps and help in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import shots
from people import TownHall
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from test_desk_browser import Town, opened, violations

pytestmark = pytest.mark.browser

PASTED = "Leute, der Staudamm bei Oberau bricht heute Nacht!\nHeute ist Markt in Nordstadt."


class Catalogue(Town):
    """A town with a catalogue in need of work, and Chloé, who may do everything."""

    def __init__(self, hall: TownHall, address: str, browser: Browser) -> None:
        self.hall = hall
        self.address = address
        self.browser = browser
        shots.example(hall)
        self.paths = shots.catalogue_pages(hall) | shots.settings_pages(hall)
        self.paths |= {"new": "/geruechte/neu", "import": "/geruechte/einlesen"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    hall = TownHall(tmp_path_factory.mktemp("catalogue"))
    with shots.serving(hall.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shots.chromium())
        yield Catalogue(hall, address, browser)
        browser.close()
    hall.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


def signed_in(town: Catalogue, context: BrowserContext, lang: str = "de") -> Page:
    page = context.new_page()
    shots.sign_in(page, town.address, town.hall.chloe, lang)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_page_is_accessible_in_both_languages_light_and_dark(
    town: Catalogue, complaints: list[str], lang: str, scheme: str
) -> None:
    context = opened(town, complaints, color_scheme=scheme, reduced_motion="reduce")
    page = signed_in(town, context, lang)
    wrong: dict[str, list[str]] = {}
    for name, path in town.paths.items():
        page.goto(town.address + path)
        with suppress(Exception):
            page.locator(".list-filters > summary").click(timeout=300)
        wrong[name] = violations(page)
        page.locator(".menu--help > summary").click()
        wrong[name + " with help"] = violations(page)
    page.goto(town.address + town.paths["bench"])
    page.fill("#beitrag", PASTED)
    page.check("#mehrere-1")
    page.click("form.bench button[type=submit]")
    wrong["bench, compared"] = violations(page)
    page.goto(town.address + town.paths["rumour-edit"])
    page.click("button[name=probe]")
    wrong["rehearsal"] = violations(page)
    context.close()
    assert not any(wrong.values()), {name: found for name, found in wrong.items() if found}
    assert not complaints


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_telephone(
    town: Catalogue, complaints: list[str], width: int
) -> None:
    context = opened(town, complaints, viewport={"width": width, "height": 800})
    page = signed_in(town, context)
    wide = {}
    for name, path in town.paths.items():
        page.goto(town.address + path)
        page.locator(".menu--help > summary").click()
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
        box = page.locator(".menu--help .menu__box").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    context.close()
    assert {name: found for name, found in wide.items() if found > width} == {}


def test_help_unfolds_and_folds_by_keyboard(town: Catalogue, complaints: list[str]) -> None:
    context = opened(town, complaints)
    page = signed_in(town, context)
    page.goto(town.address + "/geruechte/")
    summary = page.locator(".menu--help > summary")
    summary.focus()
    page.keyboard.press("Enter")
    text = page.get_by_text("Der Katalog: alle Behauptungen, nach denen gesucht wird.")
    expect(text).to_be_visible()
    page.keyboard.press("Escape")
    expect(text).to_be_hidden()
    expect(summary).to_be_focused()
    context.close()
    assert not complaints


def test_the_result_of_the_bench_is_where_the_reader_lands(
    town: Catalogue, complaints: list[str]
) -> None:
    context = opened(town, complaints)
    page = signed_in(town, context)
    page.goto(town.address + "/geruechte/damm")
    page.fill("#beitrag", PASTED.splitlines()[0])
    page.get_by_role("button", name="Vergleichen").press("Enter")
    expect(page.locator("#ergebnis")).to_be_focused()
    expect(page.locator("mark").first).to_be_visible()
    context.close()
    assert not complaints


def test_the_page_of_the_test_mail_tells_by_itself_that_it_was_confirmed(
    town: Catalogue, complaints: list[str], tmp_path: Path
) -> None:
    import re

    context = opened(town, complaints)
    page = signed_in(town, context)
    page.goto(town.address + "/einstellungen/probemail")
    page.fill("#an", "bereitschaft@musterstadt.example")
    page.get_by_role("button", name="Probemail schicken").click()
    first = page.locator(".proof").first
    expect(first).to_contain_text("noch nicht")
    newest = town.hall.store.alerts.tests(limit=1)[0]
    found = re.search(r"/mail-bestaetigen/\S+", newest.text)
    assert found
    stranger = opened(town, complaints, locale="de")
    mail = stranger.new_page()
    mail.goto(town.address + found[0])
    assert violations(mail) == []
    mail.get_by_role("button", name="Ja, sie ist angekommen").click()
    expect(mail.get_by_role("heading", name="Danke, das ist vermerkt")).to_be_visible()
    expect(first).not_to_contain_text("noch nicht", timeout=6000)
    stranger.close()
    context.close()
    assert not complaints


def test_everything_works_without_a_script(town: Catalogue, complaints: list[str]) -> None:
    context = opened(town, complaints, java_script_enabled=False)
    page = signed_in(town, context)
    page.goto(town.address + "/einstellungen/alerts")
    page.fill("#link_hours", "9")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert. Es gilt sofort").first).to_be_visible()
    page.goto(town.address + "/geruechte/staudamm/zusammenlegen")
    page.locator(".plain-list a").first.click()
    expect(page.get_by_role("heading", name="Zusammenlegen?")).to_be_visible()
    page.get_by_role("link", name="Getrennt lassen").click()
    page.locator(".menu--help > summary").click()
    expect(page.get_by_text("Ein Gerücht mit allem, was wir wissen")).to_be_visible()
    context.close()
    assert not complaints
