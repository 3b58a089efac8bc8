"""``crisis claims``: which of these posts claims that something is so? A file in, lines out.

Needs no database, loads no Flask, stores nothing. The judgement is in ``crisis.matching.claims``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crisis.cli.lines import Complaints, Line, read_lines
from crisis.cli.streams import opened, print_answers
from crisis.cli.words import language, t

if TYPE_CHECKING:
    from crisis.matching.claims_model import ClaimModel
    from crisis.matching.lens import Encoder


@click.command(
    name="claims",
    help=t(
        "Sagt von jedem Beitrag (JSON-Zeilen), ob er etwas behauptet, meint, fragt oder nichts davon.",
        "Say of each post (JSON lines) whether it claims something, gives an opinion, asks or none of these.",
    ),
)
@click.argument(
    "posts_file",
    metavar=t("DATEI", "FILE"),
    type=click.Path(path_type=Path, allow_dash=True),
)
@click.option(
    "--model",
    "model_file",
    type=click.Path(path_type=Path),
    metavar=t("DATEI", "FILE"),
    help=t(
        "Ein eigenes Modell aus „crisis train-claims“.",
        "A model of your own from “crisis train-claims”.",
    ),
)
@click.option(
    "--encoder",
    "wanted",
    type=click.Choice(["auto", "none"]),
    default="auto",
    show_default=True,
    help=t(
        "„auto“ nimmt den Satz-Encoder, wo er installiert ist (etwa 100 Beiträge je Sekunde); „none“ geht "
        "ohne ihn schneller.",
        "“auto” takes the sentence encoder where it is installed (about 100 posts a second); “none” is "
        "faster without it.",
    ),
)
def command(posts_file: Path, model_file: Path | None, wanted: str) -> None:
    """One line for each good line, in its order; bad ones are named, and the exit code is 1."""
    model = _model(model_file)
    encoder = _encoder(model) if wanted == "auto" else None
    complaints = Complaints(lambda line: click.echo(line, err=True))
    print_answers(_answers(posts_file, model, encoder, complaints), complaints)


def _answers(
    posts_file: Path, model: ClaimModel, encoder: Encoder | None, complaints: Complaints
) -> Iterator[str]:
    with opened(posts_file) as stream:
        for batch in read_lines(stream, str(posts_file), complaints):
            yield "".join(_judged(post, model, encoder) + "\n" for post in batch)


def _encoder(model: ClaimModel) -> Encoder | None:
    """The encoder whose vectors the model knows, where it is installed."""
    from crisis.encoders.packaged import untaught

    encoder = untaught() if model.meant else None
    return encoder if encoder and model.meant and encoder.name == model.meant.encoder else None


def _judged(post: Line, model: ClaimModel, encoder: Encoder | None) -> str:
    from crisis.matching.claims import kind_of, language_of
    from crisis.matching.claims_reasons import reasons

    german = language_of(post.text, post.lang) == "de"
    vector = encoder.encode([post.text])[0].tolist() if encoder and german else None
    found = kind_of(post.text, post.lang, model, vector)
    fields = {
        "post": post.id,
        "kind": found.kind.value,
        "probability": round(found.probability, 4),
        "probabilities": {kind.value: round(p, 4) for kind, p in found.probabilities.items()},
        "reasons": reasons(post.text, found, language()),
        "model": found.model,
    }
    return json.dumps(fields, ensure_ascii=False)


def _model(path: Path | None) -> ClaimModel:
    from crisis.matching.claims_file import read_claim_model, shipped_claim_model

    if path is None:
        return shipped_claim_model()
    with opened(path) as stream:
        return read_claim_model(stream.read().decode("utf-8", errors="replace"))
