"""Signatures of mails: checked the way a receiving server does, from the DNS record and the bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from builders import NOON, person
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from mails import draft

from crisis.alerts.compose import addressed
from crisis.alerts.dkim import Signer, _body, new_key
from crisis.alerts.message import message
from crisis.errors import InvalidInputError

KEY = new_key()
SIGNER = Signer(KEY, "musterstadt.example", "klarstellung")


def verify(mail: bytes, record: str) -> None:
    """As RFC 6376 6.1.3 has it, written a second time."""
    head, _, body = mail.partition(b"\r\n\r\n")
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")
    fields = [(line.split(b":", 1)[0].lower(), line.split(b":", 1)[1]) for line in unfolded]
    value = next(text for name, text in fields if name == b"dkim-signature").decode()
    tags = dict(re.findall(r"(\w+)=([^;]*)", re.sub(r"\s+", "", value)))
    text = re.sub(rb"[ \t]+", b" ", body)
    text = re.sub(rb" (?=\r\n)", b"", text)
    text = re.sub(rb"(\r\n)*\Z", b"", text) + b"\r\n"
    assert base64.b64decode(tags["bh"]) == hashlib.sha256(text).digest()
    said = []
    rest = list(fields)
    for wanted in tags["h"].split(":"):
        for found in reversed(rest):
            if found[0] == wanted.encode():
                rest.remove(found)
                squeezed = re.sub(rb"\s+", b" ", found[1]).strip()
                said.append(found[0] + b":" + squeezed + b"\r\n")
                break
    bare = re.sub(r"b=[A-Za-z0-9+/=\s]*$", "b=", value)
    said.append(b"dkim-signature:" + re.sub(r"\s+", " ", bare).strip().encode())
    key = serialization.load_der_public_key(base64.b64decode(record.partition("p=")[2]))
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(base64.b64decode(tags["b"]), b"".join(said), padding.PKCS1v15(), hashes.SHA256())


def record() -> str:
    return "".join(re.findall(r'"([^"]*)"', SIGNER.record[1]))


def signed(subject: str = "Gerücht: Trinkwasser – 14 Beiträge") -> bytes:
    alert = replace(addressed(draft(), person(id=3), NOON), subject=subject)
    mail = message(alert, "lage@musterstadt.example")
    return SIGNER.sign(mail.as_bytes())


def test_a_mail_of_ours_verifies() -> None:
    verify(signed(), record())


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=200))
def test_whatever_the_subject_it_verifies(subject: str) -> None:
    verify(signed(subject), record())


@pytest.mark.parametrize("old", [b"Content-Language: de", b"klarstellung", b"=C3=BC"])
def test_a_changed_mail_does_not(old: bytes) -> None:
    mail = signed()
    place = mail.rfind(old)
    if place < 0:
        pytest.fail(f"{old!r} stands nowhere")
    changed = mail[:place] + b"x" + mail[place + 1 :]
    with pytest.raises((InvalidSignature, AssertionError)):
        verify(changed, record())


def test_a_second_sender_cannot_be_added() -> None:
    mail = signed().replace(b"\r\nFrom:", b"\r\nFrom: dev@elsewhere.example\r\nFrom:", 1)
    with pytest.raises((InvalidSignature, AssertionError)):
        verify(mail, record())


def test_the_same_mail_is_signed_the_same() -> None:
    assert signed() == signed()


def test_the_body_is_hashed_as_the_standard_has_it() -> None:
    # The example of RFC 8463, appendix A.
    body = b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
    digest = base64.b64encode(hashlib.sha256(_body(body)).digest())
    assert digest == b"2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="
    assert _body(b"") == b""
    assert _body(b"a \t b\t\r\n\r\n\r\n") == b"a b\r\n"


def test_the_record_fits_into_the_dns() -> None:
    name, value = SIGNER.record
    assert name == "klarstellung._domainkey.musterstadt.example"
    pieces = re.findall(r'"([^"]*)"', value)
    assert all(len(piece) <= 255 for piece in pieces)
    assert "".join(pieces).startswith("v=DKIM1; k=rsa; p=")


@pytest.mark.parametrize("key", ["", "unsinn", KEY[:200]])
def test_what_is_no_key_is_said(key: str) -> None:
    with pytest.raises(InvalidInputError, match="crisis mail dkim"):
        Signer(key, "x.example", "s")
