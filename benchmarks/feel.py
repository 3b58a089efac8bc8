"""How a page feels on a slow laptop: ``python -m benchmarks.feel INSTANCE [PATH …]``.

Starts gunicorn with 2 workers on an instance (``crisis demo --size large`` fills one), opens each page in
Chromium with the processor slowed down sixfold and 10 Mbit/s with 40 ms of latency, and prints for a first
and a repeated visit: bytes on the wire, first and largest paint, when the page answers to hands, and how
much it jumps. Not a test: figures go into docs/internals/figures.md.

Measures: First/Largest Contentful Paint and Cumulative Layout Shift as the browser reports them; *ready* is
the end of the last task over 50 ms before the page had been quiet for a second (after web.dev's Time to
Interactive), at least the first paint. Each figure is the median of five visits.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from crisis import wiring
from crisis.types import Person, Role

EMAIL, PASSWORD = "messung@benchmark.example", "nur fuer die Messung"
PATHS = ("/", "/vorschlaege/", "/vorfaelle/", "/geruechte/", "/protokoll/")
SLOWDOWN, VISITS = 6, 5
NETWORK = {"offline": False, "latency": 40, "downloadThroughput": 1.25e6, "uploadThroughput": 3e5}
WATCH = """
window.seen = {shift: 0, lcp: 0, busy: 0};
new PerformanceObserver(l => l.getEntries().forEach(e => { seen.shift += e.hadRecentInput ? 0 : e.value; }))
  .observe({type: "layout-shift", buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.lcp = e.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.busy = e.startTime + e.duration; })
  .observe({type: "longtask", buffered: true});
"""
SAW = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const first = paint ? paint.startTime : 0;
  return {first, largest: seen.lcp, ready: Math.max(first, seen.busy), shift: seen.shift};
}"""


@dataclass(frozen=True)
class Visit:
    """What one visit cost and how it felt; bytes and milliseconds."""

    sent: int
    fonts: int
    first: float
    largest: float
    ready: float
    shift: float


@contextmanager
def gunicorn(instance: Path) -> Iterator[str]:
    """The desk on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = os.environ | {"CRISIS_INSTANCE": str(instance), "CRISIS_DESK_PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "--threads", "4"]
    server = subprocess.Popen(
        [*command, "-b", f"127.0.0.1:{port}", "crisis.desk:create_app()"],
        env=environ,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/anmelden", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


def visitor(instance: Path) -> None:
    """Somebody with every role, for the measurement."""
    house = wiring.house(instance, dict(os.environ))
    now = datetime.now(UTC)
    if house.store.people.by_email(EMAIL) is None:
        with house.store.transaction():
            person = Person(name="Messung", email=EMAIL, roles=frozenset(Role))
            added = house.store.people.add(person, now)
            house.store.people.set_password(added.id, PasswordHasher().hash(PASSWORD))
    house.store.close()


def visit(context: BrowserContext, page: Page, url: str) -> Visit:
    """Open the page and wait until it has been quiet for a second."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    fonts: set[str] = set()
    sent: dict[str, int] = {}
    session.on(
        "Network.responseReceived",
        lambda e: fonts.add(e["requestId"]) if e["type"] == "Font" else None,
    )
    session.on(
        "Network.loadingFinished",
        lambda e: sent.__setitem__(e["requestId"], int(e["encodedDataLength"])),
    )
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1_000)
    saw = page.evaluate(SAW)
    session.detach()
    of_fonts = sum(size for request, size in sent.items() if request in fonts)
    return Visit(
        sum(sent.values()) - of_fonts,
        of_fonts,
        saw["first"],
        saw["largest"],
        saw["ready"],
        saw["shift"],
    )


def visits(browser: Browser, address: str, path: str) -> tuple[list[Visit], list[Visit]]:
    """First visits, each with an empty cache, and the ones right after them."""
    first, again = [], []
    for _ in range(VISITS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{address}/anmelden")
        page.fill("#email", EMAIL)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        context.new_cdp_session(page).send("Network.clearBrowserCache")
        first.append(visit(context, page, address + path))
        again.append(visit(context, page, address + path))
        context.close()
    return first, again


def line(path: str, kind: str, seen: list[Visit]) -> str:
    """One row of the table."""

    def middle(name: str) -> float:
        return statistics.median(getattr(one, name) for one in seen)

    return (
        f"| {path} | {kind} | {middle('sent') / 1024:.1f} | {middle('fonts') / 1024:.1f} "
        f"| {middle('first'):.0f} | {middle('largest'):.0f} | {middle('ready'):.0f} | {middle('shift'):.3f} |"
    )


def main(instance: Path, paths: list[str]) -> None:
    """Print the table."""
    visitor(instance)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    print("| page | visit | kB | fonts kB | first paint ms | largest ms | ready ms | shift |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with gunicorn(instance) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in paths or PATHS:
            first, again = visits(browser, address, path)
            print(line(path, "first", first))
            print(line(path, "again", again), flush=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
