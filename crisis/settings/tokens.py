"""Access tokens for sources: one file a server in instance/tokens/, named by its host. Never shown.

They stand beside the settings file, not in it, so that it can be shown to anybody.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from crisis.errors import InvalidInputError

FOLDER = "tokens"
_HOST = re.compile(r"[a-z0-9][a-z0-9.-]{0,251}(?::\d{1,5})?")
_TOKEN = re.compile(r"[!-~]{8,500}")


def token(instance: Path, host: str) -> str:
    """The token for a server ("mastodon.example" or "host:port"), "" if there is none."""
    if not _HOST.fullmatch(host.lower()):
        return ""
    try:
        text = (instance / FOLDER / host.lower()).read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        return ""
    return text if _TOKEN.fullmatch(text) else ""


def keep(instance: Path, host: str, text: str) -> None:
    """Keep a token for a server, readable for this account only; "" removes it.

    Raises InvalidInputError for what is no host or no token.
    """
    host, text = host.strip().lower(), text.strip()
    if not _HOST.fullmatch(host):
        raise InvalidInputError(
            f"„{host[:60]}“ ist kein Rechnername, etwa mastodon.example.",
            f"“{host[:60]}” is no host name, such as mastodon.example.",
        )
    path = instance / FOLDER / host
    if not text:
        path.unlink(missing_ok=True)
        return
    if not _TOKEN.fullmatch(text):
        raise InvalidInputError(
            "Das ist kein Zugangsschlüssel: Er besteht aus 8 bis 500 Zeichen ohne Leerzeichen.",
            "This is no access token: it has 8 to 500 characters without spaces.",
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{host}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
    os.replace(draft, path)
