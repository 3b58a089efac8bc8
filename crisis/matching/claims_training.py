"""Teach the judgement of claims: texts with their kinds in, a model out.

Two regressions of scikit-learn: one parts claims from the rest, by what people have marked in public
German comments and by our own lessons; one, from our lessons alone, tells opinions, questions and the
rest apart. No chance is involved: the same texts give the same model. Reads and writes no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crisis.matching.claims_features import BUCKETS, NAMES, Reading, common_words, read
from crisis.matching.claims_model import LIMIT, ClaimModel, Kind, Meant, Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from crisis.matching.lens import Encoder

VERSION = "3"
STRENGTH = 1.0  # of the first regression (scikit-learn's C), the figure of cross-validation
STRENGTH_KINDS = 2.0
STRENGTH_MEANT = 0.001  # of the regression on vectors
MEANT = 2.0  # what its log-odds count beside those of the first, by cross-validation
NAMED = 0.15  # one standard deviation of a named feature beside a text's hashed shapes, of length 1
WORDS = 0.5  # a common word beside the same
DOUBT = (
    0.16  # log-odds a claim must be ahead of the rest, words alone: .54 by cross-validation, not .5
)
LESSON = 2.0  # what one of our own lessons teaches, in public comments
SEEN = 3  # texts a hashed shape must occur in to count
BUILD = 0.5  # a sentence's build beside its letters
SMALLEST = 0.005  # weights below are left out of the file


@dataclass(frozen=True, slots=True)
class Comment:
    """A German text of which people have said whether it makes a factual claim."""

    text: str
    claims: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text of our own, its language ("de", "en") and its kind."""

    text: str
    lang: str
    kind: Kind


def learn(
    comments: Sequence[Comment], lessons: Sequence[Lesson], encoder: Encoder | None = None
) -> ClaimModel:
    """Return a model; both sequences must hold every kind they can hold.

    With an ``encoder`` the vectors of the comments teach as well; without one the model knows no meaning.
    """
    import numpy as np

    texts = [*((c.text, "de") for c in comments), *((x.text, x.lang) for x in lessons)]
    readings = [read(text, lang) for text, lang in texts]
    langs = [lang for _, lang in texts]
    table = np.array([reading.named for reading in readings])
    means = table.mean(axis=0)
    # A rare feature must not be cut off at LIMIT before it gets to 1.
    scales = np.maximum(table.std(axis=0), 1 / LIMIT)
    rarity = _rarity([r for r, lang in zip(readings, langs, strict=True) if lang == "de"])
    rows = _Rows(np.round(means, 4), np.round(scales, 4), rarity)

    claims = np.array([*(c.claims for c in comments), *(x.kind is Kind.CLAIM for x in lessons)])
    ours = np.array([False] * len(comments) + [True] * len(lessons))
    weight = np.where(ours, LESSON, 1.0)
    for part in (ours, ~ours):  # in each, claims and the rest teach as much as one another
        for side in (part & claims, part & ~claims):
            weight[side] *= part.sum() / (2 * side.sum())
    first = rows.fit(readings, langs, claims, weight, STRENGTH)[0]

    rest = [at for at, lesson in enumerate(lessons) if lesson.kind is not Kind.CLAIM]
    kinds = (Kind.OPINION, Kind.QUESTION, Kind.OTHER)
    others = rows.fit(
        [readings[len(comments) + at] for at in rest],
        [lessons[at].lang for at in rest],
        np.array([kinds.index(lessons[at].kind) for at in rest]),
        np.ones(len(rest)),
        STRENGTH_KINDS,
        hashed=False,
    )
    return ClaimModel(
        version=VERSION,
        features=NAMES,
        means=tuple(map(float, rows.means)),
        scales=tuple(map(float, rows.scales)),
        rarity={sort: tuple(map(float, values)) for sort, values in rarity.items()},
        weights={Kind.CLAIM: _doubted(first), **dict(zip(kinds, others, strict=True))},
        meant=_meant(comments, encoder) if encoder else None,
    )


def _doubted(weights: Weights) -> Weights:
    return replace(weights, intercept=round(weights.intercept - DOUBT, 4))


