"""Edge: one call to a gateway that passes an alert on. docs/operate/ways.md describes what it gets.

Goes over ``wire`` and so past the address guard; follows no redirect. With a secret each call is signed as
https://www.standardwebhooks.com says. The secret lies sealed in the database, is opened only here and stands
in no error: what a server says of it is left out.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken

from crisis.channels.webhook import key_of, signature
from crisis.channels.wire import Wire, refusal
from crisis.errors import PermanentChannelError
from crisis.types import Request


class HttpBell:
    """Fills ``interfaces.Bell``. ``key`` is the installation's own, ``clock`` says when it is signed."""

    def __init__(self, wire: Callable[[], Wire], key: str, clock: Callable[[], datetime]) -> None:
        self._wire, self._clock = wire, clock
        digest = hashlib.sha256(b"crisis.ways.seal:" + key.encode()).digest()
        self._seal = Fernet(base64.urlsafe_b64encode(digest))

    def seal(self, secret: str) -> str:
        """The secret as the database keeps it; "" stays ""."""
        return self._seal.encrypt(secret.encode()).decode() if secret else ""

    def ring(self, request: Request) -> None:
        """Returns once the gateway has taken it (2xx). Raises ChannelError and its kinds."""
        secret, host = self._open(request.secret), urlsplit(request.url).hostname or request.url
        headers = {
            name.strip(): value.strip().replace("{secret}", secret)
            for name, _colon, value in (line.partition(":") for line in request.headers)
        }
        if secret:
            moment = str(int(self._clock().timestamp()))
            headers |= {
                "webhook-id": request.key,
                "webhook-timestamp": moment,
                "webhook-signature": signature(key_of(secret), request.key, moment, request.body),
            }
        else:
            headers["webhook-id"] = request.key
        reply = self._wire().ask(
            request.method,
            request.url,
            headers=headers,
            body=request.body,
            content_type=request.content_type,
        )
        if not 200 <= reply.status < 300:
            raise refusal(reply, host)

    def _open(self, sealed: str) -> str:
        if not sealed:
            return ""
        try:
            return self._seal.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise PermanentChannelError(
                "Das Geheimnis des Gateways lässt sich nicht mehr lesen, weil der Schlüssel dieser"
                " Installation ein anderer ist. Tragen Sie es neu ein.",
                "The gateway's secret cannot be read any more, since this installation has another key."
                " Please enter it anew.",
            ) from error
