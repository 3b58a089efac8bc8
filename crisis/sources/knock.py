"""Edge: one form posted to a stranger's server, over the checked network. Follows no redirect.

Used for hubs, whose addresses come from feeds and thus from outside. Reads of the answer its status alone.
"""

from __future__ import annotations

import ssl
from collections.abc import Collection, Mapping
from urllib.parse import urlencode, urlsplit

from crisis.sources import refusals
from crisis.sources.dial import TROUBLE, Dial, headers_of
from crisis.sources.fetch import user_agent, web_url
from crisis.sources.network import Deadline, Resolve, resolve


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
        self._dial = Dial(
            agent=user_agent(contact), allowed=allowed_hosts, resolver=resolver, tls=tls
        )

    def post(self, url: str, form: Mapping[str, str]) -> None:
        """Say it. Raises FetchError where the answer is no 2xx, or there is none."""
        url = web_url(url)
        host = urlsplit(url).hostname or ""
        body = urlencode(form).encode()
        deadline = Deadline(self._timeout, max(1.0, self._timeout / 2))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            with self._dial.ask(
                "POST", url, deadline=deadline, headers=kind, body=body
            ) as response:
                status, said = response.status, headers_of(response)
        except TROUBLE as error:
            raise refusals.of_failure(error, host) from error
        if not 200 <= status < 300:
            raise refusals.of_status(status, said)
