"""``crisis train-claims``: learn anew what tells a claim from an opinion, and write the model's file.

Reads two files, writes one. What is learned is in ``crisis.matching.claims_training``.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crisis.cli.streams import check_output, write_whole
from crisis.cli.words import t
from crisis.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from crisis.matching.claims_training import Comment, Lesson


@click.command(
    name="train-claims",
    help=t(
        "Lernt neu, was eine Behauptung von einer Meinung unterscheidet: aus ORDNER/train.jsonl und den "
        "mitgelieferten Lektionen. Dieselben Texte ergeben dieselbe Datei.",
        "Learn anew what tells a claim from an opinion: from DIR/train.jsonl and the lessons that come "
        "with the program. The same texts give the same file.",
    ),
)
@click.argument("folder", metavar=t("ORDNER", "DIR"), type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("claims.json"),
    show_default=True,
    metavar=t("DATEI", "FILE"),
    help=t(
        "Wohin das Modell geschrieben wird; „crisis claims --model“ liest es.",
        "Where the model is written; “crisis claims --model” reads it.",
    ),
)
def command(folder: Path, output: Path) -> None:
    """Read, learn, write; a missing file is named before anything long begins."""
    check_output(output)
    comments, lessons = read_comments(folder / "train.jsonl"), read_lessons()
    from crisis.encoders.packaged import untaught
    from crisis.matching.claims_file import claim_model_as_json
    from crisis.matching.claims_training import learn

    click.echo(
        t(
            f"{len(comments)} Kommentare, {len(lessons)} Lektionen",
            f"{len(comments)} comments, {len(lessons)} lessons",
        ),
        err=True,
    )
    encoder = untaught()
    if encoder is None:
        click.echo(
            t(
                "Der Satz-Encoder ist nicht installiert: Das Modell lernt ohne Bedeutung.",
                "The sentence encoder is not installed: the model learns without meaning.",
            ),
            err=True,
        )
    write_whole(output, claim_model_as_json(learn(comments, lessons, encoder)))
    click.echo(str(output))


def read_comments(path: Path) -> list[Comment]:
    """Read lines ``{"text","fact_claiming"}`` (0 or 1); both answers must occur."""
    from crisis.matching.claims_training import Comment

    found = []
    # Not splitlines(): a comment may hold U+2028, which is no end of a line of JSON.
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            row = _row(line, path, number)
            if not (isinstance(row.get("text"), str) and row.get("fact_claiming") in (0, 1)):
                raise _bad(path, number)
            found.append(Comment(row["text"], bool(row["fact_claiming"])))
    if len({comment.claims for comment in found}) < 2:
        raise InvalidInputError(
            f"{path} braucht Kommentare mit und ohne Behauptung (fact_claiming 1 und 0).",
            f"{path} needs comments with a claim and without one (fact_claiming 1 and 0).",
        )
    return found


def read_lessons() -> list[Lesson]:
    """Read the lessons that come with the program."""
    from crisis.matching.claims_model import Kind
    from crisis.matching.claims_training import Lesson

    text = files("crisis").joinpath("examples", "claim_lessons.jsonl").read_text("utf-8")
    rows = map(json.loads, text.splitlines())
    return [Lesson(row["text"], row["lang"], Kind(row["kind"])) for row in rows]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFoundError(
            f"{path} lässt sich nicht lesen: {error.strerror}. Wie der Ordner aussehen muss, steht "
            "in docs/reference/claims.md.",
            f"{path} cannot be read: {error.strerror}. docs/reference/claims.md says how the folder "
            "must be laid out.",
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} ist kein UTF-8.", f"{path} is not UTF-8.") from error


def _row(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _bad(path, number) from error
    if not isinstance(row, dict):
        raise _bad(path, number)
    return row


def _bad(path: Path, number: int) -> InvalidInputError:
    return InvalidInputError(
        f"{path}:{number}: Diese Zeile ist nicht wie erwartet aufgebaut "
        "(docs/reference/claims.md beschreibt sie).",
        f"{path}:{number}: this line is not built as expected (docs/reference/claims.md describes it).",
    )
