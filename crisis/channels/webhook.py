"""Edge: an answer as a signed call to another program. docs/operate/channels.md describes it.

Signed as https://www.standardwebhooks.com says: ``webhook-id`` stays the same at every repeat, so that the
receiver drops what it knows; ``webhook-signature`` covers id, time and body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from crisis.channels.wire import Wire, refusal
from crisis.errors import GoneError
from crisis.types import Account, Posted, Publication


class Webhook:
    """One address that is told of answers. Fills ``interfaces.Channel``.

    ``clock`` says the seconds since 1970: a receiver refuses what is signed long ago.
    """

    code = "webhook"
    knows = False  # nobody can be asked whether it arrived; the receiver recognises the id

    def __init__(self, wire: Wire, url: str, secret: str, clock: Callable[[], datetime]) -> None:
        self._wire, self._url, self._clock = wire, url, clock
        self._secret = key_of(secret)

    def publish(
        self, what: Publication, before: Publication | None, go: Callable[[], None]
    ) -> Posted:
        """Call the address. Raises ChannelError."""
        self._call(what.key, dict(what.more["payload"]), go)
        return Posted(remote=what.key)

    def edit(self, what: Publication, target: Publication, go: Callable[[], None]) -> Posted:
        """Newer words are a call of their own."""
        return self.publish(what, None, go)

    def remove(self, what: Publication, target: Publication, go: Callable[[], None]) -> None:
        """A call cannot be taken away: ``channels.plan`` says so by another."""
        raise GoneError("Das lässt sich nicht entfernen.", "This cannot be removed.")

    def look_up(self, what: Publication) -> Posted | None:
        """Nobody can say."""
        return None

    def account(self) -> Account:
        """Call the address with an event that means nothing. Raises ChannelError."""
        self._call(f"ping-{self._clock().timestamp():.0f}", {"event": "ping"}, None)
        return Account(name=urlsplit(self._url).hostname or self._url, url="")

    def _call(self, number: str, said: dict[str, object], go: Callable[[], None] | None) -> None:
        body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
        moment = str(int(self._clock().timestamp()))
        reply = self._wire.ask(
            "POST",
            self._url,
            headers={
                "webhook-id": number,
                "webhook-timestamp": moment,
                "webhook-signature": signature(self._secret, number, moment, body),
            },
            body=body,
            content_type="application/json",
            go=go,
        )
        if not 200 <= reply.status < 300:
            raise refusal(reply, urlsplit(self._url).hostname or self._url)


def key_of(secret: str) -> bytes:
    """The secret's bytes: base64 behind ``whsec_``, or its letters as they are."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            pass
    return secret.encode()


def signature(secret: bytes, number: str, moment: str, body: bytes) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over "id.time.body"."""
    signed = f"{number}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
