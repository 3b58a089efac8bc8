"""``crisis channels``: which channels answers go out on, and whether they let us in."""

from __future__ import annotations

import click

from crisis import wiring
from crisis.channels.networks import NETWORKS, Way
from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.errors import CrisisError
from crisis.interfaces import House
from crisis.types import Account
from crisis.workflows import ask_channels


@click.group(
    help=t("Wohin Antworten gehen: zeigen und erproben.", "Where answers go: show it, try it.")
)
def command() -> None:
    """The channels."""


@command.command(
    name="list",
    help=t("Alle Kanäle, die eingerichtet sind.", "All channels that are set up."),
)
def list_() -> None:
    """One line a channel."""
    house = open_house()
    outlets = wiring.going(house.settings, house.store).outlets
    if not outlets:
        click.echo(
            t(
                "Nur die Website. Weitere Kanäle: docs/operate/channels.md.",
                "The website only. More channels: docs/operate/channels.md.",
            )
        )
    for outlet in outlets:
        network = outlet.network
        how = t("von Hand", "by hand") if network.way is Way.HAND else t("von selbst", "by itself")
        most = (
            ""
            if outlet.limit is None
            else t(f", höchstens {outlet.limit} Zeichen", f", at most {outlet.limit} characters")
        )
        ticked = "" if outlet.picked else t(", ohne Häkchen", ", not ticked")
        click.echo(f"{t(network.de, network.en)}: {how}{most}{ticked}")


@command.command(
    name="test",
    help=t(
        "Fragt jeden Kanal, wer wir dort sind und wie lang ein Beitrag sein darf. Veröffentlicht nichts.",
        "Ask every channel who we are there and how long a post may be. Publishes nothing.",
    ),
)
def test_() -> None:
    """Exit code 1 where one of them refuses."""
    house = open_house()
    answers = ask_channels.ask(house, house.now())
    if not answers:
        click.echo(
            t(
                "Kein Kanal ist eingerichtet. docs/operate/channels.md sagt, wie es geht.",
                "No channel is set up. docs/operate/channels.md says how.",
            )
        )
    for code, answer in answers.items():
        network = NETWORKS[code]
        click.echo(f"{t(network.de, network.en)}: {_said(answer)}")
    told = _hub(house)
    if told or any(isinstance(answer, CrisisError) for answer in answers.values()):
        raise click.exceptions.Exit(1)


def _hub(house: House) -> CrisisError | None:
    """Tell the hub, where there is one: it finds nothing new, and that does no harm."""
    if house.hub is None:
        return None
    name = t("WebSub-Verteiler", "WebSub hub")
    try:
        house.hub.tell()
    except CrisisError as error:
        click.echo(f"{name}: {t('Fehler: ', 'error: ')}{error.say(language())}")
        return error
    click.echo(f"{name}: {t('nimmt an', 'accepts')}")
    return None


def _said(answer: Account | CrisisError) -> str:
    if isinstance(answer, CrisisError):
        return t("Fehler: ", "error: ") + answer.say(language())
    parts = [answer.name, answer.url]
    if answer.most is not None:
        parts.append(t(f"höchstens {answer.most} Zeichen", f"at most {answer.most} characters"))
    return t("in Ordnung, ", "fine, ") + ", ".join(filter(None, parts))
