"""The ``crisis`` command: a table of its parts, and how errors reach a person.

Holds no command itself and imports none before it is called for: ``crisis match`` must neither load
Flask nor open a database, and ``crisis --help`` must need nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

import click

from crisis import __version__
from crisis.cli.words import language, t
from crisis.errors import CrisisError


@dataclass(frozen=True, slots=True)
class Part:
    """A subcommand: the module whose ``command`` it is, and one line for the overview."""

    module: str
    de: str
    en: str


PARTS: dict[str, Part] = {
    "init": Part(
        "crisis.cli.init",
        "Legt Einstellungen, Schlüssel, Datenbank und Beispiele an.",
        "Create settings, secret key, database and examples.",
    ),
    "run": Part(
        "crisis.cli.run",
        "Startet Arbeitsplatz und Beobachter und hält sie am Laufen.",
        "Start desk and monitor and keep them running.",
    ),
    "watch": Part(
        "crisis.cli.watch",
        "Der Beobachter: holt Beiträge, vergleicht, alarmiert, veröffentlicht.",
        "The monitor: fetch posts, match, alert, publish.",
    ),
    "check": Part(
        "crisis.cli.check",
        "Ob alles läuft, auf einer Seite; ruft auf Wunsch zu Hilfe.",
        "Whether all works, on one page; calls for help if asked to.",
    ),
    "drill": Part(
        "crisis.cli.drill",
        "Üben: allein, oder mit dem ganzen Team.",
        "Practise: alone, or with the whole team.",
    ),
    "demo": Part(
        "crisis.cli.demo",
        "Füllt einen leeren Arbeitsplatz mit einer erfundenen Stadt.",
        "Fill an empty desk with a made-up town.",
    ),
    "mail": Part(
        "crisis.cli.mail",
        "Der Schlüssel, der Mails signiert, und sein DNS-Eintrag.",
        "The key that signs mails, and its DNS record.",
    ),
    "sources": Part(
        "crisis.cli.sources",
        "Quellen anlegen, prüfen, zeigen.",
        "Add, try and list sources.",
    ),
    "tokens": Part(
        "crisis.cli.tokens",
        "Zugänge für Programme, die Beiträge übergeben oder Messwerte lesen.",
        "Tokens for programs that hand in posts or read metrics.",
    ),
    "rumours": Part(
        "crisis.cli.rumours",
        "Der Katalog bekannter Gerüchte.",
        "The catalogue of known rumours.",
    ),
    "playbooks": Part(
        "crisis.cli.playbooks",
        "Vorbereitete Antworten prüfen und zeigen.",
        "Check and list prepared answers.",
    ),
    "channels": Part(
        "crisis.cli.channels",
        "Wohin Antworten gehen, und ob die Kanäle uns einlassen.",
        "Where answers go, and whether the channels let us in.",
    ),
    "people": Part(
        "crisis.cli.people",
        "Personen, ihre Rechte und Bereitschaften.",
        "People, their roles and shifts.",
    ),
    "oncall": Part(
        "crisis.cli.oncall",
        "Bereitschaft: wer jetzt, wer danach, wer alarmiert würde.",
        "On call: who is now, who is next, who would be told.",
    ),
    "audit": Part(
        "crisis.cli.audit",
        "Das Protokoll: zeigen und auf Änderungen prüfen.",
        "The audit log: show it, verify it.",
    ),
    "figures": Part(
        "crisis.cli.figures",
        "Kennzahlen: wie schnell Vorfälle bemerkt, gemeldet und beantwortet wurden.",
        "Figures: how fast incidents were noticed, reported and answered.",
    ),
    "report": Part(
        "crisis.cli.report",
        "Der Lagebericht für den Krisenstab, als Markdown oder PDF.",
        "The situation report for the crisis staff, as Markdown or PDF.",
    ),
    "posts": Part(
        "crisis.cli.posts",
        "Zeigt, was eine Datei oder Adresse an Beiträgen liefert; speichert nichts.",
        "Print the posts a file or address yields; store nothing.",
    ),
    "match": Part(
        "crisis.cli.match",
        "Vergleicht Beiträge mit Gerüchten; braucht keine Datenbank.",
        "Match posts against rumours; needs no database.",
    ),
    "models": Part(
        "crisis.cli.models",
        "Welches Modell urteilt; aus Urteilen lernen, zurückgehen.",
        "Which model judges; learn from verdicts, go back.",
    ),
    "match replay": Part(
        "crisis.cli.match_replay",
        "Was andere Schwellen mit den letzten Beiträgen gemacht hätten.",
        "What other thresholds would have done to the latest posts.",
    ),
    "match thresholds": Part(
        "crisis.cli.match_thresholds",
        "Die Schwellen in Gebrauch, und zurück zu denen davor.",
        "The thresholds in use, and back to those before.",
    ),
    "train": Part(
        "crisis.cli.train",
        "Lernt das Modell des Abgleichs neu aus einem Ordner mit Daten.",
        "Learn the matching model anew from a folder of data.",
    ),
    "evaluate": Part(
        "crisis.cli.evaluate",
        "Misst Treffer und Fehlalarme des Abgleichs.",
        "Measure hits and false alarms of the matching.",
    ),
    "claims": Part(
        "crisis.cli.claims",
        "Sagt von Beiträgen, ob sie etwas behaupten, meinen oder fragen.",
        "Say of posts whether they claim, opine or ask.",
    ),
    "train-claims": Part(
        "crisis.cli.train_claims",
        "Lernt neu, was eine Behauptung von einer Meinung unterscheidet.",
        "Learn anew what tells a claim from an opinion.",
    ),
}


class Foreseen(click.ClickException):
    """A foreseen error on its way to the terminal."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the one sentence that says what happened and what to do."""
        click.echo(t("Fehler: ", "Error: ") + self.message, file=file, err=file is None)


class Parts(click.Group):
    """A group whose subcommands are imported when they are called for, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which a newcomer meets them."""
        return list(PARTS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Two words may name a part ("match replay") where the first alone is a command, too."""
        both = " ".join(args[:2])
        if both in PARTS and " " in both:
            return both, self.get_command(ctx, both), args[2:]
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the subcommand, or None where there is no such name."""
        part = PARTS.get(cmd_name)
        if part is None:
            return None
        command = import_module(part.module).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{part.module}.command is no click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands from the table, so that the overview imports none of them."""
        with formatter.section(t("Befehle", "Commands")):
            formatter.write_dl([(name, t(part.de, part.en)) for name, part in PARTS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run it. A foreseen error becomes its sentence and exit code 1, never a traceback."""
        try:
            return super().invoke(ctx)
        except CrisisError as error:
            raise Foreseen(error.say(language())) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None  # 128 + SIGINT, as shells expect


@click.group(
    cls=Parts,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=t(
        "Klarstellung: falsche Gerüchte früh bemerken und schnell, verlässlich richtigstellen.",
        "Klarstellung: notice false rumours early and set them right, fast and reliably.",
    ),
)
@click.version_option(__version__, "--version", "-V", prog_name="crisis")
def main() -> None:
    """Start here; every subcommand stands in ``PARTS``."""
