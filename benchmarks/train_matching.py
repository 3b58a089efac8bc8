"""Train the scorer of ``crisis/matching`` on public data and write its ``model.json``.

    python benchmarks/train_matching.py FOLDER [OUT]

Reads the training splits only: English posts and claims, the other languages of ``multi`` and one
half of the everyday posts. German posts are never trained on, so that every German figure is of
unseen data. Fixed seeds: the same data give the same file. Only weights of general features are
written, no text.
"""

from __future__ import annotations

import json
import random
import sys
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from matching_data import (
    Pairs,
    candidate_pairs,
    folder,
    half,
    rows,
    rumours,
    small_catalogues,
    truth,
)
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from crisis.matching.features import NAMES
from crisis.matching.index import Index
from crisis.matching.scorer import FORMAT, LIMIT, Model, leads, read_model

Array = NDArray[Any]

OUT = Path(__file__).parent.parent / "crisis" / "matching" / "model.json"
VERSION = "1"
SEED = 20261123
RAISE_BUDGET = 1 / 5_000
SUGGEST_BUDGET = 1 / 500
FLOOR = 0.2  # cosine of the best candidate below which a post is not judged; see matching_quality
CATALOGUE = 300  # claims against which the budgets are kept
NEGATIVES = 15  # wrong candidates a right one is compared with, per post


@dataclass(frozen=True)
class Lesson:
    """Pairs to learn from: their weight for the order and for the judgement (0: not used)."""

    pairs: Pairs
    order: float
    judge: float


def gather(data: Path) -> list[Lesson]:
    """Return what is learned from.

    All languages teach the order. Judgement is taught by English, by two other languages (French
    and Polish: long posts, full catalogues; more of them cost English recall and brought nothing
    measured on French and Polish halves) and by everyday posts against large and small catalogues.
    """
    english = rows(data / "matching/en/claims.jsonl")
    posts = rows(data / "matching/en/posts_train.jsonl")
    fits = truth(data / "matching/en/qrels_train.tsv")
    found = [Lesson(candidate_pairs(english, posts, fits, 50), 1.0, 1.0)]
    for claims, hand in small_catalogues(english, posts, fits, SEED):
        found.append(Lesson(candidate_pairs(claims, hand, fits, 20), 1.0, 0.3))
    headlines = rows(data / "matching/de/claims_distractors.jsonl")
    chosen = random.Random(SEED)
    for lang, claims in (("en", english), ("de", headlines)):
        everyday = half(rows(data / f"background/{lang}.jsonl"), 0)
        found.append(Lesson(candidate_pairs(claims, everyday[:8_000], {}, 5), 0.0, 10.0))
        few = chosen.sample(claims, CATALOGUE)
        found.append(Lesson(candidate_pairs(few, everyday[8_000:], {}, 5), 0.0, 3.0))
    claims = rows(data / "matching/multi/claims.jsonl")
    posts = rows(data / "matching/multi/posts_train.jsonl")
    fits = truth(data / "matching/multi/qrels_train.tsv")
    for lang in sorted({c["lang"] for c in claims}):
        own = [c for c in claims if c["lang"] == lang]
        theirs = [p for p in posts if p["lang"] == lang]
        judge = 1.0 if lang in {"fr", "pl"} else 0.0
        if theirs:
            found.append(Lesson(candidate_pairs(own, theirs, fits, 20), 0.3, judge))
    return found


def learn_order(lessons: list[Lesson], scales: Array) -> Array:
    """Learn weights by which a right candidate comes before the wrong ones of its post."""
    steps, weight = [], []
    for lesson in lessons:
        for start, end in lesson.pairs.spans() if lesson.order else ():
            fits = lesson.pairs.fits[start:end]
            part = lesson.pairs.features[start:end]
            right, wrong = part[fits], part[~fits][:NEGATIVES]
            if len(right) and len(wrong):
                ahead = (right[:, None] - wrong[None]).reshape(-1, part.shape[1])
                steps.append(ahead)
                weight.append(np.full(len(ahead), 10 * lesson.order / len(ahead)))
    stacked, weights = np.vstack(steps) / scales, np.concatenate(weight)
    learner = LogisticRegression(C=0.3, max_iter=2_000, fit_intercept=False, random_state=SEED)
    learner.fit(
        np.vstack([stacked, -stacked]),
        np.repeat([True, False], len(stacked)),
        sample_weight=np.concatenate([weights, weights]),
    )
    return np.asarray(learner.coef_[0])


