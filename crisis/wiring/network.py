"""Requests to sources and the process that reads feeds, made when first asked."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crisis.settings import Settings
from crisis.types import FeedContent, Fetched

if TYPE_CHECKING:
    from crisis.sources.fetch import HttpFetch
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
        parts = urlsplit(url)
        if parts.path.startswith(FEED_PATH) and parts.hostname in ("127.0.0.1", "localhost", "::1"):
            if self._exercise is None:
                self._exercise = self._make((parts.netloc,))
            return self._exercise.fetch(url)
        if self._outside is None:
            self._outside = self._make(self._settings.monitor.allowed_hosts)
        return self._outside.fetch(url, etag=etag, last_modified=last_modified)

    def _make(self, allowed: tuple[str, ...]) -> HttpFetch:
        from crisis.sources.fetch import HttpFetch

        monitor = self._settings.monitor
        return HttpFetch(
            timeout=monitor.timeout_seconds,
            max_bytes=monitor.max_bytes,
            allowed_hosts=allowed,
            contact=monitor.user_agent_contact or self._settings.authority.contact_email,
        )


class LazyReader:
    """The reading process, started when it is first asked."""

    def __init__(self) -> None:
        self._reader: FeedReader | None = None
        self._starting = Lock()  # the monitor asks from several threads; one process is enough

    def read(self, fetched: Fetched) -> FeedContent:
        with self._starting:
            if self._reader is None:
                from crisis.sources.reader import FeedReader

                self._reader = FeedReader()
            reader = self._reader
        return reader.read(fetched)

    def close(self) -> None:
        """End the process; the next feed starts another."""
        if self._reader is not None:
            self._reader.close()
