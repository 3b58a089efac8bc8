"""Small answers: what is compressed, what is not, and what browsers need not fetch again."""

from __future__ import annotations

import gzip

import brotli
import pytest
import shots
from chromium import chromium
from people import TownHall
from playwright.sync_api import Page

BR = {"Accept-Encoding": "gzip, br"}
SHEET = "/static/desk.css"


def test_pages_are_as_small_as_the_reader_allows(desk: TownHall) -> None:
    plain = desk.ana.opens("/")
    assert "Content-Encoding" not in plain.headers
    small = desk.ana.opens("/", headers=BR)
    assert small.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Lage" in brotli.decompress(small.data).decode()
    old = desk.ana.opens("/", headers={"Accept-Encoding": "gzip"})
    assert "Lage" in gzip.decompress(old.data).decode()
    assert 3 * len(small.data) < len(plain.data)


def test_size_tells_nobody_what_else_is_on_the_page(desk: TownHall) -> None:
    """BREACH: words in the address and secrets of the page are not compressed together."""
    asked = desk.ana.opens("/suche/?q=trinkwasser", headers=BR)
    assert "Content-Encoding" not in asked.headers
    refused = desk.ana.presses("/suche/", headers=BR)
    assert "Content-Encoding" not in refused.headers
    public = desk.dev.client.get("/klarstellungen/?sprache=en", headers=BR)
    assert public.headers["Content-Encoding"] == "br", "there is no secret on it"


def test_a_small_page_that_has_not_changed_is_not_sent_again(desk: TownHall) -> None:
    for path in ("/klarstellungen/", SHEET):
        first = desk.dev.opens(path, headers=BR)
        again = desk.dev.opens(path, headers=BR | {"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        other = desk.dev.opens(path, headers={"If-None-Match": first.headers["ETag"]})
        assert other.status_code == 200, "another form of it"


def test_files_with_a_stamp_are_never_asked_for_again(desk: TownHall) -> None:
    stamped = desk.dev.opens(f"{SHEET}?v=123")
    assert stamped.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    font = desk.dev.opens("/static/vendor/fira-sans/fira-sans-latin-400-normal.woff2", headers=BR)
    assert font.headers["Cache-Control"] == "public, max-age=2592000"
    assert "Content-Encoding" not in font.headers, "it is compressed already"
    assert desk.dev.opens(SHEET).headers["Cache-Control"] == "public, max-age=3600"
    assert desk.dev.opens("/static/fehlt.css?v=1", headers=BR).status_code == 404


def test_a_changed_file_is_compressed_anew(desk: TownHall) -> None:
    path = desk.app.static_folder
    assert path is not None
    for content in ("a { color: red }", "b { color: blue }"):
        file = desk.instance.parent / "probe.css"
        file.write_text(content * 100, "utf-8")
        desk.app.static_folder = str(file.parent)
        try:
            small = desk.dev.opens("/static/probe.css?v=1", headers=BR)
            assert brotli.decompress(small.data).decode() == content * 100
        finally:
            desk.app.static_folder = path


SIZES = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(one => !one.name.endsWith('.woff2'))
  .reduce((sum, one) => sum + one.transferSize, 0)"""


@pytest.mark.browser
def test_the_first_visit_is_small_and_the_next_tiny(desk: TownHall) -> None:
    """Measured by the browser, heads included: 100 kB at first without fonts, 15 kB afterwards."""
    shots.example(desk)

    def visit(page: Page, address: str) -> int:
        page.goto(f"{address}/", wait_until="load")
        return int(page.evaluate(SIZES))

    with shots.serving(desk.app) as address, chromium() as browser:
        door = browser.new_context()
        shots.sign_in(door.new_page(), address, desk.ana)
        fresh = browser.new_context(storage_state=door.storage_state())
        page = fresh.new_page()
        first, next_time = visit(page, address), visit(page, address)
        assert 10_000 < first <= 100_000
        assert 1_000 < next_time <= 15_000
        door.close()
        fresh.close()
