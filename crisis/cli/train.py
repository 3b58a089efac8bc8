"""``crisis train``: learn the matching model anew from a folder of data and write its file.

Reads files, says how far it is, writes one file. What is learned is in ``crisis.matching.training``.
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
from crisis.types import Rumour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisis.matching import Encoder
    from crisis.matching.material import Material, Task
    from crisis.matching.pairs import Said

Fields = dict[str, Any]


@click.command(
    name="train",
    help=t(
        "Lernt das Modell des Abgleichs neu aus einem Ordner mit Daten. Dauert einige Minuten; "
        "dieselben Daten ergeben dieselbe Datei.",
        "Learn the matching model anew from a folder of data. Takes some minutes; the same data "
        "give the same file.",
    ),
)
@click.argument("folder", metavar=t("ORDNER", "DIR"), type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("model.json"),
    show_default=True,
    metavar=t("DATEI", "FILE"),
    help=t(
        "Wohin das Modell geschrieben wird; „crisis match --model“ liest es.",
        "Where the model is written; “crisis match --model” reads it.",
    ),
)
@click.option(
    "--encoder",
    "encoder_name",
    default="none",
    show_default=True,
    metavar=t("auto|none|ORDNER", "auto|none|DIR"),
    help=t(
        "Ein Sprachmodell: Das Modell lernt auch, was Ähnlichkeit im Sinn wert ist, und braucht es dann.",
        "An encoder: the model also learns what likeness of meaning is worth, and needs it ever after.",
    ),
)
def command(folder: Path, output: Path, encoder_name: str) -> None:
    """Read, learn, write; a missing file is named before anything long begins."""
    check_output(output)
    material = read_material(folder)
    encoder, parts = _encoder(encoder_name)
    from crisis.matching.calibration import as_json
    from crisis.matching.training import train

    model = train(material, lambda de, en: click.echo(t(de, en), err=True), encoder, parts)
    write_whole(output, as_json(model))
    for band in model.bands:
        click.echo(
            t(
                f"{band.rumours} Gerüchte: melden ab {band.raise_at:.3f}, "
                f"vorschlagen ab {band.suggest_at:.3f}",
                f"{band.rumours} rumours: raise from {band.raise_at:.3f}, "
                f"suggest from {band.suggest_at:.3f}",
            )
        )
    click.echo(str(output))


def _encoder(choice: str) -> tuple[Encoder | None, Sequence[Encoder]]:
    """Return the encoder, and those that it is the mean of, each taught by a part of the posts."""
    if choice == "none":
        return None, ()
    from crisis.wiring import encoder
    from crisis.wiring.meaning import encoder_parts

    found = encoder(choice)
    if found is None:
        raise NotFoundError(
            "Es ist kein Sprachmodell mitinstalliert (Zusatz „meaning“).",
            "No encoder was installed along (extra “meaning”).",
        )
    return found, encoder_parts(choice)


def read_material(folder: Path) -> Material:
    """Read what is learned from; ``NotFoundError`` or ``InvalidInputError`` names a bad file.

    A town's rumours are those that come with the program (``crisis/examples``).
    """
    from crisis.matching.material import Material
    from crisis.rumours.exchange import read_rows

    ours = files("crisis").joinpath("examples")
    english, multi = folder / "matching/en", folder / "matching/multi"
    measured: set[str] = set()
    for split in ("dev", "devtest"):
        for rumours in read_fits(english / f"qrels_{split}.tsv").values():
            measured |= rumours
    return Material(
        english=_task(english),
        measured=frozenset(measured),
        multi=_task(multi),
        headlines=read_claims(folder / "matching/de/claims_distractors.jsonl"),
        everyday={
            lang: read_posts(folder / f"background/{lang}.jsonl", lang) for lang in ("en", "de")
        },
        catalogue=list(read_rows(ours.joinpath("rumours.jsonl").read_text("utf-8"), "jsonl")),
        town=_town(ours.joinpath("lessons.jsonl").read_text("utf-8")),
    )


def read_claims(path: Path) -> list[Rumour]:
    """Read lines ``{"id","text","title"?,"lang"?}``."""
    return [
        Rumour(id=row["id"], text=row["text"], title=row.get("title", ""), lang=row.get("lang", ""))
        for row in _rows(path)
    ]


def read_posts(path: Path, lang: str = "") -> list[Said]:
    """Read lines ``{"id","text","lang"?}``; ``lang`` holds where a line names none."""
    from crisis.matching.pairs import Said

    return [Said(row["id"], row["text"], row.get("lang", lang)) for row in _rows(path)]


def read_fits(path: Path) -> dict[str, frozenset[str]]:
    """Read lines post<TAB>claim: post -> claims that belong to it."""
    found: dict[str, set[str]] = {}
    for number, line in enumerate(_text(path).splitlines(), 1):
        post, tab, claim = line.partition("\t")
        if not tab:
            raise _bad(path, number)
        found.setdefault(post, set()).add(claim)
    return {post: frozenset(claims) for post, claims in found.items()}


def _task(folder: Path) -> Task:
    from crisis.matching.material import Task

    return Task(
        read_claims(folder / "claims.jsonl"),
        read_posts(folder / "posts_train.jsonl"),
        read_fits(folder / "qrels_train.tsv"),
    )


def _town(text: str) -> Task:
    """Read our own lessons: ``posts`` carry the rumour, ``others`` only speak of the same thing."""
    from crisis.matching.material import Task
    from crisis.matching.pairs import Said

    rumours, posts, fits = [], [], {}
    for row in map(json.loads, text.splitlines()):
        name, lang = row["id"], row["lang"]
        rumours.append(Rumour(id=name, text=row["text"], title=row["title"], lang=lang))
        for place, said in enumerate((*row["posts"], *row["others"])):
            posts.append(Said(f"{name}/{place}", said, lang))
            if place < len(row["posts"]):
                fits[f"{name}/{place}"] = frozenset({name})
    return Task(rumours, posts, fits)


def _rows(path: Path) -> list[Fields]:
    found = []
    # Not splitlines(): a post may hold U+2028, which is no end of a line of JSON.
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise _bad(path, number) from error
        if not (
            isinstance(row, dict)
            and all(isinstance(row.get(name), str) for name in ("id", "text"))
            and all(isinstance(row.get(name, ""), str) for name in ("title", "lang"))
        ):
            raise _bad(path, number)
        found.append(row)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFoundError(
            f"{path} lässt sich nicht lesen: {error.strerror}. Wie der Ordner aussehen muss, steht "
            "in docs/reference/matching.md.",
            f"{path} cannot be read: {error.strerror}. docs/reference/matching.md says how the "
            "folder must be laid out.",
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} ist kein UTF-8.", f"{path} is not UTF-8.") from error


def _bad(path: Path, number: int) -> InvalidInputError:
    return InvalidInputError(
        f"{path}:{number}: Diese Zeile ist nicht wie erwartet aufgebaut "
        "(docs/reference/matching.md beschreibt sie).",
        f"{path}:{number}: this line is not built as expected "
        "(docs/reference/matching.md describes it).",
    )
