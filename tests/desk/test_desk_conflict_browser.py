"""The question that two people's changes raise, in a real Chromium: by keyboard, seen by axe."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import shots
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


def clash(hall: TownHall, address: str, page: Page, lang: str) -> None:
    """Vera has Ana's form open while somebody else changes her, and saves."""
    assert hall.ana.person is not None
    number = hall.ana.person.id
    shots.sign_in(page, address, hall.vera, lang)
    page.goto(f"{address}/personen/{number}")
    page.fill("#name", "Ana Sommer")
    hall.vera.signs_in()
    hall.vera.presses(
        f"/personen/{number}",
        {"name": "Ana Winter", "email": "ana@musterstadt.example", "roles": ["duty", "admin"]},
    )
    page.locator("main form button[type=submit]").first.click()
    page.locator(".clash").wait_for()


@pytest.mark.parametrize(
    ("lang", "scheme", "width"), [("de", "light", 1280), ("en", "dark", 390), ("de", "dark", 320)]
)
def test_the_question_is_answered_by_keyboard_and_free_of_barriers(
    browser: Browser, hall: TownHall, lang: str, scheme: str, width: int
) -> None:
    with shots.serving(hall.app) as address:
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 800},
        )
        page = watched(context.new_page(), origin=address)
        clash(hall, address, page, lang)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/conflict.{lang}.{scheme}.{width}.png", full_page=True)
        page.locator("input[value=ihre]").focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        assert page.locator("input[value=jene]").is_checked()
        page.keyboard.press("ArrowUp")
        page.locator(".clash button[type=submit]").press("Enter")
        page.wait_for_url("**/personen/")
        assert hall.ana.person is not None
        kept = hall.store.people.get(hall.ana.person.id)
        assert kept.name == "Ana Sommer"
        assert len(kept.roles) == 2  # what only the other one changed holds, too
        assert troubles(page) == []
        context.close()
