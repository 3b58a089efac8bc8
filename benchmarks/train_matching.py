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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from matching_data import (
    Pairs,
    Row,
    candidate_pairs,
    folder,
    half,
    rows,
    rumours,
    small_catalogues,
    truth,
)
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from crisis.matching.features import NAMES
from crisis.matching.index import Index
from crisis.matching.scorer import FORMAT, LIMIT, Model, Threshold, leads, read_model

Array = NDArray[Any]

OUT = Path(__file__).parent.parent / "crisis" / "matching" / "model.json"
VERSION = "1"
SEED = 20261123
RAISE_BUDGET = 1 / 5_000
SUGGEST_BUDGET = 1 / 500
CATALOGUE = 300  # claims against which the budgets are kept
# Claims in a catalogue, how often one is drawn, languages, and the screen's floor. A floor of 2.2
# keeps 99.5 % of the English and German posts that reach a band; smaller catalogues can afford less.
SIZES = (
    (20, 6, ("de", "en"), 1.0),
    (300, 2, ("de", "en"), 1.5),
    (3_000, 1, ("en",), 2.0),
)
CLAIMS = {"de": "de/claims_distractors.jsonl", "en": "en/claims.jsonl"}
# More of these may only speak against a match. Lengths are among them: what people post about
# rumours in the data is long, but a short post that says the same is no less of a match.
AGAINST = frozenset(
    ["rare_missing", "numbers_differ", "numbers_missing", "rivals", "post_length", "rumour_length"]
)
RIDGE = 1e-4
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
    measured = set()
    for split in ("dev", "devtest"):
        for claims_of in truth(data / f"matching/en/qrels_{split}.tsv").values():
            measured |= claims_of
    found += [Lesson(pairs, 0.0, w) for pairs, w in headlines_as_posts(english, measured)]
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
        bands=(Threshold(1, 1.0, 1.0, 0.0),),
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
    standard = np.clip((stacked - means) / scales, -LIMIT, LIMIT)
    weights, intercept = signed_regression(
        standard, np.concatenate(fits), np.concatenate(weight), [*map(sign, NAMES), 1, 1]
    )
    return replace(
        model,
        means=tuple(means),
        scales=tuple(scales),
        judge=tuple(weights),
        intercept=intercept,
    )


def sign(name: str) -> int:
    """Return 1 where more of a feature may only speak for a match, -1 against, 0 either way."""
    return -1 if name in AGAINST else 0 if name == "same_language" else 1


def signed_regression(
    rows: Array, fits: Array, weight: Array, signs: Sequence[int]
) -> tuple[Array, float]:
    """Fit a logistic regression whose weights keep the given signs.

    Features that go together would otherwise get weights against common sense, and a post that
    repeats a rumour word for word might score lower than one that does not.
    """
    target = np.where(fits, 1.0, -1.0)
    share = weight / weight.sum()

    def loss(free: Array) -> tuple[float, Array]:
        margin = target * (rows @ free[:-1] + free[-1])
        wrong = share * target / (1 + np.exp(margin))
        value = float((share * np.logaddexp(0, -margin)).sum() + RIDGE * (free[:-1] @ free[:-1]))
        slope = np.append(-(rows.T @ wrong) + 2 * RIDGE * free[:-1], -wrong.sum())
        return value, slope

    bounds = [(0 if s > 0 else None, 0 if s < 0 else None) for s in signs]
    found = minimize(
        loss,
        np.zeros(rows.shape[1] + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[*bounds, (None, None)],
        options={"maxiter": 3_000},
    )
    return found.x[:-1], float(found.x[-1])


def headlines_as_posts(english: list[Row], measured: set[str]) -> Iterable[tuple[Pairs, float]]:
    """Let titles of claims stand for short posts that say what the claim says."""
    chosen = random.Random(SEED + 2).sample(
        [c for c in english if c.get("title") and c["id"] not in measured], 1_500
    )
    for start in range(0, len(chosen), CATALOGUE):
        claims = chosen[start : start + CATALOGUE]
        bare = [{"id": c["id"], "text": c["text"], "lang": "en"} for c in claims]
        posts = [{"id": c["id"], "text": c["title"], "lang": "en"} for c in claims]
        yield candidate_pairs(bare, posts, {c["id"]: {c["id"]} for c in claims}, 20), 0.3


def best_of_each(model: Model, pairs: Pairs) -> tuple[Array, Array]:
    """Return the first candidate of each post, with its ranking value and lead, and if it fits."""
    values = model.ranking(pairs.features)
    nothing = model.nothing()
    chosen, added = [], []
    for start, end in pairs.spans():
        owners = [hash_of(c) for c in pairs.claims[start:end]]
        ahead = leads(values[start:end], owners, nothing)
        first = int(values[start:end].argmax())
        chosen.append(start + first)
        added.append((values[start + first], ahead[first]))
    return np.hstack([pairs.features[chosen], np.array(added)]), pairs.fits[chosen]


def hash_of(claim: str) -> int:
    """Return a number that stands for a claim."""
    return zlib.crc32(claim.encode())


def thresholds(data: Path, model: Model) -> Model:
    """Set the scores that keep the two budgets, for catalogues of several sizes.

    Of German and English the higher score counts. Small catalogues are drawn several times, since
    one of them may be luckier than the next. They get lower thresholds for suggestions only: a
    town's own rumours are made of commoner words than the public claims, and raising must be right.
    """
    bands: list[Threshold] = []
    for size, draws, langs, floor in SIZES:
        found = [_scores(data, model, lang, size, draws) for lang in langs]
        raising = max(scores[int(posts * RAISE_BUDGET)] for scores, posts in found)
        suggesting = max(scores[int(posts * SUGGEST_BUDGET)] for scores, posts in found)
        if bands:  # a larger catalogue is never easier
            raising = max(raising, bands[-1].raise_at)
            suggesting = max(suggesting, bands[-1].suggest_at)
        bands.append(Threshold(size, round(raising, 6), round(suggesting, 6), floor))
    highest = bands[-1].raise_at
    return replace(model, bands=tuple(replace(band, raise_at=highest) for band in bands))


def _scores(data: Path, model: Model, lang: str, size: int, draws: int) -> tuple[list[float], int]:
    """Return the best scores of everyday posts, falling, and how many posts were asked."""
    chosen = random.Random(SEED + size)
    claims = rows(data / "matching" / CLAIMS[lang])
    everyday = half(rows(data / f"background/{lang}.jsonl"), 0)
    scores = []
    for _ in range(draws):
        catalogue = rumours(claims if size >= len(claims) else chosen.sample(claims, size))
        found = Index.build(catalogue, model=model).match(
            [p["text"] for p in everyday], [lang] * len(everyday), top=1, explained=False
        )
        scores += [m[0].score for m in found if m]
    return sorted(scores, reverse=True), draws * len(everyday)


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
        "bands": [
            {
                "rumours": b.rumours,
                "raise": b.raise_at,
                "suggest": b.suggest_at,
                "floor": b.floor,
            }
            for b in model.bands
        ],
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
    print(f"{pairs} pairs: {out}")
    for band in model.bands:
        print(f"{band.rumours} rumours: raise {band.raise_at:.3f}, suggest {band.suggest_at:.3f}")


if __name__ == "__main__":
    main()
