"""Edge: one HTTP request to a channel's server, with the address checks of fetching (``sources.network``).

Never follows a redirect, since it carries a secret; takes https only, but for hosts of the house's own
network that the settings allow. Says of every failure whether the request may have arrived all the same.
Knows no network's meaning of what comes back.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpcore

from crisis.errors import ChannelError, FetchError, PermanentChannelError
from crisis.sources.addresses import is_allowed
from crisis.sources.dial import TROUBLE, Dial, headers_of
from crisis.sources.fetch import user_agent, web_url
from crisis.sources.network import Deadline, Resolve, resolve
from crisis.sources.refusals import of_failure, retry_after

MAX_BYTES = 2_000_000  # of an answer; the largest we read is a page of one's own posts
_BEFORE = (httpcore.ConnectError, httpcore.ConnectTimeout)  # nothing was sent when these are raised


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered, whatever its status."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON; {} where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def wait(self) -> float | None:
        """Seconds the server asks us to wait."""
        return retry_after(self.headers)


class Wire:
    """Asks servers on behalf of channels.

    ``timeout``: seconds for a whole request. ``allowed_hosts``: of private networks that may be asked, and
    without TLS. ``contact`` stands in the User-Agent.
    """

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
        self._dial = Dial(
            agent=user_agent(contact), allowed=allowed_hosts, resolver=resolver, tls=tls
        )

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        content_type: str = "",
        go: Callable[[], None] | None = None,
    ) -> Reply:
        """The server's answer. ``go`` is called when nothing stands before the request any more.

        Raises ChannelError where there was none; its ``doubt`` says whether it may have arrived.
        """
        url = self._address(url)
        lines = {"Accept": "application/json", **(headers or {})}
        if content_type:
            lines["Content-Type"] = content_type
        said = body if body or content_type else None
        deadline = Deadline(self._timeout, max(1.0, self._timeout / 2))
        try:
            with self._dial.ask(
                method, url, deadline=deadline, headers=lines, body=said, go=go
            ) as response:
                return _receive(response)
        except TROUBLE as error:
            why = of_failure(error, urlsplit(url).hostname or "")
            raise ChannelError(
                why.de.replace("Die Quelle wird nicht gelesen", "Dorthin geht nichts hinaus"),
                why.en.replace("The source is not read", "Nothing is sent there"),
                doubt=not isinstance(error, _BEFORE),
            ) from error
        except FetchError as error:
            raise PermanentChannelError(
                error.de.replace("abgerufen", "angesprochen").replace(
                    "„allowed_hosts“", "„allowed_hosts“ bei [channels]"
                ),
                error.en.replace("fetched", "spoken to").replace(
                    '"allowed_hosts"', '"allowed_hosts" of [channels]'
                ),
            ) from error

    def _address(self, url: str) -> str:
        try:
            url = web_url(url)
        except FetchError as error:
            raise PermanentChannelError(error.de, error.en) from error
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme != "https" and not is_allowed(parts.hostname or "", port, self._allowed):
            raise PermanentChannelError(
                f"{parts.hostname} wird nur verschlüsselt angesprochen: Die Adresse muss mit https://"
                " beginnen.",
                f"{parts.hostname} is spoken to with encryption only: the address must begin with"
                " https://.",
            )
        return url


def _receive(response: httpcore.Response) -> Reply:
    body = bytearray()
    for piece in response.iter_stream():
        body += piece
        if len(body) > MAX_BYTES:
            break
    return Reply(response.status, headers_of(response), bytes(body[:MAX_BYTES]))


def refusal(reply: Reply, who: str, *, said: str = "") -> ChannelError:
    """The error for a status that is no success. ``who`` is the server's name, ``said`` its own words."""
    words = "".join(c for c in " ".join(said.split())[:200] if c.isprintable())
    de = en = f" ({reply.status}{': ' + words if words else ''})"
    if reply.status == 429:
        return ChannelError(
            f"{who} bittet, langsamer zu machen{de}. Es wird wieder versucht.",
            f"{who} asks us to slow down{en}. It is tried again.",
            retry_after=reply.wait,
        )
    if reply.status >= 500 or reply.status == 408:
        return ChannelError(
            f"{who} hat gerade eine Störung{de}. Es wird wieder versucht.",
            f"{who} has a fault at present{en}. It is tried again.",
            doubt=reply.status != 503,
            retry_after=reply.wait,
        )
    if reply.status in (401, 403):
        return PermanentChannelError(
            f"{who} nimmt unseren Zugang nicht an{de}. Bitte prüfen Sie Konto und Zugangsschlüssel in"
            " den Einstellungen.",
            f"{who} does not accept our access{en}. Please check account and access key in the"
            " settings.",
        )
    return PermanentChannelError(f"{who} lehnt das ab{de}.", f"{who} refuses this{en}.")


def lost_post() -> PermanentChannelError:
    """A reply has nothing to stand below: by itself nobody would understand it."""
    return PermanentChannelError(
        "Der Beitrag, auf den geantwortet werden sollte, ist dort nicht (mehr) zu finden.",
        "The post to be replied to cannot be found there (any more).",
    )
