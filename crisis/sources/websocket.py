"""Edge: a WebSocket over the checked network. Messages in, pongs out, nothing else is ever sent.

The protocol is ``websockets``' own, without its sockets and threads: so the connection goes to the address
that was checked, every wait ends, and many messages cost one call of the system. No compression is offered:
an unpacked message would have to be bounded once more. Knows nothing of what the messages say.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpcore
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from crisis.errors import FetchError
from crisis.sources import refusals
from crisis.sources.addresses import is_allowed
from crisis.sources.network import CheckedNetwork, Deadline, Resolve, patient, resolve

PIECE = 1 << 16
_DATA = {Opcode.TEXT, Opcode.BINARY, Opcode.CONT}


class WebSocket:
    """One open connection. ``silence``: seconds without a byte after which it counts as dead.

    Raises FetchError while opening and reading; a server that closes in order ends ``messages``.
    """

    def __init__(
        self,
        url: str,
        *,
        agent: str,
        allowed: Collection[str] = (),
        timeout: float = 20,
        silence: float = 60,
        max_message: int = 1_000_000,
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        if parts.scheme != "wss" and not is_allowed(self._host, port, allowed):
            raise FetchError(
                f"{self._host} wird nur verschlüsselt gehört: Die Adresse muss mit wss:// beginnen.",
                f"{self._host} is listened to with encryption only: the address must begin with wss://.",
            )
        self._silence = silence
        self._protocol = ClientProtocol(parse_uri(url), max_size=max_message)
        network = CheckedNetwork(Deadline(timeout, timeout), allowed, resolver)
        try:
            self._line = network.connect_tcp(self._host, port)
            if parts.scheme == "wss":
                context = tls or ssl.create_default_context()
                self._line = self._line.start_tls(context, server_hostname=self._host)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise refusals.of_failure(error, self._host) from error
        self._early: list[bytes] = []
        try:
            self._open(agent)
        except BaseException:
            self.close()
            raise

    def messages(self) -> Iterator[list[bytes]]:
        """Whole messages, as many at a time as one read brought; an empty list is a sign of life."""
        # From here on the line has no last moment: only silence ends it.
        self._line = patient(self._line, Deadline(float("inf"), self._silence))
        yield self._early
        part: list[bytes] = []
        while not self._protocol.close_expected():
            self._receive()
            found = []
            for event in self._protocol.events_received():
                if isinstance(event, Frame) and event.opcode in _DATA:
                    part.append(bytes(event.data))
                    if event.fin:
                        found.append(b"".join(part) if len(part) > 1 else part[0])
                        part = []
            yield found
            if self._protocol.parser_exc is not None:
                raise _no_protocol(self._host) from self._protocol.parser_exc

    def close(self) -> None:
        """Hang up, also from another thread: whoever reads gets an end."""
        hang_up(self._line)

    def _open(self, agent: str) -> None:
        request = self._protocol.connect()
        request.headers["User-Agent"] = agent
        self._protocol.send_request(request)
        self._send()
        answered = False
        part: list[bytes] = []
        while not answered:
            self._receive()
            for event in self._protocol.events_received():
                if isinstance(event, Response):
                    answered = True
                elif isinstance(event, Frame) and event.opcode in _DATA:
                    part.append(bytes(event.data))
                    if event.fin:
                        self._early.append(b"".join(part))
                        part = []
            if self._protocol.handshake_exc is not None:
                raise self._refused(self._protocol.handshake_exc)

    def _refused(self, error: Exception) -> FetchError:
        if isinstance(error, InvalidStatus):
            headers = {name.lower(): value for name, value in error.response.headers.raw_items()}
            return refusals.of_status(error.response.status_code, headers)
        said = _no_protocol(self._host)
        said.__cause__ = error if isinstance(error, InvalidHandshake) else None
        return said

    def _receive(self) -> None:
        try:
            data = self._line.read(PIECE)
            if data:
                self._protocol.receive_data(data)
            else:
                self._protocol.receive_eof()
            self._send()
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise refusals.of_failure(error, self._host) from error

    def _send(self) -> None:
        for data in self._protocol.data_to_send():
            if data:  # b"" stands for the end of our side, which closing brings anyway
                self._line.write(data)


def hang_up(line: httpcore.NetworkStream) -> None:
    """Close a connection so that a thread that waits for it wakes."""
    plain: Any = line.get_extra_info("socket")
    if plain is not None:
        # Of the plain socket, not of TLS, which would say goodbye and wait for an answer.
        with suppress(OSError):  # it is closed already
            socket.socket.shutdown(plain, socket.SHUT_RDWR)
    line.close()


def _no_protocol(host: str) -> FetchError:
    return FetchError(
        f"{host} spricht kein gültiges WebSocket. Bitte prüfen Sie die Adresse.",
        f"{host} does not speak valid WebSocket. Please check the address.",
    )
