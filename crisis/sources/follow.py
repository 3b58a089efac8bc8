"""Edge: streams, each heard by a thread of its own, which reads, sieves and lays into the ``basket``.

Touches no database: the monitor's loop writes down what is heard. A thread that hangs, or whose server lies,
costs only itself. Lines that break are taken up again, ever more seldom up to five minutes, without end.
Which kinds can be heard is decided here; what their events mean is the kinds' own.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from random import uniform
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import httpcore

from crisis.errors import CrisisError, FeedError, FetchError
from crisis.sources import jetstream, mastodon, refusals
from crisis.sources.basket import Basket
from crisis.sources.fetch import user_agent, web_url
from crisis.sources.network import CheckedNetwork, Deadline, Resolve, resolve
from crisis.sources.ticker import Ticker
from crisis.sources.websocket import WebSocket, hang_up
from crisis.types import FeedContent, FeedPost, Fetched, Heard, Source, SourceKind

SILENCE = (
    60.0  # seconds without a byte after which a line counts as dead; Mastodon says ":thump" before
)
CURSOR_EVERY = 5.0  # seconds: how often the cursor goes down although nothing was wanted
SAMPLE_OF = 600.0  # seconds that a sample looks back
SAMPLE_TIME = 6.0  # seconds that it takes at most, about
SAMPLE_POSTS = 20
CLOCKS_APART = 600.0  # seconds by which a server's clock may be ahead of ours
AT_ONCE = 500  # posts laid into the basket together
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
UNWANTED = 6 * 3600.0  # seconds until a server is asked again that said it streams nothing to us
_REFUSING = frozenset({401, 403, 404, 410, 422, 501})

Read = Callable[[Fetched, SourceKind], FeedContent]


class Streams:
    """Every stream that is followed. ``read`` turns hostile HTML into posts, elsewhere.

    ``token``: for a host; Mastodon's servers stream to those who have one.
    """

    def __init__(
        self,
        read: Read,
        *,
        contact: str = "",
        allowed_hosts: Collection[str] = (),
        token: Callable[[str], str] = lambda _host: "",
        timeout: float = 20,
        silence: float = SILENCE,
        pauses: tuple[float, ...] = PAUSES,
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._read = read
        self._token = token
        self._pauses = pauses
        self._basket = Basket()
        self._listeners: dict[int, _Listener] = {}
        self._how: dict[str, Any] = {
            "agent": user_agent(contact),
            "allowed": tuple(allowed_hosts),
            "timeout": timeout,
            "silence": silence,
            "resolver": resolver,
            "tls": tls,
        }

    def follow(self, sources: Iterable[Source]) -> None:
        """Hear these that can be heard, and no others."""
        wanted = {source.id: source for source in sources if source.active and self._can(source)}
        over = [
            source_id
            for source_id, one in self._listeners.items()
            if source_id not in wanted or wanted[source_id].url != one.source.url
        ]
        for source_id in over:
            self._listeners.pop(source_id).end()
        self._basket.forget(over)
        for source_id, source in wanted.items():
            if source_id not in self._listeners:
                listener = _Listener(source, self._basket, self._line(source), self._pauses)
                self._listeners[source_id] = listener
                listener.start()

    def heard(self, most: int = AT_ONCE) -> list[Heard]:
        """What came since, about ``most`` posts; one of each source."""
        return self._basket.take(most)

    def waiting(self) -> bool:
        """Whether something came."""
        return self._basket.waiting()

    def sample(self, source: Source) -> FeedContent:
        """What a stream would bring: the last ten minutes, as far as they come within some seconds.

        Raises FetchError where it cannot be heard.
        """
        since = time.time() - SAMPLE_OF
        line = _Jetstream(replace(source, cursor=str(int(since * 1_000_000))), self._how)
        posts: list[FeedPost] = []
        until = time.monotonic() + SAMPLE_TIME
        try:
            for messages in line.batches():
                posts.extend(line.sieved(messages).posts)
                if len(posts) >= SAMPLE_POSTS or time.monotonic() > until:
                    break
        except FetchError:
            if time.monotonic() < until:
                raise  # else nobody said anything of the kind, which is no fault
        finally:
            line.close()
        return FeedContent(posts=tuple(reversed(posts)))

    def close(self) -> None:
        """Hang up. What was heard and not taken is heard again next time."""
        self._basket.close()
        for listener in self._listeners.values():
            listener.end()
        for listener in self._listeners.values():
            listener.join(timeout=2)
        self._listeners.clear()

    def _can(self, source: Source) -> bool:
        if source.kind is SourceKind.JETSTREAM:
            return True
        return (
            source.kind is SourceKind.MASTODON
            and bool(mastodon.stream(source.url))
            and bool(self._token(urlsplit(source.url).netloc))
        )

    def _line(self, source: Source) -> _Line:
        if source.kind is SourceKind.JETSTREAM:
            return _Jetstream(source, self._how)
        token = self._token(urlsplit(source.url).netloc)
        return _Mastodon(source, self._how, token, self._read)


class _Line:
    """How one source is heard."""

    def heard(self) -> Iterator[Heard]:
        """Connect, then give back what comes until the line breaks. Raises CrisisError."""
        raise NotImplementedError

    def close(self) -> None:
        """Hang up, from another thread."""
        raise NotImplementedError


class _Listener(Thread):
    """Keeps one line up."""

    def __init__(
        self, source: Source, basket: Basket, line: _Line, pauses: tuple[float, ...]
    ) -> None:
        super().__init__(name=f"stream {source.id}", daemon=True)
        self.source = source
        self._basket = basket
        self._line = line
        self._pauses = pauses
        self._over = Event()

    def run(self) -> None:
        failures = 0
        while not self._over.is_set():
            try:
                for heard in self._line.heard():
                    if self._over.is_set() or not self._basket.put(heard):
                        return
                    failures = 0
                error: CrisisError = _ended(self.source.url)
            except CrisisError as problem:
                error = problem
            except (
                Exception
            ) as problem:  # a server's doing, whatever it is: the line is tried again
                error = _odd(self.source.url)
                error.__cause__ = problem
            finally:
                self._line.close()
            if self._over.is_set():
                return
            self._basket.put(Heard(source_id=self.source.id, error=error))
            self._over.wait(self._pause(error, failures))
            failures += 1

    def end(self) -> None:
        """Hear no more."""
        self._over.set()
        self._line.close()

    def _pause(self, error: CrisisError, failures: int) -> float:
        pause = self._pauses[min(failures, len(self._pauses) - 1)]
        pause *= uniform(0.7, 1.0)  # noqa: S311 - so that not all of us come back together
        if isinstance(error, FetchError):
            if error.status in _REFUSING:
                pause = max(pause, min(UNWANTED, 72 * self._pauses[-1]))
            pause = max(pause, min(error.retry_after or 0.0, UNWANTED))
        return pause


class _Jetstream(_Line):
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
        for messages in self.batches():
            heard = self.sieved(messages)
            now = time.monotonic()
            if heard.posts or heard.gone or now - last >= CURSOR_EVERY:
                last = now
                yield heard

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


class _Mastodon(_Line):
    """A hashtag by server-sent events. What is missed meanwhile is asked for by ``min_id``: see ``gap``."""

    def __init__(self, source: Source, how: Mapping[str, Any], token: str, read: Read) -> None:
        self._source, self._how, self._token, self._read = source, how, token, read
        self._stream: Any = None

    def heard(self) -> Iterator[Heard]:
        url = web_url(mastodon.stream(self._source.url))
        host = urlsplit(url).hostname or ""
        how = self._how
        network = CheckedNetwork(
            Deadline(float("inf"), how["silence"]), how["allowed"], how["resolver"]
        )
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("Host", urlsplit(url).netloc),
            ("User-Agent", how["agent"]),
            ("Accept", "text/event-stream"),
            ("Authorization", f"Bearer {self._token}"),
        ]
        tls = how["tls"] or ssl.create_default_context()
        try:
            with (
                httpcore.ConnectionPool(ssl_context=tls, network_backend=network) as pool,
                pool.stream("GET", url, headers=headers) as response,
            ):
                self._stream = response.extensions.get("network_stream")
                yield from self._events(response)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise refusals.of_failure(error, host) from error

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            hang_up(stream)

    def _events(self, response: httpcore.Response) -> Iterator[Heard]:
        lines = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
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


def _ended(url: str) -> FetchError:
    host = urlsplit(url).hostname
    return FetchError(
        f"{host} hat die Verbindung beendet. Sie wird gleich wieder aufgenommen.",
        f"{host} ended the connection. It is taken up again in a moment.",
    )


def _odd(url: str) -> FetchError:
    host = urlsplit(url).hostname
    return FetchError(
        f"{host} hat etwas Unverständliches geschickt. Die Verbindung wird wieder aufgenommen.",
        f"{host} sent something that makes no sense. The connection is taken up again.",
    )
