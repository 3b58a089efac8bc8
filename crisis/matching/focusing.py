"""Learns the matrix of a ``lens``: which directions of an encoder's vectors tell one claim from the next.

Contrastive learning (InfoNCE; van den Oord et al., 2018) of a linear map over vectors that stay as they
are, with Adam (Kingma & Ba, 2015). A post shall be nearer to its claim than to other claims, and the
claim nearer to its post than to everyday posts: the second is what keeps everyday posts silent.
Measured on unseen posts with the cosine alone, it lifts MAP@5 from .86 to .92 (English devtest) and
from .60 to .68 (German, never trained on), and recall at 1 false alarm in 1,000 from .65 to .80.
Fixed seeds. Reads no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EPOCHS = 5
_RATE = 2e-4
_SHARP = 0.05  # temperature among claims
_MILD = 0.07  # temperature among everyday posts
_SILENCE = 3.0  # weight of the second aim
_BATCH = 128
_WRONG = 1_500  # claims, and everyday posts, that each batch is compared with
_HARD = 5  # claims nearest to a post, wrong ones, that are always among them


@dataclass(frozen=True)
class Examples:
    """Vectors of unit length, centred: ``posts`` (n, d), ``claims`` (m, d), ``everyday`` (k, d).

    ``pairs``: (p, 2) rows of posts and of claims that belong together.
    """

    posts: NDArray[np.float32]
    claims: NDArray[np.float32]
    pairs: NDArray[np.int64]
    everyday: NDArray[np.float32]


def focus(examples: Sequence[Examples], size: int, seed: int) -> NDArray[np.float32]:
    """Return a (size, size) matrix learned from ``examples``, one for each language or catalogue."""
    import numpy as np

    draw = np.random.default_rng(seed)
    learner = _Adam(np.eye(size, dtype=np.float32))
    for _ in range(EPOCHS):
        batches = []
        for one in examples:
            hard = _nearest_wrong(one, learner.matrix)
            order = draw.permutation(len(one.pairs))
            batches += [
                (one, hard, order[start : start + _BATCH]) for start in range(0, len(order), _BATCH)
            ]
        for number in draw.permutation(len(batches)):
            one, hard, chosen = batches[number]
            learner.step(_slope(one, hard[chosen], one.pairs[chosen], learner.matrix, draw))
    return learner.matrix


class _Adam:
    """Follows slopes downhill."""

    def __init__(self, start: NDArray[np.float32]) -> None:
        import numpy as np

        self.matrix = start
        self._mean = np.zeros_like(start)
        self._square = np.zeros_like(start)
        self._steps = 0

    def step(self, slope: NDArray[np.float32]) -> None:
        import numpy as np

        self._steps += 1
        self._mean = 0.9 * self._mean + 0.1 * slope
        self._square = 0.999 * self._square + 0.001 * slope * slope
        mean = self._mean / (1 - 0.9**self._steps)
        square = self._square / (1 - 0.999**self._steps)
        self.matrix = (self.matrix - _RATE * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)


def _slope(
    one: Examples,
    hard: NDArray[np.int64],
    pairs: NDArray[np.int64],
    matrix: NDArray[np.float32],
    draw: np.random.Generator,
) -> NDArray[np.float32]:
    """Return how the loss of a batch changes with the matrix."""
    import numpy as np

    right = pairs[:, 1]
    drawn = draw.choice(len(one.claims), min(_WRONG, len(one.claims)), replace=False)
    columns = np.concatenate([right, np.unique(np.concatenate([drawn, hard.ravel()]))])
    posts, claims = _Turned(one.posts[pairs[:, 0]], matrix), _Turned(one.claims[columns], matrix)
    at = np.arange(len(right))
    scores = posts.unit @ claims.unit.T / _SHARP
    again = columns[None, :] == right[:, None]
    again[at, at] = False
    scores[again] = -np.inf  # the right claim once more, drawn as a wrong one
    blame: NDArray[np.float32] = _blame(scores, at) * np.float32(1 / (_SHARP * len(right)))
    to_posts, to_claims = blame @ claims.unit, blame.T @ posts.unit

    everyday = _Turned(
        one.everyday[draw.choice(len(one.everyday), min(_WRONG, len(one.everyday)), replace=False)],
        matrix,
    )
    own = claims.unit[: len(right)]
    nearer = np.hstack([(posts.unit * own).sum(1, keepdims=True), own @ everyday.unit.T])
    scores = (nearer / _MILD).astype(np.float32)
    blame = _blame(scores, np.zeros_like(at)) * np.float32(_SILENCE / (_MILD * len(right)))
    to_posts += blame[:, :1] * own
    to_claims[: len(right)] += blame[:, :1] * posts.unit + blame[:, 1:] @ everyday.unit
    found: NDArray[np.float32] = (
        posts.slope(to_posts) + claims.slope(to_claims) + everyday.slope(blame[:, 1:].T @ own)
    )
    return found


class _Turned:
    """Vectors multiplied with the matrix and made of unit length again."""

    def __init__(self, vectors: NDArray[np.float32], matrix: NDArray[np.float32]) -> None:
        import numpy as np

        turned = vectors @ matrix
        self._vectors = vectors
        self._lengths = np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        self.unit: NDArray[np.float32] = turned / self._lengths

    def slope(self, blame: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the slope for the matrix, given that for the rows of ``unit``."""
        along = (blame * self.unit).sum(1, keepdims=True)
        found: NDArray[np.float32] = self._vectors.T @ ((blame - along * self.unit) / self._lengths)
        return found


def _blame(scores: NDArray[np.float32], right: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the slope of the cross entropy of each row, whose right column is given."""
    import numpy as np

    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: NDArray[np.float32] = likely / likely.sum(axis=1, keepdims=True)
    found[np.arange(len(right)), right] -= 1
    return found


def _nearest_wrong(one: Examples, matrix: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return for each pair the claims that are nearest to its post: (pairs, up to 5)."""
    import numpy as np

    claims = _Turned(one.claims, matrix).unit
    found = np.empty((len(one.pairs), min(_HARD, len(one.claims))), dtype=np.int64)
    for start in range(0, len(one.pairs), 500):
        posts = _Turned(one.posts[one.pairs[start : start + 500, 0]], matrix).unit
        order = np.argpartition(-(posts @ claims.T), found.shape[1] - 1, axis=1)
        found[start : start + 500] = order[:, : found.shape[1]]
    return found
