"""How long one monitor takes to ask 500 feeds of 50 posts, what of one core and how much memory.

    .venv/bin/python -m benchmarks.polling [FEEDS]

The feeds are made up and served by a process of its own, each from a loopback address of its own, so that
each is a host of its own. Two rounds: everything new, then every feed with one new post.
Processor time is that of the monitor and of its reading process; memory the highest of both together.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import tempfile
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

from crisis import wiring
from crisis.cli.watch import SHORTEST_STEP, Monitor
from crisis.types import Source

ITEM = (
    "<item><title>{1}</title><guid>urn:{0}</guid>"
    "<pubDate>Mon, 30 Nov 2026 09:00:00 +0100</pubDate>"
    "<description><![CDATA[<p>{2} <b>{3}</b> {4}.</p>]]></description></item>"
)
POSTS = 50
WHO = [
    "Nachbarin",
    "Trainer",
    "Bäckerin",
    "Orchester",
    "Lehrer",
    "Verein",
    "Großmutter",
    "Gärtner",
    "Malerin",
    "Chor",
]
DOES = [
    "backt",
    "singt",
    "malt",
    "wandert",
    "gewinnt",
    "repariert",
    "verkauft",
    "pflanzt",
    "tanzt",
    "liest",
]
WHAT = [
    "Kuchen",
    "Lieder",
    "Bilder",
    "Pokale",
    "Fahrräder",
    "Bücher",
    "Tomaten",
    "Walzer",
    "Gedichte",
    "Teppiche",
]
WHEN = [
    "heute",
    "morgen",
    "sonntags",
    "abends",
    "vormittags",
    "nächste",
    "Woche",
    "im",
    "Advent",
    "wieder",
    "gern",
    "draußen",
]


def body(feed: str, first: int) -> bytes:
    """A feed of 50 posts, numbered from ``first`` on."""
    items = "".join(_item(feed, n) for n in range(first + POSTS - 1, first - 1, -1))
    return f'<rss version="2.0"><channel><title>{feed}</title>{items}</channel></rss>'.encode()


def _item(feed: str, number: int) -> str:
    chance = random.Random(f"{feed}/{number}")  # the same post each time it is asked for
    words = (chance.choice(WHO), chance.choice(DOES), chance.choice(WHAT))
    return ITEM.format(f"{feed}-{number}", " ".join(words), *chance.sample(WHO + WHAT + WHEN, 3))


class Feed(BaseHTTPRequestHandler):
    """Every address is another feed; the path's last part says from which post on."""

    first = 0

    def do_GET(self) -> None:
        here = self.request.getsockname()[0]
        data = body(here, type(self).first)
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def serve(line: Connection) -> None:
    """Serve until told to stop; told a number, serve posts from that number on."""
    server = ThreadingHTTPServer(("0.0.0.0", 0), Feed)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    line.send(server.server_address[1])
    while (number := line.recv()) is not None:
        Feed.first = number
        line.send(number)


def address(number: int) -> str:
    """The loopback address of a feed."""
    return f"127.1.{number // 200}.{number % 200 + 1}"


def main() -> None:
    """Measure and print."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("fork").Process(target=serve, args=(theirs,))
    server.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        hosts = ", ".join(f'"{address(n)}:{port}"' for n in range(feeds))
        (Path(folder) / "settings.toml").write_text(
            f'[monitor]\nallowed_hosts = [{hosts}]\n[matching]\nencoder = "none"\n'
        )
        house = wiring.house(Path(folder), {})
        wiring.load_examples(house)
        with house.store.transaction():
            for n in range(feeds):
                url = f"http://{address(n)}:{port}/feed"
                house.store.sources.add(Source(url=url, name=f"Feed {n}", added=house.now()))
        monitor = Monitor(house)
        house.index()  # what a monitor that has been running has long done
        print(f"{feeds} feeds of {POSTS} posts, {len(house.store.rumours.all())} rumours")
        for name, first in (("everything new", 0), ("one new each", 1)):
            ours.send(first)
            ours.recv()
            with house.store.transaction():
                for source in house.store.sources.all():
                    house.store.sources.update(replace(source, next_due=None, last_success=None))
            _round(monitor, house, name)
        monitor.close()
        house.close()
        memory = sum(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"reading process: {children.ru_utime + children.ru_stime:.1f} s of processor in all")
        print(f"highest memory, both processes: {memory / 1024:.0f} MB")
    ours.send(None)
    server.join()


def _round(monitor: Monitor, house: wiring.House, name: str) -> None:
    wall, cpu = time.monotonic(), time.process_time()
    polled = 0.0
    while not polled or house.store.posts.waiting():
        busy = monitor.step()
        if not polled and all(one.last_success for one in house.store.sources.all()):
            polled = time.monotonic() - wall
        time.sleep(SHORTEST_STEP if busy else 0.5)
    failed = sum(one.failures > 0 for one in house.store.sources.all())
    print(
        f"{name}: all asked after {polled:.1f} s, all compared after {time.monotonic() - wall:.1f} s,"
        f" {time.process_time() - cpu:.1f} s of processor in the monitor, {failed} failed"
    )


if __name__ == "__main__":
    main()
