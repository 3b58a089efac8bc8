"""Certificates of senders of official warnings: a file a server in instance/certificates/, named by its host.

Where there is one, what comes from there counts only if it was signed by it. See ``sources.signed``.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = "certificates"
LARGEST = 100_000  # bytes
_HOST = re.compile(r"[a-z0-9][a-z0-9.-]{0,251}(?::\d{1,5})?")


def certificate(instance: Path, host: str) -> str:
    """The certificates for a server ("warnings.example"), PEM, one after the other; "" if there are none.

    A file that is there and cannot be read is no reason to believe anybody: then nothing counts as signed.
    """
    name = host.lower()
    if not _HOST.fullmatch(name):
        return ""
    path = instance / FOLDER / f"{name}.pem"
    if not path.exists():
        return ""
    try:
        with path.open(encoding="ascii") as file:
            return file.read(LARGEST) or UNREADABLE
    except (OSError, UnicodeError):
        return UNREADABLE


UNREADABLE = "-"  # no certificate: nothing can have been signed by it
