"""From posts that people judged to the numbers a model learns from. No word of a post is among them.

Reads no database (``workflows.learn`` does) and learns nothing (``adapt``).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rapidfuzz import fuzz

from crisis.matching.features import ALL
from crisis.matching.lens import Sight
from crisis.matching.pairs import Said, candidate_pairs
from crisis.matching.scorer import Model, leads
from crisis.types import Rumour

CANDIDATES = 30
"""Candidates of a post that are looked at, as where the desk matches."""

SAME = 90.0
"""Likeness (rapidfuzz ratio, 0 to 100) from which a phrasing is the post itself."""

DIGITS = 3
"""Digits after the point that are kept: enough to learn from, too few to tell posts apart by."""


class Judged(NamedTuple):
    """A post, and the rumour a person was asked about."""

    text: str
    lang: str
    rumour_id: str


@dataclass(frozen=True)
class Numbers:
    """What stays of a judged pair: its features by name, and those of the best other rumour."""

    own: Mapping[str, float]
    rival: Mapping[str, float]


def basis(model: Model) -> str:
    """What numbers were made with: the shipped model's version and its features."""
    names = hashlib.sha256("\n".join(model.features).encode()).hexdigest()[:12]
    return f"{model.version}/{names}"


def numbers_of(
    judged: Sequence[Judged],
    rumours: Sequence[Rumour],
    model: Model,
    sight: Sight | None = None,
) -> list[Numbers | None]:
    """Return the numbers of each pair, None where the post does not come near the rumour any more.

    A phrasing that is itself one of the posts (adopted with one click) is left out: that a post is
    like itself teaches nothing.
    """
    catalogue = _without(rumours, judged)
    posts = [Said(str(i), one.text, one.lang) for i, one in enumerate(judged)]
    found: list[Numbers | None] = [None] * len(judged)
    if not any(rumour.phrasings for rumour in catalogue):
        return found
    pairs = candidate_pairs(catalogue, posts, {}, CANDIDATES, sight)
    if not pairs.posts:
        return found
    nothing = model.nothing()
    for start, end in pairs.spans():
        number = int(pairs.posts[start])
        names = pairs.rumours[start:end]
        mine = [i for i, name in enumerate(names) if name == judged[number].rumour_id]
        if not mine:
            continue
        rows = pairs.features[start:end]
        values = model.ranking(rows)
        places = {name: place for place, name in enumerate(dict.fromkeys(names))}
        ahead = leads(values, [places[name] for name in names], nothing)
        odds = model.log_odds(rows, values, ahead)
        best = max(mine, key=lambda i: float(odds[i]))
        others = [i for i in range(len(names)) if i not in set(mine)]
        rival = max(others, key=lambda i: float(values[i]), default=None)
        found[number] = Numbers(_named(rows[best]), {} if rival is None else _named(rows[rival]))
    return found


def _named(row: Iterable[float]) -> dict[str, float]:
    return {name: round(float(x), DIGITS) for name, x in zip(ALL, row, strict=False)}


def _without(rumours: Sequence[Rumour], judged: Sequence[Judged]) -> list[Rumour]:
    """Return the rumours without those phrasings that are one of the posts judged for them."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for one in judged:
        texts[one.rumour_id].append(one.text.casefold())
    return [
        replace(
            rumour,
            variants=tuple(
                variant
                for variant in rumour.variants
                if not any(fuzz.ratio(variant.casefold(), t) >= SAME for t in texts[rumour.id])
            ),
        )
        if texts[rumour.id]
        else rumour
        for rumour in rumours
    ]
