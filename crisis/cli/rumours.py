"""``crisis rumours``: the catalogue of known rumours: list, show, add, edit, retire, import, export.

Calls one workflow each. What an entry may be is said by ``crisis.rumours``.
"""

from __future__ import annotations

import builtins
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from crisis import scope, wiring
from crisis.cli import scope as checklist
from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.errors import InvalidInputError, NotFoundError
from crisis.rumours import entry, exchange
from crisis.rumours.fields import day
from crisis.rumours.quality import hints
from crisis.types import Rumour, RumourStatus
from crisis.workflows import catalogue

_STATUSES = click.Choice([status.value for status in RumourStatus])


@click.group(help=t("Der Katalog bekannter Gerüchte.", "The catalogue of known rumours."))
def command() -> None:
    """Rumours."""


@command.command(
    help=t("Alle Gerüchte, oder die mit diesen Wörtern.", "All, or those with these words.")
)
@click.argument("words", nargs=-1)
@click.option("--topic", default="", help=t("Nur dieses Thema.", "This topic only."))
@click.option("--retired", is_flag=True, help=t("Auch zu den Akten gelegte.", "Retired ones, too."))
def list(words: tuple[str, ...], topic: str, retired: bool) -> None:  # noqa: A001 - called so
    """One line a rumour."""
    found = open_house().store.rumours.search(" ".join(words), retired=retired, topic=topic)
    for rumour in found:
        mark = t(" (zu den Akten gelegt)", " (retired)") if rumour.retired else ""
        click.echo(f"{rumour.id}\t{rumour.status}{mark}\t{rumour.title or rumour.text}")
    if not found:
        click.echo(t("Kein Gerücht gefunden.", "No rumour found."))


@command.command(help=t("Ein Gerücht mit allem, was dazu bekannt ist.", "One rumour, all of it."))
@click.argument("rumour_id", metavar=t("KENNUNG", "ID"))
def show(rumour_id: str) -> None:
    """Everything about one rumour."""
    rumour = open_house().store.rumours.get(rumour_id)
    for name, value in _pairs(rumour):
        click.echo(f"{name + ':':<18}{value}")


@command.command(help=t("Ein Gerücht aufnehmen.", "Add a rumour."))
@click.argument("text")
@click.option(
    "--id",
    "rumour_id",
    default="",
    help=t("Kennung; sonst aus dem Titel.", "Id; else made of the title."),
)
@click.option("--title", default="", help=t("Kurzer Titel.", "Short title."))
@click.option(
    "--variant",
    "variants",
    multiple=True,
    help=t("Formulierung; mehrfach möglich.", "Phrasing; may be repeated."),
)
@click.option("--lang", default="", help=t("Sprache, z. B. de.", "Language, e.g. de."))
@click.option(
    "--topic",
    "topics",
    multiple=True,
    help=t("Thema; mehrfach möglich.", "Topic; may be repeated."),
)
@click.option("--status", type=_STATUSES, default="suspected", show_default=True)
@click.option(
    "--fact",
    "facts",
    multiple=True,
    help=t("„Text | Quelle | Adresse | Datum“.", "“text | source | address | date”."),
)
@click.option(
    "--valid-until",
    default="",
    help=t("Letzter Tag, z. B. 2027-12-31.", "Last day, e.g. 2027-12-31."),
)
@checklist.option
def add(
    text: str,
    rumour_id: str,
    title: str,
    variants: tuple[str, ...],
    lang: str,
    topics: tuple[str, ...],
    status: str,
    facts: tuple[str, ...],
    valid_until: str,
    in_scope: bool,
) -> None:
    """Add one."""
    house = open_house()
    known = {rumour.id for rumour in house.store.rumours.all(retired=True)}
    if rumour_id in known:
        raise InvalidInputError(
            f"Die Kennung „{rumour_id}“ gibt es schon. Ändern: crisis rumours edit {rumour_id}",
            f"There is an id “{rumour_id}” already. To change it: crisis rumours edit {rumour_id}",
        )
    rumour = Rumour(
        id=rumour_id or entry.id_for(title or text, known),
        text=text,
        title=title,
        variants=variants,
        lang=lang,
        topics=topics,
        status=RumourStatus(status),
        facts=tuple(exchange.fact_of(fact) for fact in facts),
        valid_until=_day(valid_until),
    )
    _save(house, rumour, in_scope=in_scope)


@command.command(
    help=t(
        "Ein Gerücht ändern; was nicht genannt wird, bleibt. Ein leerer Wert leert das Feld.",
        "Change a rumour; what is not named stays. An empty value empties the field.",
    )
)
@click.argument("rumour_id", metavar=t("KENNUNG", "ID"))
@click.option("--text")
@click.option("--title")
@click.option("--variant", "variants", multiple=True, help=t("Kommt hinzu.", "Is added."))
@click.option("--lang")
@click.option("--topic", "topics", multiple=True, help=t("Kommt hinzu.", "Is added."))
@click.option("--status", type=_STATUSES)
@click.option("--fact", "facts", multiple=True, help=t("Kommt hinzu.", "Is added."))
@click.option("--valid-until")
@click.option(
    "--clear",
    type=click.Choice(["variants", "topics", "facts"]),
    multiple=True,
    help=t("Vorher leeren.", "Empty it first."),
)
def edit(
    rumour_id: str,
    text: str | None,
    title: str | None,
    variants: tuple[str, ...],
    lang: str | None,
    topics: tuple[str, ...],
    status: str | None,
    facts: tuple[str, ...],
    valid_until: str | None,
    clear: tuple[str, ...],
) -> None:
    """Change one."""
    house = open_house()
    before = house.store.rumours.get(rumour_id)
    kept = replace(
        before,
        variants=() if "variants" in clear else before.variants,
        topics=() if "topics" in clear else before.topics,
        facts=() if "facts" in clear else before.facts,
    )
    after = replace(
        kept,
        text=before.text if text is None else text,
        title=before.title if title is None else title,
        lang=before.lang if lang is None else lang,
        status=before.status if status is None else RumourStatus(status),
        valid_until=before.valid_until if valid_until is None else _day(valid_until),
        variants=tuple(dict.fromkeys((*kept.variants, *variants))),
        topics=tuple(dict.fromkeys((*kept.topics, *topics))),
        facts=(*kept.facts, *(exchange.fact_of(fact) for fact in facts)),
    )
    _save(house, after)


