"""The queue of suggestions in a real Chromium: a key each, the next one at once, undo, failure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shots
from people import TownHall
from playwright.sync_api import Page, expect, sync_playwright

from crisis.types import Band, Verdict

pytestmark = pytest.mark.browser

SUBJECTS = (
    *("Seife", "Chlor", "Rost", "Kalk", "Algen", "Blei", "Benzin", "Schlamm", "Sand", "Farbe"),
    *("Öl", "Essig"),
)


@pytest.fixture
def ana(desk: TownHall) -> Iterator[Page]:
    """Ana before twelve posts that wait."""
    for number, subject in enumerate(SUBJECTS):
        desk.sees(
            f"Trinkwasser schmeckt nach {subject}, {'gar nicht ' * (number % 3)}schön",
            band=Band.SUGGEST,
        )
    with shots.serving(desk.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shots.chromium())
        page = browser.new_page()
        shots.sign_in(page, address, desk.ana)
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/vorschlaege/")
        yield page
        browser.close()


def words(hall: TownHall) -> list[str]:
    """What was said so far, in the order of the posts."""
    sightings = [hall.store.sightings.get(number) for number in range(1, len(SUBJECTS) + 1)]
    return [sighting.verdict.value for sighting in sightings if sighting.verdict]


def settled(page: Page, hall: TownHall, count: int) -> None:
    """Wait until so many words have arrived."""
    for _ in range(100):
        if len(words(hall)) == count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(words(hall))


def test_ten_verdicts_are_ten_keys_and_no_page_is_loaded(ana: Page, desk: TownHall) -> None:
    ana.evaluate("window.same = true")
    for key in "ddddfddrds":
        ana.keyboard.press(key)
    settled(ana, desk, 10)
    assert ana.evaluate("window.same") is True
    said = [Verdict(word) for word in words(desk)]
    assert said.count(Verdict.DOES_NOT_FIT) == 7
    assert said.count(Verdict.FITS) == 1
    assert desk.store.incidents.count_open() == 1
    expect(ana.locator("[data-decided]")).to_have_text("10 entschieden")
    expect(ana.locator("[data-position]")).to_have_text("1 von 2")


def test_one_decision_is_in_sight_and_has_the_focus(ana: Page) -> None:
    assert ana.locator(".ask:visible").count() == 1
    first = ana.evaluate("document.activeElement.id")
    ana.keyboard.press("j")
    second = ana.evaluate("document.activeElement.id")
    assert second != first
    expect(ana.locator("[data-position]")).to_have_text("2 von 12")
    ana.keyboard.press("k")
    assert ana.evaluate("document.activeElement.id") == first


def test_u_takes_back_the_last_words_one_after_the_other(ana: Page, desk: TownHall) -> None:
    first = ana.evaluate("document.activeElement.id")
    for key in "dfd":
        ana.keyboard.press(key)
    settled(ana, desk, 3)
    assert desk.store.incidents.count_open() == 1
    for _ in range(3):
        ana.keyboard.press("u")
    settled(ana, desk, 0)
    assert ana.evaluate("document.activeElement.id") == first
    assert desk.store.incidents.count_open() == 0
    expect(ana.locator("[data-position]")).to_have_text("1 von 12")


def test_a_word_that_does_not_arrive_brings_the_post_back(ana: Page, desk: TownHall) -> None:
    first = ana.evaluate("document.activeElement.id")
    ana.context.set_offline(True)
    ana.keyboard.press("d")
    expect(ana.locator(".ask__problem")).to_contain_text("steht wieder da")
    assert ana.evaluate("document.activeElement.id") == first
    ana.context.set_offline(False)
    ana.keyboard.press("d")
    settled(ana, desk, 1)


def test_what_another_decided_is_simply_gone(ana: Page, desk: TownHall) -> None:
    number = int(str(ana.evaluate("document.activeElement.dataset.ask")))
    desk.chloe.presses(f"/vorschlaege/{number}", {"urteil": "does_not_fit"})
    ana.keyboard.press("f")
    expect(ana.locator("[data-live]")).to_contain_text("jemand anderes")
    assert desk.store.sightings.get(number).verdict is Verdict.DOES_NOT_FIT
    assert ana.locator(f"#v{number}").count() == 0


def test_keys_can_be_switched_off_and_stay_off(ana: Page, desk: TownHall) -> None:
    ana.keyboard.press("?")
    ana.get_by_label("Tasten eingeschaltet").uncheck()
    ana.keyboard.press("Escape")
    ana.keyboard.press("d")
    ana.wait_for_timeout(300)
    assert words(desk) == []
    ana.reload()
    ana.keyboard.press("d")
    ana.wait_for_timeout(300)
    assert words(desk) == []
    ana.locator(".ask--current [data-key=d]").click()
    settled(ana, desk, 1)


def test_at_the_end_it_says_so(ana: Page, desk: TownHall) -> None:
    for _ in SUBJECTS:
        ana.keyboard.press("d")
    settled(ana, desk, len(SUBJECTS))
    expect(ana.locator("[data-done]")).to_contain_text("Nichts zu entscheiden")
