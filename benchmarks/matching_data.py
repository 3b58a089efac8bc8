"""Public data for the matching benchmarks: reading it, and turning it into rows of features.

The folder is laid out as the benchmarks' README says. Nothing of it is part of the project.
"""

from __future__ import annotations

import json
import random
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crisis.matching.features import NAMES, pair, with_rivals
from crisis.matching.index import phrasings_of
from crisis.matching.screen import Screen
from crisis.matching.text import languages
from crisis.types import Rumour

Row = dict[str, str]
Truth = dict[str, set[str]]


def folder(arguments: Sequence[str]) -> Path:
    """Return the data folder named on the command line, or end with a word on what to do."""
    if not arguments or not (Path(arguments[0]) / "matching").is_dir():
        sys.exit(
            "Please name the folder that holds matching/ and background/ "
            "(benchmarks/README.md says how it is laid out)."
        )
    return Path(arguments[0])


def rows(path: Path) -> list[Row]:
    """Read a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def truth(path: Path) -> Truth:
    """Read post<TAB>claim lines: post -> claims that belong to it."""
    found: Truth = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        post, claim = line.split("\t")
        found.setdefault(post, set()).add(claim)
    return found


def half(background: Iterable[Row], which: int) -> list[Row]:
    """Return one fixed half of the everyday posts: 0 is trained on, 1 is measured on."""
    return [row for row in background if zlib.crc32(row["id"].encode()) % 2 == which]


def rumours(claims: Iterable[Row]) -> tuple[Rumour, ...]:
    """Turn claims into rumours of a catalogue."""
    return tuple(
        Rumour(id=c["id"], text=c["text"], title=c.get("title", ""), lang=c.get("lang", ""))
        for c in claims
    )


@dataclass(frozen=True)
class Pairs:
    """Features of candidate pairs, the posts and rumours they are of, and which belong together."""

    features: NDArray[np.float64]
    fits: NDArray[np.bool_]
    posts: list[str]
    claims: list[str]

    def spans(self) -> list[tuple[int, int]]:
        """Return [start, end) of each post's rows."""
        starts = [i for i, p in enumerate(self.posts) if i == 0 or self.posts[i - 1] != p]
        return list(zip(starts, [*starts[1:], len(self.posts)], strict=True))


def candidate_pairs(
    claims: Sequence[Row], posts: Sequence[Row], fits: Mapping[str, set[str]], limit: int
) -> Pairs:
    """Screen ``posts`` against ``claims`` and describe up to ``limit`` candidates of each."""
    catalogue = rumours(claims)
    screen = Screen(phrasings_of(catalogue))
    features, labels, of_posts, of_claims = [], [], [], []
    for start in range(0, len(posts), 500):
        chunk = posts[start : start + 500]
        langs = languages([p["text"] for p in chunk], [p.get("lang", "") for p in chunk], "en")
        readings = [screen.read(p["text"], lang) for p, lang in zip(chunk, langs, strict=True)]
        for post, reading, found in zip(
            chunk, readings, screen.candidates(readings, limit=limit), strict=True
        ):
            if not found:
                continue
            owners = [screen.phrasings[row].rumour for row in found]
            base = np.array([pair(reading, screen.reading(row)) for row in found])
            features.append(with_rivals(base, owners))
            names = [catalogue[owner].id for owner in owners]
            labels += [name in fits.get(post["id"], ()) for name in names]
            of_posts += [post["id"]] * len(found)
            of_claims += names
    stacked = np.vstack(features) if features else np.zeros((0, len(NAMES)))
    return Pairs(stacked, np.array(labels, dtype=bool), of_posts, of_claims)


def small_catalogues(
    claims: Sequence[Row], posts: Sequence[Row], fits: Mapping[str, set[str]], seed: int
) -> Iterable[tuple[list[Row], list[Row]]]:
    """Deal the posts out to catalogues of a few hundred claims, the right ones among them."""
    shuffle = random.Random(seed)
    by_id = {c["id"]: c for c in claims}
    dealt = list(posts)
    shuffle.shuffle(dealt)
    for start in range(0, len(dealt), 100):
        hand = dealt[start : start + 100]
        right = sorted({c for p in hand for c in fits[p["id"]]})
        ids = dict.fromkeys([*right, *(c["id"] for c in shuffle.sample(list(claims), 200))])
        yield [by_id[i] for i in ids], hand
