"""The stream of posts in a real Chromium: keys, many at once, groups, the chart; for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import shots
from builders import NOON
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Browser, Page, expect
from surge import wave

from crisis.types import Incident, Verdict

pytestmark = pytest.mark.browser

STREETS = ("Ahorn", "Birken", "Buchen", "Eichen", "Erlen", "Eschen", "Fichten", "Kiefern", "Linden")
STREETS += ("Ulmen", "Weiden", "Tannen")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def address(hall: TownHall) -> Iterator[str]:
    with shots.serving(hall.app) as served:
        yield served


def streets(hall: TownHall) -> Incident:
    """A dozen posts, none like another."""
    incident = None
    for street in STREETS:
        incident = hall.sees(f"Trinkwasser {street}weg vergiftet, {street}platz auch")
    assert incident is not None
    return incident


def opened(browser: Browser, address: str, hall: TownHall, path: str, **look: object) -> Page:
    lang = str(look.pop("lang", "de"))
    page = watched(browser.new_context(**look).new_page(), origin=address)  # type: ignore[arg-type]
    shots.sign_in(page, address, hall.ana, lang)
    page.goto(address + path)
    return page


def said(hall: TownHall) -> list[Verdict | None]:
    return [one.verdict for one in hall.store.sightings.of_incident(1, limit=200)]


def test_ten_verdicts_by_keys_alone(browser: Browser, address: str, hall: TownHall) -> None:
    streets(hall)
    page = opened(browser, address, hall, "/vorfaelle/1")
    page.keyboard.press("j")
    for key in "pnrpnppnfd":
        page.keyboard.press(key)
    fits, out, corrects = Verdict.FITS, Verdict.DOES_NOT_FIT, Verdict.CORRECTS
    wanted = [fits, out, corrects, fits, out, fits, fits, out, fits, out, None, None]
    expect(page.locator('.verdict[aria-pressed="true"]')).to_have_count(10)
    expect(page.locator(".post__head .kern-badge")).to_have_count(10)  # the server has said so
    assert said(hall) == wanted
    assert page.evaluate("document.activeElement.id") == "b2"
    page.keyboard.press("u")
    expect(page.locator('.verdict[aria-pressed="true"]')).to_have_count(9)
    assert page.evaluate("document.activeElement.id") == "b3"
    assert said(hall)[9:] == [None, None, None]
    assert troubles(page) == []


def test_keys_do_nothing_while_typing_or_when_switched_off(
    browser: Browser, address: str, hall: TownHall
) -> None:
    streets(hall)
    page = opened(browser, address, hall, "/vorfaelle/1")
    page.keyboard.press("p")  # no post is outlined yet
    page.keyboard.press("j")
    page.locator("textarea").first.focus()
    page.keyboard.type("ein Problem mit ps und ns?")
    assert not page.locator("#tasten").is_visible()
    page.locator("#b12").focus()
    page.keyboard.press("?")
    expect(page.locator("#tasten")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("p")  # in the dialogue
    page.get_by_label("Tasten eingeschaltet").uncheck()
    page.keyboard.press("Escape")
    page.locator("#b12").focus()
    page.keyboard.press("p")
    page.reload()
    page.locator("#b12").focus()
    page.keyboard.press("p")
    expect(page.locator(".verdict kbd").first).to_be_hidden()
    assert set(said(hall)) == {None}
    page.keyboard.press("?")  # is off as well: the button shows the overview
    page.keyboard.press("/")
    assert page.locator("[data-find]:focus").count() == 0
    page.get_by_role("button", name="Tasten").last.click()
    page.get_by_label("Tasten eingeschaltet").check()
    page.get_by_role("button", name="Schließen").click()
    page.locator("#b12").focus()
    page.keyboard.press("p")
    expect(page.locator('.verdict[aria-pressed="true"]')).to_have_count(1)
    assert troubles(page) == []


def test_a_range_is_ticked_judged_at_once_and_undone_at_once(
    browser: Browser, address: str, hall: TownHall
) -> None:
    streets(hall)
    page = opened(browser, address, hall, "/vorfaelle/1")
    page.locator("#b12 .tick").click()
    page.locator("#b8 .tick").click(modifiers=["Shift"])
    expect(page.locator("[data-ticked]")).to_have_text("Ausgewählt: 5")
    page.locator(".bulk").get_by_role("button", name="passt nicht").click()
    expect(page.get_by_text("Urteil über 5 Beiträge gespeichert.").first).to_be_visible()
    assert said(hall).count(Verdict.DOES_NOT_FIT) == 5
    page.get_by_role("button", name="Rückgängig machen").click()
    expect(page.locator('.verdict[aria-pressed="true"]')).to_have_count(0)
    assert set(said(hall)) == {None}
    assert page.url.partition("#")[0] == f"{address}/vorfaelle/1"  # without loading it anew
    assert troubles(page) == []


def test_x_ticks_and_all_of_a_page_are_ticked_with_one_button(
    browser: Browser, address: str, hall: TownHall
) -> None:
    streets(hall)
    page = opened(browser, address, hall, "/vorfaelle/1")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("Ausgewählt: 1")
    page.get_by_role("button", name="Alle auf dieser Seite").click()
    expect(page.locator("[data-ticked]")).to_have_text("Ausgewählt: 12")
    page.locator(".bulk").get_by_role("button", name="schon gesehen").click()
    expect(page.get_by_text("Kein Beitrag passt zum Filter")).to_be_visible()
    assert set(said(hall)) == {Verdict.SEEN_BEFORE}


def test_a_group_opens_and_one_key_is_for_all_of_it(
    browser: Browser, address: str, hall: TownHall
) -> None:
    hall.rumour_spreads(4)
    hall.sees("Trinkwasser am Markt, sagt man, sei nicht in Ordnung")
    page = opened(browser, address, hall, "/vorfaelle/1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("o")
    inside = page.locator(".posts--same .post")
    expect(inside).to_have_count(4)
    inside.nth(1).get_by_role("button", name="stellt richtig").click()  # this one alone
    page.wait_for_url("**/gleiche/1#b3")
    page.goto(f"{address}/vorfaelle/1")
    page.locator("#b4").focus()
    page.keyboard.press("p")
    expect(page.locator("#b4 .kern-badge", has_text="passt")).to_be_visible()
    assert said(hall) == [None, *[Verdict.FITS] * 4]
    assert troubles(page) == []


def test_a_verdict_that_cannot_be_saved_is_not_shown_as_saved(
    browser: Browser, address: str, hall: TownHall
) -> None:
    streets(hall)
    page = opened(browser, address, hall, "/vorfaelle/1")
    page.route("**/beitraege/*", lambda route: route.fulfill(status=409, body=""))
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator("[data-live]")).to_have_text(
        "Das Urteil ließ sich nicht speichern. Bitte laden Sie die Seite neu."
    )
    expect(page.locator('.verdict[aria-pressed="true"]')).to_have_count(0)


def test_new_posts_wait_until_they_are_asked_for_and_own_verdicts_are_no_news(
    browser: Browser, address: str, hall: TownHall
) -> None:
    streets(hall)
    page = opened(browser, address, hall, "/vorfaelle/1")
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator("#b12 .kern-badge")).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/vorfaelle/1/beitraege")):
        pass  # the page has asked for what changed
    expect(page.locator(".news")).to_have_count(0)
    hall.sees("Schon wieder das Trinkwasser!")
    page.locator(".news").click()
    expect(page.locator(".post").first).to_contain_text("Schon wieder")
    expect(page.locator("#b12 [data-verdict=fits]")).to_have_attribute("aria-pressed", "true")
    assert troubles(page) == []


def test_the_chart_follows_the_posts(browser: Browser, address: str, hall: TownHall) -> None:
    wave(hall, 40)
    page = opened(browser, address, hall, "/vorfaelle/1")
    before = page.locator(".chart__summary").inner_text()
    hall.later(minutes=5)
    hall.sees("Schon wieder das Trinkwasser!")
    expect(page.locator(".chart__summary")).not_to_have_text(before)
    expect(page.locator("#verbreitung .chart__room canvas")).to_have_count(1)
    assert troubles(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_stream_has_no_barriers(
    browser: Browser, address: str, hall: TownHall, lang: str, scheme: str
) -> None:
    incident = wave(hall, 40)
    path = f"/vorfaelle/{incident.id}"
    page = opened(browser, address, hall, path, lang=lang, color_scheme=scheme)
    page.locator(".same").first.locator("summary").click()
    page.locator(".posts--same .post").first.wait_for()
    page.locator(".sift").first.locator("summary").click()
    page.locator(".tick").first.check()
    assert barriers(page) == []
    for more in (
        f"{path}?ort=Nordstadt&nur=open",
        f"{path}?sprache=xx",
        f"{path}/beitraege/gleiche/1",
    ):
        page.goto(address + more)
        assert barriers(page) == [], more
    assert troubles(page) == []


def test_the_chart_stands_beside_its_table(browser: Browser, address: str, hall: TownHall) -> None:
    hall.chloe_approves()
    incident = wave(hall, 40)
    hall.now = NOON - timedelta(minutes=40)
    hall.released(incident)
    hall.now = NOON
    page = opened(browser, address, hall, f"/vorfaelle/{incident.id}")
    expect(page.locator("#verbreitung .chart__room canvas")).to_be_visible()
    page.locator("#verbreitung summary").click()
    expect(page.locator("#verbreitung tbody tr").first).to_be_visible()
    expect(page.locator("#verbreitung .chart__marks")).to_contain_text("Unsere Antwort: 12:20 Uhr")
    plain = opened(browser, address, hall, f"/vorfaelle/{incident.id}", java_script_enabled=False)
    expect(plain.locator("#verbreitung tbody tr").first).to_be_visible()
    assert troubles(page) == troubles(plain) == []


def test_the_stream_fits_a_small_phone_and_large_letters(
    browser: Browser, address: str, hall: TownHall
) -> None:
    incident = wave(hall, 30)
    hall.sees("Trinkwasser" + "ohneleerzeichen" * 40)
    page = opened(
        browser, address, hall, f"/vorfaelle/{incident.id}", viewport={"width": 320, "height": 600}
    )
    page.locator(".tick").first.check()
    page.keyboard.press("?")
    for _open in (True, False):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.keyboard.press("Escape")
    small = page.evaluate(
        """() => [...document.querySelectorAll("#strom button, #strom summary, #strom input, #strom select")]
          .filter(e => e.checkVisibility() && e.type !== "hidden")
          .filter(e => e.getBoundingClientRect().height < 24 || e.getBoundingClientRect().width < 24)
          .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
