"""``crisis tokens``: tokens of other programs, made and taken back without the desk."""

from __future__ import annotations

import click

from crisis import scope as statements
from crisis.cli import scope as checklist
from crisis.cli.house import open_house
from crisis.cli.words import t
from crisis.types import Scope, SourceKind
from crisis.workflows import push


@click.group(
    help=t(
        "Zugänge für Programme, die Beiträge übergeben oder Messwerte lesen.",
        "Tokens for programs that hand in posts or read metrics.",
    )
)
def command() -> None:
    """Tokens."""


@command.command(help=t("Alle Zugänge.", "All tokens."))
def list() -> None:  # noqa: A001 - the command is called so
    """One line a token."""
    house = open_house()
    for token in house.store.tokens.all():
        holds = token.revoked is None and token.expires > house.now()
        state = t("gilt", "holds") if holds else t("gilt nicht", "does not hold")
        click.echo(f"{token.id}\t{state}\t{token.scope}\t{token.expires:%Y-%m-%d}\t{token.name}")


@command.command(
    help=t(
        "Einen Zugang machen; das Geheimnis wird nur hier gezeigt.",
        "Make a token; its secret is shown here only.",
    )
)
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.POSTS.value,
    show_default=True,
    help=t("Wofür er gut ist.", "What it is good for."),
)
@click.option(
    "--days",
    type=click.Choice([str(days) for days in push.DAYS]),
    default="365",
    show_default=True,
    help=t("Wie lange er gilt.", "How long it holds."),
)
@click.option("--lang", default="", help=t("Sprache der Beiträge, z. B. de.", "Language, e.g. de."))
@checklist.option
def make(name: str, scope: str, days: str, lang: str, in_scope: bool) -> None:
    """Make one and print its secret."""
    house = open_house()
    asked = statements.of_source(SourceKind.PUSH) if scope == Scope.POSTS.value else ()
    _token, secret = push.make(
        house.store,
        name,
        Scope(scope),
        int(days),
        None,
        house.now(),
        lang=lang,
        confirmed=checklist.confirmed(asked, in_scope),
    )
    click.echo(secret)


@command.command(help=t("Einen Zugang zurücknehmen.", "Take a token back."))
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """It opens nothing any more."""
    house = open_house()
    token = push.revoke(house.store, number, None, house.now())
    click.echo(t(f"„{token.name}“ gilt nicht mehr.", f'"{token.name}" holds no longer.'))
