"""``crisis sources``: add, try, list, pause and remove sources."""

from __future__ import annotations

from typing import BinaryIO

import click

from crisis import scope
from crisis.cli import scope as checklist
from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.errors import InvalidInputError
from crisis.settings import tokens
from crisis.sources import kinds, nina, opml
from crisis.types import FeedContent, Source, SourceKind
from crisis.workflows import subscribe
from crisis.workflows.heed import incomplete

SHOWN = 5  # newest posts shown before a source is kept


@click.group(help=t("Quellen anlegen, prüfen, zeigen.", "Add, try and list sources."))
def command() -> None:
    """Sources."""


@command.command(help=t("Alle Quellen und wie es ihnen geht.", "All sources and how they do."))
def list() -> None:  # noqa: A001 - the command is called so
    """One line a source."""
    house = open_house()
    sources = house.store.sources.all()
    if not sources:
        click.echo(
            t(
                "Noch keine Quelle. Hinzufügen: crisis sources add URL",
                "No source yet. To add one: crisis sources add URL",
            )
        )
    for source in sources:
        click.echo(f"{source.id}\t{_health(source)}\t{source.name}\t{source.url}")


@command.command(
    help=t(
        "Eine Quelle ausprobieren, ihre neuesten Beiträge zeigen und nach Rückfrage aufnehmen.",
        "Try a source, show its newest posts and keep it after asking.",
    )
)
@click.argument("url", metavar=t("ADRESSE|WÖRTER", "ADDRESS|WORDS"))
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in SourceKind if kind is not SourceKind.PUSH]),
    default=None,
    help=t(
        "Was es ist: feed, mastodon, bluesky (ein Konto), jetstream (Wörter, durch Kommas getrennt) oder"
        " mailbox (ein Ordner des Postfachs). Ohne Angabe sagt es die Adresse. fact-checks: was eine"
        " Faktencheck-Redaktion veröffentlicht, als Wissen für den Katalog. nina, cap: amtliche Warnungen"
        " (Kreisschlüssel, oder Adresse mit #Gebiet).",
        "What it is: feed, mastodon, bluesky (an account), jetstream (words, separated by commas) or"
        " mailbox (a folder of the mailbox). Left out, the address says it. fact-checks: what a fact-check"
        " desk publishes, as knowledge for the catalogue. nina, cap: official warnings (key of a district,"
        " or address with #area).",
    ),
)
@click.option("--name", default="", help=t("Name auf dem Arbeitsplatz.", "Name on the desk."))
@click.option("--lang", default="", help=t("Sprache der Beiträge, z. B. de.", "Language, e.g. de."))
@click.option(
    "--interval",
    type=click.IntRange(10, 86_400),
    default=None,
    help=t("Sekunden zwischen zwei Abfragen.", "Seconds between two requests."),
)
@click.option("--yes", "-y", is_flag=True, help=t("Nicht nachfragen.", "Do not ask."))
@checklist.option
def add(  # the options are the command's
    url: str,
    kind: str | None,
    name: str,
    lang: str,
    interval: int | None,
    yes: bool,
    in_scope: bool,
) -> None:
    """Try, show, ask, keep."""
    house = open_house()
    found, url = kinds.recognise(url, SourceKind(kind) if kind else None)
    known = house.store.sources.by_url(url)
    if known is not None:
        raise InvalidInputError(
            f"Diese Quelle steht schon in der Liste: {known.name}.",
            f"This source is in the list already: {known.name}.",
        )
    content = subscribe.look(house, Source(url=url, name=url, kind=found))
    _show(content)
    if not yes and not click.confirm(t("Diese Quelle aufnehmen?", "Keep this source?")):
        click.echo(t("Nichts aufgenommen.", "Nothing kept."))
        return
    source = subscribe.add(
        house.store,
        Source(
            url=url,
            kind=found,
            name=name or content.title or _named(url, found),
            lang=lang or content.lang,
            interval=interval or house.settings.monitor.interval_seconds,
        ),
        None,
        house.now(),
        confirmed=checklist.confirmed(scope.of_source(found), in_scope),
    )
    if found.heard:
        click.echo(
            t(
                f"Aufgenommen als Nummer {source.id}: {source.name}. Wird fortlaufend gehört.",
                f"Kept as number {source.id}: {source.name}. Heard continuously.",
            )
        )
        return
    click.echo(
        t(
            f"Aufgenommen als Nummer {source.id}: {source.name}. Wird alle {source.interval} Sekunden"
            " gefragt.",
            f"Kept as number {source.id}: {source.name}. Asked every {source.interval} seconds.",
        )
    )