def fit(lessons: list[Lesson]) -> Model:
    """Fit both regressions; thresholds are left open."""
    plain = np.vstack([lesson.pairs.features for lesson in lessons])
    means, scales = plain.mean(axis=0), plain.std(axis=0)
    scales[scales < 1e-9] = 1.0
    model = Model(
        version=VERSION,
        features=NAMES,
        means=tuple(means),
        scales=tuple(scales),
        order=tuple(learn_order(lessons, scales)),
        judge=(),
        intercept=0.0,
        raise_at=1.0,
        suggest_at=1.0,
    )
    wide, fits, weight = [], [], []
    for lesson in lessons:
        if lesson.judge:
            part, right = best_of_each(model, lesson.pairs)
            wide.append(part)
            fits.append(right)
            weight.append(np.full(len(right), lesson.judge))
    stacked = np.vstack(wide)
    means = np.append(means, stacked[:, -2:].mean(axis=0))
    scales = np.append(scales, stacked[:, -2:].std(axis=0))
    learner = LogisticRegression(C=0.1, max_iter=3_000, random_state=SEED)
    standard = np.clip((stacked - means) / scales, -LIMIT, LIMIT)
    learner.fit(standard, np.concatenate(fits), sample_weight=np.concatenate(weight))
    return replace(
        model,
        means=tuple(means),
        scales=tuple(scales),
        judge=tuple(learner.coef_[0]),
        intercept=float(learner.intercept_[0]),
    )


def best_of_each(model: Model, pairs: Pairs) -> tuple[Array, Array]:
    """Return the first candidate of each post, with its ranking value and lead, and if it fits."""
    values = model.ranking(pairs.features)
    chosen, added = [], []
    for start, end in pairs.spans():
        ahead = leads(values[start:end], [hash_of(c) for c in pairs.claims[start:end]])
        first = int(values[start:end].argmax())
        chosen.append(start + first)
        added.append((values[start + first], ahead[first]))
    return np.hstack([pairs.features[chosen], np.array(added)]), pairs.fits[chosen]


def hash_of(claim: str) -> int:
    """Return a number that stands for a claim."""
    return zlib.crc32(claim.encode())


def thresholds(data: Path, model: Model) -> Model:
    """Set the scores that keep the two budgets in both languages, against small catalogues."""
    raising, suggesting = 0.0, 0.0
    chosen = random.Random(SEED + 1)
    for lang, file in (("en", "en/claims.jsonl"), ("de", "de/claims_distractors.jsonl")):
        claims = rumours(chosen.sample(rows(data / "matching" / file), CATALOGUE))
        everyday = half(rows(data / f"background/{lang}.jsonl"), 0)
        found = Index.build(claims, model=model).match(
            [p["text"] for p in everyday], [lang] * len(everyday), top=1, explained=False
        )
        ranked = sorted((m[0].score for m in found if m), reverse=True)
        raising = max(raising, ranked[int(len(everyday) * RAISE_BUDGET)])
        suggesting = max(suggesting, ranked[int(len(everyday) * SUGGEST_BUDGET)])
    return replace(model, raise_at=raising, suggest_at=suggesting, floor=FLOOR)


def write(model: Model, path: Path) -> None:
    """Write the model as JSON; what is written is read back once, so that it is known to load."""
    raw = {
        "format": FORMAT,
        "version": model.version,
        "features": model.features,
        "means": [round(float(x), 6) for x in model.means],
        "scales": [round(float(x), 6) for x in model.scales],
        "order": [round(float(x), 6) for x in model.order],
        "judge": [round(float(x), 6) for x in model.judge],
        "intercept": round(model.intercept, 6),
        "bands": {"raise": round(model.raise_at, 6), "suggest": round(model.suggest_at, 6)},
        "floor": model.floor,
    }
    text = json.dumps(raw, indent=1) + "\n"
    read_model(text)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Train, set the thresholds, write."""
    data = folder(sys.argv[1:])
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else OUT
    lessons = gather(data)
    model = thresholds(data, fit(lessons))
    write(model, out)
    pairs = sum(len(lesson.pairs.fits) for lesson in lessons)
    print(
        f"{pairs} pairs; raise from {model.raise_at:.3f}, suggest from {model.suggest_at:.3f}: {out}"
    )


if __name__ == "__main__":
    main()
