"""Learns how to look at an encoder's vectors, from the same material as the scorer: views for ``pairs``.

A lens, or an encoder, that learned from a post sees it too well: its claim lies nearer than that of any new
post ever will. So the scorer learns with views that did not know the post at hand: four lenses, each learned
without a quarter of the posts; or, where the encoder itself was taught what claims are and needs no lens
learned, the encoders it is the mean of. Everyday posts are parted: one in four teaches lenses and encoders,
the others the scorer. Reads no file.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crisis.matching.focusing import Examples, focus
from crisis.matching.index import phrasings_of
from crisis.matching.lens import Encoder, Lens, Sight, View, measured, said_twice
from crisis.matching.material import SEED, Material, Task
from crisis.matching.pairs import Said, fold, half

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDS = 4
_PARTS = 4  # one of so many everyday posts teaches the lenses


def learn_sight(
    encoder: Encoder, material: Material, parts: Sequence[Encoder] = ()
) -> tuple[Lens, Sight, Material]:
    """Return the lens to match with, what the scorer learns with, and the material left for it.

    ``parts``: the encoders that a taught ``encoder`` is the mean of; number n learned from the posts of
    fold n of as many (``pairs.fold``).
    """
    rest = {lang: [p for p in said if _part(p)] for lang, said in material.everyday.items()}
    left = replace(material, everyday=rest)
    if len(parts) > 1:
        views = tuple(View(part, _taught(part)) for part in (*parts[1:], parts[0]))
        return _taught(encoder), views, left
    return *_learned(encoder, material), left


def _taught(encoder: Encoder) -> Lens:
    """Return the lens of an encoder whose plain cosines say what is alike: they only get their units."""
    import numpy as np

    return measured(encoder, said_twice(), np.zeros(encoder.dimension, dtype=np.float32))


def _learned(encoder: Encoder, material: Material) -> tuple[Lens, Sight]:
    """Return a learned lens, and views through lenses that each learned without a fold of the posts."""
    import numpy as np

    everyday = {
        lang: encoder.encode([post.text for post in teaching(said)])
        for lang, said in material.everyday.items()
    }
    known = np.vstack(list(everyday.values()))
    centre = known.mean(axis=0)
    posts = list(_tasks(encoder, material, {**everyday, "": known}, centre))

    def learned(without: int | None) -> Lens:
        examples = [replace(one, pairs=one.pairs[held != without]) for one, held in posts]
        matrix = focus([one for one in examples if len(one.pairs)], encoder.dimension, SEED)
        return measured(encoder, said_twice(), centre, matrix)

    return learned(None), tuple(View(encoder, learned(number)) for number in range(FOLDS))


def _tasks(
    encoder: Encoder,
    material: Material,
    everyday: dict[str, NDArray[np.float32]],
    centre: NDArray[np.float32],
) -> Iterator[tuple[Examples, NDArray[np.int64]]]:
    """Yield English and every other language, with the fold of each pair."""
    import numpy as np

    multi = material.multi
    langs = sorted({rumour.lang for rumour in multi.rumours})
    for lang, task in [("en", material.english), *((lang, _in(multi, lang)) for lang in langs)]:
        texts = _wholes(task)
        numbers = {rumour.id: i for i, rumour in enumerate(task.rumours)}
        found = [
            (row, numbers[claim], fold(post.id, FOLDS))
            for row, post in enumerate(task.posts)
            for claim in sorted(task.fits.get(post.id, ()))
            if claim in numbers
        ]
        if not found:
            continue
        table = np.array(found, dtype=np.int64)
        yield (
            Examples(
                _unit(encoder.encode([post.text for post in task.posts]), centre),
                _unit(encoder.encode(texts), centre),
                table[:, :2],
                _unit(everyday.get(lang, everyday[""]), centre),
            ),
            table[:, 2],
        )


def _in(task: Task, lang: str) -> Task:
    return Task(
        [rumour for rumour in task.rumours if rumour.lang == lang],
        [post for post in task.posts if post.lang == lang],
        task.fits,
    )


def _wholes(task: Task) -> list[str]:
    """Return the first phrasing of each rumour: its text and title."""
    first: dict[int, str] = {}
    for phrasing in phrasings_of(task.rumours):
        first.setdefault(phrasing.rumour, phrasing.text)
    return [first.get(number, "") for number in range(len(task.rumours))]


def teaching(posts: Sequence[Said]) -> list[Said]:
    """Return the everyday posts that teach lenses, and encoders; the scorer learns from others."""
    return [post for post in half(posts, 0) if not _part(post)]


def _part(post: Said) -> int:
    return zlib.crc32(post.id.encode()) // 2 % _PARTS


def _unit(vectors: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    return Lens("", centre, None, 0.0, 1.0).view(vectors)
