"""CAP messages made for tests: an office that never was warns of water that never rose."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import SignatureMethod, XMLSigner

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"


def message(
    key: str = "LEITSTELLE-1",
    *,
    event: str = "Hochwasser",
    kind: str = "Alert",
    status: str = "Actual",
    scope: str = "Public",
    references: str = "",
    severity: str = "Severe",
    expires: str = "2026-11-23T20:00:00+01:00",
    area: str = "<geocode><valueName>AGS</valueName><value>09162000</value></geocode>",
    language: str = "de-DE",
    extra: str = "",
) -> bytes:
    """One CAP 1.2 message."""
    told = f"<references>{references}</references>" if references else ""
    until = f"<expires>{expires}</expires>" if expires else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="{NAMESPACE}"><identifier>{key}</identifier><sender>leitstelle@land.example</sender>
<sent>2026-11-23T11:00:00+01:00</sent><status>{status}</status><msgType>{kind}</msgType>
<scope>{scope}</scope>{told}<info><language>{language}</language><category>Met</category>
<event>{event}</event><urgency>Expected</urgency><severity>{severity}</severity>
<certainty>Likely</certainty>{until}<senderName>Leitstelle Land</senderName>
<headline>Amtliche Warnung vor {event}</headline><description>Lange Rede.</description>
<web>https://warnungen.example/{key}</web><area><areaDesc>Musterkreis</areaDesc>{area}</area></info>
{extra}</alert>""".encode()


def atom(*entries: str) -> bytes:
    """A list of messages."""
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Warnungen</title>'
        f"<id>urn:x</id>{''.join(entries)}</feed>"
    ).encode()


def entry(href: str, number: int = 1, updated: str = "2026-11-23T10:00:00Z") -> str:
    """One line of such a list, with the page for people before the message."""
    return (
        f"<entry><id>urn:e{number}</id><updated>{updated}</updated>"
        f'<link rel="alternate" type="text/html" href="https://warnungen.example/seite/{number}"/>'
        f'<link type="application/cap+xml" href="{href}"/></entry>'
    )


def bundle(*messages: bytes) -> bytes:
    """A zip of messages."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as file:
        for number, one in enumerate(messages):
            file.writestr(f"w{number}.xml", one)
    return body.getvalue()


class Office:
    """Who signs: a key and its certificate."""

    def __init__(self, *, ended: bool = False) -> None:
        now = datetime.now(UTC)  # certificates are held against the real clock
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Leitstelle")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=9))
            .not_valid_after(now - timedelta(days=1) if ended else now + timedelta(days=9))
            .sign(self.key, hashes.SHA256())
        )
        self.pem = certificate.public_bytes(serialization.Encoding.PEM).decode()

    def signs(self, body: bytes) -> bytes:
        """The message with this office's signature inside it."""
        signed = XMLSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256).sign(
            etree.fromstring(body), key=self.key, cert=self.pem
        )
        return bytes(etree.tostring(signed))
