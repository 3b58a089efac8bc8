"""``crisis report``: the situation of the last hours, or of one incident, as Markdown or PDF."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from crisis import wiring
from crisis.cli.figures import targets
from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.reports import compose, markdown
from crisis.workflows import report


@click.command(
    help=t(
        "Der Lagebericht für den Krisenstab: die letzten Stunden oder ein Vorfall. Ohne --pdf als"
        " Markdown auf die Ausgabe.",
        "The situation report for the crisis staff: the last hours or one incident. Without --pdf as"
        " Markdown to the output.",
    )
)
@click.option(
    "--hours",
    type=click.IntRange(1, 744),
    default=24,
    show_default=True,
    help=t("So viele Stunden zurück.", "So many hours back."),
)
@click.option("--incident", type=int, help=t("Nur dieser Vorfall.", "This incident only."))
@click.option(
    "--pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    help=t("Als barrierefreies PDF in diese Datei.", "As an accessible PDF into this file."),
)
@click.option(
    "--lang",
    type=click.Choice(["de", "en"]),
    help=t("Sprache des Berichts.", "Language of the report."),
)
@click.option(
    "--names",
    is_flag=True,
    help=t("Namen statt Anfangsbuchstaben.", "Names instead of initials."),
)
@click.option("--drill", is_flag=True, help=t("Übungen mitzählen.", "Count exercises as well."))
def command(
    hours: int, incident: int | None, pdf: Path | None, lang: str | None, names: bool, drill: bool
) -> None:
    """Exit code 1 where there is no such incident, or no PDF could be made."""
    house, now = open_house(), datetime.now(UTC)
    settings, start = house.settings, now - timedelta(hours=hours)
    found = report.gather(
        house.store,
        now,
        start,
        now,
        authority=settings.authority.name,
        zone=ZoneInfo(settings.authority.timezone),
        mail=bool(settings.mail.host),
        courses=() if incident else house.store.figures.courses(start, now, drill=drill),
        targets=targets(settings.targets),
        public_url=f"{settings.base_url}/klarstellungen/",
        incident_id=incident,
        names=names,
        drill=drill,
    )
    write = compose.of_span if incident is None else compose.of_incident
    document = write(found, lang or language())
    if pdf is None:
        sys.stdout.write(markdown.write(document))
        return
    pdf.write_bytes(wiring.typeset(document, settings, now))
    click.echo(t(f"{pdf}: geschrieben", f"{pdf}: written"), err=True)
