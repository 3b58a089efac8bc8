"""Edge: one form posted to a stranger's server, over the checked network. Follows no redirect.

Used for hubs, whose addresses come from feeds and thus from outside. Reads of the answer its status alone.
"""

from __future__ import annotations

import ssl
from collections.abc import Collection, Mapping
from urllib.parse import urlencode, urlsplit

import httpcore

from crisis.sources import refusals
from crisis.sources.fetch import user_agent, web_url
from crisis.sources.network import CheckedNetwork, Deadline, Resolve, resolve


class Knock:
    """Posts forms; see ``interfaces.Knock``. May be used by several threads at once."""

    def __init__(
        self,
        *,
        timeout: float = 15,
        allowed_hosts: Collection[str] = (),
        contact: str = "",
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout = timeout
        self._allowed = tuple(allowed_hosts)
        self._agent = user_agent(contact)
        self._resolver = resolver
        self._tls = tls

    def post(self, url: str, form: Mapping[str, str]) -> None:
        """Say it. Raises FetchError where the answer is no 2xx, or there is none."""
        url = web_url(url)
        host = urlsplit(url).hostname or ""
        body = urlencode(form).encode()
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("Host", urlsplit(url).netloc),
            ("User-Agent", self._agent),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        # Made here, not at the start: reading the authorities takes longer than most pages do.
        tls = self._tls or ssl.create_default_context()
        network = CheckedNetwork(
            Deadline(self._timeout, max(1.0, self._timeout / 2)), self._allowed, self._resolver
        )
        try:
            with (
                httpcore.ConnectionPool(ssl_context=tls, network_backend=network) as pool,
                pool.stream("POST", url, headers=headers, content=body) as response,
            ):
                status = response.status
                said = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise refusals.of_failure(error, host) from error
        if not 200 <= status < 300:
            raise refusals.of_status(status, said)
