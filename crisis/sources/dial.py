"""Edge: one HTTP request over the checked network, whatever it is for. The one place that opens connections.

Every connection goes to an address that was checked (``network``), is verified, stands for one request, and
ends with its deadline. Follows no redirect and knows no meaning of an answer: who dials does.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpcore

from crisis.sources.network import CheckedNetwork, Deadline, Resolve, resolve

TROUBLE = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
"""What a request may end with instead of an answer; ``refusals.of_failure`` says it in words."""


class Dial:
    """Makes requests. May be used by several threads at once.

    ``allowed``: hosts of private networks that may be asked all the same. ``agent``: the User-Agent.
    """

    def __init__(
        self,
        *,
        agent: str,
        allowed: Collection[str] = (),
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.allowed = tuple(allowed)
        self._agent = agent
        self._resolver = resolver
        self._tls = tls

    @contextmanager
    def ask(
        self,
        method: str,
        url: str,
        *,
        deadline: Deadline,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        go: Callable[[], None] | None = None,
    ) -> Iterator[httpcore.Response]:
        """The answer, to be read while it is open. ``go`` is called right before anything is sent.

        Raises what ``TROUBLE`` names, and ForbiddenAddressError.
        """
        lines = {
            "Host": urlsplit(url).netloc,
            "User-Agent": self._agent,
            "Connection": "close",
            **(headers or {}),
        }
        if body is not None:
            lines["Content-Length"] = str(len(body))
        said: list[tuple[bytes | str, bytes | str]] = list(lines.items())
        network = CheckedNetwork(deadline, self.allowed, self._resolver)
        if (
            self._tls is None
        ):  # not at the start: reading the authorities takes longer than most pages do
            self._tls = ssl.create_default_context()
        with httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool:
            if go is not None:
                go()
            with pool.stream(method, url, headers=said, content=body) as response:
                yield response


def headers_of(response: httpcore.Response) -> dict[str, str]:
    """Its headers, names in lower case; the last one of a name wins."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
