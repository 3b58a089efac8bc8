"""Sign a mail with DKIM (RFC 6376): RSA with SHA-256, relaxed headers and body. Pure; reads no file.

A signature says that the domain stands for these headers and this body. The same mail always gets the same
one: its time is the mail's own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from email.utils import parsedate_to_datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from crisis.errors import InvalidInputError

BITS = 2048  # RFC 8301; longer keys do not fit into many DNS forms
# RFC 6376 5.4.1, and what makes ours what they are.
_SIGNED = (
    *("from", "to", "subject", "date", "message-id", "in-reply-to", "references", "reply-to"),
    *("mime-version", "content-type", "content-language", "auto-submitted"),
)
_SPACES = re.compile(rb"[ \t]+")


class Signer:
    """The key of one domain under one name (selector)."""

    def __init__(self, key: str, domain: str, selector: str) -> None:
        """``key`` is an RSA key as PEM, without a password. Raises InvalidInputError."""
        try:
            found = serialization.load_pem_private_key(key.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise _no_key() from error
        if not isinstance(found, rsa.RSAPrivateKey) or found.key_size < 1024:
            raise _no_key()
        self._key, self._domain, self._selector = found, domain, selector

    def sign(self, mail: bytes) -> bytes:
        """The mail (lines end with CR LF) with its signature above it."""
        head, _, body = mail.partition(b"\r\n\r\n")
        fields = _fields(head)
        names = [name for name in _SIGNED if name.encode() in {f[0] for f in fields}]
        # "from" twice: nobody may add a second one (RFC 6376 8.15).
        listed = [*names, "from"]
        moment = int(parsedate_to_datetime(_value(fields, b"date").decode()).timestamp())
        digest = base64.b64encode(hashlib.sha256(_body(body)).digest()).decode()
        value = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self._domain}; s={self._selector};\r\n"
            f"\tt={moment}; h={':'.join(listed)};\r\n\tbh={digest};\r\n\tb="
        )
        header = f"DKIM-Signature: {value}".encode()
        said = b"".join(_relaxed(name, text) + b"\r\n" for name, text in _last(fields, names))
        said += _relaxed(b"dkim-signature", value.encode())
        made = base64.b64encode(self._key.sign(said, padding.PKCS1v15(), hashes.SHA256())).decode()
        folded = "\r\n\t".join(made[i : i + 72] for i in range(0, len(made), 72))
        return header + folded.encode() + b"\r\n" + mail

    @property
    def record(self) -> tuple[str, str]:
        """What stands in the DNS: the name, and the text record's value in pieces of 255 at most."""
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        text = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
        pieces = " ".join(f'"{text[i : i + 255]}"' for i in range(0, len(text), 255))
        return f"{self._selector}._domainkey.{self._domain}", pieces


def new_key() -> str:
    """A fresh key, as PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


# --- the canonical forms ---------------------------------------------------------------------


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    """Names (lower case) and values with their folding, in order."""
    lines = re.split(rb"\r\n(?![ \t])", head)
    parted = (line.partition(b":") for line in lines)
    return [(name.strip().lower(), value) for name, _, value in parted]


def _last(fields: list[tuple[bytes, bytes]], names: list[str]) -> list[tuple[bytes, bytes]]:
    """The last field of each name, as verifiers take them."""
    held = dict(fields)
    return [(name.encode(), held[name.encode()]) for name in names]


def _value(fields: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    return dict(fields)[name].strip()


def _relaxed(name: bytes, value: bytes) -> bytes:
    """RFC 6376 3.4.2."""
    return name + b":" + _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _body(body: bytes) -> bytes:
    """RFC 6376 3.4.4."""
    lines = [_SPACES.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _no_key() -> InvalidInputError:
    return InvalidInputError(
        "Das ist kein RSA-Schlüssel im PEM-Format. „crisis mail dkim“ macht einen.",
        "This is no RSA key in PEM format. “crisis mail dkim” makes one.",
    )
