"""Servers that speak what streams speak: a Jetstream on a real WebSocket, which tests drive and break."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve


def said(at: int, text: str, *, rkey: str = "", operation: str = "create", lang: str = "de") -> str:
    """An event in the shape of Jetstream's."""
    commit: dict[str, Any] = {
        "rev": "3k",
        "operation": operation,
        "collection": "app.bsky.feed.post",
        "rkey": rkey or f"r{at}",
    }
    if operation != "delete":
        commit["record"] = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": "2026-03-02T10:00:00.000Z",
            "langs": [lang],
        }
    return json.dumps({"did": "did:plc:ana", "time_us": at, "kind": "commit", "commit": commit})


class Jetstream:
    """Plays its ``events`` from the cursor on, as the real one does, then waits for more.

    ``manner``: what to do with a connection instead; it gets the connection and the cursor.
    """

    def __init__(self) -> None:
        self.events: list[tuple[int, str]] = []
        self.cursors: list[int] = []
        self.manner: Callable[[ServerConnection, int], None] | None = None
        self._more = threading.Condition()
        self._over = False
        self._server = serve(self._serve, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.place = f"127.0.0.1:{self._server.socket.getsockname()[1]}"
        self.url = f"ws://{self.place}/subscribe"

    def say(self, at: int, text: str = "", **more: str) -> None:
        """One more event."""
        with self._more:
            self.events.append((at, said(at, text, **more)))
            self._more.notify_all()

    def close(self) -> None:
        """End, with all connections."""
        with self._more:
            self._over = True
            self._more.notify_all()
        self._server.shutdown()
        self._thread.join()

    def _serve(self, line: ServerConnection) -> None:
        assert line.request is not None
        asked = parse_qs(urlsplit(line.request.path).query)
        cursor = int(asked.get("cursor", ["-1"])[0])
        self.cursors.append(cursor)
        try:
            if self.manner is not None:
                self.manner(line, cursor)
                return
            self._play(line, cursor)
        except ConnectionClosed:
            pass  # the other side hung up, which is its right

    def _play(self, line: ServerConnection, cursor: int) -> None:
        at = 0
        while True:
            with self._more:
                while at >= len(self.events) and not self._over:
                    self._more.wait(0.05)
                if self._over:
                    return
                now, at = self.events[at:], len(self.events)
            for moment, text in now:
                if moment >= cursor:
                    line.send(text)
