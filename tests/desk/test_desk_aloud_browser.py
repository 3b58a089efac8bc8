"""What a screen reader has to say on every page: the tree that Chromium hands to it, read by rules.

What is read on the main pages can be written out and read by people: ``python tests/aloud.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import aloud
import pytest
import shots
import tour
from aloud import LANDMARKS, Said
from chromium import chromium
from people import TownHall
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# Text that is German whatever language the page has, and the language a voice would read it in.
_VOICES = """texts => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const here = node.parentElement;
    if (!texts.some(text => node.textContent.trim().startsWith(text))) continue;
    if (here.closest("textarea, script")) continue;
    if (!here.checkVisibility() || here.closest("[aria-hidden=true]")) continue;
    found.push([here.closest("[lang]").lang, node.textContent.trim()]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[tuple[Page, str, dict[str, str]]]:
    """A busy town hall, somebody signed in who may see all of it, and every page there is."""
    hall = TownHall(tmp_path_factory.mktemp("aloud"))
    around = tour.Tour(hall)
    around.iris.signs_in()
    paths = {
        name: path
        for name, path in around.pages().items()
        if tour.is_page(around.iris.opens(path, follow_redirects=True).text)
    }
    with shots.serving(hall.app) as address:
        context = browser.new_context(locale="de")
        page = context.new_page()
        shots.sign_in(page, address, around.iris)
        yield page, address, paths
        context.close()
    hall.close()


def _spoken_badly(said: list[Said]) -> list[str]:
    """What would be heard and not understood."""
    wrong = []
    levels = [one.level for one in said if one.role == "heading"]
    if levels[:1] != [1] or levels.count(1) != 1:
        wrong.append(f"headings begin {levels[:3]}")
    wrong += [
        f"from heading {before} to {after}"
        for before, after in pairwise(levels)
        if after > before + 1
    ]
    places = Counter(
        (one.role, one.name) for one in said if one.role in LANDMARKS - {"form", "region"}
    )
    wrong += [f"{count} times {place}" for place, count in places.items() if count > 1]
    if sum(one.role == "main" for one in said) != 1:
        wrong.append("not one main part")
    wrong += [
        f"a region without a name: {one}" for one in said if one.role == "region" and not one.name
    ]
    wrong += [
        f"a picture without words: {one}"
        for one in said
        if one.role in ("image", "img") and not one.name
    ]
    wrong += [f"shouts: {one}" for one in said if one.live == "assertive" and not one.name]
    wrong += [
        f"not for people: {one}"
        for one in said
        if re.search(r"undefined|None\b|%\(|\bnull\b", one.name + one.description)
    ]
    return wrong


def test_every_page_makes_sense_to_somebody_who_only_hears_it(
    pages: tuple[Page, str, dict[str, str]],
) -> None:
    page, address, paths = pages
    wrong = {}
    for name, path in paths.items():
        page.goto(address + path)
        if found := _spoken_badly(aloud.read(page)):
            wrong[name] = found
    assert not wrong


def test_on_english_pages_german_sentences_are_read_by_a_german_voice(
    tmp_path: Path, browser: Browser
) -> None:
    hall = TownHall(tmp_path)
    paths = shots.example(hall)
    board = {name: paths[name] for name in ("board", "suggestions", "incident-new")}
    answers = shots.later(hall)
    with shots.serving(hall.app) as address:
        context = browser.new_context(locale="en")
        page = context.new_page()
        shots.sign_in(page, address, hall.chloe, "en")
        for path in (*board.values(), *answers.values()):
            page.goto(address + path)
            heard = page.evaluate(
                _VOICES,
                [
                    "Das Trinkwasser ist",
                    "Das Trinkwasser in Nordstadt",
                    "Meine Nachbarin",
                    "Das Labor hat",
                ],
            )
            assert not [(lang, text) for lang, text in heard if lang != "de"], path
        assert heard
        context.close()
    hall.close()


def test_what_a_click_did_is_read_out(desk: TownHall, browser: Browser) -> None:
    incident = desk.rumour_spreads(2)
    with shots.serving(desk.app) as address:
        context = browser.new_context(locale="de")
        page = context.new_page()
        shots.sign_in(page, address, desk.ana)
        page.goto(f"{address}/vorfaelle/{incident.id}")
        page.get_by_role("button", name="Übernehmen").click()
        shown = page.locator(".messages").inner_text()
        page.wait_for_function("document.querySelector('[data-live]').textContent !== ''")
        assert page.locator("[data-live]").inner_text().split() == shown.split()
        context.close()
