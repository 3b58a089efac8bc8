"""How many readers one core of the citizens' pages carries, and how many come through a cache in front.

``python -m benchmarks.public [--seconds 5] [--readers 8]``. One gunicorn worker with a made-up town; readers
in processes of their own keep their connections. Counted against the processor time the worker used, so that
other work on the machine does not blur it; compared in the same run with a bare Flask page under the same
gunicorn, and with pages rendered anew for each reader. Not run by the tests.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.pages import furnished, joined, processor, signed_in
from crisis import wiring
from crisis.settings import load

BARE = """
from flask import Flask
app = Flask("bare")
app.add_url_rule("/", view_func=lambda: "x" * 6000)
"""


@contextmanager
def served(app: str, folder: Path, environ: dict[str, str]) -> Iterator[tuple[int, int]]:
    """One worker of it; yields port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", app, "--worker-class", "gthread"),
            *("--workers", "1", "--threads", "4", "--bind", f"127.0.0.1:{port}"),
            *("--log-level", "error", "--no-control-socket"),
        ],
        env={**os.environ, **environ},
        cwd=folder,
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def reader(port: int, request: bytes, until: float, done: multiprocessing.Queue[int]) -> None:
    """Asks again and again on one connection; tells how often it was answered with 200."""
    count, buffer = 0, b""
    here = socket.create_connection(("127.0.0.1", port), timeout=30)
    while time.time() < until:
        here.sendall(request)
        while b"\r\n\r\n" not in buffer:
            buffer += here.recv(65536)
        head, _, buffer = buffer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(buffer) < length:
            buffer += here.recv(65536)
        buffer = buffer[length:]
        count += head.startswith(b"HTTP/1.1 200")
        if b"connection: close" in head.lower():
            here.close()
            here = socket.create_connection(("127.0.0.1", port), timeout=30)
    done.put(count)


def measured(
    port: int, server: int, path: str, seconds: float, readers: int, cookie: str = ""
) -> tuple[float, float]:
    """Requests answered a second, by the clock and by the worker's processor time."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *([f"Cookie: {cookie}"] if cookie else [])]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    context = multiprocessing.get_context("fork")
    done: multiprocessing.Queue[int] = context.Queue()
    used, begin = processor(server), time.time()
    running = [
        context.Process(target=reader, args=(port, request, begin + seconds, done))
        for _ in range(readers)
    ]
    for process in running:
        process.start()
    count = sum(done.get() for _ in running)
    for process in running:
        process.join()
    return count / (time.time() - begin), count / max(0.001, processor(server) - used)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=float, default=5)
    words.add_argument("--readers", type=int, default=8)
    given = words.parse_args()
    root = Path(__file__).parents[1]
    print("| page | answers a second by the clock | answers a second of one core |")
    print("| --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "bare.py").write_text(BARE, encoding="utf-8")
        with served("bare:app", folder, {}) as (port, server):
            show("a bare Flask page of 6 kB", measured(port, server, "/", *_how(given)))
        instance = folder / "instance"
        furnished(instance)
        store = wiring.open_store(load(instance, {}))
        joined(store)
        (newest, *_rest) = store.responses.public(limit=1)
        store.close()
        with served("wsgi:app", root, {"CRISIS_INSTANCE": str(instance)}) as (port, server):
            cookie = signed_in(port)
            for name, path, who in (
                ("the list", "/klarstellungen/", ""),
                ("one correction", f"/klarstellungen/{newest.slug}", ""),
                ("its feed", "/klarstellungen/feed.atom", ""),
                ("its picture", f"/klarstellungen/{newest.slug}/bild-wide.png", ""),
                ("the list, rendered anew", "/klarstellungen/", cookie),
                ("one correction, rendered anew", f"/klarstellungen/{newest.slug}", cookie),
            ):
                show(name, measured(port, server, path, *_how(given), cookie=who))


def _how(given: argparse.Namespace) -> tuple[float, int]:
    return given.seconds, given.readers


def show(name: str, found: tuple[float, float]) -> None:
    print(f"| {name} | {found[0]:,.0f} | {found[1]:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
