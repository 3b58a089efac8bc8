"""The picture on the wall in a real Chromium: it follows, fits, is large, tells the town's own hour."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import shots
from builders import incident, rumour
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Browser, Page, expect

from crisis.types import Severity

pytestmark = pytest.mark.browser

FAR = 24  # pixels: the smallest letters that a full-HD screen of 65 inches shows at five metres
LONG = (
    "Im Nordviertel soll das Wasser seit gestern ungenießbar sein, und niemand sage es den Leuten"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def address(hall: TownHall) -> Iterator[str]:
    with shots.serving(hall.app) as served:
        yield served


def wall(browser: Browser, hall: TownHall, address: str, lang: str = "de", **look: object) -> Page:
    """Ana's wall screen, still, of full-HD size unless said otherwise."""
    look = {"viewport": {"width": 1920, "height": 1080}, "reduced_motion": "reduce"} | look
    context = browser.new_context(**look)  # type: ignore[arg-type]
    page = watched(context.new_page(), origin=address)
    shots.sign_in(page, address, hall.ana, lang)
    page.wait_for_url(f"{address}/")
    page.evaluate("document.fonts.ready.then(() => true)")  # nothing is broken off while it is sent
    page.goto(f"{address}/lage/wand")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.locator("[data-clock]:not(:empty)").wait_for()
    return page


def much_happens(hall: TownHall) -> None:
    """Nine incidents of all severities with long rumours: more than the wall shows."""
    severities = list(Severity)
    with hall.store.transaction():
        for number in range(9):
            told = rumour(id=f"w{number}", text=f"{LONG} ({number}).")
            hall.store.rumours.put(told, hall.now)
            made = incident(rumour_id=told.id, severity=severities[number % len(severities)])
            hall.store.incidents.open(replace(made, id=0))


def keep(page: Page, name: str) -> None:
    """A picture to look at, where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/wall.{name}.png")


def test_a_new_incident_appears_on_the_wall_by_itself(
    browser: Browser, hall: TownHall, address: str
) -> None:
    page = wall(browser, hall, address)
    assert page.locator(".wall__one").count() == 0
    page.evaluate("window.same = true")
    hall.rumour_spreads(3)
    expect(page.locator(".wall__one")).to_have_count(1, timeout=10_000)
    expect(page.locator(".mood")).to_contain_text("wartet auf jemanden")
    assert page.evaluate("window.same") is True
    assert troubles(page) == []
    page.context.close()


def test_a_lost_connection_is_said_on_the_wall_and_what_stands_there_stays(
    browser: Browser, hall: TownHall, address: str
) -> None:
    hall.rumour_spreads(3)
    page = wall(browser, hall, address)
    page.context.set_offline(True)
    expect(page.locator("[data-bar=offline]")).to_be_visible(timeout=15_000)
    expect(page.locator(".wall__one")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-bar=offline]")).to_be_hidden(timeout=15_000)
    page.context.close()


@pytest.mark.parametrize("height", [1080, 1200])
def test_six_incidents_fit_on_the_screen_in_letters_for_five_metres(
    browser: Browser, hall: TownHall, address: str, height: int
) -> None:
    much_happens(hall)
    page = wall(browser, hall, address, viewport={"width": 1920, "height": height})
    keep(page, f"full.{height}")
    assert page.locator(".wall__one").count() == 6
    last = page.locator(".wall__left").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= height  # nobody scrolls on a wall
    small = page.evaluate(
        "[...document.querySelectorAll('[data-refresh] p, [data-refresh] span, [data-refresh] h2')]"
        ".filter((one) => one.checkVisibility() && !one.closest('.kern-sr-only'))"
        ".map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(small) >= FAR
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920
    page.context.close()


@pytest.mark.parametrize("home", ["Europe/Berlin", "America/New_York", "Asia/Tokyo"])
def test_the_wall_tells_the_hour_of_the_town_wherever_its_computer_thinks_it_is(
    browser: Browser, hall: TownHall, address: str, home: str
) -> None:
    page = wall(browser, hall, address, timezone_id=home)
    town = ZoneInfo("Europe/Berlin")
    before = datetime.now(town)
    said = page.locator("[data-clock]").inner_text()
    after = datetime.now(town)
    # The clock ticks once a second, so it may still say the minute before.
    minutes = {(before.hour * 60 + before.minute - late) % 1440 for late in (0, 1)}
    minutes.add(after.hour * 60 + after.minute)
    assert said in {f"{one // 60:02}:{one % 60:02}" for one in minutes}
    page.context.close()


@pytest.mark.parametrize(
    ("lang", "look", "width"),
    [
        ("de", {"color_scheme": "light"}, 1920),
        ("en", {"color_scheme": "dark"}, 1280),
        ("de", {"color_scheme": "dark"}, 390),
        ("en", {"color_scheme": "light"}, 320),
        ("de", {"forced_colors": "active"}, 1920),
    ],
)
def test_nobody_meets_a_barrier_on_the_wall(
    browser: Browser, hall: TownHall, address: str, lang: str, look: dict[str, str], width: int
) -> None:
    much_happens(hall)
    page = wall(browser, hall, address, lang, viewport={"width": width, "height": 900}, **look)
    keep(page, f"{lang}.{'.'.join(look.values())}.{width}")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert troubles(page) == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signs_are_seen_in_colours_of_one_s_own_choice(
    browser: Browser, hall: TownHall, address: str, scheme: str
) -> None:
    page = wall(browser, hall, address, forced_colors="active", color_scheme=scheme)
    ink, signs = page.evaluate(
        "[getComputedStyle(document.querySelector('.wall__lights')).color,"
        " [...document.querySelectorAll('.wall__lights .kern-icon')]"
        ".map((one) => getComputedStyle(one).backgroundColor)]"
    )
    assert set(signs) == {ink}
    page.context.close()


def test_the_way_back_from_the_wall_is_found_by_keyboard(
    browser: Browser, hall: TownHall, address: str
) -> None:
    much_happens(hall)
    page = wall(browser, hall, address)
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.wall__back') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    page.context.close()
