"""Three hundred open desks on one small machine: what they cost, and how soon they see a change.

``python -m benchmarks.live [INSTANCE] [--desks 300] [--seconds 60]``. Does what ``static/live.js`` does on
the board: asks ``/stand`` every 1.3 s with what it knows, says every ten seconds that it is still
there, and fetches the changed part. Somebody writes a note every four seconds. Real gunicorn with 2 workers;
without an instance a large one is made first. Not run by the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.pages import at, furnished, joined, processor, served, signed_in
from crisis import wiring
from crisis.settings import load
from crisis.store import Store
from crisis.types import Note

PACE, JITTER, STILL_HERE = 1.3, 0.3, 10.0  # seconds, as in live.js
CHANGE_EVERY = 4.0  # seconds


@dataclass
class Seen:
    """What all desks together went through, in milliseconds."""

    questions: list[float] = field(default_factory=list)
    parts: list[float] = field(default_factory=list)
    signs: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)  # from the change to its part on the page
    failures: Counter[str] = field(default_factory=Counter)


class Desk:
    """One browser with one connection that it keeps."""

    def __init__(
        self, port: int, cookie: str, token: str, seen: Seen, changes: list[float]
    ) -> None:
        self.port, self.cookie, self.token = port, cookie, token
        self.seen, self.changes = seen, changes
        self.lines: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.tags = {"stand": "", "part": ""}
        self.version: bytes | None = None
        self.known = 0  # changes seen so far

    async def works(self, until: float) -> None:
        await asyncio.sleep(random.random() * PACE)
        sign = time.time() + random.random() * STILL_HERE
        while time.time() < until:
            began = time.perf_counter()
            try:
                await self.looks()
                if time.time() >= sign:
                    body = f"csrf_token={self.token}&ort=incident:1".encode()
                    await self.asks("POST", "/hier", self.seen.signs, body=body)
                    sign += STILL_HERE
            except (OSError, asyncio.IncompleteReadError, AssertionError) as error:
                self.seen.failures[repr(error)[:80]] += 1
                self.lines = None
            slow = 4 * (time.perf_counter() - began)
            await asyncio.sleep(max(PACE, slow) + random.random() * JITTER)

    async def looks(self) -> None:
        """One question, and the part where something changed."""
        happened = len(self.changes)
        status, tag, body = await self.asks(
            "GET",
            "/stand?themen=incidents%20alerts&ort=lage",
            self.seen.questions,
            self.tags["stand"],
        )
        if status == 304:
            return
        self.tags["stand"] = tag
        version = re.search(rb'"v":\s*(\d+)', body)
        assert version is not None
        if self.version not in (None, version[1]):
            _status, self.tags["part"], _body = await self.asks(
                "GET", "/lage", self.seen.parts, self.tags["part"]
            )
            arrived = time.time()
            # A change committed after the question was asked may be in this answer or in the next.
            for moment in self.changes[self.known : happened]:
                self.seen.delays.append(1000 * (arrived - moment))
            self.known = max(self.known, happened)
        self.version = version[1]

    async def asks(
        self, method: str, path: str, took: list[float], tag: str = "", body: bytes = b""
    ) -> tuple[int, str, bytes]:
        """Status, ETag and body of the answer."""
        start = time.perf_counter()
        if self.lines is None:
            self.lines = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.lines
        head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {self.cookie}"]
        head += ["X-By-Itself: 1", "Accept-Encoding: gzip, br"]
        head += [f"If-None-Match: {tag}"] if tag else []
        if body:
            head += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        writer.write(("\r\n".join(head) + "\r\n\r\n").encode() + body)
        try:
            answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            if took is self.seen.questions and time.perf_counter() - start < 0.05:
                self.lines = (
                    None  # the server closed an idle connection, as it may: browsers ask anew
                )
                return await self.asks(method, path, took, tag, body)
            raise
        fields = dict(re.findall(r"(?m)^([\w-]+):\s*(.*?)\r$", answer))
        length = int(fields.get("Content-Length", 0))
        content = await reader.readexactly(length) if length else b""
        if fields.get("Connection", "").lower() == "close":
            writer.close()
            self.lines = None
        status = int(answer.split(" ")[1])
        assert status in (200, 204, 304), (status, path)
        took.append(1000 * (time.perf_counter() - start))
        return status, fields.get("ETag", ""), content


async def changes(store: Store, moments: list[float], until: float) -> None:
    """Somebody writes a note every few seconds."""
    incident = store.incidents.all_open()[0]
    person = store.people.all()[0]
    while time.time() < until - CHANGE_EVERY:
        await asyncio.sleep(CHANGE_EVERY)
        with store.transaction():
            note = Note(
                incident_id=incident.id,
                person_id=person.id,
                text="gemessen",
                written=datetime.now(UTC),
            )
            store.incidents.add_note(note)
        moments.append(time.time())


async def measured(port: int, store: Store, desks: int, seconds: float) -> Seen:
    token, cookie = await _token(port, signed_in(port))
    seen, moments = Seen(), []  # type: tuple[Seen, list[float]]
    until = time.time() + seconds
    await asyncio.gather(
        changes(store, moments, until),
        *(Desk(port, cookie, token, seen, moments).works(until) for _ in range(desks)),
    )
    return seen


async def _token(port: int, cookie: str) -> tuple[str, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    found = re.search(r'data-token="([^"]+)"', answer)
    assert found is not None
    kept = re.search(r"(?m)^Set-Cookie: ([^;]+)", answer)  # the token belongs to this session
    return found[1], kept[1] if kept else cookie


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("instance", type=Path, nargs="?")
    words.add_argument("--desks", type=int, default=300)
    words.add_argument("--seconds", type=float, default=60)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as place:
        instance = given.instance or Path(place) / "instance"
        if given.instance is None:
            furnished(instance)
        with wiring.open_store(load(instance, {})) as store:
            joined(store)
            with served(instance) as (port, server):
                used = processor(server)
                seen = asyncio.run(measured(port, store, given.desks, given.seconds))
                used = processor(server) - used
                memory = _memory(server)
    failed = ", ".join(f"{count} x {error}" for error, count in seen.failures.items()) or "none"
    print(f"{given.desks} open desks, {given.seconds:.0f} s; failures: {failed}\n")
    print("| | count | median | p95 |\n|---|---:|---:|---:|")
    for name, values in (
        ("question (`/stand`)", seen.questions),
        ("changed part (`/lage`)", seen.parts),
        ("sign of life (`/hier`)", seen.signs),
        ("from the change to its part", seen.delays),
    ):
        print(
            f"| {name} | {len(values):,} | {at(0.5, values):.0f} ms | {at(0.95, values):.0f} ms |"
        )
    print(f"\nProcessor: {100 * used / given.seconds:.0f} % of one core; memory {memory:.0f} MB.")


def _memory(parent: int) -> float:
    """Resident megabytes of all workers (Linux)."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:  # it has just ended
            continue
        if f"\nPPid:\t{parent}\n" in text:
            found = re.search(r"VmRSS:\s+(\d+)", text)
            total += int(found[1]) if found else 0
    return total / 1000


if __name__ == "__main__":
    main()