@command.command(
    "import",
    help=t(
        "Die Feeds einer OPML-Datei zeigen und nach Rückfrage aufnehmen.",
        "Show the feeds of an OPML file and keep them after asking.",
    ),
)
@click.argument("file", type=click.File("rb"), metavar=t("DATEI", "FILE"))
@click.option("--yes", "-y", is_flag=True, help=t("Nicht nachfragen.", "Do not ask."))
@checklist.option
def import_(file: BinaryIO, yes: bool, in_scope: bool) -> None:
    """Show, ask, keep all or none."""
    house = open_house()
    listed = opml.read(file.read(opml.LARGEST + 1))
    for one in listed:
        known = house.store.sources.by_url(one.url) is not None
        click.echo(
            f"{t('schon dabei', 'known') if known else t('neu', 'new')}\t{one.name}\t{one.url}"
        )
    if not yes and not click.confirm(t("Die neuen aufnehmen?", "Keep the new ones?")):
        click.echo(t("Nichts aufgenommen.", "Nothing kept."))
        return
    interval = house.settings.monitor.interval_seconds
    fresh = any(house.store.sources.by_url(one.url) is None for one in listed)
    statements = scope.of_source(SourceKind.FEED) if fresh else ()
    count = subscribe.add_all(
        house.store,
        listed,
        interval,
        None,
        house.now(),
        confirmed=checklist.confirmed(statements, in_scope),
    )
    click.echo(t(f"{count} aufgenommen.", f"{count} kept."))


@command.command(
    help=t(
        "Alle Feeds als OPML-Datei auf die Standardausgabe.",
        "All feeds as an OPML file to standard output.",
    )
)
def export() -> None:
    """What other feed readers take."""
    house = open_house()
    body = opml.write(house.store.sources.all(), f"Klarstellung, {house.settings.authority.name}")
    click.echo(body.decode("utf-8"), nl=False)


@command.command(help=t("Vorerst nicht mehr fragen.", "Ask it no more for now."))
@click.argument("number", type=int)
def pause(number: int) -> None:
    """Pause."""
    house = open_house()
    subscribe.pause(house.store, number, None, house.now())
    click.echo(t("Pausiert.", "Paused."))


@command.command(help=t("Wieder fragen.", "Ask it again."))
@click.argument("number", type=int)
def resume(number: int) -> None:
    """Resume."""
    house = open_house()
    subscribe.resume(house.store, number, None, house.now())
    click.echo(t("Wird wieder gefragt.", "Asked again."))


@command.command(
    help=t(
        "Quelle entfernen; Beiträge in Vorfällen bleiben.",
        "Remove a source; posts in incidents stay.",
    )
)
@click.argument("number", type=int)
@click.option("--yes", "-y", is_flag=True, help=t("Nicht nachfragen.", "Do not ask."))
def remove(number: int, yes: bool) -> None:
    """Remove."""
    house = open_house()
    source = house.store.sources.get(number)
    if yes or click.confirm(t(f"„{source.name}“ entfernen?", f"Remove “{source.name}”?")):
        subscribe.remove(house.store, number, None, house.now())
        click.echo(t("Entfernt.", "Removed."))


@command.command(
    help=t(
        "Einen Zugangsschlüssel für einen Server hinterlegen, etwa mastodon.example. Er wird verdeckt"
        " eingegeben und nie wieder gezeigt; leer: entfernen.",
        "Provide an access token for a server, such as mastodon.example. It is typed hidden and never"
        " shown again; empty: remove it.",
    )
)
@click.argument("host")
def token(host: str) -> None:
    """Keep a token."""
    house = open_house()
    text = click.prompt(
        t("Zugangsschlüssel", "Access token"), default="", hide_input=True, show_default=False
    )
    tokens.keep(house.settings.instance, host, text)
    click.echo(t("Hinterlegt.", "Kept.") if text else t("Entfernt.", "Removed."))


def _named(url: str, kind: SourceKind) -> str:
    """What to call a source that does not say it."""
    if kind is SourceKind.NINA:
        return t(f"NINA, Kreis {nina.district(url)}", f"NINA, district {nina.district(url)}")
    return url


def _show(content: FeedContent) -> None:
    if content.bulletin is None:
        click.echo(content.title or t("(ohne Titel)", "(no title)"))
    if content.checks:
        found = len(content.checks)
        click.echo(t(f"{found} Faktenchecks, zuerst:", f"{found} fact checks, first:"))
        for check in content.checks[:SHOWN]:
            click.echo(f"  {check.verdict or '–'}: {check.claim[:100]}  {check.url}")
        return
    if content.bulletin is not None:
        found = len(content.bulletin.warnings)
        click.echo(
            t(f"Amtliche Warnungen, die gelten: {found}", f"Official warnings that hold: {found}")
        )
        for one in content.bulletin.warnings[:SHOWN]:
            click.echo(f"  {one.sender}: {one.event}  {one.url}")
        if (part := incomplete(content)) is not None:
            click.echo(t("Hinweis: ", "Note: ") + part.say(language()))
        return
    count = len(content.posts)
    click.echo(t(f"{count} Beiträge, die neuesten:", f"{count} posts, the newest:"))
    for post in content.posts[:SHOWN]:
        when = post.published.date().isoformat() if post.published else "          "
        text = " ".join(post.text.split())
        click.echo(f"  {when}  {text[:100]}{'…' if len(text) > 100 else ''}")
    for remark in content.remarks:
        click.echo(t("Hinweis: ", "Note: ") + remark)


def _health(source: Source) -> str:
    if not source.active:
        return t("pausiert", "paused")
    if source.failures:
        return t("Fehler: ", "error: ") + source.error(language())
    if source.last_success is None:
        return t("noch nicht gefragt", "not asked yet")
    return t("in Ordnung", "fine")