@command.command(
    help=t("Zu den Akten legen: löst nichts mehr aus.", "Retire: raises nothing any more.")
)
@click.argument("rumour_id", metavar=t("KENNUNG", "ID"))
def retire(rumour_id: str) -> None:
    """Retire one."""
    house = open_house()
    catalogue.retire(house.store, rumour_id, None, house.now())
    click.echo(t("Zu den Akten gelegt.", "Retired."))


@command.command(help=t("Wieder aufnehmen.", "Take it up again."))
@click.argument("rumour_id", metavar=t("KENNUNG", "ID"))
def restore(rumour_id: str) -> None:
    """Restore one."""
    house = open_house()
    catalogue.restore(house.store, rumour_id, None, house.now())
    click.echo(t("Wieder aufgenommen.", "Taken up again."))


@command.command(
    "import",
    help=t(
        "Gerüchte aus einer Datei (CSV oder JSON-Zeilen) aufnehmen: alle oder, bei einem Fehler, keines.",
        "Take rumours from a file (CSV or JSON lines): all of them or, with any error, none.",
    ),
)
@click.argument(
    "file", type=click.Path(path_type=Path, allow_dash=True), metavar=t("DATEI", "FILE")
)
@click.option(
    "--format",
    "form",
    type=click.Choice(exchange.FORMATS),
    help=t("Sonst nach der Endung.", "Else by the ending."),
)
@checklist.option
def import_(file: Path, form: exchange.Format | None, in_scope: bool) -> None:
    """Import."""
    form = form or _form(file)
    rows = exchange.read_rows(_read(file), form)
    house = open_house()
    fresh = any(house.store.rumours.find(row.id) is None for row in rows)
    codes = checklist.confirmed(scope.RUMOUR, in_scope) if fresh else []
    report = catalogue.import_rows(house.store, rows, None, house.now(), confirmed=codes)
    new, changed, same = len(report.added), len(report.changed), len(report.unchanged)
    click.echo(
        t(
            f"{new} neu, {changed} geändert, {same} unverändert.",
            f"{new} new, {changed} changed, {same} unchanged.",
        )
    )


@command.command(help=t("Den ganzen Katalog ausgeben.", "Print the whole catalogue."))
@click.option(
    "--format", "form", type=click.Choice(exchange.FORMATS), default="jsonl", show_default=True
)
def export(form: exchange.Format) -> None:
    """Export."""
    rumours = open_house().store.rumours.all(retired=True)
    sys.stdout.buffer.write(exchange.write_rows(rumours, form).encode("utf-8"))


def _save(house: wiring.House, rumour: Rumour, *, in_scope: bool = False) -> None:
    """Check, keep, and say what could be better."""
    wrong = entry.problems(rumour)
    if wrong:
        raise InvalidInputError(
            " ".join(de for _, (de, _) in wrong), " ".join(en for _, (_, en) in wrong)
        )
    fresh = house.store.rumours.find(rumour.id) is None
    codes = checklist.confirmed(scope.RUMOUR, in_scope) if fresh else []
    kept = catalogue.save(house.store, rumour, None, house.now(), confirmed=codes)
    click.echo(t(f"Gespeichert als {kept.id}.", f"Kept as {kept.id}."))
    for hint in hints(kept, house.store.rumours.all(), today=house.today()):
        click.echo(t("Hinweis: ", "Hint: ") + hint.say(language()))


def _pairs(rumour: Rumour) -> builtins.list[tuple[str, str]]:
    facts = [
        " | ".join(filter(None, (f.text, f.source, f.url, str(f.date or "")))) for f in rumour.facts
    ]
    pairs = [
        (t("Kennung", "id"), rumour.id),
        (t("Behauptung", "claim"), rumour.text),
        (t("Titel", "title"), rumour.title),
        *((t("Formulierung", "phrasing"), variant) for variant in rumour.variants),
        (t("Sprache", "language"), rumour.lang),
        (t("Themen", "topics"), ", ".join(rumour.topics)),
        (t("Stand", "status"), rumour.status.value),
        *((t("Fakt", "fact"), fact) for fact in facts),
        (t("Letzter Tag", "last day"), str(rumour.valid_until or "")),
        (t("Zu den Akten", "retired"), t("ja", "yes") if rumour.retired else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def _day(text: str) -> date | None:
    try:
        return day(text)
    except ValueError as error:
        raise InvalidInputError(
            f"„{text}“ ist kein Datum; bitte so: 2027-12-31.",
            f"“{text}” is no date; please write it like 2027-12-31.",
        ) from error


def _form(file: Path) -> exchange.Format:
    endings: dict[str, exchange.Format] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
    form = endings.get(file.suffix.lower())
    if form is None:
        raise InvalidInputError(
            "Die Endung sagt nicht, was das ist. Bitte --format csv oder --format jsonl angeben.",
            "The ending does not say what this is. Please give --format csv or --format jsonl.",
        )
    return form


def _read(file: Path) -> str:
    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise NotFoundError(
            f"{file} lässt sich nicht lesen: {error.strerror}.",
            f"{file} cannot be read: {error.strerror}.",
        ) from error
    return exchange.decode(body)
