"""``crisis mail``: the key that signs mails, and what to tell whoever runs the DNS."""

from __future__ import annotations

import os
from pathlib import Path

import click

from crisis import wiring
from crisis.cli.house import open_house
from crisis.cli.words import t
from crisis.errors import InvalidInputError

KEY_NAME = "dkim.pem"


@click.group(help=t("Mails: der Schlüssel, der sie signiert.", "Mails: the key that signs them."))
def command() -> None:
    """Mails."""


@command.command(
    help=t(
        "Zeigt den DNS-Eintrag zum Schlüssel für DKIM; macht den Schlüssel, wenn es keinen gibt."
        " Einen vorhandenen ersetzt er nie.",
        "Show the DNS record of the key for DKIM; makes the key if there is none. Never replaces one.",
    )
)
def dkim() -> None:
    """Make a key where there is none, and say what belongs into the DNS and the settings."""
    settings = open_house().settings
    path = settings.dkim_key_file or settings.instance / KEY_NAME
    domain = settings.mail.sender.rpartition("@")[2]
    if not domain:
        raise InvalidInputError(
            "Zuerst braucht es einen Absender: [mail] sender in den Einstellungen.",
            "A sender is needed first: [mail] sender in the settings.",
        )
    if not path.exists():
        _make(path)
        click.echo(t(f"Neuer Schlüssel: {path}", f"New key: {path}"))
    key = path.read_text("ascii")
    name, value = wiring.dkim_record(key, domain, settings.mail.dkim_selector)
    click.echo(t("\nIn den DNS, als TXT-Eintrag:\n", "\nInto the DNS, as a TXT record:\n"))
    click.echo(f"{name}. IN TXT ( {value} )")
    if not settings.mail.dkim_key_file:
        click.echo(
            t(
                "\nSobald der Eintrag sichtbar ist, in die Einstellungen:\n",
                "\nOnce the record can be seen, into the settings:\n",
            )
        )
        click.echo(f'[mail]\ndkim_key_file = "{path.name}"')


def _make(path: Path) -> None:
    """A key that its owner alone may read; fails where somebody else was first."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(wiring.new_dkim_key())
