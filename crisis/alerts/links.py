"""Addresses in alert mails that work without signing in: signed, bound to incident and person, expiring.

Pure. Does not remember which link was used: a door keeps the ``fingerprint`` of those that were. A leaked
link says two numbers and a time, no more.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from itsdangerous import BadData, URLSafeSerializer

from crisis.errors import InvalidInputError, NotAllowedError

_SHORTEST_SECRET = 16  # bytes; RFC 2104 warns of keys much shorter than the hash
_LONGEST_TOKEN = 500  # characters; ours have about 80


@dataclass(frozen=True, slots=True)
class AcknowledgeClaim:
    """What a link says: this person may take this incident until ``expires``."""

    incident_id: int
    person_id: int
    expires: datetime


class AcknowledgeLinks:
    """Writes and reads the links of alert mails. Fills ``interfaces.Links``."""

    def __init__(self, secret: bytes, base_url: str, hours: int) -> None:
        """``secret`` signs (at least 16 bytes), ``base_url`` has no slash at its end."""
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError("the secret that signs links must have 16 bytes or more")
        self._base = base_url.rstrip("/")
        self._valid = timedelta(hours=hours)
        self._serializer = URLSafeSerializer(
            secret,
            salt="crisis.alerts.acknowledge",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def acknowledge(self, incident_id: int, person_id: int, now: datetime) -> str:
        """The address on which this person can take this incident."""
        expires = int((now + self._valid).timestamp())
        token = self._serializer.dumps([incident_id, person_id, expires])
        return f"{self._base}/a/{token if isinstance(token, str) else token.decode('ascii')}"

    def incident(self, incident_id: int) -> str:
        """The incident on the desk, for people who sign in."""
        return f"{self._base}/vorfaelle/{incident_id}"

    def rota(self) -> str:
        """The rota on the desk."""
        return f"{self._base}/dienstplan/"

    def shift_change(self, change_id: int) -> str:
        """What was handed over at a change of shift."""
        return f"{self._base}/uebergabe/wechsel/{change_id}"

    def drill(self, plan_id: int) -> str:
        """An exercise of the team on the desk: its clock, then its report."""
        return f"{self._base}/uebungen/{plan_id}"

    def drills(self) -> str:
        """The exercises of the team."""
        return f"{self._base}/uebungen/"

    def incidents(self) -> str:
        """The list of incidents on the desk."""
        return f"{self._base}/vorfaelle/"

    def addresses(self) -> str:
        """Whose address was confirmed, and who cannot be reached."""
        return f"{self._base}/einstellungen/probemail"

    def response(self, response_id: int) -> str:
        """An answer on the desk."""
        return f"{self._base}/antworten/{response_id}"

    def playbook(self, name: str) -> str:
        """A playbook on the desk."""
        return f"{self._base}/playbooks/ansehen/{quote(name)}"

    def reviews(self) -> str:
        """The list of playbooks that need somebody."""
        return f"{self._base}/playbooks/pruefung"

    def sources(self) -> str:
        """The list of sources."""
        return f"{self._base}/quellen/"

    def read(self, token: str, now: datetime) -> AcknowledgeClaim:
        """What the link with this token says.

        Raises InvalidInputError for a token that we did not write or that was cut off on its way, and
        NotAllowedError for one whose time is over.
        """
        try:
            incident_id, person_id, expires = self._payload(token)
            until = datetime.fromtimestamp(expires, UTC)
        except (BadData, ValueError, TypeError, OverflowError, OSError) as error:
            raise _forged() from error
        if now >= until:
            raise _expired()
        return AcknowledgeClaim(incident_id, person_id, until)

    def _payload(self, token: str) -> tuple[int, int, int]:
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            raise ValueError("not a token of ours")
        incident_id, person_id, expires = self._serializer.loads(token)
        return int(incident_id), int(person_id), int(expires)


def fingerprint(token: str) -> str:
    """What is kept of a token that was used: its SHA-256 in hex, from which it cannot be got back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _forged() -> InvalidInputError:
    return InvalidInputError(
        "Dieser Link ist nicht vollständig oder stammt nicht von uns. Öffnen Sie ihn noch einmal aus"
        " der Mail, oder melden Sie sich an.",
        "This link is incomplete or not one of ours. Open it from the mail again, or sign in.",
    )


def _expired() -> NotAllowedError:
    return NotAllowedError(
        "Dieser Link ist abgelaufen. Melden Sie sich bitte an; dort steht der Vorfall noch.",
        "This link has expired. Please sign in; the incident is still there.",
    )
