"""``crisis match``: which of these posts carries which of these rumours? Files in, lines out.

Needs no database, loads no Flask, stores nothing. The matching itself is in ``crisis.matching``.
"""

from __future__ import annotations

import gc
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crisis.cli.lines import Complaints, Line, read_lines
from crisis.cli.streams import opened, print_answers
from crisis.cli.words import language, t
from crisis.errors import InvalidInputError
from crisis.types import Band, Match, Rumour

if TYPE_CHECKING:
    from crisis.matching import Encoder, Index, Model

_TREC_TOP = 5
_DESK_TOP = 3  # a post rarely carries more than one rumour
_MADE = 500_000  # things made before the garbage collector looks (Python's own: 700)
_REMEMBERED = 100_000  # post ids in which a repeated one is noticed


@click.command(
    name="match",
    help=t(
        "Vergleicht Beiträge mit bekannten Gerüchten (JSON-Zeilen) und gibt die Treffer aus.",
        "Match posts against known rumours (JSON lines) and print what fits.",
    ),
)
@click.option(
    "--rumours",
    "rumours_file",
    required=True,
    type=click.Path(path_type=Path),
    metavar=t("DATEI", "FILE"),
    help=t(
        'Gerüchte: {"id","text","title"?,"variants"?,"lang"?}',
        'Rumours: {"id","text","title"?,"variants"?,"lang"?}',
    ),
)
@click.option(
    "--posts",
    "posts_file",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    metavar=t("DATEI", "FILE"),
    help=t(
        'Beiträge: {"id","text","lang"?}; „-“ liest die Standardeingabe.',
        'Posts: {"id","text","lang"?}; “-” reads standard input.',
    ),
)
@click.option(
    "--top",
    type=click.IntRange(min=1, max=1000),
    help=t(
        "Die K besten Gerüchte jedes Beitrags, auch unsichere (bei trec 5).",
        "The K best rumours of every post, unsure ones too (5 with trec).",
    ),
)
@click.option("--format", "form", type=click.Choice(["jsonl", "trec"]), default="jsonl")
@click.option(
    "--model",
    "model_file",
    type=click.Path(path_type=Path),
    metavar=t("DATEI", "FILE"),
    help=t("Ein anderes Modell als das mitgelieferte.", "Another model than the shipped one."),
)
@click.option(
    "--cache",
    "cache_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=t("DATEI", "FILE"),
    help=t(
        "Merkt sich hier, was von den Gerüchten gelesen wurde; der nächste Start geht schneller.",
        "Keep here what was read of the rumours; the next start is faster.",
    ),
)
@click.option(
    "--encoder",
    "encoder_name",
    default="none",
    show_default=True,
    metavar=t("auto|none|ORDNER", "auto|none|DIR"),
    help=t(
        "Auch den Sinn vergleichen: mit dem mitinstallierten Sprachmodell (auto) oder einem eigenen.",
        "Compare meaning as well: with the encoder that was installed along (auto) or one of your own.",
    ),
)
def command(
    rumours_file: Path,
    posts_file: Path,
    top: int | None,
    form: str,
    model_file: Path | None,
    cache_file: Path | None,
    encoder_name: str,
) -> None:
    """Print matches batch by batch; end with 1 if a line could not be used."""
    complaints = Complaints(tell=lambda problem: click.echo(problem, err=True))
    index = _index(rumours_file, _model(model_file), cache_file, encoder_name, complaints)
    with _undisturbed():
        print_answers(_answers(index, posts_file, top, form, complaints), complaints)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Spare the garbage collector the index, which stays to the end, and let it come less often.

    Reading posts makes many small things that stay as well; looking for circles among them, again and
    again, took a seventh of the time.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_MADE, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _answers(
    index: Index, posts_file: Path, top: int | None, form: str, complaints: Complaints
) -> Iterator[str]:
    seen: set[int] = set()
    with opened(posts_file) as stream:
        for batch in read_lines(stream, str(posts_file), complaints):
            usable = [p for p in batch if _is_usable(p, form, str(posts_file), seen, complaints)]
            found = index.match(
                [post.text for post in usable],
                [post.lang for post in usable],
                top=top or (_TREC_TOP if form == "trec" else _DESK_TOP),
                banded=top is None and form == "jsonl",
                explained=form == "jsonl",
            )
            written = _trec if form == "trec" else _json
            lines = [
                line
                for post, matches in zip(usable, found, strict=True)
                for line in written(post.id, matches)
            ]
            if lines:
                yield "\n".join(lines) + "\n"


