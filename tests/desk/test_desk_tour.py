"""What holds on every page of the desk and for citizens, found from the application: none is left out.

Checked in a real Chromium: axe in both languages, light and dark; 320 px; wider text; the keyboard alone;
nothing jumps while a page loads; no foreign request and no complaint in the console.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
import shots
import tour
from chromium import violations
from people import TownHall
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from crisis import wiring
from crisis.desk import create_app
from crisis.workflows import admit

pytestmark = pytest.mark.browser


# Everything a keyboard must reach, as the browser itself sees it.
REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}))
  .filter(e => e.type !== "hidden" && !e.closest("[inert]"))
  // A toolbar is one stop; arrow keys lead through it (WAI-ARIA, toolbar pattern).
  .filter(e => [null, e].includes(e.closest("[role=toolbar]")))
  .filter(e => e.type !== "radio" || e.checked
    || !document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]:checked`)
       && document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]`) === e)
  .map((e, number) => { e.dataset.stop = String(number); return e.dataset.stop; })
"""
FOCUSED = """() => {
  const e = document.activeElement;
  const stop = e && (e.closest("[role=toolbar]") || e).dataset.stop;
  if (!e || e === document.body || !stop) return null;
  const around = [e, e.nextElementSibling];  // a whole card may show that its link has the focus
  for (let one = e.parentElement; one && around.length < 7; one = one.parentElement) around.push(one);
  const seen = around.filter(Boolean).some(one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = e.getBoundingClientRect();
  const covered = box.width > 0 && (box.bottom < 0 || box.top > innerHeight);
  return [stop, seen, covered, e.outerHTML.slice(0, 120)];
}"""
SHIFTS = """
window.__shift = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.__shift += one.value;
}).observe({type: "layout-shift", buffered: true});
"""
# WCAG 1.4.12: readers may widen lines, paragraphs, letters and words this much.
SPACING = """*, *::before, *::after { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important } p { margin-bottom: 2em !important }"""


class Guide:
    """Who leads through the pages, and the browser they are seen in."""

    def __init__(self, hall: TownHall, address: str, browser: Browser) -> None:
        self.tour = tour.Tour(hall)
        self.address = address
        self.browser = browser
        self.tour.iris.signs_in()
        # What a GET changes (an idle clock, a counter) must not make the addresses wrong.
        self.paths = {
            name: path
            for name, path in self.tour.pages().items()
            if tour.is_page(self.tour.iris.opens(path, follow_redirects=True).text)
        }

    def enters(self, lang: str = "de", **look: object) -> tuple[BrowserContext, Page, list[str]]:
        """A window, signed in, that writes down what it has to complain about."""
        context = self.browser.new_context(**look)  # type: ignore[arg-type]
        complaints: list[str] = []
        context.on(
            "console",
            lambda m: (
                complaints.append(m.text)
                if m.type in ("error", "warning") and "status of 4" not in m.text
                else None
            ),
        )
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((self.address, "data:", "blob:"))
                else complaints.append(f"foreign request: {request.url}")
            ),
        )
        page = context.new_page()
        shots.sign_in(page, self.address, self.tour.iris, lang)
        return context, page, complaints

    def opens(self, page: Page, path: str, lang: str = "de") -> None:
        """The page, at rest. Citizens' pages take their language from the address."""
        mark = "&" if "?" in path else "?"
        # On the desk "sprache" narrows a list of posts; on citizens' pages it is their language.
        name = "sprache" if path.startswith(("/klarstellungen", "/barriere")) else "lang"
        page.goto(f"{self.address}{path}{mark}{name}={lang}")
        page.evaluate("document.fonts.ready")


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    hall = TownHall(tmp_path_factory.mktemp("hall"))
    with shots.serving(hall.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shots.chromium())
        yield Guide(hall, address, browser)
        browser.close()
    hall.close()


def test_every_page_is_on_the_tour(guide: Guide) -> None:
    parts = guide.tour.parts()
    unknown = {rule.endpoint: guide.tour.lacks(rule, parts) for rule in guide.tour.rules()}
    assert {endpoint: lacks for endpoint, lacks in unknown.items() if lacks} == {}
    answers = {
        name: guide.tour.iris.opens(path, follow_redirects=True).status_code
        for name, path in guide.tour.pages().items()
    }
    assert {name: code for name, code in answers.items() if code >= 400} == {"state: missing": 404}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_nothing_on_any_page_light_or_dark(
    guide: Guide, scheme: Literal["light", "dark"], lang: str
) -> None:
    context, page, complaints = guide.enters(lang, reduced_motion="reduce")
    page.emulate_media(color_scheme=scheme)
    wrong: dict[str, list[str]] = {}
    for name, path in guide.paths.items():
        guide.opens(page, path, lang)
        wrong[name] = violations(page)
    context.close()
    assert {name: found for name, found in wrong.items() if found} == {}
    assert complaints == []


