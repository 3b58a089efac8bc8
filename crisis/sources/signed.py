"""Signatures of CAP messages (enveloped XML-DSig, CAP 1.2 section 3.3.4.1): only what is signed counts.

Two questions, kept apart. Without a certificate of the sender nobody can say who signed: then a signature
proves only that the message is as it was signed, and one that does not even prove that is refused. With the
sender's certificate, every message must be signed by it. The arithmetic is ``signxml``'s.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lxml import etree

from crisis.errors import FeedError

_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
_CERTIFICATE = f"{{{_NAMESPACE}}}KeyInfo/{{{_NAMESPACE}}}X509Data/{{{_NAMESPACE}}}X509Certificate"
_KEYED = (
    f"{{{_NAMESPACE}}}KeyInfo/{{{_NAMESPACE}}}KeyValue",
    f"{{{_NAMESPACE}}}KeyInfo/{{http://www.w3.org/2009/xmldsig11#}}DEREncodedKeyValue",
)


_PEM = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def trusted(message: etree._Element, certificates: str) -> etree._Element:
    """The part of ``message``, a root, that can be relied on. Raises FeedError where there is none.

    ``certificates``: those of the sender, PEM, one after the other; "" none is known.
    """
    signatures = list(message.iter(f"{{{_NAMESPACE}}}Signature"))
    if not signatures:
        if certificates:
            raise _bad(
                "Die Warnung ist nicht unterschrieben; von diesem Absender gilt nur, was es ist.",
                "The warning is not signed; of this sender only what is signed counts.",
            )
        return message
    if len(signatures) > 1 or signatures[0].getparent() is not message:
        raise _bad()
    if certificates:
        return _by_one_of(message, certificates)
    return _as_signed(message, signatures[0])


def _by_one_of(message: etree._Element, certificates: str) -> etree._Element:
    for certificate in _split(certificates):
        found = _verified(message, certificate=certificate, strict=True)
        if found is not None:
            return found
    raise _bad(
        "Die Unterschrift der Warnung stammt nicht vom hinterlegten Zertifikat, oder sie stimmt nicht.",
        "The warning's signature is not by the certificate kept here, or it is wrong.",
    )


def _as_signed(message: etree._Element, signature: etree._Element) -> etree._Element:
    """By the key the message brings along: says that it is whole, not whose it is."""
    inside = signature.find(_CERTIFICATE)
    if inside is None and not any(signature.find(path) is not None for path in _KEYED):
        return message  # its key is named only: nothing to try it with
    pem = _pem(inside.text or "") if inside is not None else ""
    found = _verified(message, certificate=pem, strict=False)
    if found is None:
        raise _bad()
    return found


def _verified(message: etree._Element, *, certificate: str, strict: bool) -> etree._Element | None:
    """What was signed, if it was signed by that key; None if not."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from signxml.exceptions import SignXMLException
    from signxml.verifier import XMLVerifier

    try:
        result = XMLVerifier().verify(
            message, x509_cert=certificate or None, expect_config=_config(strict, bool(certificate))
        )
    except (SignXMLException, InvalidSignature, UnsupportedAlgorithm, etree.LxmlError):
        return None
    except (
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
        LookupError,
        NotImplementedError,
    ):
        return None  # an element it counts on is missing
    whole = getattr(result, "signed_xml", None)
    # Signed must be the message itself, not some part that was put into another one.
    return whole if whole is not None and whole.tag == message.tag else None


@cache
def _config(strict: bool, by_certificate: bool) -> Any:
    from signxml.algorithms import DigestAlgorithm, SignatureMethod
    from signxml.verifier import SignatureConfiguration

    # SHA-1 proves nobody's hand any more; whether a message is whole it still says well enough.
    methods = frozenset(
        one
        for one in SignatureMethod
        if "HMAC" not in one.name and not (strict and "SHA1" in one.name)
    )
    digests = frozenset(one for one in DigestAlgorithm if not (strict and "SHA1" in one.name))
    return SignatureConfiguration(
        require_x509=by_certificate,
        location="./",
        signature_methods=methods,
        digest_algorithms=digests,
    )


def _split(certificates: str) -> list[str]:
    return _PEM.findall(certificates)


def _pem(text: str) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{''.join(text.split())}\n-----END CERTIFICATE-----"


def _bad(
    de: str = "Die Unterschrift der Warnung stimmt nicht; sie wird nicht gezeigt.",
    en: str = "The warning's signature is wrong; it is not shown.",
) -> FeedError:
    return FeedError(de, en)
