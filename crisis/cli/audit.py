"""``crisis audit``: show the log, and find the first entry that was tampered with."""

from __future__ import annotations

import json

import click

from crisis.cli.house import open_house
from crisis.cli.words import t


@click.group(help=t("Das Protokoll: zeigen und prüfen.", "The audit log: show it, verify it."))
def command() -> None:
    """The audit log."""


@command.command(
    help=t(
        "Prüft die Kette der Einträge und nennt den ersten, der nicht stimmt.",
        "Verify the chain of entries and name the first that is broken.",
    )
)
def verify() -> None:
    """Exit code 1 where the chain is broken."""
    store = open_house().store
    broken = store.audit.verify()
    head = store.audit.head()
    if broken is not None:
        click.echo(
            t(
                f"Die Kette ist ab Eintrag {broken} gebrochen: Er wurde verändert, oder davor fehlt"
                " einer. Bewahren Sie die Datenbank auf und sprechen Sie mit Ihrer IT-Sicherheit.",
                f"The chain is broken from entry {broken} on: it was changed, or one before it is"
                " missing. Keep the database and speak with your IT security.",
            ),
            err=True,
        )
        raise click.exceptions.Exit(1)
    click.echo(t("Die Kette ist unversehrt.", "The chain is whole."))
    click.echo(
        t(
            f"Letzte Prüfsumme (anderswo notieren, dann fällt auch fehlendes Ende auf): {head}",
            f"Last hash (note it elsewhere, then a missing end shows, too): {head}",
        )
    )


@command.command(
    help=t("Die neuesten Einträge als JSON-Zeilen.", "The newest entries, JSON lines.")
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option(
    "--object", "what", default="", help=t("Nur zu diesem, z. B. incident:3.", "Only it.")
)
def show(limit: int, what: str) -> None:
    """Newest first."""
    for entry in open_house().store.audit.page(limit=limit, what=what):
        said = {
            "id": entry.id,
            "at": entry.at.isoformat(),
            "actor": entry.actor,
            "action": entry.action,
            "object": entry.what,
            "before": entry.before,
            "after": entry.after,
            "drill": entry.drill,
            "hash": entry.hash,
        }
        click.echo(json.dumps(said, ensure_ascii=False))
