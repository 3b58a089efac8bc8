"""A real Chromium for tests, and what may not happen in any page: errors, foreign requests, barriers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = files("axe_playwright_python").joinpath("axe.min.js")
# Without these a fresh Chromium phones home at every start, which no test may depend on.
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright brought."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def watched(page: Page, *, origin: str) -> Page:
    """The page, failing the test as soon as it logs an error or asks anybody but ``origin``."""
    page.troubles = []  # type: ignore[attr-defined]

    def notes(message) -> None:
        # A form that is refused answers 4xx on purpose; Chromium logs that as an error of loading.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            page.troubles.append(message.text)  # type: ignore[attr-defined]

    def asks(request) -> None:
        if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(origin):
            page.troubles.append(f"asked {request.url}")  # type: ignore[attr-defined]

    page.on("console", notes)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))  # type: ignore[attr-defined]
    page.on("request", asks)
    return page


def troubles(page: Page) -> list[str]:
    """What ``watched`` has seen so far."""
    return list(page.troubles)  # type: ignore[attr-defined]


def barriers(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and its own best practices, one line each."""
    # Evaluated by the debugger, so that the page's content security policy stays as strict as it is.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
    ]


RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(page: Page) -> list[str]:
    """What axe finds against these rules, one line for each place; axe is loaded once a page."""
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", list(RULES)
    )
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
