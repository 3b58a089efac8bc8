"""Edge: a hashtag of Mastodon by server-sent events. What they mean is ``mastodon``'s and ``statuses``'."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpcore

from crisis.errors import CrisisError, FeedError
from crisis.sources import mastodon, refusals
from crisis.sources.dial import TROUBLE, Dial, headers_of
from crisis.sources.fetch import web_url
from crisis.sources.hearing import Line, Read
from crisis.sources.network import Deadline
from crisis.sources.ticker import Ticker
from crisis.sources.websocket import hang_up
from crisis.types import Fetched, Heard, Source, SourceKind


class Mastodon(Line):
    """A hashtag by server-sent events. What is missed meanwhile is asked for by ``min_id``: see ``gap``."""

    def __init__(self, source: Source, how: Mapping[str, Any], token: str, read: Read) -> None:
        self._source, self._how, self._token, self._read = source, how, token, read
        self._stream: Any = None

    def heard(self) -> Iterator[Heard]:
        url = web_url(mastodon.stream(self._source.url))
        host = urlsplit(url).hostname or ""
        how = self._how
        dial = Dial(
            agent=how["agent"], allowed=how["allowed"], resolver=how["resolver"], tls=how["tls"]
        )
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {self._token}"}
        deadline = Deadline(float("inf"), how["silence"])
        try:
            with dial.ask("GET", url, deadline=deadline, headers=headers) as response:
                self._stream = response.extensions.get("network_stream")
                yield from self._events(response)
        except TROUBLE as error:
            raise refusals.of_failure(error, host) from error

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            hang_up(stream)

    def _events(self, response: httpcore.Response) -> Iterator[Heard]:
        lines = headers_of(response)
        if response.status != 200:
            raise refusals.of_status(response.status, lines)
        if not lines.get("content-type", "").startswith("text/event-stream"):
            raise FeedError(
                "Der Server strömt nicht, obwohl er es sagt.",
                "The server does not stream although it says so.",
            )
        yield Heard(source_id=self._source.id, gap=True)
        ticker = Ticker()
        for piece in response.iter_stream():
            said = list(ticker.events(piece))
            written = [data for name, data in said if name in ("update", "status.update")]
            gone = [data.strip() for name, data in said if name == "delete"]
            if written or gone:
                yield Heard(source_id=self._source.id, posts=self._posts(written), gone=tuple(gone))

    def _posts(self, written: list[str]) -> tuple[Any, ...]:
        whole = []
        for text in written:
            try:
                whole.append(json.loads(text))
            except (ValueError, RecursionError):
                continue  # what is damaged comes again when the timeline is asked
        if not whole:
            return ()
        body = json.dumps(whole).encode()
        fetched = Fetched(body=body, url=self._source.url, content_type="application/json")
        try:
            return self._read(fetched, SourceKind.MASTODON).posts
        except CrisisError:
            return ()
