"""``crisis drill`` for the team: list, check, start, report, stop. Part of ``drill``; plays nothing itself.

The desk shows the same and asks first; here ``--yes`` stands for the answer.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import click

from crisis import drills, wiring
from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.errors import CrisisError, IllegalMoveError, NotFoundError
from crisis.oncall.wall_clock import instant
from crisis.reports import drill as report
from crisis.reports import markdown
from crisis.types import DrillKind, DrillPlan, DrillState, Person
from crisis.workflows import drill_plans, drill_report


def add_to(group: click.Group) -> None:
    """Give the group its commands for the team."""
    for command in (list_, check, start, write, stop):
        group.add_command(command)


@click.command(
    "list",
    help=t(
        "Drehbücher für das Team und Übungen: geplant, laufend, vorbei. Überraschungen erst, wenn sie"
        " begonnen haben.",
        "Scenarios for the team and drills: planned, running, over. Surprises only once they began.",
    ),
)
def list_() -> None:
    """Say what there is."""
    house = open_house()
    click.echo(t("Drehbücher:", "Scenarios:"))
    for name in wiring.scenarios(house.settings):
        try:
            scenario = wiring.scenario(house.settings, name)
        except CrisisError as error:
            click.echo(f"  {name}: {error.say(language())}", err=True)
            continue
        if scenario.team:
            minutes = t(f"{scenario.minutes} Minuten", f"{scenario.minutes} minutes")
            click.echo(f"  {name}  {drills.bare(scenario.called(language()))} ({minutes})")
    plans = house.store.drill_plans
    running = plans.running()
    known = [p for p in plans.waiting() if p.kind is not DrillKind.SURPRISE]
    lines = [*known, *([running] if running else []), *_begun(plans.over())]
    click.echo(t("Übungen:", "Drills:") if lines else t("Noch keine Übung.", "No drill yet."))
    for plan in lines:
        when = plan.due.astimezone(house.terms.timezone)
        kind, state = (report.KINDS[plan.kind], report.STATES[plan.state])
        said = f"{plan.called(language())}, {t(*kind)}, {t(*state)}"
        click.echo(f"  {plan.id}  {when:%Y-%m-%d %H:%M}  {said}")


@click.command(
    help=t(
        "Prüfen, ob ein Drehbuch (oder jedes) gelesen werden kann und was das Team aufhalten würde.",
        "Check whether a scenario (or each) can be read, and what would hold the team up.",
    )
)
@click.argument("name", required=False)
def check(name: str | None) -> None:
    """Exit code 1 where one cannot be used."""
    house = open_house()
    names = [name] if name else wiring.scenarios(house.settings)
    wrong = 0
    for one in names:
        try:
            scenario = wiring.scenario(house.settings, one)
            drill_plans.needed(house, scenario)
        except CrisisError as error:
            click.echo(f"{one}: {error.say(language())}", err=True)
            wrong += 1
            continue
        found = [t(*said) for said in drill_plans.findings(house, scenario, house.now())]
        posts = t(f"{len(scenario.lines)} Beiträge", f"{len(scenario.lines)} posts")
        steps = t(
            f"{len(scenario.expected)} erwartete Schritte",
            f"{len(scenario.expected)} expected actions",
        )
        click.echo(f"{one}: {t('in Ordnung', 'fine')}, {posts}, {steps}")
        if scenario.team:
            for line in found:
                click.echo(f"  ! {line}")
    if wrong:
        sys.exit(1)


@click.command(
    help=t(
        "Eine Übung des Teams beginnen oder planen. Alarme gehen als echte Mails an die Bereitschaft,"
        " als ÜBUNG gekennzeichnet; der Beobachter muss laufen.",
        "Begin or plan a drill of the team. Alerts go as real mails to those on call, marked EXERCISE;"
        " the monitor must be running.",
    )
)
@click.argument("name")
@click.option(
    "--at",
    help=t(
        "Angekündigt zu dieser Zeit, z. B. 2026-12-07T10:00.",
        "Announced for this time, e.g. 2026-12-07T10:00.",
    ),
)
@click.option(
    "--between",
    nargs=2,
    help=t(
        "Überraschend, irgendwann zwischen diesen beiden Zeiten; braucht --leader.",
        "As a surprise, some time between these two; needs --leader.",
    ),
)
@click.option(
    "--leader",
    help=t("Wer leitet: Mailadresse.", "Who leads it: mail address."),
)
@click.option("--yes", is_flag=True, help=t("Nicht nachfragen.", "Do not ask."))
def start(
    name: str, at: str | None, between: tuple[str, str] | None, leader: str | None, yes: bool
) -> None:
    """Begin now, or plan."""
    house = open_house()
    by = _person(house, leader)
    zone = house.terms.timezone
    kind, due, until = DrillKind.NOW, None, None
    if between:
        kind, due, until = DrillKind.SURPRISE, *(instant(one, zone) for one in between)
        if by is None:
            raise IllegalMoveError(
                "Eine Überraschung braucht --leader: Nur diese Person sieht sie vorher.",
                "A surprise needs --leader: that person alone sees it beforehand.",
            )
    elif at:
        kind, due = DrillKind.PLANNED, instant(at, zone)
    question = {
        DrillKind.NOW: t(
            "Jetzt beginnen? Die Bereitschaft bekommt echte Mails (ÜBUNG).",
            "Begin now? Those on call get real mails (EXERCISE).",
        ),
        DrillKind.PLANNED: t(
            "Ankündigen? Alle Beteiligten bekommen eine Mail.",
            "Announce it? Everybody concerned gets a mail.",
        ),
        DrillKind.SURPRISE: t("Als Überraschung vorbereiten?", "Prepare it as a surprise?"),
    }[kind]
    if not yes:
        click.confirm(question, abort=True)
    text = wiring.script(house.settings, name)
    plan = drill_plans.plan(house, name, text, kind, by, house.now(), due=due, until=until)
    said = {
        DrillKind.NOW: t("Die Übung läuft", "The drill is running"),
        DrillKind.PLANNED: t("Die Übung ist angekündigt", "The drill is announced"),
        DrillKind.SURPRISE: t("Die Übung ist vorbereitet", "The drill is prepared"),
    }[kind]
    click.echo(f"{said}: {house.settings.base_url}/uebungen/{plan.id}")


@click.command(
    "report",
    help=t(
        "Der Bericht einer Übung (ohne Nummer: der letzten) neben der davor, als Markdown oder PDF.",
        "The report of a drill (without number: the last one) beside the one before, as Markdown or PDF.",
    ),
)
@click.argument("number", type=int, required=False)
@click.option(
    "--pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    help=t("Als barrierefreies PDF in diese Datei.", "As an accessible PDF into this file."),
)
@click.option("--lang", type=click.Choice(["de", "en"]), help=t("Sprache.", "Language."))
@click.option(
    "--names",
    is_flag=True,
    help=t("Namen statt Anfangsbuchstaben.", "Names instead of initials."),
)
def write(number: int | None, pdf: Path | None, lang: str | None, names: bool) -> None:
    """Exit code 1 where there is none."""
    house = open_house()
    plans = house.store.drill_plans
    latest = plans.running() or next(iter(_begun(plans.over())), None)
    plan = plans.get(number) if number is not None else latest
    if plan is None or not _begun([plan]):
        raise NotFoundError("Es gab noch keine Übung.", "There has been no drill yet.")
    found = drill_report.gather(
        house.store,
        plan,
        house.now(),
        authority=house.settings.authority.name,
        zone=house.terms.timezone,
        names=names,
    )
    document = report.of_drill(found, lang or language())
    if pdf is None:
        sys.stdout.write(markdown.write(document))
        return
    pdf.write_bytes(wiring.typeset(document, house.settings, house.now()))
    click.echo(t(f"{pdf}: geschrieben", f"{pdf}: written"), err=True)


@click.command(
    help=t(
        "Die laufende Übung sofort abbrechen. Mit --done regulär beenden, dann zählt sie.",
        "Break off the drill that runs, at once. With --done end it regularly, so that it counts.",
    )
)
@click.option("--done", is_flag=True, help=t("Beenden und auswerten.", "End and evaluate it."))
@click.option("--reason", default="", help=t("Warum, in einem Satz.", "Why, in a sentence."))
def stop(done: bool, reason: str) -> None:
    """Stop it."""
    house = open_house()
    plan = drill_plans.stop(house, None, house.now(), done=done, reason=reason)
    minutes = (plan.ended or house.now()) - plan.due
    length = int(minutes / timedelta(minutes=1))
    state = t(*report.STATES[plan.state])
    click.echo(t(f"{state} nach {length} Min.", f"{state} after {length} min."))


def _begun(plans: list[DrillPlan]) -> list[DrillPlan]:
    """Those that began: they have a report."""
    begun = (DrillState.RUNNING, DrillState.DONE, DrillState.BROKEN_OFF)
    return [plan for plan in plans if plan.state in begun]


def _person(house: wiring.House, address: str | None) -> Person | None:
    if address is None:
        return None
    found = house.store.people.by_email(address)
    if found is None:
        raise NotFoundError(
            f"Niemand hat die Adresse {address}.", f"Nobody has the address {address}."
        )
    return found
