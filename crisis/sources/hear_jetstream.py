"""Edge: Bluesky's Jetstream over a WebSocket, sieved as it comes. What events mean is ``jetstream``'s."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from crisis.errors import FetchError
from crisis.sources import jetstream
from crisis.sources.hearing import Line
from crisis.sources.websocket import WebSocket
from crisis.types import Heard, Source

CURSOR_EVERY = 5.0  # seconds: how often cursor and deletions go down although nothing was wanted
CLOCKS_APART = 600.0  # seconds by which a server's clock may be ahead of ours


class Jetstream(Line):
    """Bluesky: the cursor says where to go on, in this life and the next."""

    def __init__(self, source: Source, how: Mapping[str, Any]) -> None:
        want = jetstream.wanted(source.url)
        if want is None:
            raise FetchError(
                "Das ist keine Adresse von Jetstream.", "This is no address of Jetstream."
            )
        self._source, self._how, self._want = source, how, want
        self._sieve = jetstream.Sieve(want)
        self._cursor = source.cursor
        self._socket: WebSocket | None = None

    def batches(self) -> Iterator[list[bytes]]:
        """Connect, and give back what is said as it comes."""
        self._socket = WebSocket(
            jetstream.question(self._want, self._cursor),
            max_message=jetstream.MAX_EVENT,
            **self._how,
        )
        yield from self._socket.messages()

    def heard(self) -> Iterator[Heard]:
        last = time.monotonic()
        gone: list[str] = []
        for messages in self.batches():
            heard = self.sieved(messages)
            gone += heard.gone
            now = time.monotonic()
            # Somebody deletes something all the time; that alone wakes nobody.
            if heard.posts or now - last >= CURSOR_EVERY:
                yield replace(heard, gone=tuple(gone))
                last, gone = now, []

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def sieved(self, messages: list[bytes]) -> Heard:
        """What of it is wanted, and how far we are."""
        posts, gone, at = [], [], 0
        # A cursor that lies in the future would hear nothing until then.
        latest = int((time.time() + CLOCKS_APART) * 1_000_000)
        for message in messages:
            event = jetstream.read(message, self._sieve)
            if event is None:
                continue
            if event.at <= latest:
                at = max(at, event.at)
            if event.post is not None:
                posts.append(event.post)
            if event.gone:
                gone.append(event.gone)
        if at and (not self._cursor.isdigit() or at > int(self._cursor)):
            self._cursor = str(at)
        return Heard(
            source_id=self._source.id,
            posts=tuple(posts),
            gone=tuple(gone),
            cursor=self._cursor,
        )