def _meant(comments: Sequence[Comment], encoder: Encoder) -> Meant:
    """Learn what the numbers of a vector say; each is standardised, and the scale folded into its weight.

    What words alone leave in doubt (``DOUBT``) is given back: with meaning, half is the best bar.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    vectors = encoder.encode([comment.text for comment in comments]).astype(np.float64)
    means, scales = vectors.mean(axis=0), np.maximum(vectors.std(axis=0), 1e-6)
    learner = LogisticRegression(
        C=STRENGTH_MEANT, max_iter=5_000, tol=1e-8, class_weight="balanced"
    )
    learner.fit((vectors - means) / scales, [comment.claims for comment in comments])
    weights = MEANT * learner.coef_[0] / scales
    return Meant(
        encoder=encoder.name,
        weights=tuple(round(float(weight), 3) for weight in weights),
        intercept=round(float(MEANT * learner.intercept_[0] - weights @ means) + DOUBT, 4),
    )


def _rarity(readings: Sequence[Reading]) -> dict[str, NDArray[np.float64]]:
    """Return the inverse document frequency of each bucket, to one place; 0 where hardly seen."""
    import numpy as np

    found = {}
    for sort, buckets in BUCKETS.items():
        seen = np.zeros(buckets)
        for reading in readings:
            seen[list(reading.hashed[sort])] += 1
        rarity = np.round(np.log((1 + len(readings)) / (1 + seen)) + 1, 1)
        rarity[seen < SEEN] = 0
        found[sort] = rarity
    return found


class _Rows:
    """Lays readings out as rows for scikit-learn, and the learned weights back by name."""

    def __init__(
        self,
        means: NDArray[np.float64],
        scales: NDArray[np.float64],
        rarity: Mapping[str, NDArray[np.float64]],
    ) -> None:
        self.means, self.scales, self._rarity = means, scales, rarity
        words = [(lang, word) for lang in ("de", "en") for word in sorted(common_words(lang))]
        self._words = {pair: len(NAMES) + at for at, pair in enumerate(words)}
        self._hashed_from = {"letters": len(NAMES) + len(words)}
        self._hashed_from["build"] = self._hashed_from["letters"] + BUCKETS["letters"]
        self._width = self._hashed_from["build"] + BUCKETS["build"]

    def fit(
        self,
        readings: Sequence[Reading],
        langs: Sequence[str],
        target: NDArray[Any],
        weight: NDArray[np.float64],
        strength: float,
        hashed: bool = True,
    ) -> list[Weights]:
        """Fit a logistic regression: one ``Weights`` for two classes, else one for each."""
        from sklearn.linear_model import LogisticRegression

        learner = LogisticRegression(
            C=strength,
            max_iter=5_000,
            tol=1e-8,
            class_weight=None if hashed else "balanced",
        )
        learner.fit(self._matrix(readings, langs, hashed), target, sample_weight=weight)
        return [
            self._weights(row, float(start), hashed)
            for row, start in zip(learner.coef_, learner.intercept_, strict=True)
        ]

    def _matrix(self, readings: Sequence[Reading], langs: Sequence[str], hashed: bool) -> Any:
        import numpy as np
        from scipy.sparse import csr_matrix

        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for reading, lang in zip(readings, langs, strict=True):
            steps = np.clip((np.array(reading.named) - self.means) / self.scales, -LIMIT, LIMIT)
            values += (NAMED * steps).tolist()
            columns += range(len(NAMES))
            share = WORDS / max(1, len(reading.common)) ** 0.5
            if not (hashed and lang == "de"):
                for word in sorted(reading.common):
                    columns.append(self._words[lang, word])
                    values.append(share)
            for sort, seen in reading.hashed.items() if hashed and lang == "de" else ():
                shapes = {b: v * self._rarity[sort][b] for b, v in seen.items()}
                length = sum(v * v for v in shapes.values()) ** 0.5 or 1.0
                share = (BUILD if sort == "build" else 1.0) / length
                columns += [self._hashed_from[sort] + bucket for bucket in shapes]
                values += [value * share for value in shapes.values()]
            ends.append(len(values))
        return csr_matrix((values, columns, ends), shape=(len(readings), self._width))

    def _weights(self, row: NDArray[np.float64], start: float, hashed: bool) -> Weights:
        words: dict[str, dict[str, float]] = {"de": {}, "en": {}}
        for (lang, word), at in self._words.items():
            if abs(row[at]) >= SMALLEST:
                words[lang][word] = round(float(row[at]) * WORDS, 3)
        shapes = {}
        for sort, start_at in self._hashed_from.items() if hashed else ():
            scale = BUILD if sort == "build" else 1.0
            part = row[start_at : start_at + BUCKETS[sort]]
            shapes[sort] = tuple(round(float(x) * scale, 3) for x in part)
        return Weights(
            named=tuple(round(float(x) * NAMED, 4) for x in row[: len(NAMES)]),
            words=words,
            hashed=shapes,
            intercept=round(start, 4),
        )
