"""The desk in a real Chromium: readable for everybody, strict about foreign code, fit for small screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shots
from chromium import violations
from people import TownHall
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright

pytestmark = pytest.mark.browser


class Town:
    """A town hall that is being served, what to look at in it, and the browser that looks."""

    def __init__(self, hall: TownHall, address: str, browser: Browser) -> None:
        self.hall = hall
        self.address = address
        self.browser = browser
        self.paths = shots.example(hall) | shots.later(hall)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    hall = TownHall(tmp_path_factory.mktemp("hall"))
    with shots.serving(hall.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shots.chromium())
        yield Town(hall, address, browser)
        browser.close()
    hall.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


def opened(town: Town, complaints: list[str], **look: object) -> BrowserContext:
    """A browser window that writes down what it has to complain about."""
    context = town.browser.new_context(**look)  # type: ignore[arg-type]

    def hear(message: ConsoleMessage) -> None:
        # A page that is not there is one of the pages looked at.
        if message.type in ("error", "warning") and "404" not in message.text:
            complaints.append(message.text)

    context.on("console", hear)
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((town.address, "data:"))
            else complaints.append(f"foreign request: {request.url}")
        ),
    )
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    return context


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_page_is_accessible_and_strict(
    town: Town, complaints: list[str], lang: str, scheme: str
) -> None:
    context = opened(town, complaints, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{town.address}/anmelden?lang={lang}")
    wrong = {"/anmelden": violations(page)}
    shots.sign_in(page, town.address, town.hall.chloe, lang)
    for path in dict.fromkeys(town.paths.values()):
        page.goto(town.address + path)
        wrong[path] = violations(page)
        assert page.evaluate("document.documentElement.lang") == lang
    context.close()
    assert {path: found for path, found in wrong.items() if found} == {}
    assert complaints == []


def test_no_page_scrolls_sideways_on_a_small_phone(town: Town, complaints: list[str]) -> None:
    context = opened(town, complaints, viewport={"width": 320, "height": 640})
    page = context.new_page()
    shots.sign_in(page, town.address, town.hall.chloe)
    wide = {}
    for path in dict.fromkeys(town.paths.values()):
        page.goto(town.address + path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert {path: width for path, width in wide.items() if width > 320} == {}
    assert complaints == []


def test_controls_are_large_enough_to_hit(town: Town, complaints: list[str]) -> None:
    context = opened(town, complaints, viewport={"width": 390, "height": 800})
    page = context.new_page()
    shots.sign_in(page, town.address, town.hall.chloe)
    for path in dict.fromkeys(town.paths.values()):
        page.goto(town.address + path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, summary, select, input:not([type=hidden])")]
              .filter(e => e.checkVisibility())
              .map(e => [e.textContent.trim() || e.name, e.getBoundingClientRect()])
              .filter(([_, box]) => box.height < 24 || box.width < 24)
              .map(([name, _]) => name)"""
        )
        assert small == [], path
    context.close()


def test_the_keyboard_alone_reaches_the_content_first(town: Town, complaints: list[str]) -> None:
    context = opened(town, complaints)
    page = context.new_page()
    shots.sign_in(page, town.address, town.hall.chloe)
    page.goto(f"{town.address}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"
    context.close()


def test_everything_works_without_javascript(town: Town, complaints: list[str]) -> None:
    context = opened(town, complaints, java_script_enabled=False)
    page = context.new_page()
    shots.sign_in(page, town.address, town.hall.ana)
    page.goto(town.address + town.paths["draft"])
    page.fill("[name=b-naechste_info]", "heute um 20 Uhr")
    page.click("text=Nur speichern")
    assert "heute um 20 Uhr" in page.inner_text("#vorschau")
    page.goto(town.address + town.paths["released"])
    assert page.locator("textarea").first.is_visible()
    assert not page.locator("[data-copy]").first.is_visible()
    context.close()
    assert complaints == []


def test_the_preview_follows_the_keys(town: Town, complaints: list[str]) -> None:
    context = opened(town, complaints)
    page = context.new_page()
    shots.sign_in(page, town.address, town.hall.ana)
    page.goto(town.address + town.paths["draft"])
    page.fill("[name=b-naechste_info]", "um Mitternacht")
    page.locator("#vorschau mark", has_text="um Mitternacht").first.wait_for()
    context.close()
    assert complaints == []


def test_a_new_post_appears_by_itself(town: Town, complaints: list[str]) -> None:
    context = opened(town, complaints)
    page = context.new_page()
    shots.sign_in(page, town.address, town.hall.ana)
    page.goto(town.address + town.paths["incident"])
    before = page.locator(".post").first.get_attribute("id")
    town.hall.later(minutes=1)
    town.hall.sees("Schon wieder das Trinkwasser!")
    page.locator(".post", has_text="Schon wieder das").first.wait_for()
    assert page.locator(".post").first.get_attribute("id") != before
    context.close()
    assert complaints == []


def test_colours_of_one_s_own_choice_are_respected(
    town: Town, complaints: list[str], tmp_path: Path
) -> None:
    context = opened(town, complaints, forced_colors="active")
    page = context.new_page()
    shots.sign_in(page, town.address, town.hall.chloe)
    for path in (town.paths["board"], town.paths["incident"]):
        page.goto(town.address + path)
        assert violations(page) == [], path
    context.close()
    assert complaints == []
