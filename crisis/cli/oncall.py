"""``crisis oncall``: who is on call now and next, who would be told, and the plan as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta

import click

from crisis import wiring
from crisis.alerts.rehearsal import rehearse
from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.errors import InvalidInputError
from crisis.oncall.calendar import as_ics
from crisis.oncall.duty import BACK, Duty, Period, periods
from crisis.oncall.quality import planned_levels
from crisis.oncall.wall_clock import instant
from crisis.types import Severity
from crisis.workflows import roster

SEVERITIES = {severity.name.lower(): severity for severity in Severity}


@click.group(
    help=t(
        "Bereitschaft: wer jetzt dran ist, wer danach, wer alarmiert würde.",
        "On call: who is now, who is next, who would be told.",
    )
)
def command() -> None:
    """On call."""


@command.command(help=t("Wer hat jetzt Bereitschaft, je Ebene?", "Who is on call, at each level?"))
def now() -> None:
    """One line a level."""
    house = open_house()
    planned, at = roster.of_house(house, house.now()), house.now()
    found = periods(planned, at - BACK, at + timedelta(days=14))
    for level in sorted(planned_levels(planned)):
        running = [p for p in found if p.level == level and p.start <= at < p.end]
        for period in running:
            click.echo(_line(planned, period))
        if not running:
            nobody = t("niemand", "nobody")
            click.echo(f"{t('Ebene', 'level')} {level}\t{nobody}")


@command.command("next", help=t("Die nächsten Wechsel der Bereitschaft.", "The next hand-overs."))
@click.option("--days", type=click.IntRange(1, 90), default=14, show_default=True)
def coming(days: int) -> None:
    """One line a period."""
    house = open_house()
    planned, at = roster.of_house(house, house.now()), house.now()
    found = [p for p in periods(planned, at, at + timedelta(days=days)) if p.start > at]
    for period in found:
        click.echo(_line(planned, period))
    if not found:
        click.echo(t("Niemand ist eingeteilt.", "Nobody is planned."))


@command.command(
    "dry-run",
    help=t(
        "Wer würde alarmiert? Spielt einen Vorfall durch, den niemand übernimmt. Verschickt nichts.",
        "Who would be told? Plays an incident through that nobody takes. Sends nothing.",
    ),
)
@click.option(
    "--at", "moment", default="", help=t("Ortszeit, z. B. 2026-11-29T03:00.", "Local time.")
)
@click.option("--severity", type=click.Choice([*SEVERITIES]), default="high", show_default=True)
def dry_run(moment: str, severity: str) -> None:
    """One line a call."""
    house = open_house()
    start = _moment(house, moment) if moment else house.now()
    planned = roster.duty(house.store, house.terms.timezone, house.terms.federal_state, start)
    catch_all = roster.named_last_resort(house.terms.catch_all, planned.people)
    level = SEVERITIES[severity]
    told = rehearse(lambda at: roster.climb(house, planned, level, at, catch_all), start, level)
    for call in told:
        clock = call.at.astimezone(house.terms.timezone)
        for turn in call.turns:
            why = turn.why.say(language())
            click.echo(f"{clock:%d.%m. %H:%M}\t{turn.person.name}\t{t('weil', 'because')} {why}")
    if not told:
        click.echo(t("Niemand würde alarmiert.", "Nobody would be told."))
    for left in roster.climb(house, planned, level, start, catch_all).left:
        step = t("Schritt", "step")
        why = left.why.say(language())
        click.echo(f"{step} {left.step}\t{t('übersprungen, weil', 'passed over because')} {why}")


@command.command(
    help=t("Der Dienstplan als Datei, CSV oder iCalendar.", "The rota as CSV or iCalendar.")
)
@click.option("--days", type=click.IntRange(1, 366), default=28, show_default=True)
@click.option(
    "--format", "form", type=click.Choice(["csv", "ics"]), default="csv", show_default=True
)
def export(days: int, form: str) -> None:
    """To the standard output."""
    house = open_house()
    planned, at = roster.of_house(house, house.now()), house.now()
    found = periods(planned, at, at + timedelta(days=days))
    names = {p.id: p.name for p in planned.people}
    if form == "ics":
        title = f"{t('Bereitschaft', 'On call')} {house.terms.authority}"
        body = as_ics(
            found, names, at, title=title, domain=house.terms.mail_domain, lang=language()
        )
        click.echo(body, nl=False)
        return
    click.echo(_csv(house, found, names), nl=False)


def _csv(house: wiring.House, found: list[Period], names: Mapping[int, str]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\n")
    writer.writerow(t("Ebene;Von;Bis;Wer;Statt", "level;from;until;who;instead of").split(";"))
    zone = house.terms.timezone
    for one in found:
        begins, ends = (f"{at.astimezone(zone):%Y-%m-%dT%H:%M%z}" for at in (one.start, one.end))
        writer.writerow(
            [
                *(one.level, begins, ends, _safe(names.get(one.person_id, "?"))),
                _safe(names.get(one.instead_of or 0, "")),
            ]
        )
    return file.getvalue()


def _safe(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return "'" + text if text[:1] in "=+-@\t\r" and text else text


def _line(planned: Duty, period: Period) -> str:
    name = planned.known[period.person_id].name
    begins, ends = (
        f"{at.astimezone(planned.zone):%d.%m. %H:%M}" for at in (period.start, period.end)
    )
    instead = planned.known.get(period.instead_of or 0)
    behind = f"\t{t('statt', 'instead of')} {instead.name}" if instead else ""
    return f"{t('Ebene', 'level')} {period.level}\t{begins} – {ends}\t{name}{behind}"


def _moment(house: wiring.House, text: str) -> datetime:
    try:
        return instant(text, house.terms.timezone)
    except InvalidInputError as error:
        raise click.UsageError(error.say(language())) from error
