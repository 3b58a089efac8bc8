"""Lists and search in a real Chromium: by keyboard alone, on a small telephone, seen by axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shots
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PATHS = (
    "/vorfaelle/?stand=offen&suche=trinkwasser",
    "/vorfaelle/?suche=einhorn",
    "/protokoll/",
    "/postausgang/",
    "/antworten/",
    "/quellen/",
    "/personen/?rolle=duty",
    "/playbooks/",
    "/suche/?q=trinkwasser",
    "/suche/?q=trinkwasser&art=post",
    "/suche/?q=einhorn",
)


class Desk:
    """A town hall with some of everything, being served, and the browser that looks at it."""

    def __init__(self, hall: TownHall, address: str, browser: Browser) -> None:
        self.hall, self.address, self.browser = hall, address, browser
        shots.example(hall)
        shots.later(hall)

    def page(self, lang: str = "de", **look: object) -> Page:
        context = self.browser.new_context(**look)  # type: ignore[arg-type]
        page = watched(context.new_page(), origin=self.address)
        shots.sign_in(page, self.address, self.hall.chloe, lang)
        return page


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    hall = TownHall(tmp_path_factory.mktemp("hall"))
    with shots.serving(hall.app) as address, chromium() as browser:
        yield Desk(hall, address, browser)
    hall.close()


@pytest.mark.parametrize(("lang", "scheme"), [("de", "light"), ("en", "dark")])
def test_every_list_is_free_of_barriers(desk: Desk, lang: str, scheme: str) -> None:
    page = desk.page(lang, color_scheme=scheme, reduced_motion="reduce")
    for path in PATHS:
        page.goto(desk.address + path)
        assert barriers(page) == [], path
    assert troubles(page) == []
    page.context.close()


def test_no_list_scrolls_sideways_on_a_small_telephone(desk: Desk) -> None:
    page = desk.page(viewport={"width": 320, "height": 640})
    for path in PATHS:
        page.goto(desk.address + path)
        for details in page.locator("main details.list-filters:not([open]) > summary").all():
            details.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.context.close()


def test_the_search_is_one_key_away_but_not_while_somebody_writes(desk: Desk) -> None:
    page = desk.page(viewport={"width": 1280, "height": 800})
    page.goto(f"{desk.address}/")
    page.keyboard.press("/")
    page.keyboard.type("trink")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=trink")
    assert page.locator(".hit").count() > 3
    page.fill("#q", "")
    page.locator("#q").press_sequentially("a/b")
    assert page.input_value("#q") == "a/b"
    assert troubles(page) == []
    page.context.close()


def test_a_view_is_kept_and_found_again_by_keyboard_alone(desk: Desk) -> None:
    page = desk.page(viewport={"width": 1280, "height": 800})
    page.goto(f"{desk.address}/vorfaelle/?stand=offen")
    page.locator(".list-views__keep summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Meine offenen")
    page.keyboard.press("Enter")
    chip = page.locator(".chip", has_text="Meine offenen")
    chip.wait_for()
    assert chip.get_attribute("aria-current") == "true"
    page.goto(f"{desk.address}/vorfaelle/")
    page.locator(".chip", has_text="Meine offenen").press("Enter")
    page.wait_for_url("**/vorfaelle/?stand=offen")
    assert barriers(page) == []
    page.context.close()


def test_a_heading_sorts_and_says_so(desk: Desk) -> None:
    page = desk.page(viewport={"width": 1280, "height": 800})
    page.goto(f"{desk.address}/personen/")
    page.locator("a.sort", has_text="Name").press("Enter")
    page.wait_for_url("**sort=-name")
    assert page.locator("th[aria-sort=descending]").inner_text().strip() == "Name"
    page.context.close()
