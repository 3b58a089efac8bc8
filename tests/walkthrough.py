"""The ten most common tasks, done by hand in a real Chromium and counted: clicks, keys, words typed.

``python tests/walkthrough.py`` prints the table of docs/internals/usability.md; ``test_journey_walkthrough``
holds the numbers. A click is a click or a tap; choosing from a list is two. A key is one press; what is typed
into a field is counted in words, as it is the same everywhere. Begins where people are: on the board, or in
the mail.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import shots
from chromium import chromium
from people import TownHall, Visitor
from playwright.sync_api import Browser, Locator, Page

from crisis.types import Band

MOST_TABS = 120


@dataclass
class Effort:
    """What one task took."""

    clicks: int = 0
    keys: int = 0
    words: int = 0


@dataclass
class Hand:
    """Somebody at the desk, with the mouse or with the keyboard alone."""

    page: Page
    mouse: bool
    effort: Effort = field(default_factory=Effort)

    def press(self, target: Locator) -> None:
        """A button, a link, something that unfolds."""
        if self.mouse:
            target.click()
            self.effort.clicks += 1
        else:
            self._reach(target)
            self.key("Enter")

    def ticks(self, box: Locator) -> None:
        """A checkbox."""
        if self.mouse:
            self.press(box)
        else:
            self._reach(box)
            self.key("Space")

    def key(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.effort.keys += 1

    def jumps(self, key: str) -> None:
        """By the key that leads to a part of the page; the mouse needs none."""
        if not self.mouse:
            self.page.wait_for_function("typeof window.keysOf === 'function'")
            self.key(key)

    def types(self, target: Locator, text: str) -> None:
        """Into a field; what stands there is replaced."""
        if self.mouse:
            target.click()
            self.effort.clicks += 1
        else:
            self._reach(target)
        target.fill(text)
        self.effort.words += len(text.split())

    def chooses(self, target: Locator, label: str) -> None:
        """One entry of a list."""
        if self.mouse:
            self.effort.clicks += 2
        else:
            self._reach(target)
            self.effort.keys += 1  # its first letter
        target.select_option(label=label)

    def sends(self, button: Locator) -> None:
        """What was just typed: by its button, or with the keyboard from the field itself."""
        if self.mouse:
            self.press(button)
        else:
            self.key("Control+Enter")
            self.effort.keys += 1  # two keys are pressed

    def sees(self, text: str) -> None:
        """The page says so: the task is done."""
        self.page.get_by_text(text).first.wait_for(timeout=15_000)

    def _reach(self, target: Locator) -> None:
        """Tab by tab from where the focus is; the skip link is taken where it comes first."""
        handle = target.element_handle(timeout=15_000)
        for _tab in range(MOST_TABS):
            if self.page.evaluate("one => document.activeElement === one", handle):
                return
            self.key("Tab")
            below = handle.evaluate("one => one.closest('main') !== null")
            if below and self.page.evaluate("document.activeElement.matches('a.skip')"):
                self.key("Enter")
        raise AssertionError(f"the keyboard does not reach {target}")


@dataclass
class Day:
    """A desk on a busy day, and who does what."""

    hall: TownHall
    address: str
    browser: Browser

    def at_desk(self, visitor: Visitor, *, mouse: bool, path: str = "/") -> Hand:
        """Signed in, and on that page."""
        page = self.browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        shots.sign_in(page, self.address, visitor)
        page.wait_for_url(f"{self.address}/**")
        page.goto(self.address + path)
        return Hand(page, mouse)

    def incident(self, hand: Hand) -> Page:
        """From the board to the most urgent incident."""
        hand.jumps("1")
        hand.press(hand.page.locator("main .incident a[href^='/vorfaelle/']").first)
        hand.page.wait_for_url("**/vorfaelle/*")
        return hand.page


# --- the tasks ----------------------------------------------------------------------------------


def take_from_mail(day: Day, *, mouse: bool) -> Effort:
    """Ana reads the alert on her telephone and takes the incident, without signing in."""
    incident = day.hall.rumour_spreads()
    assert day.hall.ana.person is not None
    link = day.hall.house.links.acknowledge(incident.id, day.hall.ana.person.id, day.hall.now)
    page = day.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    hand = Hand(page, mouse)
    page.goto(day.address + re.sub(r"^https?://[^/]+", "", link))
    hand.effort = Effort(clicks=1) if mouse else Effort(keys=1)  # the link in the mail
    hand.press(page.locator("form button[type=submit]").first)
    hand.sees("Niemand sonst wird mehr gerufen")
    return hand.effort


def take_on_board(day: Day, *, mouse: bool) -> Effort:
    """Ana takes the most urgent incident of the board."""
    day.hall.rumour_spreads()
    hand = day.at_desk(day.hall.ana, mouse=mouse)
    page = day.incident(hand)
    hand.jumps("1")
    hand.press(page.get_by_role("button", name="Übernehmen", exact=True))
    hand.sees("Antwort auswählen")
    return hand.effort


def ten_verdicts(day: Day, *, mouse: bool) -> Effort:
    """Ana says of ten posts whether they carry the rumour."""
    for number in range(10):
        day.hall.sees(f"Stimmt das mit dem Wasser wirklich, Nummer {number}?", band=Band.SUGGEST)
    hand = day.at_desk(day.hall.ana, mouse=mouse, path="/vorschlaege/")
    for _number in range(10):
        before = hand.page.locator("[data-ask]").count()
        if mouse:
            hand.press(hand.page.locator(".ask--current [value=fits]"))
        else:
            hand.key("f")
        hand.page.wait_for_function(
            "n => document.querySelectorAll('[data-ask]').length !== n", arg=before
        )
    hand.sees("10 entschieden")
    return hand.effort


def answer(day: Day, *, mouse: bool) -> Effort:
    """Ana answers with an approved playbook and one blank filled in; Chloé checks and releases it."""
    incident = day.hall.rumour_spreads()
    day.hall.ana.acknowledges(incident)
    hand = day.at_desk(day.hall.ana, mouse=mouse)
    page = day.incident(hand)
    hand.jumps("3")
    hand.press(page.get_by_role("button", name="Damit antworten").first)
    blank = page.locator("[name=b-naechste_info]")
    hand.types(blank, "heute um 18 Uhr")
    hand.sends(page.get_by_role("button", name="Zur Freigabe geben"))
    hand.sees("Wartet auf eine zweite Person")
    second = day.at_desk(day.hall.chloe, mouse=mouse)
    waiting = second.page.locator("main a[href^='/antworten/']").first
    waiting.wait_for()
    second.press(waiting)
    second.page.wait_for_url("**/antworten/*")
    second.jumps("1")
    second.press(second.page.get_by_role("button", name="Freigeben und veröffentlichen"))
    second.sees("ist öffentlich")
    for name in ("clicks", "keys", "words"):
        setattr(hand.effort, name, getattr(hand.effort, name) + getattr(second.effort, name))
    return hand.effort


def withdraw(day: Day, *, mouse: bool) -> Effort:
    """Chloé takes a public answer back, with a reason."""
    day.hall.released(day.hall.rumour_spreads())
    hand = day.at_desk(day.hall.chloe, mouse=mouse)
    hand.press(hand.page.locator("header nav a[href='/antworten/']:visible").first)
    hand.page.wait_for_url("**/antworten/")
    hand.jumps("j")
    hand.press(
        hand.page.locator("main td a[href^='/antworten/'], main li a[href^='/antworten/']").first
    )
    hand.page.wait_for_url(re.compile(r"/antworten/\d+$"))
    headings = hand.page.locator("main h2:visible").all_inner_texts()
    hand.jumps(str(2 + headings.index("Etwas stimmt nicht?")))
    hand.press(hand.page.locator("summary", has_text="Zurückziehen"))
    hand.types(hand.page.locator("textarea[name=grund]"), "Das Labor hat neue Werte.")
    hand.sends(hand.page.get_by_role("button", name="Sichtbar zurückziehen"))
    hand.sees("Zurückgezogen.")
    return hand.effort


def hand_over(day: Day, *, mouse: bool) -> Effort:
    """Ana gives her incident to Chloé and says what comes next."""
    incident = day.hall.rumour_spreads()
    day.hall.ana.acknowledges(incident)
    hand = day.at_desk(day.hall.ana, mouse=mouse)
    page = day.incident(hand)
    hand.jumps("7")
    hand.press(page.locator("summary", has_text="Übergeben"))
    form = page.locator("details[open] form").last
    hand.chooses(form.locator("select"), "Chloe")
    hand.types(form.locator("textarea").last, "Um 18 Uhr nachfragen.")
    hand.sends(form.locator("button[type=submit]"))
    hand.sees("Chloe")
    return hand.effort


def new_rumour(day: Day, *, mouse: bool) -> Effort:
    """Ana enters a rumour that somebody rang up about."""
    hand = day.at_desk(day.hall.ana, mouse=mouse)
    hand.press(hand.page.locator("header nav a[href='/geruechte/']:visible").first)
    hand.jumps("1")
    hand.press(hand.page.locator("main a[href='/geruechte/neu']").first)
    hand.types(hand.page.locator("[name=text]"), "Die Feuerwehr nimmt Geld für jeden Einsatz.")
    hand.ticks(hand.page.locator("[name=pruefung][value=all]"))
    hand.sends(hand.page.get_by_role("button", name="Speichern", exact=True).last)
    hand.page.wait_for_url(re.compile(r"/geruechte/(?!neu)[^/]+$"))
    return hand.effort


def find(day: Day, *, mouse: bool) -> Effort:
    """Ana looks for everything about one word."""
    hand = day.at_desk(day.hall.ana, mouse=mouse)
    box = hand.page.locator("header input[type=search]:visible").first
    if mouse:
        hand.types(box, "Trinkwasser")
    else:
        hand.key("/")
        hand.page.keyboard.type("Trinkwasser")
        hand.effort.words += 1
    hand.key("Enter")
    hand.page.wait_for_url("**/suche/**")
    hand.page.locator(".hit").first.wait_for()
    return hand.effort


def report(day: Day, *, mouse: bool) -> Effort:
    """Ana gets the report of the last 24 hours as a PDF for the crisis staff."""
    hand = day.at_desk(day.hall.ana, mouse=mouse)
    hand.press(hand.page.locator("header nav a[href='/bericht/']:visible").first)
    with hand.page.expect_download() as waiting:
        hand.press(hand.page.locator("main a", has_text="Als PDF").first)
    assert waiting.value.suggested_filename.endswith(".pdf")
    return hand.effort


def close(day: Day, *, mouse: bool) -> Effort:
    """Ana closes an incident with how it ended and what was learnt."""
    incident = day.hall.rumour_spreads()
    day.hall.ana.acknowledges(incident)
    hand = day.at_desk(day.hall.ana, mouse=mouse)
    page = day.incident(hand)
    hand.jumps("7")
    hand.press(page.locator("summary", has_text="Abschließen"))
    form = page.locator("details[open] form").last
    for number in range(form.locator("select").count()):
        hand.chooses(form.locator("select").nth(number), "Von selbst eingeschlafen")
    hand.types(form.locator("textarea").first, "Früher anrufen.")
    hand.sends(form.locator("button[type=submit]"))
    hand.sees("abgeschlossen")
    return hand.effort


TASKS: tuple[Callable[..., Effort], ...] = (
    take_from_mail,
    take_on_board,
    ten_verdicts,
    answer,
    withdraw,
    hand_over,
    new_rumour,
    find,
    report,
    close,
)


def done(task: Callable[..., Effort], browser: Browser, *, mouse: bool) -> Effort:
    """The task on a desk of its own."""
    with tempfile.TemporaryDirectory(
        ignore_cleanup_errors=True
    ) as folder:  # a late answer may still write
        hall = TownHall(Path(folder))
        hall.chloe_approves()
        hall.everybody_signs_in()
        with shots.serving(hall.app) as address:
            effort = task(Day(hall, address, browser), mouse=mouse)
            for context in browser.contexts:
                context.close()
        hall.close()
    return effort


def main() -> None:
    print("| task | mouse: clicks | keyboard alone: keys | words typed |\n|---|---:|---:|---:|")
    with chromium() as browser:
        for task in TASKS:
            by_mouse, by_keys = (done(task, browser, mouse=mouse) for mouse in (True, False))
            clicks = by_mouse.clicks + by_mouse.keys
            what = (task.__doc__ or "").strip()
            print(f"| {what} | {clicks} | {by_keys.keys} | {by_mouse.words} |", flush=True)


if __name__ == "__main__":
    main()
