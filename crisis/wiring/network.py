"""Requests to sources, streams, and the process that reads feeds, made when first asked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crisis.settings import Settings, secret_key
from crisis.settings.certificates import certificate
from crisis.settings.tokens import token
from crisis.sources.hub import Callbacks
from crisis.types import FeedContent, Fetched, Heard, Source, SourceKind
from crisis.wiring.mails import folder_of as inbox

if TYPE_CHECKING:
    from crisis.sources.fetch import HttpFetch
    from crisis.sources.follow import Streams
    from crisis.sources.knock import Knock
    from crisis.sources.reader import FeedReader


FEED_PATH = "/uebung/feed/"


class LazyFetch:
    """The network, loaded when it is first asked.

    An exercise's feed comes from our own desk on this machine: that one address may be asked although
    it is local, and nothing may redirect there.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._outside: HttpFetch | None = None
        self._exercise: HttpFetch | None = None

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        asked, whole = self._of(url)
        return (
            asked.fetch(url, etag=etag, last_modified=last_modified) if whole else asked.fetch(url)
        )

    def status(self, url: str) -> int:
        return self._of(url)[0].status(url)

    def _of(self, url: str) -> tuple[HttpFetch, bool]:
        """Who asks for this address, and whether what is there may be unchanged."""
        parts = urlsplit(url)
        if parts.path.startswith(FEED_PATH) and parts.hostname in ("127.0.0.1", "localhost", "::1"):
            if self._exercise is None:
                self._exercise = self._make((parts.netloc,))
            return self._exercise, False
        if self._outside is None:
            self._outside = self._make(self._settings.monitor.allowed_hosts)
        return self._outside, True

    def _make(self, allowed: tuple[str, ...]) -> HttpFetch:
        from crisis.sources.fetch import HttpFetch

        monitor = self._settings.monitor
        return HttpFetch(
            timeout=monitor.timeout_seconds,
            max_bytes=monitor.max_bytes,
            allowed_hosts=allowed,
            contact=monitor.user_agent_contact or self._settings.authority.contact_email,
            token=partial(token, self._settings.instance),
        )


class LazyReader:
    """The reading process, started when it is first asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reader: FeedReader | None = None
        self._starting = Lock()  # the monitor asks from several threads; one process is enough

    def read(self, fetched: Fetched, kind: SourceKind = SourceKind.FEED) -> FeedContent:
        with self._starting:
            if self._reader is None:
                from crisis.sources.reader import FeedReader

                self._reader = FeedReader(certificate=partial(certificate, self._settings.instance))
            reader = self._reader
        return reader.read(fetched, kind)

    def close(self) -> None:
        """End the process; the next feed starts another."""
        if self._reader is not None:
            self._reader.close()


class LazyStreams:
    """Streams, begun when there is the first one to follow."""

    def __init__(self, settings: Settings, reader: LazyReader) -> None:
        self._settings = settings
        self._reader = reader
        self._streams: Streams | None = None

    def follow(self, sources: Iterable[Source]) -> None:
        sources = list(sources)
        if self._streams is None:
            if not any(source.kind in _HEARD for source in sources):
                return
            self._streams = self._make()
        self._streams.follow(sources)

    def heard(self, most: int = 500) -> list[Heard]:
        return [] if self._streams is None else self._streams.heard(most)

    def waiting(self) -> bool:
        return self._streams is not None and self._streams.waiting()

    def sample(self, source: Source) -> FeedContent:
        """What a stream would bring. Follows nothing."""
        return self._make(silence=3).sample(source)

    def close(self) -> None:
        """Hang up; following begins anew."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams.close()

    def _make(self, silence: float = 60) -> Streams:
        from crisis.sources.follow import Streams

        monitor = self._settings.monitor
        return Streams(
            self._reader.read,
            contact=monitor.user_agent_contact or self._settings.authority.contact_email,
            allowed_hosts=monitor.allowed_hosts,
            token=partial(token, self._settings.instance),
            timeout=monitor.timeout_seconds,
            silence=silence,
            inbox=partial(inbox, self._settings) if self._settings.inbox.host else None,
        )


_HEARD = frozenset({SourceKind.JETSTREAM, SourceKind.MAILBOX, SourceKind.MASTODON})


def knock(settings: Settings) -> Knock:
    """Forms posted to hubs of feeds."""
    from crisis.sources.knock import Knock

    monitor = settings.monitor
    return Knock(
        timeout=monitor.timeout_seconds,
        allowed_hosts=monitor.allowed_hosts,
        contact=monitor.user_agent_contact or settings.authority.contact_email,
    )


def callbacks(settings: Settings) -> Callbacks | None:
    """Where hubs reach us: nowhere, unless this installation has a public address."""
    if not settings.authority.public_url:
        return None
    return Callbacks(secret_key(settings.instance).encode(), settings.base_url)
