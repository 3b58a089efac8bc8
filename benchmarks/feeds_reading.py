"""How fast feeds are read, beside bare feedparser on the same bytes in the same run.

    .venv/bin/python benchmarks/feeds_reading.py [FILE_OR_FOLDER …]

Without arguments: made-up feeds of 50 posts. Given files or folders: every feed in them that has posts.
Three ways, in rounds that take turns, the best round of each counts: bare ``feedparser.parse`` as it
comes (cleaning HTML), ``reading.read`` in this process, and ``FeedReader`` with its own process.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import feedparser

from crisis.errors import CrisisError
from crisis.sources.reader import FeedReader
from crisis.sources.reading import read
from crisis.types import Fetched

ROUNDS = 5
FEEDS = 20


def made_up(number: int) -> bytes:
    """A feed of 50 posts with HTML, as a local newspaper has it."""
    item = (
        "<item><title>Meldung {0} aus Musterstadt</title><link>https://zeitung.example/{0}</link>"
        "<guid>https://zeitung.example/{0}</guid><pubDate>Tue, 03 Nov 2026 09:{1:02}:00 +0100</pubDate>"
        "<description><![CDATA[<p>Am Morgen war die <b>Hauptstraße</b> gesperrt.<br>Grund: "
        '<a href="https://zeitung.example/mehr/{0}">ein Wasserrohr</a> &amp; viel Schlamm.</p>'
        "<ul><li>Busse fahren um</li><li>Schulen bleiben offen</li></ul>]]></description></item>"
    )
    items = "".join(item.format(f"{number}-{n}", n) for n in range(50))
    return f'<rss version="2.0"><channel><title>Zeitung</title>{items}</channel></rss>'.encode()


def given(names: list[str]) -> list[bytes]:
    """The feeds with posts among these files and folders."""
    paths = [path for name in names for path in (Path(name), *Path(name).rglob("*"))]
    bodies = []
    for path in sorted({path for path in paths if path.is_file()}):
        body = path.read_bytes()
        try:
            posts = read(body).posts
        except CrisisError:
            continue
        if posts and body.lstrip()[:1] == b"<":
            bodies.append(body)
    return bodies


def main(names: list[str]) -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    bodies = given(names) if names else [made_up(n) for n in range(FEEDS)]
    posts = sum(len(read(body).posts) for body in bodies)
    with FeedReader(seconds=60) as reader:
        ways: dict[str, Callable[[bytes], object]] = {
            "feedparser, bare": lambda body: feedparser.parse(BytesIO(body)),
            "reading.read": read,
            "FeedReader": lambda body: reader.read(Fetched(body=body, url="")),
        }
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(ROUNDS):
            for name, way in ways.items():
                start = time.perf_counter()
                for body in bodies:
                    way(body)
                best[name] = min(best[name], time.perf_counter() - start)
    bare = best["feedparser, bare"]
    print(
        f"{len(bodies)} feeds, {posts} posts, {sum(map(len, bodies)) / 1e6:.1f} MB; best of {ROUNDS}"
    )
    for name, seconds in best.items():
        print(
            f"{name:18} {seconds:7.3f} s  {len(bodies) / seconds:7.0f} feeds/s "
            f"{posts / seconds:8.0f} posts/s  {seconds / bare:5.2f} x bare"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
