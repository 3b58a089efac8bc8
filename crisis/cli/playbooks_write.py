"""``crisis playbooks new``, ``preview`` and ``watch``: help for those who write in an editor of their own.

What is good and what is wrong is said by ``crisis.playbooks``; this only asks, shows and waits.
"""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from crisis.cli.words import language, t
from crisis.errors import InvalidInputError, NotFoundError
from crisis.playbooks.blanks import fill, fill_plain
from crisis.playbooks.blocks import located
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.playbooks.kinds import example_of
from crisis.playbooks.limits import CHANNELS, channel_code, channel_words, sizes, sms
from crisis.playbooks.parse import parse
from crisis.playbooks.problem import Problem
from crisis.playbooks.render import to_text
from crisis.playbooks.skeleton import skeleton
from crisis.playbooks.thread import numbered, posts
from crisis.types import Picture, Playbook

WIDTH = 78
PAUSE = 0.5  # seconds between two looks at the folder
folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("playbooks"),
    show_default=True,
    help=t("Der Ordner mit den Vorlagen (Playbooks).", "The folder with the playbooks."),
)


def existing(folder: Path) -> Path:
    """``folder``, if it is there."""
    if not folder.is_dir():
        raise NotFoundError(
            f"Den Ordner {folder} gibt es nicht. Wechseln Sie in den Ordner der Anwendung.",
            f"There is no folder {folder}. Change to the application's folder.",
        )
    return folder


# --- new ---------------------------------------------------------------------------------------


@click.command(
    name="new",
    help=t(
        "Legt eine neue Vorlage an, in der jeder Teil schon steht. Fragt, was nicht angegeben ist.",
        "Begin a new playbook in which every part is there. Asks for what is not given.",
    ),
)
@click.argument("name", metavar="NAME")
@click.option("--title", help=t("Die Überschrift: was stimmt.", "The headline: what is true."))
@click.option("--claim", help=t("Was fälschlich behauptet wird.", "What is falsely claimed."))
@click.option("--owner", help=t("Die verantwortliche Stelle.", "The unit in charge."))
@click.option("--contact", help=t("Nummer oder Adresse für Rückfragen.", "Number or address."))
@folder_option
def new_command(
    name: str,
    title: str | None,
    claim: str | None,
    owner: str | None,
    contact: str | None,
    folder: Path,
) -> None:
    """Ask little, write a skeleton, say what comes next."""
    shelf = Folder(existing(folder))
    name = name.removesuffix(".md")
    if name in shelf.names():
        raise InvalidInputError(
            f"{name}.md gibt es schon. Öffnen Sie die Datei in einem Editor.",
            f"{name}.md is there already. Open the file in an editor.",
        )
    lang = name.rsplit(".", 1)[1] if "." in name else ("de" if language() == "de" else "en")
    asked = {
        "title": _asked(title, "Was stimmt? (die Überschrift)", "What is true? (the headline)"),
        "claim": _asked(claim, "Was wird fälschlich behauptet?", "What is falsely claimed?"),
        "owner": _asked(owner, "Welche Stelle ist verantwortlich?", "Which unit is in charge?"),
        "contact": _asked(contact, "Wen kann man fragen? (Nummer oder Adresse einer Stelle)",
                          "Whom can people ask? (number or address of a unit)"),
    }  # fmt: skip
    text = skeleton(today=date.today(), lang=lang, **asked)  # noqa: DTZ011 - the author's own day
    shelf.save(name, text, None)
    path = folder / f"{name}.md"
    click.echo(
        t(
            f"{path} ist angelegt. Öffnen Sie die Datei in einem Editor und lassen Sie nebenher laufen:\n"
            f"  crisis playbooks watch {name}",
            f"{path} is there. Open the file in an editor and let this run beside it:\n"
            f"  crisis playbooks watch {name}",
        )
    )


def _asked(given: str | None, de: str, en: str) -> str:
    if given is not None:
        return given.strip()
    return str(click.prompt(t(de, en), default="", show_default=False)).strip()


# --- preview -----------------------------------------------------------------------------------


@click.command(
    name="preview",
    help=t(
        "Zeigt jeden Kanal einer Vorlage, wie er aussehen wird, mit Zählern; mit den Beispielen gefüllt.",
        "Show every channel of a playbook as it will look, with counters; filled with the examples.",
    ),
)
@click.argument("name", metavar="NAME")
@click.option(
    "--channel", help=t("Nur dieser Kanal, z. B. kurz.", "This channel only, short for example.")
)
@folder_option
def preview_command(name: str, channel: str | None, folder: Path) -> None:
    """The title first, then the first statement, then every answer with its length."""
    name = name.removesuffix(".md")
    shelf = Folder(existing(folder))
    playbook = parse(name, shelf.whole(name, shelf.text(name)).text)
    values = {p.name: example_of(p) for p in playbook.placeholders}
    if channel:
        code = _chosen(playbook, channel)
        _show(_word(code), code, playbook.answers[code], values, playbook.pictures)
        return
    click.echo(f"{fill_plain(playbook.title, values)}\n")
    first = t("Erste Meldung", "Holding statement")
    for code, text in playbook.holding.items():
        _show(f"{first}: {_word(code)}", code, text, values)
    for code, text in playbook.answers.items():
        _show(_word(code), code, text, values, playbook.pictures)


