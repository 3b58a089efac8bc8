"""``crisis posts``: what files and addresses yield, as JSON lines. Stores nothing, opens no database.

Only gathers and prints: fetching and reading are the rooms' own.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import click

from crisis.cli.words import language, t
from crisis.errors import CrisisError, FeedError, NotFoundError, TooLargeError
from crisis.interfaces import Fetch, Reader
from crisis.sources.bounds import MAX_BYTES
from crisis.sources.remarks import in_language
from crisis.types import FeedContent, FeedPost, Fetched


@click.command(
    name="posts",
    help=t(
        "Gibt aus, was Dateien, Ordner oder Adressen (RSS, Atom, RDF, JSON Feed) an Beiträgen "
        "liefern: eine JSON-Zeile je Beitrag, neueste zuerst. Speichert nichts. "
        "Was nicht gelesen werden kann, wird gemeldet und übergangen; dann endet der Befehl mit 1.",
        "Print the posts that files, folders or addresses (RSS, Atom, RDF, JSON Feed) yield: one "
        "JSON line a post, newest first. Stores nothing. What cannot be read is reported and passed "
        "over; the exit code then is 1.",
    ),
)
@click.argument("sources", nargs=-1, required=True, metavar=t("DATEI|URL …", "FILE|URL …"))
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="HOST[:PORT]",
    help=t(
        "Diesen Rechner auch im eigenen Netz abrufen (mehrfach möglich).",
        "Fetch from this host even on a private network (repeatable).",
    ),
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 300),
    default=20.0,
    show_default=True,
    help=t(
        "Sekunden für das Abrufen einer Adresse, ebenso für das Lesen.",
        "Seconds for fetching one address, and again for reading it.",
    ),
)
@click.option(
    "--max-bytes",
    type=click.IntRange(1, 100_000_000),
    default=MAX_BYTES,
    show_default=True,
    help=t("Größere Antworten und Dateien werden abgelehnt.", "Refuse larger answers and files."),
)
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    allowed: tuple[str, ...],
    timeout: float,
    max_bytes: int,
) -> None:
    """Read each source in turn; say on stderr what went wrong with which."""
    from crisis.sources.fetch import HttpFetch
    from crisis.sources.reader import FeedReader

    fetch = HttpFetch(timeout=timeout, max_bytes=max_bytes, allowed_hosts=allowed)
    failed = False
    with FeedReader(seconds=timeout) as reader:
        for source in named(sources):
            try:
                content = read(source, fetch, reader, max_bytes)
            except CrisisError as error:
                failed = True
                click.echo(f"{t('Fehler', 'Error')}: {source}: {error.say(language())}", err=True)
                continue
            show(source, content)
    context.exit(1 if failed else 0)


def named(sources: tuple[str, ...]) -> Iterator[str]:
    """The sources one by one; a folder stands for every file in it, sorted by path."""
    for source in sources:
        if is_address(source) or not Path(source).is_dir():
            yield source
            continue
        yield from sorted(str(path) for path in Path(source).rglob("*") if path.is_file())


def is_address(source: str) -> bool:
    """Whether this is something to fetch rather than a file."""
    return "://" in source


def read(source: str, fetch: Fetch, reader: Reader, max_bytes: int) -> FeedContent:
    """The content of one source. Raises CrisisError."""
    if is_address(source):
        return reader.read(fetch.fetch(source))
    return reader.read(Fetched(body=load(Path(source), max_bytes), url=""))


def load(path: Path, max_bytes: int) -> bytes:
    """A file's bytes. Raises NotFoundError, FeedError or TooLargeError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FeedError("Das ist keine gewöhnliche Datei.", "This is no ordinary file.")
        with path.open("rb") as file:
            body = file.read(max_bytes + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFoundError(
            "Diese Datei gibt es nicht. Eine Webadresse beginnt mit https:// oder http://.",
            "There is no such file. A web address begins with https:// or http://.",
        ) from error
    except (OSError, ValueError) as error:
        raise FeedError(
            f"Die Datei lässt sich nicht lesen ({error}).", f"The file cannot be read ({error})."
        ) from error
    if len(body) > max_bytes:
        raise TooLargeError(
            f"Die Datei ist größer als {max_bytes} Bytes (siehe --max-bytes).",
            f"The file is larger than {max_bytes} bytes (see --max-bytes).",
        )
    return body


def show(source: str, content: FeedContent) -> None:
    """Print the posts, and on stderr what is to be said of the feed."""
    for remark in content.remarks:
        note = in_language(remark, language())
        click.echo(f"{t('Hinweis', 'Note')}: {source}: {note}", err=True)
    for post in content.posts:
        click.echo(line_of(source, post))


def line_of(source: str, post: FeedPost) -> str:
    """One post as one line of JSON."""
    published = post.published.astimezone(UTC) if post.published else None
    row = {
        "id": post.key,
        "source": source,
        "url": post.url,
        "author": post.author,
        "published": published.isoformat().replace("+00:00", "Z") if published else None,
        "lang": post.lang,
        "text": post.text,
    }
    line = json.dumps(row, ensure_ascii=False)
    # Line ends beyond "\n" would break the line for readers who split at them.
    return line.translate({0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"})
