"""Every page with the Tab key alone, as Chromium tells it to a screen reader: name, role, order, a ring."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import shots
import tour
from chromium import chromium
from people import TownHall
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MOST_TABS = 300
# What Tab should reach: a group of radio buttons is one stop.
STOPS = """() => {
  const radios = new Set();
  const able = "a[href], button, summary, input, select, textarea, [tabindex]";
  window.stops = [...document.querySelectorAll(able)]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && one.type !== "hidden")
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    // A toolbar is one stop; arrow keys lead through it (WAI-ARIA, toolbar pattern).
    .filter((one) => [null, one].includes(one.closest("[role=toolbar]")))
    .filter((one) => {
      if (one.type !== "radio") { return true; }
      if (radios.has(one.name)) { return false; }
      radios.add(one.name);
      return true;
    });
  window.been = [];
  return window.stops.length;
}"""
# Where the focus is; a ring may be drawn by what the element stands in, as on a card that is one large link.
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) { return null; }
  const ringed = (node) => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  };
  let around = one;
  for (let up = 0; up < 4 && around && !ringed(around); up += 1) { around = around.parentElement; }
  const box = one.getBoundingClientRect();
  const radio = () => window.stops.find((other) => other.name === one.name);
  const stop = one.type === "radio" ? radio() : one.closest("[role=toolbar]") || one;
  const again = window.been.includes(stop);
  window.been.push(stop);
  return { again, ring: Boolean(around) && ringed(around), at: window.stops.indexOf(stop),
    what: one.outerHTML.slice(0, 90),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
}"""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    hall = TownHall(tmp_path)
    yield hall
    hall.close()


def walked(page: Page) -> list[str]:
    """What is wrong on this page for somebody who has only the Tab key."""
    session = page.context.new_cdp_session(page)
    page.evaluate(STOPS)
    wrong: list[str] = []
    last = -1
    for _tab in range(MOST_TABS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (here["again"] and here["at"] < last):
            break
        if here["again"]:  # a field for a date is several stops in one
            continue
        found = session.send("Runtime.evaluate", {"expression": "document.activeElement"})
        node = session.send(
            "Accessibility.getPartialAXTree",
            {"objectId": found["result"]["objectId"], "fetchRelatives": False},
        )["nodes"][0]
        if not node.get("name", {}).get("value", "").strip():
            wrong.append(f"no name: {here['what']}")
        if node.get("role", {}).get("value", "") in ("", "none", "generic"):
            wrong.append(f"no role: {here['what']}")
        if not here["ring"]:
            wrong.append(f"no ring: {here['what']}")
        if not here["inView"]:
            wrong.append(f"out of view: {here['what']}")
        if 0 <= here["at"] < last:
            wrong.append(f"backwards: {here['what']}")
        last = max(last, here["at"])
    session.detach()
    missed = page.evaluate(
        "() => { const first = Math.min(...window.been.map((one) => window.stops.indexOf(one)));"
        " return window.stops.slice(Math.max(0, first)).filter((one) => !window.been.includes(one))"
        ".map((one) => one.outerHTML.slice(0, 90)); }"
    )
    return wrong + [f"not reached: {one}" for one in missed]


def test_every_page_is_used_with_the_tab_key_alone(hall: TownHall) -> None:
    guide = tour.Tour(hall)
    guide.iris.signs_in()
    paths = {
        name: path
        for name, path in guide.pages().items()
        if not name.startswith("state: ")
        and tour.is_page(guide.iris.opens(path, follow_redirects=True).text)
    }
    assert len(paths) > 40
    wrong: dict[str, list[str]] = {}
    with shots.serving(hall.app) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        shots.sign_in(page, address, guide.iris)
        for name, path in paths.items():
            page.goto(address + path)
            if found := walked(page):
                wrong[name] = found
    assert wrong == {}


def test_no_mark_stands_twice_on_a_page(hall: TownHall) -> None:
    guide = tour.Tour(hall)
    guide.iris.signs_in()
    twice: dict[str, set[str]] = {}
    for name, path in guide.pages().items():
        text = guide.iris.opens(path, follow_redirects=True).text
        marks = Counter(marks_of(text))
        if found := {mark for mark, count in marks.items() if count > 1}:
            twice[name] = found
    assert twice == {}


def marks_of(text: str) -> list[str]:
    return re.findall(r'<[^<>]*\sid="([^"]+)"', text)
