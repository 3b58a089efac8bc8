"""``crisis demo``: fill an empty desk with a made-up town, to look at it and to measure it."""

from __future__ import annotations

import click

from crisis.cli.house import open_house
from crisis.cli.words import t
from crisis.demo.plan import SIZES
from crisis.workflows import furnish


@click.command(
    help=t(
        "Füllt einen leeren Arbeitsplatz mit einer erfundenen Stadt: Gerüchte, Beiträge, Vorfälle,"
        " Antworten und Protokoll aus zwei Jahren. Nur zum Ansehen und Messen; es lässt sich nicht"
        " wieder herausnehmen.",
        "Fill an empty desk with a made-up town: rumours, posts, incidents, answers and the log of"
        " two years. For looking and measuring only; it cannot be taken out again.",
    )
)
@click.option(
    "--size",
    type=click.Choice(sorted(SIZES)),
    default="small",
    show_default=True,
    help=t(
        "small: 600 Beiträge, 40 Vorfälle, 120 Gerüchte; large: 100.000, 2.000, 10.000.",
        "small: 600 posts, 40 incidents, 120 rumours; large: 100,000, 2,000, 10,000.",
    ),
)
def command(size: str) -> None:
    """Fill it, saying how far it is."""
    house = open_house()

    def heard(done: int, of: int) -> None:
        click.echo(t(f"{done} von {of} Vorfällen", f"{done} of {of} incidents"), err=True)

    made = furnish.furnish(house, SIZES[size], house.now(), heard=heard)
    click.echo(
        t(
            f"Angelegt: {made.rumours} Gerüchte, {made.incidents} Vorfälle, {made.posts} Beiträge,"
            f" {made.entries} Einträge im Protokoll. Alles ist erfunden.",
            f"Made: {made.rumours} rumours, {made.incidents} incidents, {made.posts} posts,"
            f" {made.entries} entries in the log. All of it is invented.",
        )
    )
