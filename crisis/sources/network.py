"""The wire under ``fetch``: resolves a name, checks every address, connects to the one it checked.

Between check and connection no name is resolved again, so a name server that changes its answer
(DNS rebinding) gains nothing. Every wait is bounded by one deadline for the whole request, against
servers that drip. Knows no HTTP.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore

from crisis.errors import FetchError, ForbiddenAddressError
from crisis.sources.addresses import is_allowed, is_public

Resolve = Callable[[str, int], list[str]]
"""Host and port to IP addresses; raises OSError."""


class NameUnknownError(httpcore.ConnectError):
    """The name has no address, or the name server did not answer."""


class Deadline:
    """The moment until which a request must be over, and how long one step may take before it."""

    def __init__(self, total: float, step: float) -> None:
        self._end = time.monotonic() + total
        self._step = step

    def left(self) -> float:
        """Seconds for the next step. Raises ReadTimeout if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("total time is over")
        return min(left, self._step)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of ``host``, as the operating system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to public addresses and to allowed hosts."""

    def __init__(self, deadline: Deadline, allowed: Collection[str], resolve: Resolve) -> None:
        self._deadline = deadline
        self._allowed = allowed
        self._resolve = resolve
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to ``host``, to the first of its addresses that answers.

        Raises ForbiddenAddressError if any of its addresses is not public and it is not allowed.
        """
        addresses = self._look_up(host, port)
        if not is_allowed(host, port, self._allowed):
            for address in addresses:
                if not is_public(address):
                    raise forbidden(host)
        failure: Exception = NameUnknownError(f"no address for {host}")
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(address, port, timeout=self._deadline.left())
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _BoundedStream(stream, self._deadline)
        raise failure

    def _look_up(self, host: str, port: int) -> list[str]:
        """Resolve in a thread, because the operating system may take half a minute and more."""
        answers: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except Empty:
            raise NameUnknownError(f"name server silent about {host}") from None
        if isinstance(answer, Exception):
            raise NameUnknownError(str(answer)) from answer
        return answer


class _BoundedStream(httpcore.NetworkStream):
    """A connection of which every read and write ends before the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _BoundedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def patient(stream: httpcore.NetworkStream, deadline: Deadline) -> httpcore.NetworkStream:
    """The same connection, checked once, with another deadline: for lines that stay open."""
    return _BoundedStream(
        stream._stream if isinstance(stream, _BoundedStream) else stream, deadline
    )


def forbidden(host: str) -> FetchError:
    """The error for a host that leads into a private network."""
    return ForbiddenAddressError(
        f"{host} führt in ein privates oder reserviertes Netz und wird nicht abgerufen. Ist der "
        "Rechner gemeint, muss er in den Einstellungen unter „allowed_hosts“ stehen.",
        f"{host} leads into a private or reserved network and is not fetched. If that host is "
        'meant, name it in the settings under "allowed_hosts".',
    )
