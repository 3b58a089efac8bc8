"""``crisis playbooks``: check and list prepared answers. Needs no database, approves nothing.

Writing, preview and watching are in ``playbooks_write``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from crisis.cli.playbooks_write import (
    existing,
    folder_option,
    new_command,
    preview_command,
    watch_command,
)
from crisis.cli.words import language, t
from crisis.errors import InvalidInputError
from crisis.playbooks.blocks import located
from crisis.playbooks.check import check as find_problems
from crisis.playbooks.folder import Folder
from crisis.playbooks.limits import CHANNELS
from crisis.playbooks.problem import Problem, has_errors

_FOLDER = Path("playbooks")


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
@folder_option
def list_command(folder: Path) -> None:
    """One line a playbook; what cannot be read is named at the end."""
    content = Folder(existing(folder)).load()
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


command.add_command(new_command)
command.add_command(preview_command)
command.add_command(watch_command)


def _word(code: str) -> str:
    return t(CHANNELS[code].de, CHANNELS[code].en)


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
            folder = Folder(existing(path))
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
