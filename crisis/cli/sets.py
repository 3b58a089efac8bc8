"""Test sets on disk: a catalogue of claims, splits of posts, which belong together, everyday posts, runs.

Reads and checks; every problem names file and line. Judges nothing (``matching.evaluation``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from crisis.cli.lines import Complaints, Line, read_lines
from crisis.cli.words import t
from crisis.errors import InvalidInputError, NotFoundError
from crisis.matching.evaluation import Ranking
from crisis.types import Rumour


@dataclass(frozen=True, slots=True)
class Post:
    """A post to judge a matcher by."""

    id: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Split:
    """Posts and the claims that belong to them. ``bare``: posts to which none belongs."""

    name: str
    posts: tuple[Post, ...]
    truth: dict[str, set[str]]
    bare: int


@dataclass(slots=True)
class _Checked:
    """Complaints about one set of files, told at once and counted."""

    complaints: Complaints = field(
        default_factory=lambda: Complaints(tell=lambda problem: click.echo(problem, err=True))
    )

    def close(self) -> None:
        """Raise InvalidInputError if anything was wrong."""
        if self.complaints.errors:
            raise InvalidInputError(
                f"{self.complaints.errors} Zeilen stimmen nicht (siehe oben). Bitte berichtigen Sie "
                "sie: Sonst wären die Zahlen falsch.",
                f"{self.complaints.errors} lines are wrong (see above). Please correct them: the "
                "figures would be wrong otherwise.",
            )


def read_claims(folder: Path | None, named: Sequence[Path]) -> tuple[Rumour, ...]:
    """Read the catalogue: the files ``named``, else every ``claims*.jsonl`` of the folder."""
    paths = list(named) or (sorted(folder.glob("claims*.jsonl")) if folder else [])
    if not paths:
        raise NotFoundError(
            f"In {folder} liegt keine Datei claims*.jsonl. Nennen Sie den Katalog mit --claims.",
            f"There is no file claims*.jsonl in {folder}. Name the catalogue with --claims.",
        )
    checked = _Checked()
    found: dict[str, Rumour] = {}
    for path in paths:
        for line in _lines(path, checked.complaints):
            title, variants = line.fields.get("title") or "", line.fields.get("variants") or []
            if line.id in found:
                checked.complaints.error(str(path), line.number, _twice(line.id))
            elif not isinstance(title, str) or not _are_texts(variants):
                problem = t(
                    "„title“ oder „variants“ ist kein Text.", "“title” or “variants” is no text."
                )
                checked.complaints.error(str(path), line.number, problem)
            else:
                found[line.id] = Rumour(
                    id=line.id,
                    text=line.text,
                    title=title,
                    variants=tuple(variants),
                    lang=line.lang,
                )
    checked.close()
    return tuple(found.values())


def read_splits(folder: Path, names: Sequence[str], claims: Sequence[Rumour]) -> list[Split]:
    """Read the splits ``names``, else all of the folder: ``posts_NAME.jsonl`` with ``qrels_NAME.tsv``."""
    there = sorted(path.stem.removeprefix("posts_") for path in folder.glob("posts_*.jsonl"))
    missing = [name for name in names if name not in there]
    if missing or not there:
        listed = ", ".join(there) or "–"
        raise NotFoundError(
            f"In {folder} fehlt posts_{missing[0] if missing else 'NAME'}.jsonl. Vorhanden: {listed}.",
            f"{folder} lacks posts_{missing[0] if missing else 'NAME'}.jsonl. There is: {listed}.",
        )
    known = {claim.id for claim in claims}
    return [_split(folder, name, known) for name in names or there]


def read_posts(path: Path) -> tuple[Post, ...]:
    """Read posts, each id once."""
    checked = _Checked()
    found: dict[str, Post] = {}
    for line in _lines(path, checked.complaints):
        if line.id in found:
            checked.complaints.error(str(path), line.number, _twice(line.id))
        found[line.id] = Post(line.id, line.text, line.lang)
    checked.close()
    if not found:
        raise InvalidInputError(f"{path} enthält keinen Beitrag.", f"{path} holds no post.")
    return tuple(found.values())


def read_run(path: Path) -> dict[str, Ranking]:
    """Read a TREC run, ``post Q0 claim rank score name``: post -> claims, highest score first.

    Equal scores keep the order of their ranks.
    """
    checked = _Checked()
    rows: dict[str, dict[str, tuple[float, float]]] = {}
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if not line.strip():
            continue
        parts = line.split()
        numbers = _numbers(parts[3:5]) if len(parts) == 6 else None
        if numbers is None:
            problem = t(
                "keine Zeile eines TREC-Laufs („Beitrag Q0 Behauptung Rang Wert Name“).",
                "not a line of a TREC run (“post Q0 claim rank score name”).",
            )
            checked.complaints.error(str(path), number, problem)
        elif parts[2] in rows.setdefault(parts[0], {}):
            checked.complaints.error(str(path), number, _twice(f"{parts[0]} {parts[2]}"))
        else:
            rows[parts[0]][parts[2]] = (-numbers[1], numbers[0])
    checked.close()
    return {
        post: [(claim, -key[0]) for claim, key in sorted(found.items(), key=lambda item: item[1])]
        for post, found in rows.items()
    }


def _split(folder: Path, name: str, known: set[str]) -> Split:
    posts = read_posts(folder / f"posts_{name}.jsonl")
    path = folder / f"qrels_{name}.tsv"
    ids = {post.id for post in posts}
    checked = _Checked()
    truth: dict[str, set[str]] = {}
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if not line.strip():
            continue
        post, tab, claim = line.partition("\t")
        claim = claim.strip()
        problem = ""
        if not tab or not claim or "\t" in claim:
            problem = t("erwartet: Beitrag, Tabulator, Behauptung.", "expected: post, tab, claim.")
        elif post not in ids:
            problem = t(f"Den Beitrag {post} gibt es nicht.", f"There is no post {post}.")
        elif claim not in known:
            problem = t(f"Die Behauptung {claim} gibt es nicht.", f"There is no claim {claim}.")
        if problem:
            checked.complaints.error(str(path), number, problem)
        else:
            truth.setdefault(post, set()).add(claim)
    checked.close()
    if not truth:
        raise InvalidInputError(
            f"{path} ordnet keinem Beitrag eine Behauptung zu.", f"{path} gives no post a claim."
        )
    return Split(name, posts, truth, len(ids) - len(truth))


def _lines(path: Path, complaints: Complaints) -> list[Line]:
    try:
        with path.open("rb") as stream:
            return [line for batch in read_lines(stream, str(path), complaints) for line in batch]
    except OSError as error:
        raise _unreadable(path, error) from error


def text_of(path: Path) -> str:
    """Return a file's text; NotFoundError or InvalidInputError says what is wrong with it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} ist kein UTF-8.", f"{path} is not UTF-8.") from error


def _unreadable(path: Path, error: OSError) -> NotFoundError:
    return NotFoundError(
        f"{path} lässt sich nicht lesen: {error.strerror}.",
        f"{path} cannot be read: {error.strerror}.",
    )


def _numbers(parts: Sequence[str]) -> tuple[float, float] | None:
    try:
        found = (float(parts[0]), float(parts[1]))
    except ValueError:
        return None
    return found if all(map(math.isfinite, found)) else None


def _are_texts(variants: object) -> bool:
    return isinstance(variants, list) and all(isinstance(variant, str) for variant in variants)


def _twice(key: str) -> str:
    return t(f"{key} kam schon vor.", f"{key} has occurred before.")
