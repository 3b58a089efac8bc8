"""An incident is answered on three channels, in a real Chromium: ticks, live status, by hand, no barriers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import shots
from chromium import barriers, chromium, troubles, watched
from networks import Networks
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Networks]:
    made = Networks(tmp_path)
    yield made
    made.close()


def test_an_incident_is_answered_on_three_channels(browser: Browser, town: Networks) -> None:
    made = town.submitted()
    with shots.serving(town.hall.app) as address:
        page = watched(browser.new_context(locale="de").new_page(), origin=address)
        shots.sign_in(page, address, town.hall.chloe)
        page.goto(f"{address}/antworten/{made.id}")
        expect(page.get_by_role("checkbox", name="Mastodon")).to_be_checked()
        expect(page.get_by_role("checkbox", name="X", exact=True)).not_to_be_checked()
        page.get_by_text("So sieht es dort aus: Bluesky").click()
        expect(page.locator(".thread__card")).to_contain_text("musterstadt.example/klarstellungen")
        page.get_by_role("button", name="Freigeben und veröffentlichen").press("Enter")
        status = page.locator(".stands")
        expect(status.get_by_text("steht an")).to_have_count(2)

        assert town.sends() == 2  # what the monitor does meanwhile; the page hears of it by itself
        expect(status.get_by_text("veröffentlicht", exact=True)).to_have_count(2, timeout=15_000)
        expect(status.get_by_role("link", name="ansehen").first).to_have_attribute(
            "href", next(iter(town.masto.statuses.values()))["url"]
        )
        page.get_by_label("Adresse des Beitrags").fill("https://www.facebook.com/stadt/posts/1")
        page.get_by_role("button", name="Ist veröffentlicht").click()
        expect(page.locator(".stands .kern-badge--success")).to_have_count(3)
        assert len(town.masto.texts) == len(town.sky.texts) == 1

        page.get_by_text("Zurückziehen", exact=True).click()
        page.fill("#grund", "Das Labor misst neu.")
        page.get_by_role("button", name="Sichtbar zurückziehen").click()
        expect(page.get_by_text("bitte dort löschen").first).to_be_visible()
        town.sends()
        assert town.sky.texts == [] and town.masto.texts[0].startswith("Zurückgezogen")
        expect(page.locator(".stands")).to_contain_text("Rückzug dort gesagt", timeout=15_000)
        assert troubles(page) == []


@pytest.mark.parametrize(
    ("lang", "scheme", "width"), [("de", "light", 1280), ("en", "dark", 320), ("de", "dark", 390)]
)
def test_choice_and_status_are_free_of_barriers(
    browser: Browser, town: Networks, lang: str, scheme: str, width: int
) -> None:
    pages = town.states_shown()
    with shots.serving(town.hall.app) as address:
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 800},
        )
        page = watched(context.new_page(), origin=address)
        shots.sign_in(page, address, town.hall.chloe, lang)
        for name, path in pages.items():
            page.goto(address + path)
            page.evaluate(
                "for (const part of document.querySelectorAll('main details')) part.open = true"
            )
            if name == "answer-standing":
                page.get_by_text(
                    "Meldungen ankündigen" if lang == "de" else "Promise updates"
                ).click()
            assert barriers(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=f"{folder}/{name}.{lang}.{width}.png", full_page=True)
        assert troubles(page) == []
