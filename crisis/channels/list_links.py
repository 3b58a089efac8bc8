"""Addresses in mails to the list that work without signing in: to say yes, and to leave. Signed, no more.

Pure. They do not expire: who wants to leave must be able to after years. A leaked one says a number.
"""

from __future__ import annotations

import hashlib

from itsdangerous import BadData, URLSafeSerializer

from crisis.errors import InvalidInputError

_LONGEST = 200  # characters of a token; ours have about 50


class ListLinks:
    """Writes and reads them. Fills ``interfaces.ListLinks``."""

    def __init__(self, secret: bytes, base_url: str) -> None:
        self._base = base_url.rstrip("/")
        self._yes = _signer(secret, "crisis.subscribers.yes")
        self._no = _signer(secret, "crisis.subscribers.no")

    def confirm(self, subscriber_id: int) -> str:
        """Where somebody says that they want the mails."""
        return f"{self._base}/verteiler/ja/{self._yes.dumps(subscriber_id)!s}"

    def leave(self, subscriber_id: int) -> str:
        """Where somebody leaves; mail programs send a POST there by one click (RFC 8058)."""
        return f"{self._base}/verteiler/nein/{self._no.dumps(subscriber_id)!s}"

    def confirming(self, token: str) -> int:
        """Whose yes this is. Raises InvalidInputError."""
        return _read(self._yes, token)

    def leaving(self, token: str) -> int:
        """Whose goodbye this is. Raises InvalidInputError."""
        return _read(self._no, token)


def _signer(secret: bytes, salt: str) -> URLSafeSerializer:
    kwargs = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=salt, signer_kwargs=kwargs)


def _read(signer: URLSafeSerializer, token: str) -> int:
    try:
        if len(token) > _LONGEST or not token.isascii():
            raise ValueError("not a token of ours")
        return int(signer.loads(token))
    except (BadData, ValueError, TypeError) as error:
        raise InvalidInputError(
            "Dieser Link ist nicht vollständig oder stammt nicht von uns. Öffnen Sie ihn noch einmal"
            " aus der Mail.",
            "This link is incomplete or not one of ours. Open it from the mail again.",
        ) from error
