"""The main job, by real people in a real browser: from a feed on the network to a public correction.

Real are: the program as ``crisis run`` starts it, the web server with the feed, the mail server, Chromium.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

import feedparser
import pytest
from chromium import barriers, chromium, troubles, watched
from fakes import feed
from outside import Feeds, Postbox, feeds, free_port, mail_server, settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError

pytestmark = [pytest.mark.journey, pytest.mark.browser]

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "vier Augen sehen mehr"
SPREADS = (
    "Leute, trinkt bloß kein Leitungswasser mehr! Das Trinkwasser ist nach dem Rohrbruch vergiftet!",
    "Bitte teilen: Das Trinkwasser ist vergiftet und darf nicht mehr getrunken werden!",
    "Nachbarin sagt, das Trinkwasser sei vergiftet, trinkt bloß kein Wasser aus der Leitung",
)
CHATTER = (
    "Heute Flohmarkt am Rathaus, kommt vorbei!",
    "Wer hat meine Katze gesehen? Rot getigert, hört auf Mimi.",
    "Die Baustelle in der Hauptstraße dauert bis Freitag.",
)


class Installation:
    """A town's own copy of the program, running as its administrator started it."""

    def __init__(self, folder: Path, mail: int, feed_port: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.instance = folder / "instance"
        self.instance.mkdir(parents=True)
        shutil.copytree(ROOT / "playbooks", folder / "playbooks")
        (self.instance / "settings.toml").write_text(
            settings(desk=self.port, mail=mail, feed=feed_port)
        )
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("CRISIS_", "PORT"))},
            "CRISIS_INSTANCE": str(self.instance),
            "CRISIS_PLAYBOOKS_FOLDER": str(folder / "playbooks"),
            "CRISIS_LANG": "de",
            "PYTHONUNBUFFERED": "1",
        }
        self.said: list[str] = []

    def crisis(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "crisis", *words],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self) -> Iterator[None]:
        process = subprocess.Popen(
            [sys.executable, "-m", "crisis", "run"],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        reader = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
        reader.start()
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            reader.join(10)
            process.stdout.close()

    def _listen(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.said.append(line)

    def setup_link(self) -> str:
        pattern = re.compile(rf"{self.base}/einrichten/\S+")
        found = until(lambda: pattern.search("".join(self.said)))
        return found[0]


def until(look: Callable[[], T | None], seconds: float = 60) -> T:
    """Wait for something to be there; fails when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come")


class Someone:
    """A person at a browser of their own."""

    def __init__(self, browser: Browser, town: Installation, *, width: int = 1280) -> None:
        self.town = town
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, locale="de-DE"
        )
        self.page: Page = watched(self.context.new_page(), origin=town.base)
        self.page.set_default_timeout(15_000)

    def opens(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.town.base + path)
        return self.page

    def presses(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name, exact=True).first
        try:
            button.wait_for()
        except PlaywrightError:
            said = self.page.locator("body").inner_text()
            raise AssertionError(f"no button “{name}” on {self.page.url}:\n{said}") from None
        button.click()
        self.page.wait_for_load_state()

    def sets_password(self, link: str, name: str, email: str = "") -> None:
        self.opens(link)
        self.page.get_by_label("Vor- und Nachname").fill(name)
        if email:
            self.page.get_by_label("E-Mail-Adresse").fill(email)
        self.page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        self.page.get_by_label("Passwort noch einmal").fill(PASSWORD)
        self.page.locator("main form button").click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def is_content(self) -> None:
        assert not troubles(self.page)
        assert not barriers(self.page)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, "the page scrolls sideways"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def outside() -> Iterator[tuple[Feeds, Postbox, int]]:
    with feeds() as served, mail_server() as (box, port):
        yield served, box, port


def alarm(box: Postbox) -> EmailMessage | None:
    return next((m for m in box.mails if "Trinkwasser" in m["Subject"]), None)


def link_in(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    [link] = set(re.findall(r"https?://\S+", text))
    return link


def test_from_a_feed_to_a_public_correction(
    tmp_path: Path, browser: Browser, outside: tuple[Feeds, Postbox, int]
) -> None:
    served, box, mail = outside
    served.pages["/rss"] = feed(*CHATTER)
    town = Installation(tmp_path, mail, served.port)
    town.crisis("init")
    with town.running():
        # The administrator comes in by the one-time link and invites a colleague.
        ada = Someone(browser, town)
        ada.sets_password(town.setup_link(), "Ada Amt", "ada@musterstadt.example")
        ada.is_content()
        invitation = town.crisis(
            "people", "invite", "chloe@musterstadt.example", "--name", "Chloé", "--role", "approver"
        ).strip()
        chloe = Someone(browser, town)
        chloe.sets_password(invitation, "Chloé Chef")

        # Chloé approves a playbook beforehand; a source is added; everyday posts raise nothing.
        chloe.page.get_by_role("link", name="Vorlagen", exact=True).click()
        chloe.is_content()
        chloe.page.get_by_role("link", name="Unser Trinkwasser ist sauber").first.click()
        chloe.presses("Text freigeben")
        chloe.is_content()
        town.crisis("sources", "add", served.url("/rss"), "--yes", "--in-scope", "--interval", "10")
        until(lambda: "/rss" in served.asked)

        # The rumour comes in by the feed; the person on call gets one mail.
        served.pages["/rss"] = feed(*CHATTER, *SPREADS)
        mail_to_ada = until(lambda: alarm(box))
        assert mail_to_ada["To"] == "ada@musterstadt.example"
        assert mail_to_ada["Auto-Submitted"] == "auto-generated"

        # On a phone, signed out: looking changes nothing, the button takes the incident.
        phone = Someone(browser, town, width=390)
        phone.opens(link_in(mail_to_ada))
        phone.is_content()
        phone.opens(link_in(mail_to_ada))
        phone.presses("Ja, ich übernehme")
        phone.is_content()

        # At the desk: posts with reasons, the approved answer, the blanks.
        ada.opens("/")
        ada.is_content()
        ada.page.get_by_role("link", name=re.compile("Trinkwasser")).first.click()
        expect(ada.page.locator("mark").first).to_be_visible()
        ada.is_content()
        ada.presses("Damit antworten")
        for blank in ada.page.locator("input[name^='b-'], textarea[name^='b-']").all():
            blank.fill("heute um 18 Uhr")
        ada.is_content()
        ada.presses("Zur Freigabe geben")
        answer = ada.page.url

        # The second person reads exactly this text and lets it out.
        chloe.opens(answer)
        chloe.is_content()
        chloe.presses("Freigeben und veröffentlichen")
        chloe.is_content()

        # The public sees it, without signing in, and so does a feed reader.
        citizen = Someone(browser, town, width=390)
        citizen.opens("/klarstellungen/")
        citizen.is_content()
        citizen.page.get_by_role("main").get_by_role("link").first.click()
        expect(citizen.page.get_by_role("main")).to_contain_text("heute um 18 Uhr")
        citizen.is_content()
        assert citizen.context.cookies() == []
        atom = feedparser.parse(f"{town.base}/klarstellungen/feed.atom")
        assert not atom.bozo
        assert [entry.link for entry in atom.entries] == [citizen.page.url]

        # The incident tells its story, and the chain of the log is whole.
        ada.opens("/")
        ada.page.get_by_role("link", name=re.compile("Trinkwasser")).first.click()
        expect(ada.page.get_by_text("richtiggestellt").first).to_be_visible()
        ada.is_content()
        assert "unversehrt" in town.crisis("audit", "verify")
        assert len([m for m in box.mails if "Gerücht" in m["Subject"]]) == 1


def test_a_newcomer_plays_the_exercise_to_its_end(
    tmp_path: Path, browser: Browser, outside: tuple[Feeds, Postbox, int]
) -> None:
    served, box, mail = outside
    town = Installation(tmp_path, mail, served.port)
    town.crisis("init")
    with town.running():
        ada = Someone(browser, town)
        ada.sets_password(town.setup_link(), "Ada Amt", "ada@musterstadt.example")
        ada.opens("/")
        ada.presses("Übung starten")
        ada.is_content()

        def incident() -> str | None:
            ada.opens("/")
            found = ada.page.locator("a[href^='/vorfaelle/']", has_text="Trinkwasser")
            return found.first.get_attribute("href") if found.count() else None

        path = until(incident, 90)
        expect(ada.page.get_by_text("ÜBUNG", exact=True).first).to_be_visible()
        ada.opens(path)
        ada.presses("Übernehmen")
        ada.presses("Damit antworten")
        for blank in ada.page.locator("input[name^='b-'], textarea[name^='b-']").all():
            blank.fill("heute um 18 Uhr")
        ada.presses("Zur Freigabe geben")
        ada.is_content()
        ada.presses("Als Chloé (Übung) freigeben")
        ada.page.get_by_role("link", name="Öffentliche Seite ansehen").first.click()
        expect(ada.page.get_by_text("ÜBUNG", exact=True).first).to_be_visible()
        ada.is_content()
        public = ada.page.url

        # Nobody else sees it, and no mail has left the machine.
        stranger = Someone(browser, town)
        assert stranger.page.goto(public).status == 404  # type: ignore[union-attr]
        assert box.mails == []
        assert list((town.instance / "outbox").glob("*.eml"))

        ada.opens("/uebung/")
        ada.is_content()
        ada.page.get_by_role("link", name="Übung entfernen").click()
        ada.presses("Ja, alles entfernen")
        ada.opens("/")
        assert ada.page.locator("a[href^='/vorfaelle/']", has_text="Trinkwasser").count() == 0
        assert not list((town.instance / "outbox").glob("*.eml"))
