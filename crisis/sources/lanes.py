"""Which of the sources that are due may be asked now. Pure: keeps count, asks nobody, knows no clock.

So many at a time, never two at the same host, and after a host has answered a short rest for it.
Sources that failed last time share half of the places, so that those that hang hold up nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crisis.types import Source

REST = timedelta(seconds=1)  # between two requests to one host
_MOST_HOSTS = 10_000  # remembered; a rest lasts a second


class Lanes:
    """The places at which sources are asked, and who rests."""

    def __init__(self, places: int, *, rest: timedelta = REST) -> None:
        self._places = places
        self._rest = rest
        self._taken: dict[int, tuple[str, bool]] = {}  # source -> host, whether it is suspect
        self._resting: dict[str, datetime] = {}  # host -> until

    def admit(self, due: Iterable[Source], now: datetime) -> list[Source]:
        """Those of ``due``, the longest overdue first, that may be asked now; they take their places."""
        admitted = []
        hosts = {host for host, _ in self._taken.values()}
        for source in due:
            if len(self._taken) >= self._places:
                break
            host, suspect = host_of(source.url), source.failures > 0
            if source.id in self._taken or host in hosts or self._rests(host, now):
                continue
            if suspect and self._suspects() >= max(1, self._places // 2):
                continue
            self._taken[source.id] = (host, suspect)
            hosts.add(host)
            admitted.append(source)
        return admitted

    def free(self, source_id: int, now: datetime) -> None:
        """The source has answered or failed; its place is free, its host rests."""
        host, _ = self._taken.pop(source_id, ("", False))
        if len(self._resting) >= _MOST_HOSTS:
            self._resting = {h: t for h, t in self._resting.items() if t > now}
        self._resting[host] = now + self._rest

    def _suspects(self) -> int:
        return sum(suspect for _, suspect in self._taken.values())

    def _rests(self, host: str, now: datetime) -> bool:
        until = self._resting.get(host)
        # A rest that ends much later than any rest was begun by a clock that has jumped since.
        return until is not None and now < until <= now + self._rest


def host_of(url: str) -> str:
    """Host and port of an address; the address itself where it has none."""
    try:
        return (urlsplit(url).netloc or url).lower()
    except ValueError:
        return url
