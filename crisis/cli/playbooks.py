"""``crisis playbooks``: check, list and preview prepared answers. Needs no database, approves nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from crisis.cli.words import language, t
from crisis.errors import InvalidInputError, NotFoundError
from crisis.playbooks.blanks import fill
from crisis.playbooks.blocks import located
from crisis.playbooks.check import check as find_problems
from crisis.playbooks.folder import Folder
from crisis.playbooks.kinds import example_of
from crisis.playbooks.limits import CHANNELS, channel_code, channel_words, sizes
from crisis.playbooks.parse import parse
from crisis.playbooks.problem import Problem, has_errors
from crisis.playbooks.render import to_text
from crisis.types import Playbook

_FOLDER = Path("playbooks")
_folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=_FOLDER,
    show_default=True,
    help=t("Der Ordner mit den Vorlagen (Playbooks).", "The folder with the playbooks."),
)


@click.group(name="playbooks", help=t("Vorbereitete Antworten.", "Prepared answers."))
def command() -> None:
    """Group of the commands below."""


@command.command(
    name="check",
    help=t(
        "Prüft Vorlagen (Playbooks) und nennt jedes Problem mit Datei und Zeile. Ohne PFAD: der"
        " Ordner playbooks.",
        "Check playbooks; name every problem with file and line. Without PATH: the folder playbooks.",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar=t("[PFAD]…", "[PATH]…"))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: date.today().isoformat(),  # noqa: DTZ011 - the reader's own calendar day
    help=t("Prüft, als wäre heute dieser Tag.", "Check as if today were this day."),
)
def check_command(paths: tuple[Path, ...], form: str, today: date) -> None:
    """Print every problem; end with 1 if one of them is an error."""
    day = date(today.year, today.month, today.day)
    count, problems = 0, []
    for shown, folder, name in _files(paths or (_FOLDER,)):
        count += 1
        for problem in _problems(folder, name, day):
            problems.append((shown, problem))
    if form == "json":
        click.echo(json.dumps(_as_json(count, problems), ensure_ascii=False, indent=2))
    else:
        _print(count, problems)
    if has_errors([problem for _, problem in problems]):
        raise click.exceptions.Exit(1)


@command.command(name="list", help=t("Zeigt alle Playbooks (Vorlagen).", "List all playbooks."))
@_folder_option
def list_command(folder: Path) -> None:
    """One line a playbook; what cannot be read is named at the end."""
    content = Folder(_existing(folder)).load()
    for playbook in content.playbooks:
        channels = ", ".join(_word(code) for code in playbook.answers)
        until = t("bis", "until")
        click.echo(
            f"{playbook.name}  [{playbook.lang}]  {playbook.title}  ({channels}; "
            f"{until} {playbook.valid_until})"
        )
    broken = sorted({p.file for p in content.problems if p.severity == "error"})
    for file in broken:
        click.echo(
            t(
                f"{file}: nicht lesbar, siehe „crisis playbooks check“",
                f'{file}: cannot be read, see "crisis playbooks check"',
            ),
            err=True,
        )


@command.command(
    name="preview",
    help=t(
        "Zeigt die Antworten einer Vorlage, mit den Beispielen ausgefüllt.",
        "Show the answers of a playbook, filled with the examples.",
    ),
)
@click.argument("name", metavar="NAME")
@click.option(
    "--channel", help=t("Nur dieser Kanal, z. B. kurz.", "This channel only, short for example.")
)
@_folder_option
def preview_command(name: str, channel: str | None, folder: Path) -> None:
    """Print plain text; the title first, then every answer with its length."""
    name = name.removesuffix(".md")
    shelf = Folder(_existing(folder))
    playbook = parse(name, shelf.whole(name, shelf.text(name)).text)
    values = {p.name: example_of(p) for p in playbook.placeholders}
    for code in [_chosen(playbook, channel)] if channel else list(playbook.answers):
        text = to_text(fill(playbook.answers[code], values))
        lengths = ", ".join(f"{size.rule} {size.used}/{size.most}" for size in sizes(code, text))
        heading = _word(code) + (f" ({lengths})" if lengths else "")
        click.echo(f"=== {heading} ===\n\n{text}\n")


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


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise NotFoundError(
            f"Den Ordner {folder} gibt es nicht. Wechseln Sie in den Ordner der Anwendung.",
            f"There is no folder {folder}. Change to the application's folder.",
        )
    return folder


def _files(paths: tuple[Path, ...]) -> Iterator[tuple[str, Folder, str]]:
    """What to check: the path to show, the folder it is in, and its name there."""
    for path in paths:
        if path.is_file() or (path.is_symlink() and not path.is_dir()):
            if path.suffix != ".md":
                raise InvalidInputError(
                    f"{path} ist kein Playbook: der Name muss auf .md enden.",
                    f"{path} is no playbook: its name must end in .md.",
                )
            yield str(path), Folder(path.parent), path.stem
        else:
            folder = Folder(_existing(path))
            for name in folder.names():
                yield str(path / f"{name}.md"), folder, name


def _problems(folder: Folder, name: str, today: date) -> list[Problem]:
    text, problem = folder.read(name)
    if text is None:
        return [problem] if problem else []
    made = folder.whole(name, text)
    return located(find_problems(name, made.text, today=today), made)


def _print(count: int, problems: list[tuple[str, Problem]]) -> None:
    lang = language()
    for shown, problem in problems:
        click.echo(f"{shown}:{problem.line}: {problem.level(lang)}: {problem.say(lang)}")
    errors = sum(problem.severity == "error" for _, problem in problems)
    others = len(problems) - errors
    noun = t("Playbook" if count == 1 else "Playbooks", "playbook" if count == 1 else "playbooks")
    summary = t(
        f"{count} {noun} geprüft, {errors or 'keine'} Fehler",
        f"{count} {noun} checked, {errors or 'no'} error{'' if errors == 1 else 's'}",
    )
    rest = t(f", {others} weitere Hinweise", f", {others} other remarks") if others else ""
    click.echo(summary + rest)


def _as_json(count: int, problems: list[tuple[str, Problem]]) -> dict[str, object]:
    return {
        "checked": count,
        "problems": [
            {
                "file": shown,
                "line": problem.line,
                "severity": problem.severity,
                "code": problem.code,
                "de": problem.de,
                "en": problem.en,
            }
            for shown, problem in problems
        ],
    }
