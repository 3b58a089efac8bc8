"""``crisis match thresholds``: from which scores on is raised and suggested, since when, and the way back."""

from __future__ import annotations

import click

from crisis.cli.house import open_house
from crisis.cli.words import t
from crisis.types import ThresholdUse
from crisis.workflows import tune

_SHOWN = 10  # changes listed


@click.command(
    name="match thresholds",
    help=t(
        "Die Schwellen in Gebrauch und die letzten Wechsel. Neue: crisis match replay --switch-on",
        "The thresholds in use and the last changes. New ones: crisis match replay --switch-on",
    ),
)
@click.option(
    "--back",
    is_flag=True,
    help=t("Zurück zu denen davor.", "Back to those before."),
)
def command(back: bool) -> None:
    """Show, and go back where asked to."""
    house = open_house()
    held = tune.back(house, None, house.now()) if back else tune.standing(house)
    now, own = held.bands, held.own
    click.echo(
        t(
            f"melden\t{now.raise_at:.4f}\t(Modell {held.model}: {own.raise_at:.4f})",
            f"raise\t{now.raise_at:.4f}\t(model {held.model}: {own.raise_at:.4f})",
        )
    )
    click.echo(
        t(
            f"vorschlagen\t{now.suggest_at:.4f}\t(Modell {held.model}: {own.suggest_at:.4f})",
            f"suggest\t{now.suggest_at:.4f}\t(model {held.model}: {own.suggest_at:.4f})",
        )
    )
    names = {person.id: person.name for person in house.store.people.all()}
    for use in house.store.thresholds.uses(limit=_SHOWN):
        who = names.get(use.by or 0) or t("Befehlszeile", "command line")
        click.echo(f"{use.since:%Y-%m-%d %H:%M} UTC\t{who}\t{_told(use)}")


def _told(use: ThresholdUse) -> str:
    if use.raising is None or use.suggesting is None:
        return t("wie eingestellt und im Modell", "as in the settings and the model")
    return t(
        f"melden {use.raising:+.2f}, vorschlagen {use.suggesting:+.2f} gegenüber dem Modell",
        f"raise {use.raising:+.2f}, suggest {use.suggesting:+.2f} against the model",
    ) + t(" (Log-Odds)", " (log-odds)")
