"""Edge: streams, each heard by a thread of its own, which reads, sieves and lays into the ``basket``.

Touches no database: the monitor's loop writes down what is heard. A thread that hangs, or whose server lies,
costs only itself. Lines that break are taken up again, ever more seldom up to five minutes, without end.
Which kinds can be heard is decided here; what their events mean is the kinds' own.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from random import uniform
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from crisis.errors import CrisisError, FetchError
from crisis.interfaces import Inbox
from crisis.sources import mastodon
from crisis.sources.basket import Basket
from crisis.sources.fetch import user_agent
from crisis.sources.hear_jetstream import Jetstream
from crisis.sources.hear_mailbox import Mailbox
from crisis.sources.hear_mastodon import Mastodon
from crisis.sources.hearing import Line, Read
from crisis.sources.network import Resolve, resolve
from crisis.types import FeedContent, FeedPost, Heard, Source, SourceKind

SILENCE = (
    60.0  # seconds without a byte after which a line counts as dead; Mastodon says ":thump" before
)
SAMPLE_OF = 600.0  # seconds that a sample looks back
SAMPLE_TIME = 6.0  # seconds that it takes at most, about
SAMPLE_POSTS = 20
AT_ONCE = 500  # posts laid into the basket together
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
UNWANTED = 6 * 3600.0  # seconds until a server is asked again that said it streams nothing to us
REFUSED = 3600.0  # seconds until a mailbox is tried again that refused us
_REFUSING = frozenset({401, 403, 404, 410, 422, 501})


class Streams:
    """Every stream that is followed. ``read`` turns hostile HTML into posts, elsewhere.

    ``inbox``: opens a folder of the mailbox; None where there is no mailbox.
    ``token``: for a host; Mastodon's servers stream to those who have one.
    """

    def __init__(
        self,
        read: Read,
        *,
        contact: str = "",
        allowed_hosts: Collection[str] = (),
        token: Callable[[str], str] = lambda _host: "",
        inbox: Callable[[str], Inbox] | None = None,
        timeout: float = 20,
        silence: float = SILENCE,
        pauses: tuple[float, ...] = PAUSES,
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._read = read
        self._token = token
        self._inbox = inbox
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
        if source.kind is SourceKind.MAILBOX:
            return self._letters(source)
        since = time.time() - SAMPLE_OF
        line = Jetstream(replace(source, cursor=str(int(since * 1_000_000))), self._how)
        posts: list[FeedPost] = []
        connected = False
        until = time.monotonic() + SAMPLE_TIME
        try:
            for messages in line.batches():
                connected = True
                posts.extend(line.sieved(messages).posts)
                if len(posts) >= SAMPLE_POSTS or time.monotonic() > until:
                    break
        except FetchError:
            if not connected:
                raise  # else nobody said anything for a while, which is no fault
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

    def _letters(self, source: Source) -> FeedContent:
        """The posts in the newest mails of a folder."""
        if self._inbox is None:
            raise FetchError(
                "Es ist kein Postfach eingerichtet. Tragen Sie es in den Einstellungen unter [inbox] ein.",
                "No mailbox is set up. Enter it in the settings under [inbox].",
            )
        line = Mailbox(source, self._inbox, self._read)
        try:
            return line.newest(SAMPLE_POSTS)
        finally:
            line.close()

    def _can(self, source: Source) -> bool:
        if source.kind is SourceKind.JETSTREAM:
            return True
        if source.kind is SourceKind.MAILBOX:
            return self._inbox is not None
        return (
            source.kind is SourceKind.MASTODON
            and bool(mastodon.stream(source.url))
            and bool(self._token(urlsplit(source.url).netloc))
        )

    def _line(self, source: Source) -> Line:
        if source.kind is SourceKind.JETSTREAM:
            return Jetstream(source, self._how)
        if source.kind is SourceKind.MAILBOX:
            if self._inbox is None:
                raise AssertionError("asked to hear a mailbox that is not set up")
            return Mailbox(source, self._inbox, self._read)
        token = self._token(urlsplit(source.url).netloc)
        return Mastodon(source, self._how, token, self._read)


class _Listener(Thread):
    """Keeps one line up."""

    def __init__(
        self, source: Source, basket: Basket, line: Line, pauses: tuple[float, ...]
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
        if not getattr(error, "retry", True):
            return max(
                pause, min(REFUSED, 72 * self._pauses[-1])
            )  # a password that is wrong stays so
        if isinstance(error, FetchError):
            if error.status in _REFUSING:
                pause = max(pause, min(UNWANTED, 72 * self._pauses[-1]))
            pause = max(pause, min(error.retry_after or 0.0, UNWANTED))
        return pause


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
