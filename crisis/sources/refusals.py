"""What went wrong with a request, in words for people: German and English, with what to do about it.

From status codes and foreign errors to ours. Knows HTTP's meanings, not how a request is made.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import httpcore

from crisis.errors import FetchError, TooLargeError
from crisis.sources.limits import until_reset
from crisis.sources.network import NameUnknownError
from crisis.sources.unpack import PackedWronglyError, UnknownPackingError

_STATUS = {
    400: (
        "Die Quelle versteht die Anfrage nicht (400). Bitte die Adresse prüfen.",
        "The source does not understand the request (400). Please check the address.",
    ),
    401: (
        "Die Quelle verlangt eine Anmeldung (401). Nur öffentliche Feeds können gelesen werden.",
        "The source asks for a sign-in (401). Only public feeds can be read.",
    ),
    403: (
        "Die Quelle verweigert den Abruf (403). Fragen Sie den Betreiber, ob er ihn erlaubt.",
        "The source refuses to be fetched (403). Ask whoever runs it for permission.",
    ),
    404: (
        "Unter dieser Adresse gibt es nichts (404). Bitte die Adresse prüfen.",
        "There is nothing at this address (404). Please check the address.",
    ),
    410: (
        "Die Quelle wurde dauerhaft eingestellt (410). Entfernen Sie sie, oder suchen Sie eine neue.",
        "The source is gone for good (410). Remove it or look for a new one.",
    ),
    429: (
        "Die Quelle bittet, seltener zu fragen (429). Es wird später wieder versucht.",
        "The source asks us to come less often (429). It will be tried again later.",
    ),
    503: (
        "Die Quelle ist vorübergehend nicht verfügbar (503). Es wird wieder versucht.",
        "The source is unavailable for now (503). It will be tried again.",
    ),
}
# OpenSSL's numbers of what is wrong with a certificate (X509_V_ERR_...).
_CERTIFICATE = {
    9: ("ist noch nicht gültig", "is not valid yet"),
    10: ("ist abgelaufen", "has expired"),
    18: ("ist selbst ausgestellt", "is self-signed"),
    19: ("ist selbst ausgestellt", "is self-signed"),
    20: ("stammt von einer unbekannten Stelle", "was issued by an unknown authority"),
    21: ("stammt von einer unbekannten Stelle", "was issued by an unknown authority"),
    23: ("wurde widerrufen", "was revoked"),
    62: ("gilt für einen anderen Namen", "is made out for another name"),
    64: ("gilt für eine andere Adresse", "is made out for another address"),
}


def of_status(status: int, headers: Mapping[str, str]) -> FetchError:
    """The error for an answer that is neither a body nor a redirect."""
    if status in _STATUS:
        de, en = _STATUS[status]
    elif status >= 500:
        de = f"Die Quelle meldet einen Fehler bei sich ({status}). Es wird wieder versucht."
        en = f"The source reports a fault of its own ({status}). It will be tried again."
    else:
        de = f"Die Quelle antwortet unerwartet ({status}). Bitte die Adresse im Browser prüfen."
        en = f"The source answers unexpectedly ({status}). Please check the address in a browser."
    wait = retry_after(headers)
    if wait is None and status == 429:
        wait = until_reset(headers, refused=True)
    return FetchError(de, en, status=status, retry_after=wait)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by ``Retry-After``; a date counts from the server's own ``Date``. None: unsaid."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = (
            float(value)
            if value.isascii() and value.replace(".", "", 1).isdigit()
            else _span(value, headers)
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return seconds if isfinite(seconds) and seconds >= 0 else None


def _span(until: str, headers: Mapping[str, str]) -> float:
    start: datetime = parsedate_to_datetime(headers.get("date", ""))
    return (parsedate_to_datetime(until) - start).total_seconds()


def of_failure(error: Exception, host: str) -> FetchError:
    """The error for a request that got no whole answer."""
    certificate = _certificate(error)
    if certificate is not None:
        de, en = _CERTIFICATE.get(certificate.verify_code, ("ist ungültig", "is invalid"))
        return FetchError(
            f"Das Zertifikat von {host} {de}. Die Quelle wird nicht gelesen, bis das behoben ist.",
            f"The certificate of {host} {en}. The source is not read until that is mended.",
        )
    if isinstance(error, NameUnknownError):
        return FetchError(
            f"Der Name {host} ist im Netz nicht bekannt. Bitte die Adresse auf Tippfehler prüfen.",
            f"The name {host} is not known on the network. Please check the address for typos.",
        )
    if isinstance(error, httpcore.TimeoutException):
        return TooLargeError(
            f"{host} antwortet nicht oder zu langsam. Es wird später wieder versucht.",
            f"{host} does not answer, or too slowly. It will be tried again later.",
        )
    if isinstance(error, PackedWronglyError):
        return FetchError(
            f"Die Antwort von {host} ist fehlerhaft gepackt oder unvollständig.",
            f"The answer of {host} is compressed wrongly or incomplete.",
        )
    if isinstance(error, UnknownPackingError):
        return FetchError(
            f"{host} packt die Antwort auf eine Weise, die nicht verlangt war ({error}).",
            f"{host} compresses its answer in a way nobody asked for ({error}).",
        )
    if isinstance(error, httpcore.ConnectError):
        return FetchError(*_connection(error, host))
    return FetchError(
        f"{host} hat die Verbindung mittendrin beendet oder kein gültiges HTTP gesprochen. "
        "Es wird später wieder versucht.",
        f"{host} ended the connection half-way or did not speak valid HTTP. "
        "It will be tried again later.",
    )


def _connection(error: Exception, host: str) -> tuple[str, str]:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLError) or "SSL" in str(error):
        return (
            f"Mit {host} kam keine verschlüsselte Verbindung zustande.",
            f"No encrypted connection to {host} could be made.",
        )
    if isinstance(cause, ConnectionRefusedError) or "refused" in str(error):
        return (
            f"{host} nimmt keine Verbindung an. Läuft dort ein Webserver?",
            f"{host} refuses the connection. Is a web server running there?",
        )
    return (
        f"{host} ist nicht erreichbar. Besteht eine Verbindung zum Internet?",
        f"{host} cannot be reached. Is there a connection to the internet?",
    )


def _certificate(error: BaseException) -> ssl.SSLCertVerificationError | None:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return None


def too_large(limit: int) -> TooLargeError:
    """The error for a body above ``limit`` bytes."""
    size_de = f"{limit / 1_000_000:.1f}".replace(".", ",")
    return TooLargeError(
        f"Die Antwort ist größer als {size_de} MB und wurde abgebrochen (Einstellung „max_bytes“).",
        f'The answer is larger than {limit / 1_000_000:.1f} MB and was cut off (setting "max_bytes").',
    )
