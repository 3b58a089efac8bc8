"""An alert as a mail for the wire: RFC 5322 headers, plain text and HTML. Pure; sends nothing (``smtp``).

The same alert always makes the same message, to the byte: a second try after a crash is
recognised by its Message-ID and folded away by mail programs.
"""

from __future__ import annotations

import re
import unicodedata
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from crisis.errors import InvalidInputError
from crisis.types import Alert, AlertKind

_LANGUAGE = re.compile(r'<html lang="([a-z]{2})"')
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,240}>")
_CALLS = frozenset(
    {AlertKind.RAISED, AlertKind.REOPENED, AlertKind.ESCALATED, AlertKind.WORSE, AlertKind.TEST}
)


def message(
    alert: Alert, sender: str, reply_to: str | None = None, authority: str = ""
) -> EmailMessage:
    """The mail as it goes out, from ``sender`` (an address) under the name of the ``authority``.

    Raises InvalidInputError if any header holds a line break or another control character, or an address
    or Message-ID cannot be one.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(sender, authority)
    mail["To"] = _address(alert.to)
    if reply_to:
        mail["Reply-To"] = _address(reply_to)
    mail["Subject"] = _plain("Subject", alert.subject)
    mail["Date"] = alert.created
    mail["Message-ID"] = _message_id(alert.message_id)
    if alert.in_reply_to:
        mail["In-Reply-To"] = _message_id(alert.in_reply_to)
        mail["References"] = _message_id(alert.in_reply_to)
    # RFC 3834; the second is what Exchange understands. Both keep holiday notices from answering.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if alert.kind in _CALLS:
        mail["Importance"] = "high"
    else:
        # Only where nobody waits for it: many filters sort "bulk" where no telephone rings.
        mail["Precedence"] = "bulk"
    # Quoted-printable, since base64 of plain words is what spam filters look at twice.
    mail.set_content(alert.text, cte="quoted-printable")
    if alert.html:
        mail.add_alternative(alert.html, subtype="html", cte="quoted-printable")
    # Last, since a body takes the Content- headers along into its part.
    found = _LANGUAGE.search(alert.html[:500])
    mail["Content-Language"] = found[1] if found else "de"
    if alert.html:
        mail.set_boundary(f"=_{sha256(alert.message_id.encode()).hexdigest()[:40]}")
    return mail


def _plain(header: str, value: str) -> str:
    """The value, unless something in it could begin a new line or hide in one."""
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in value):
        raise InvalidInputError(
            f"Die Kopfzeile {header} enthält einen Zeilenumbruch oder ein Steuerzeichen. So geht die"
            " Mail nicht hinaus.",
            f"The header {header} holds a line break or control character. The mail is not sent so.",
        )
    return value


def _address(address: str, name: str = "") -> Address:
    """The address with its domain as the wire needs it (IDNA), and a name for people."""
    _plain("From/To", address + name)
    try:
        local, _, domain = address.strip().rpartition("@")
        wire = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        # Umlauts before the @ (RFC 6531) get lost on many ways and are refused here.
        return Address(display_name=name, addr_spec=f"{local}@{wire}")
    except (MessageError, ValueError, IndexError) as error:
        raise _no_address(address) from error


def _no_address(address: str) -> InvalidInputError:
    return InvalidInputError(
        f"„{address}“ ist keine E-Mail-Adresse. Bitte verbessern Sie sie in der Verwaltung.",
        f"“{address}” is not an e-mail address. Please correct it in the administration.",
    )


def _message_id(value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value):
        raise InvalidInputError(
            "Die Kennung der Mail (Message-ID) ist ungültig.", "The mail's Message-ID is not valid."
        )
    return value
