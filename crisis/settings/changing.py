"""Changing the settings file from the desk: only what is safe while people work, comments kept.

The new file is checked as a whole before it takes the old one's place, at once and completely. Who may, and
the line in the log, are said elsewhere (``workflows.configure``).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crisis.errors import ConflictError, SettingsError
from crisis.settings.reading import FILE_NAME, load

Key = tuple[str, str]  # section, setting

# Left to the file: what needs a restart, what could lose data or open a door ([retention], folders, hosts
# that may be asked, the password's file, the site's own address), and what pages of their own change.
CHANGEABLE: Mapping[str, tuple[str, ...]] = {
    "authority": (
        *("name", "short_name", "language", "timezone", "contact_email", "contact_phone"),
        *("imprint_url", "privacy_url", "colour", "colour_dark"),
    ),
    "mail": ("host", "port", "security", "user", "sender", "timeout_seconds"),
    "inbox": ("host", "port", "security", "user", "folder", "timeout_seconds"),
    "alerts": (
        "escalate_after_minutes",
        "link_hours",
        "catch_all_email",
        "remind_minutes",
        "hand_back_minutes",
        "together_from",
        "most_mails",
    ),
    "rota": ("federal_state", "warn_hours", "handover_mails"),
    "drills": ("remind_days", "responsible_email"),
    "watchdog": (
        *("outside_email", "outside_host", "outside_port", "outside_security", "outside_user"),
        *("outside_sender", "ping_url", "self_test_email", "self_test_hour", "answer_minutes"),
    ),
    "monitor": ("interval_seconds", "user_agent_contact", "places"),
    "targets": (
        *("detection_minutes", "alert_minutes", "acknowledgement_minutes", "answer_minutes"),
        "correction_minutes",
    ),
    "playbooks": ("expiring_soon_days",),
    "channels": ("by_hand", "not_ticked", "timeout_seconds"),
    "accessibility": ("assessed_on", "known_barriers", "enforcement_name", "enforcement_url"),
    "public": ("embed_hosts", "websub_hub"),
}


def is_changeable(key: Key) -> bool:
    """Whether the desk may change this setting."""
    return key[1] in CHANGEABLE.get(key[0], ())


def fingerprint(instance: Path) -> str:
    """What tells one state of the file from the next."""
    return hashlib.sha256(_text(instance).encode()).hexdigest()


def change(
    instance: Path, environ: Mapping[str, str], values: Mapping[Key, Any], seen: str
) -> None:
    """Write these values into the file. ``seen``: the file's fingerprint when somebody looked at it.

    Raises ConflictError where it has changed since, SettingsError where the whole would not hold or the
    file cannot be written; the file is then as it was.
    """
    with _alone(instance):
        if fingerprint(instance) != seen:
            raise ConflictError(
                "Die Einstellungen wurden inzwischen geändert; von Ihren Angaben ist nichts"
                " gespeichert. Vergleichen Sie, dann speichern Sie noch einmal.",
                "The settings were changed meanwhile; nothing of yours is saved. Compare, then save"
                " again.",
            )
        before = load(instance, environ)
        text = with_values(_text(instance), values)
        after = load(instance, environ, text=text)
        if before.alerts.catch_all_email and not after.alerts.catch_all_email:
            raise SettingsError(
                "Die Auffangadresse lässt sich nicht leeren: Sie ist die letzte Stelle, wenn sonst"
                " niemand antwortet. Tragen Sie eine andere Adresse ein. Gespeichert ist nichts.",
                "The catch-all address cannot be emptied: it is the last resort when nobody else"
                " answers. Enter another address. Nothing has been saved.",
            )
        _replace(instance / FILE_NAME, text)


def with_values(text: str, values: Mapping[Key, Any]) -> str:
    """The file's text with these values, and everything else in it as it was."""
    import tomlkit

    document = tomlkit.parse(text)
    for (section, key), value in values.items():
        place: Any = document
        for part in section.split("."):
            if part not in place:
                place[part] = tomlkit.table()
            place = place[part]
        place[key] = list(value) if isinstance(value, tuple) else value
    return tomlkit.dumps(document)


def _text(instance: Path) -> str:
    try:
        return (instance / FILE_NAME).read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeError) as error:
        raise _unwritable(instance, error) from error


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path.parent, error) from error


@contextmanager
def _alone(instance: Path) -> Iterator[None]:
    """One writer at a time, whichever process it is in."""
    try:
        instance.mkdir(parents=True, exist_ok=True)
        lock = (instance / "settings.lock").open("a")
    except OSError as error:
        raise _unwritable(instance, error) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unwritable(instance: Path, error: Exception) -> SettingsError:
    return SettingsError(
        f"Die Datei {instance / FILE_NAME} lässt sich nicht lesen oder schreiben: {error}. Es ist"
        " nichts geändert.",
        f"The file {instance / FILE_NAME} cannot be read or written: {error}. Nothing is changed.",
    )
