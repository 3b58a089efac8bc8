"""Pairs of posts and rumours to learn from: their features, and whether they belong together.

Learns nothing itself (see ``training``) and reads no file.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from crisis.matching.counts import Phrasing
from crisis.matching.features import ALL, NAMES, pair, with_rivals
from crisis.matching.index import phrasings_of
from crisis.matching.lens import Sight
from crisis.matching.meaning import NEAREST, Glimpse, Meanings
from crisis.matching.screen import Screen
from crisis.matching.spelling import respelt
from crisis.matching.text import languages
from crisis.types import Rumour

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 500  # posts multiplied with the catalogue at a time

Fits = Mapping[str, frozenset[str]]
"""Post id -> ids of the rumours it carries; a post that is not in it carries none."""


class Said(NamedTuple):
    """A post to learn from or to measure with."""

    id: str
    text: str
    lang: str


@dataclass(frozen=True)
class Pairs:
    """Features of candidate pairs, the posts and rumours they are of, and which belong together.

    The candidates of one post stand together.
    """

    features: NDArray[np.float64]
    fits: NDArray[np.bool_]
    posts: list[str]
    rumours: list[str]

    def spans(self) -> list[tuple[int, int]]:
        """Return [start, end) of each post's rows."""
        starts = [i for i, p in enumerate(self.posts) if i == 0 or self.posts[i - 1] != p]
        return list(zip(starts, [*starts[1:], len(self.posts)], strict=True))


def half(posts: Sequence[Said], which: int) -> list[Said]:
    """Return one fixed half of the everyday posts: 0 is trained on, 1 is measured on."""
    return [post for post in posts if zlib.crc32(post.id.encode()) % 2 == which]


def fold(post: str, folds: int) -> int:
    """Return in which of ``folds`` parts a post is, by its id."""
    return zlib.crc32(post.encode()[::-1]) % folds


def candidate_pairs(
    rumours: Sequence[Rumour],
    posts: Sequence[Said],
    fits: Fits,
    limit: int,
    sight: Sight | None = None,
) -> Pairs:
    """Screen ``posts`` against ``rumours`` and describe up to ``limit`` candidates of each.

    With ``sight`` those alike in meaning are candidates, too, and all of ``ALL`` is described.
    """
    import numpy as np

    rows = phrasings_of(rumours)
    screen = Screen(rows)
    meanings = _meanings(rows, sight)
    features, labels, of_posts, of_rumours = [], [], [], []
    for start in range(0, len(posts), _BATCH):
        chunk = posts[start : start + _BATCH]
        langs = languages([p.text for p in chunk], [p.lang for p in chunk], "en")
        readings = [screen.read(p.text, lang) for p, lang in zip(chunk, langs, strict=True)]
        candidates = screen.candidates(screen.skim([p.text for p in chunk], langs), limit=limit)
        alike = _alike(chunk, meanings)
        for number, (post, reading) in enumerate(zip(chunk, readings, strict=True)):
            found = candidates[number]
            if alike:
                found = list(dict.fromkeys((*found, *alike[number].nearest(min(limit, NEAREST)))))
            if not found:
                continue
            owners = [screen.phrasings[row].rumour for row in found]
            phrasings = [screen.reading(row) for row in found]
            meant = respelt(reading, phrasings, screen.weights)
            base = np.array([pair(meant, phrasing) for phrasing in phrasings])
            described = with_rivals(base, owners, len(rumours))
            if alike:
                seen = meanings[0].describe(alike[number], found, base[:, 0])
                described = np.hstack([described, seen])
            features.append(described)
            names = [rumours[owner].id for owner in owners]
            labels += [name in fits.get(post.id, ()) for name in names]
            of_posts += [post.id] * len(found)
            of_rumours += names
    stacked = np.vstack(features) if features else np.zeros((0, len(ALL if sight else NAMES)))
    return Pairs(stacked, np.array(labels, dtype=bool), of_posts, of_rumours)


def _meanings(phrasings: Sequence[Phrasing], sight: Sight | None) -> list[Meanings]:
    if sight is None:
        return []
    return [Meanings(view.encoder, view.lens, phrasings) for view in sight]


def _alike(posts: Sequence[Said], meanings: Sequence[Meanings]) -> list[Glimpse]:
    """Return each post's meaning, seen by the view it did not teach."""
    found: list[Glimpse | None] = [None] * len(posts)
    for number, seen in enumerate(meanings):
        rows = [i for i, post in enumerate(posts) if fold(post.id, len(meanings)) == number]
        for row, glimpse in zip(rows, seen.look([posts[i].text for i in rows]), strict=True):
            found[row] = glimpse
    return [glimpse for glimpse in found if glimpse is not None]


def small_catalogues(
    rumours: Sequence[Rumour], posts: Sequence[Said], fits: Fits, seed: int
) -> Iterator[tuple[list[Rumour], list[Said]]]:
    """Deal the posts out to catalogues of a few hundred rumours, the right ones among them."""
    shuffle = random.Random(seed)  # noqa: S311 - draws that repeat, no secret
    by_id = {r.id: r for r in rumours}
    dealt = list(posts)
    shuffle.shuffle(dealt)
    few = min(200, len(rumours))
    for start in range(0, len(dealt), 100):
        hand = dealt[start : start + 100]
        right = sorted({r for p in hand for r in fits[p.id]})
        ids = dict.fromkeys([*right, *(r.id for r in shuffle.sample(list(rumours), few))])
        yield [by_id[i] for i in ids], hand


def one_left_out(rumours: Sequence[Rumour]) -> Iterator[tuple[list[Rumour], list[Said], Fits]]:
    """Let each further phrasing stand for a post once, against the catalogue without it."""
    for place in range(max((len(r.variants) for r in rumours), default=0)):
        rest, posts, fits = [], [], {}
        for rumour in rumours:
            if place < len(rumour.variants):
                name = f"{rumour.id}/{place}"
                posts.append(Said(name, rumour.variants[place], rumour.lang))
                fits[name] = frozenset({rumour.id})
                kept = (*rumour.variants[:place], *rumour.variants[place + 1 :])
                rest.append(replace(rumour, variants=kept))
            else:
                rest.append(rumour)
        yield rest, posts, fits
