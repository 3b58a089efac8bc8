"""The key that signs sessions and links: made once, readable by its owner only.

Does not rotate it: whoever deletes the file signs everybody out and ends every link.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from crisis.errors import SettingsError

KEY_NAME = "secret.key"
KEY_BYTES = 32  # 256 bits, the strength of the HMAC it feeds


def secret_key(instance: Path) -> str:
    """The installation's key; made where there is none. Several processes may ask at once.

    The file appears complete or not at all: it is written under another name and then linked, and a
    link, unlike a rename, fails where somebody else was first.
    """
    path = instance / KEY_NAME
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsError(
            f"Der Schlüssel {path} lässt sich nicht lesen oder anlegen: {error}",
            f"The key {path} cannot be read or made: {error}",
        ) from error
    if len(key) < KEY_BYTES:
        raise SettingsError(
            f"Der Schlüssel {path} ist zu kurz. Löschen Sie die Datei, dann entsteht ein neuer; "
            "alle müssen sich neu anmelden.",
            f"The key {path} is too short. Delete the file and a new one is made; "
            "everybody has to sign in again.",
        )
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # somebody else was first; theirs counts
    finally:
        draft.unlink()
