"""The pictures in docs/screens: the desk's main screens at 390, 1280 and 1920 px. ``make screenshots``.

Fills a town hall with a made-up afternoon, opens each screen in Chromium and writes one WebP each, German
and English, and the page that shows them. Not a test; ``shots`` takes pictures for looking at while working.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import shots
import tour
from people import TownHall
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
QUALITY = 70  # of 100: letters stay sharp, a picture stays near 50 kB
TALLEST = 2_400  # px; what is below is more of the same


@dataclass(frozen=True)
class Screen:
    """One picture's name, the page it shows, and what people should see on it."""

    name: str
    page: str
    de: str
    en: str


SCREENS = (
    Screen(
        "lage",
        "board.show",
        "Die Lage: was los ist, wer es hat, was als Nächstes kommt",
        "The board: what goes on, who has it, what comes next",
    ),
    Screen(
        "wand",
        "wall.show",
        "Dieselbe Lage für den großen Bildschirm an der Wand",
        "The same for the large screen on the wall",
    ),
    Screen(
        "vorfall",
        "state: incident",
        "Ein Vorfall: Gerücht, Beiträge, Antwort, Verlauf",
        "An incident: rumour, posts, answer, history",
    ),
    Screen(
        "vorschlaege",
        "suggestions.show",
        "Vorschläge: was vielleicht passt, mit einer Taste entschieden",
        "Suggestions: what may fit, decided with one key",
    ),
    Screen(
        "antwort",
        "state: draft",
        "Eine Antwort aus einer freigegebenen Vorlage",
        "An answer from an approved playbook",
    ),
    Screen(
        "freigabe",
        "state: submitted",
        "Die zweite Person gibt frei",
        "The second person releases it",
    ),
    Screen(
        "vorlage",
        "playbooks.edit",
        "Eine Vorlage schreiben: die Prüfung und jeder Kanal stehen daneben",
        "Writing a playbook: the check and every channel stand beside it",
    ),
    Screen("geruechte", "rumours.index", "Der Katalog der Gerüchte", "The catalogue of rumours"),
    Screen(
        "geruecht", "rumours.show", "Ein Gerücht mit Faktenblatt", "A rumour with its fact sheet"
    ),
    Screen(
        "quellen",
        "sources.index",
        "Die Quellen: was sie bringen und wie es ihnen geht",
        "The sources: what they bring and how they do",
    ),
    Screen(
        "postausgang",
        "outbox.index",
        "Der Postausgang: was aus jeder Mail wurde",
        "The outbox: what became of every mail",
    ),
    Screen("zahlen", "figures.show", "Zahlen: wie schnell wir waren", "Figures: how fast we were"),
    Screen(
        "bericht",
        "reports.show",
        "Der Lagebericht für den Stab",
        "The situation report for the staff",
    ),
    Screen("suche", "state: search", "Suche über alles", "Search over everything"),
    Screen("protokoll", "audit.index", "Das Protokoll", "The audit log"),
    Screen("klarstellung", "public.show", "Was Bürgerinnen und Bürger lesen", "What citizens read"),
)
WIDTHS = {"390": (390, 844), "1280": (1280, 900), "1920": (1920, 1080)}


def picture(page: Page) -> bytes:
    """The whole page as WebP, from the top."""
    size = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollHeight]"
    )
    session = page.context.new_cdp_session(page)
    answer = session.send(
        "Page.captureScreenshot",
        {
            "format": "webp",
            "quality": QUALITY,
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size[0], "height": min(size[1], TALLEST), "scale": 1},
        },
    )
    return base64.b64decode(answer["data"])


def take(
    browser: Browser, address: str, guide: tour.Tour, folder: Path
) -> list[tuple[Screen, str]]:
    """Every picture; the screens that were there, with their addresses."""
    pages = guide.pages()
    there = [(screen, pages[screen.page]) for screen in SCREENS]
    for lang in ("de", "en"):
        for name, (width, height) in WIDTHS.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale=lang, reduced_motion="reduce"
            )
            page = context.new_page()
            shots.sign_in(page, address, guide.iris, lang)
            for screen, path in there:
                mark = "&" if "?" in path else "?"
                # On the desk "sprache" narrows a list of posts; on citizens' pages it is their language.
                way = "sprache" if path.startswith(("/klarstellungen", "/barriere")) else "lang"
                page.goto(f"{address}{path}{mark}{way}={lang}")
                page.evaluate("document.fonts.ready")
                page.wait_for_timeout(300)  # charts draw themselves after the page is there
                (folder / f"{screen.name}-{name}-{lang}.webp").write_bytes(picture(page))
            context.close()
    return there


def gallery(screens: list[Screen]) -> str:
    """The page that shows them all."""
    lines = [
        "# Bildschirme · Screens",
        "",
        "Alle Bilder macht `make screenshots` aus einer erfundenen Stadt neu.",
        "All pictures are made anew by `make screenshots`, from a made-up town.",
    ]
    for screen in screens:
        lines += ["", f"## {screen.de}", "", f"*{screen.en}*", ""]
        lines.append(f"![{screen.de}]({screen.name}-1280-de.webp)")
        lines.append("")
        others = [
            f"[{width} px, {name}]({screen.name}-{width}-{lang}.webp)"
            for lang, name in (("de", "Deutsch"), ("en", "English"))
            for width in WIDTHS
        ]
        lines.append(" · ".join(others))
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    """Take them all anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shots.chromium())
        hall = TownHall(Path(place))
        with shots.serving(hall.app) as address:
            there = take(browser, address, tour.Tour(hall), folder)
        hall.close()
        browser.close()
    (folder / "README.md").write_text(gallery([screen for screen, _ in there]), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
