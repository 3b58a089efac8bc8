"""The settings of the mailbox that answers to our mails come back to. Part of ``table``; reads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from crisis.settings.checks import between, filled, one_of
from crisis.settings.field import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The mailbox of the sender: replies and bounces lie there. docs/operate/mail.md explains it."""

    host: str = setting(
        "",
        "Mailserver, auf dem das Postfach des Absenders liegt (IMAP); leer: Antworten liest niemand.",
        "Server with the sender's mailbox (IMAP); empty: nobody reads replies.",
    )
    port: int = setting(
        993,
        "993 für tls, 143 für starttls.",
        "993 for tls, 143 for starttls.",
        partial(between, 1, 65535),
    )
    security: str = setting(
        "tls",
        '"tls", "starttls" oder "none"; "none" nur im eigenen Netz.',
        '"tls", "starttls" or "none"; "none" only inside your own network.',
        partial(one_of, ("tls", "starttls", "none")),
    )
    user: str = setting("", "Benutzer des Postfachs.", "User of the mailbox.")
    password_file: str = setting(
        "",
        "Datei mit dem Kennwort, damit es nicht hier steht.",
        "File with the password, so that it is not here.",
    )
    folder: str = setting(
        "INBOX", "Ordner, in dem Antworten ankommen.", "Folder where replies arrive.", filled
    )
    timeout_seconds: int = setting(
        20,
        "Danach gilt das Postfach als nicht erreichbar; es wird wieder versucht.",
        "After that the mailbox counts as unreachable; it is tried again.",
        partial(between, 1, 300),
    )
    max_bytes: int = setting(
        2_000_000,
        "So viel wird von einer Mail gelesen; Antworten sind selten über 100 kB.",
        "How much of a mail is read; replies are rarely above 100 kB.",
        partial(between, 10_000, 50_000_000),
    )