def test_the_very_first_page_of_a_new_desk_has_no_barriers(guide: Guide, tmp_path: Path) -> None:
    app = create_app(tmp_path / "instance", environ={"CRISIS_MATCHING_ENCODER": "none"})
    house = wiring.house(tmp_path / "instance", {"CRISIS_MATCHING_ENCODER": "none"})
    token = admit.setup_token(house.store, datetime.now(UTC))
    with shots.serving(app) as address:
        page = guide.browser.new_page()
        page.goto(f"{address}/einrichten/{token}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert violations(page) == []
        page.close()
    house.store.close()


def test_every_page_says_its_language_and_has_a_title_of_its_own(guide: Guide) -> None:
    context, page, _ = guide.enters("en")
    titles: dict[str, str] = {}
    for name, path in guide.paths.items():
        guide.opens(page, path, "en")
        assert page.evaluate("document.documentElement.lang") in ("en", "de"), name
        titles[name] = page.title()
        assert page.title().partition("–")[0].strip(), name
        assert page.locator("h1").count() == 1, name
    context.close()
    own = {name: title for name, title in titles.items() if not name.startswith("state: ")}
    assert len(set(own.values())) >= len(own) - 3  # two ways to one form may share a title


def test_no_page_scrolls_sideways_at_320_pixels_with_widened_text(guide: Guide) -> None:
    # 320 px is also what 1280 px become at 400 %.
    context, page, _ = guide.enters(viewport={"width": 320, "height": 640})
    wide: dict[str, list[object]] = {}
    for name, path in guide.paths.items():
        guide.opens(page, path)
        plain = page.evaluate("document.documentElement.scrollWidth")
        page.evaluate(
            "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
            " document.adoptedStyleSheets = [sheet]; }",
            SPACING,
        )
        spaced = page.evaluate("document.documentElement.scrollWidth")
        if max(plain, spaced) > 320:
            wide[name] = [plain, spaced]
    context.close()
    assert wide == {}


def test_the_keyboard_reaches_everything_in_sight_and_shows_where_it_is(guide: Guide) -> None:
    context, page, _ = guide.enters(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    missed: dict[str, object] = {}
    for name, path in guide.paths.items():
        guide.opens(page, path)
        stops = set(page.evaluate(REACHABLE))
        page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
        reached: set[str] = set()
        hidden: list[str] = []
        first = ""
        for _ in range(4 * len(stops) + 20):  # a field for a date has several stops of its own
            page.keyboard.press("Tab")
            found = page.evaluate(FOCUSED)
            if found is None:
                continue
            stop, seen, out_of_view, html = found
            if stop == first and len(reached) > 1:
                break  # round once
            first = first or stop
            if stop not in reached and (not seen or out_of_view):
                hidden.append(html)
            reached.add(stop)
        if len(stops - reached) > 0 or hidden:
            never = [
                page.evaluate(
                    f"document.querySelector('[data-stop=\"{s}\"]')?.outerHTML.slice(0,120)"
                )
                for s in sorted(stops - reached)
            ]
            missed[name] = {"never reached": never, "focus not seen": hidden}
    context.close()
    assert missed == {}


def test_nothing_jumps_while_a_page_loads(guide: Guide) -> None:
    context, page, _ = guide.enters(viewport={"width": 1280, "height": 900})
    context.add_init_script(SHIFTS)
    # Scripts come late, as on a slow line: every page is painted before the first of them has run.
    context.route("**/static/**.js*", lambda route: (page.wait_for_timeout(60), route.continue_()))
    jumped: dict[str, float] = {}
    for name, path in guide.paths.items():
        guide.opens(page, path)
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        shift = page.evaluate("window.__shift")
        if shift > 0.02:  # a tenth counts as good for people (web.dev, CLS); ours are still
            jumped[name] = round(shift, 3)
    context.close()
    assert jumped == {}