def _show(
    heading: str,
    code: str,
    markdown: str,
    values: dict[str, str],
    pictures: Sequence[Picture] = (),
) -> None:
    text = to_text(fill(markdown, values))
    pieces = numbered(posts(text)) if code == "thread" else [text]
    for number, piece in enumerate(pieces, start=1):
        place = f" {number}/{len(pieces)}" if len(pieces) > 1 else ""
        click.echo(f"=== {heading}{place}{_counters(code, piece)} ===\n\n{_wrapped(piece)}\n")
        if number == 1 and CHANNELS[code].pictures:
            _show_pictures(pictures)


def _show_pictures(pictures: Sequence[Picture]) -> None:
    """Which pictures go along there, in words: file, what it shows, who made it."""
    for one in pictures:
        gone = "" if one.sha256 else t(" – fehlt", " – missing")
        made = t(f" (Bild: {one.source})", f" (picture: {one.source})") if one.source else ""
        click.echo(_wrapped(f"[{t('Bild', 'Picture')} {one.file}{gone}: {one.alt}{made}]") + "\n")


def _counters(code: str, text: str) -> str:
    found = [
        f"{size.rule} {size.used}/{size.most}"
        + (t(f" – {size.over} zu viel", f" – {size.over} too many") if size.over else "")
        for size in sizes(code, text)
    ]
    if code == "sms":
        found.append(t(f"{sms(text).parts} Teile", f"{sms(text).parts} parts"))
    return f" ({', '.join(found)})" if found else ""


def _wrapped(text: str) -> str:
    """Lines of a length people read; addresses stay whole."""
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) if line else ""
        for line in text.split("\n")
    )


def _chosen(playbook: Playbook, word: str) -> str:
    code = channel_code(word) or ""
    if code not in playbook.answers:
        known_de = ", ".join(channel_words("de"))
        known_en = ", ".join(channel_words("en"))
        raise NotFoundError(
            f"Für „{word}“ gibt es hier keine Antwort. Kanäle: {known_de}.",
            f'There is no answer for "{word}" here. Channels: {known_en}.',
        )
    return code


def _word(code: str) -> str:
    return t(CHANNELS[code].de, CHANNELS[code].en)


# --- watch -------------------------------------------------------------------------------------


@click.command(
    name="watch",
    help=t(
        "Prüft bei jedem Speichern neu. Ohne NAME: alle Vorlagen des Ordners. Ende mit Strg+C.",
        "Check again whenever a file is saved. Without NAME: all playbooks. End with Ctrl+C.",
    ),
)
@click.argument("name", required=False, metavar=t("[NAME]", "[NAME]"))
@folder_option
def watch_command(name: str | None, folder: Path) -> None:
    """Look every half second; say something only when a text has changed."""
    shelf = Folder(existing(folder))
    wanted = name.removesuffix(".md") if name else None
    if wanted is not None:
        shelf.text(wanted)  # says so if it is not there
    click.echo(t("Ich prüfe bei jedem Speichern. Ende mit Strg+C.",
                 "I check whenever you save. End with Ctrl+C."))  # fmt: skip
    for changed, problems in watched(shelf, wanted, _pauses):
        _tell(changed, problems)


def _pauses() -> Iterator[None]:
    try:
        while True:
            yield
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        return


def watched(
    shelf: Folder, wanted: str | None, pauses: Callable[[], Iterator[None]]
) -> Iterator[tuple[str, list[Problem]]]:
    """Every playbook whose whole text, blocks included, is new since the last look, with its
    problems. ``pauses`` yields once before each look and says when it is enough."""
    known: dict[str, str] = {}
    for _ in pauses():
        for name in [wanted] if wanted else shelf.names():
            text, unreadable = shelf.read(name)
            made = shelf.whole(name, text) if text is not None else None
            seen = repr((made.text, made.problems) if made else unreadable)
            if known.get(name) == seen:
                continue
            known[name] = seen
            if made is None:
                yield name, [unreadable] if unreadable else []
            else:
                today = date.today()  # noqa: DTZ011 - the author's own calendar day
                yield name, located(check(name, made.text, today=today), made)


def _tell(name: str, problems: list[Problem]) -> None:
    clock = f"{datetime.now():%H:%M:%S}"  # noqa: DTZ005 - the author's own clock
    lang = language()
    for problem in problems:
        click.echo(f"{name}.md:{problem.line}: {problem.level(lang)}: {problem.say(lang)}")
    good = t("nichts zu verbessern", "nothing to improve")
    count = len(problems)
    found = t(f"{count} Anmerkungen", f"{count} remarks") if count else good
    click.echo(f"{clock} {name}.md: {found}")