def _is_usable(post: Line, form: str, name: str, seen: set[int], complaints: Complaints) -> bool:
    if form == "trec" and len(post.id.split()) != 1:
        complaints.error(name, post.number, t("„id“ mit Leerzeichen.", "“id” with white space."))
        return False
    key = hash(post.id)
    if key in seen:
        complaints.warn(
            name,
            post.number,
            t(f"„id“ {post.id} kam schon vor.", f"“id” {post.id} has occurred before."),
        )
    elif len(seen) < _REMEMBERED:
        seen.add(key)
    return True


def _trec(post: str, matches: Sequence[Match]) -> Iterator[str]:
    """The lines of a run. Tools that read runs sort by score and break ties as they like, so that equal
    scores are told apart by a millionth, enough for those that read 32-bit numbers."""
    before = math.inf
    for rank, match in enumerate(matches, 1):
        score = min(match.score, before * (1 - 1e-6)) if before > 0 else before - 1e-6
        before = score
        yield f"{post} Q0 {match.rumour_id} {rank} {score:.12g} crisis"


def _json(post: str, matches: Sequence[Match]) -> Iterator[str]:
    return (_json_line(post, rank, match) for rank, match in enumerate(matches, 1))


def _json_line(post: str, rank: int, match: Match) -> str:
    from crisis.matching import say

    lang = language()
    fields = {
        "post": post,
        "rumour": match.rumour_id,
        "rank": rank,
        "score": round(match.score, 6),
        "band": match.band.value,
        "stance": match.stance.value if match.band is not Band.NONE else None,
        "phrasing": match.phrasing,
        "marks": match.marks,
        "reasons": [
            {
                "code": reason.code,
                "text": say(reason, lang),
                "weight": round(reason.weight, 3),
                "words": reason.words,
            }
            for reason in match.reasons
        ],
        "model": match.model,
    }
    return json.dumps(fields, ensure_ascii=False)


def _index(
    path: Path,
    model: Model | None,
    cache: Path | None,
    encoder_name: str,
    complaints: Complaints,
) -> Index:
    rumours: dict[str, Rumour] = {}
    with opened(path) as stream:
        for batch in read_lines(stream, str(path), complaints):
            for line in batch:
                problem = _rumour_problem(line, rumours)
                if problem:
                    complaints.error(str(path), line.number, problem)
                else:
                    rumours[line.id] = _rumour(line)
    if not rumours:
        raise InvalidInputError(
            f"{path} enthält kein brauchbares Gerücht.", f"{path} holds no usable rumour."
        )
    from crisis.matching import Index

    encoder = _encoder(encoder_name, cache, rumours.values())
    if cache is None:
        return Index.build(rumours.values(), model=model, encoder=encoder)
    from crisis.matching.kept import keep, left_behind

    index = Index.load(left_behind(cache), rumours.values(), model=model, encoder=encoder)
    if index.newly_read and not keep(index, cache):
        click.echo(
            t(f"{cache} lässt sich nicht schreiben.", f"{cache} cannot be written."), err=True
        )
    return index


def _encoder(choice: str, cache: Path | None, rumours: Iterable[Rumour]) -> Encoder | None:
    if choice == "none":
        return None
    from crisis.wiring import encoder

    vectors = None if cache is None else cache.with_name(cache.name + ".vectors")
    found = encoder(choice, vectors, rumours)
    if found is None:
        click.echo(
            t(
                "Kein Sprachmodell mitinstalliert: Verglichen werden nur Wörter.",
                "No encoder was installed along: words alone are compared.",
            ),
            err=True,
        )
    return found


def _rumour_problem(line: Line, known: dict[str, Rumour]) -> str:
    if line.id in known:
        return t(f"„id“ {line.id} kam schon vor.", f"“id” {line.id} has occurred before.")
    if len(line.id.split()) != 1:
        return t("„id“ mit Leerzeichen.", "“id” with white space.")
    if not isinstance(line.fields.get("title") or "", str):
        return t("„title“ ist kein Text.", "“title” is not a text.")
    variants = line.fields.get("variants") or []
    if not isinstance(variants, list) or not all(isinstance(v, str) for v in variants):
        return t("„variants“ ist keine Liste von Texten.", "“variants” is not a list of texts.")
    return ""


def _rumour(line: Line) -> Rumour:
    variants: Sequence[str] = line.fields.get("variants") or ()
    return Rumour(
        id=line.id,
        text=line.text,
        title=line.fields.get("title") or "",
        variants=tuple(variants),
        lang=line.lang,
    )


def _model(path: Path | None) -> Model | None:
    if path is None:
        return None
    from crisis.matching import read_model

    with opened(path) as stream:
        return read_model(stream.read().decode("utf-8", errors="replace"))
