"""``crisis people``: who belongs here, with which roles, and who is on call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from crisis import wiring
from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.errors import InvalidInputError, NotFoundError
from crisis.oncall.rota import turns
from crisis.types import Person, Role, Shift
from crisis.workflows import admit, roster, welcome


@click.group(help=t("Personen, ihre Rechte und Bereitschaften.", "People, roles and shifts."))
def command() -> None:
    """People."""


@command.command(help=t("Alle Personen.", "All people."))
def list() -> None:  # noqa: A001 - the command is called so
    """One line a person."""
    for person in open_house().store.people.all():
        state = "" if person.active else t(" (nicht aktiv)", " (not active)")
        roles = ",".join(sorted(person.roles))
        click.echo(f"{person.id}\t{person.name}{state}\t{person.email}\t{roles}")


@command.command(
    help=t(
        "Jemanden einladen, per Mail; gibt auch den einmaligen Link aus, mit dem die Person ihr"
        " Kennwort setzt.",
        "Invite somebody by mail; also prints the one-time link with which they set their password.",
    )
)
@click.argument("email")
@click.option("--name", default="", help=t("Name der Person.", "The person's name."))
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    default=[Role.DUTY.value],
    show_default=True,
    help=t("Rolle; mehrfach möglich.", "Role; may be given several times."),
)
@click.option("--lang", type=click.Choice(["de", "en"]), default="de", show_default=True)
def invite(email: str, name: str, roles: tuple[str, ...], lang: str) -> None:
    """Invite."""
    house = open_house()
    person = Person(
        name=name or email.partition("@")[0],
        email=email,
        roles=frozenset(Role(role) for role in roles),
        lang=lang,
    )
    click.echo(welcome.invite(house, person, None, house.now(), base_url=house.settings.base_url))


@command.command(
    "reset",
    help=t(
        "Neuer einmaliger Link für jemanden, der sein Kennwort vergessen hat.",
        "A new one-time link for somebody who forgot their password.",
    ),
)
@click.argument("email")
def reset(email: str) -> None:
    """New link."""
    house = open_house()
    number = _person(house, email).id
    click.echo(
        welcome.invite_again(house, number, None, house.now(), base_url=house.settings.base_url)
    )


@command.command(
    "on-call",
    help=t(
        "Bereitschaft eintragen, z. B. „on-call ana@stadt.de 2026-11-23T18:00 2026-11-24T06:00“"
        " (Ortszeit). Ohne Angaben: Wer ist jetzt dran, und wer danach?",
        "Enter a shift, e.g. “on-call ana@town.de 2026-11-23T18:00 2026-11-24T06:00” (local time)."
        " Without arguments: who is on call now, and who is next?",
    ),
)
@click.argument("email", required=False)
@click.argument("start", required=False)
@click.argument("end", required=False)
def on_call(email: str | None, start: str | None, end: str | None) -> None:
    """Show the line, or add a shift."""
    house = open_house()
    now = house.now()
    if email is None:
        line = turns(_shifts(house), house.store.people.all(), now, catch_all=None)
        for turn in line:
            click.echo(f"{turn.person.name}\t{turn.why.say(language())}")
        if not line:
            click.echo(t("Niemand. Niemand würde alarmiert.", "Nobody. Nobody would be alerted."))
        return
    if start is None or end is None:
        raise click.UsageError(t("Bitte Beginn und Ende angeben.", "Please give start and end."))
    shift = Shift(
        person_id=_person(house, email).id, start=_moment(house, start), end=_moment(house, end)
    )
    admit.put_on_call(house.store, shift, None, now)
    click.echo(t("Eingetragen.", "Entered."))


def _shifts(house: wiring.House) -> Sequence[Shift]:
    terms = house.terms
    return roster.shifts(house.store, terms.timezone, terms.federal_state, house.now())


def _person(house: wiring.House, email: str) -> Person:
    person = house.store.people.by_email(email)
    if person is None:
        raise NotFoundError(
            f"Niemand hier hat die Adresse {email}.", f"Nobody here has the address {email}."
        )
    return person


def _moment(house: wiring.House, text: str) -> datetime:
    """A local time of the authority, or one with an offset of its own."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(
            f"„{text}“ ist kein Zeitpunkt; bitte so: 2026-11-23T18:00.",
            f"“{text}” is no time; please write it like 2026-11-23T18:00.",
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=house.terms.timezone)
    return moment.astimezone(UTC)
