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
from pathlib import Path

import numpy as np
from matching_data import Pairs, candidate_pairs, folder, half, rows, small_catalogues, truth
from sklearn.linear_model import LogisticRegression

from crisis.matching.features import NAMES
from crisis.matching.scorer import FORMAT, LIMIT, Model, expand, probability, read_model

OUT = Path(__file__).parent.parent / "crisis" / "matching" / "model.json"
VERSION = "1"
SEED = 20261123
RAISE_BUDGET = 1 / 5_000
SUGGEST_BUDGET = 1 / 500
CATALOGUE = 300  # claims against which the budgets are kept
PRODUCTS = [
    ("words", "words"), ("letters", "letters"), ("covered", "covered"), ("window", "window"),
    ("letters_covered", "letters_covered"), ("words", "covered"), ("letters", "letters_covered"),
    ("shared_weight", "covered"), ("window", "shared_weight"), ("post_covered", "covered"),
]  # fmt: skip


def gather(data: Path) -> list[tuple[Pairs, float]]:
    """Return pairs to learn from, with the weight each set has."""
    english = rows(data / "matching/en/claims.jsonl")
    posts, fits = (
        rows(data / "matching/en/posts_train.jsonl"),
        truth(data / "matching/en/qrels_train.tsv"),
    )
    found = [(candidate_pairs(english, posts, fits, 50), 1.0)]
    for claims, hand in small_catalogues(english, posts, fits, SEED):
        found.append((candidate_pairs(claims, hand, fits, 20), 1.0))
    everyday = half(rows(data / "background/en.jsonl"), 0)
    found.append((candidate_pairs(english, everyday[:8_000], {}, 5), 3.0))
    headlines = rows(data / "matching/de/claims_distractors.jsonl")
    everyday = half(rows(data / "background/de.jsonl"), 0)
    found.append((candidate_pairs(headlines, everyday[:8_000], {}, 5), 3.0))
    claims, posts = (
        rows(data / "matching/multi/claims.jsonl"),
        rows(data / "matching/multi/posts_train.jsonl"),
    )
    fits = truth(data / "matching/multi/qrels_train.tsv")
    for lang in sorted({c["lang"] for c in claims}):
        own = [c for c in claims if c["lang"] == lang]
        theirs = [p for p in posts if p["lang"] == lang]
        if theirs:
            found.append((candidate_pairs(own, theirs, fits, 20), 0.3))
    return found


def fit(sets: list[tuple[Pairs, float]]) -> Model:
    """Fit the logistic regression; thresholds are left open."""
    plain = np.vstack([pairs.features for pairs, _ in sets])
    fits = np.concatenate([pairs.fits for pairs, _ in sets])
    weight = np.concatenate([np.full(len(pairs.fits), w) for pairs, w in sets])
    wide = expand(plain, NAMES, PRODUCTS)
    means, scales = wide.mean(axis=0), wide.std(axis=0)
    scales[scales < 1e-9] = 1.0
    standard = np.clip((wide - means) / scales, -LIMIT, LIMIT)
    learner = LogisticRegression(C=1.0, max_iter=3_000, random_state=SEED)
    learner.fit(standard, fits, sample_weight=weight)
    return Model(
        version=VERSION,
        features=NAMES,
        products=tuple(PRODUCTS),
        means=tuple(means),
        scales=tuple(scales),
        weights=tuple(learner.coef_[0]),
        intercept=float(learner.intercept_[0]),
        raise_at=1.0,
        suggest_at=1.0,
    )


def thresholds(data: Path, model: Model) -> tuple[float, float, float]:
    """Return the scores that keep the two budgets in both languages, and the screen's floor."""
    raising, suggesting = 0.0, 0.0
    chosen = random.Random(SEED)
    for lang, file in (("en", "en/claims.jsonl"), ("de", "de/claims_distractors.jsonl")):
        claims = chosen.sample(rows(data / "matching" / file), CATALOGUE)
        everyday = half(rows(data / f"background/{lang}.jsonl"), 0)
        pairs = candidate_pairs(claims, everyday, {}, 5)
        best: dict[str, float] = {}
        for post, odds in zip(pairs.posts, model.log_odds(pairs.features), strict=True):
            best[post] = max(best.get(post, -99.0), float(odds))
        ranked = sorted(best.values(), reverse=True)
        raising = max(raising, probability(ranked[int(len(everyday) * RAISE_BUDGET)]))
        suggesting = max(suggesting, probability(ranked[int(len(everyday) * SUGGEST_BUDGET)]))
    return raising, suggesting, 0.1


def write(model: Model, path: Path) -> None:
    """Write the model as JSON; what is written is read back once, so that it is known to load."""
    raw = {
        "format": FORMAT,
        "version": model.version,
        "features": model.features,
        "products": model.products,
        "means": [round(x, 6) for x in model.means],
        "scales": [round(x, 6) for x in model.scales],
        "weights": [round(x, 6) for x in model.weights],
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
    sets = gather(data)
    model = fit(sets)
    raising, suggesting, floor = thresholds(data, model)
    model = Model(**{
        **{name: getattr(model, name) for name in Model.__slots__},
        "raise_at": raising, "suggest_at": suggesting, "floor": floor,
    })  # fmt: skip
    write(model, out)
    pairs = sum(len(p.fits) for p, _ in sets)
    print(f"{pairs} pairs, raise from {raising:.3f}, suggest from {suggesting:.3f}: {out}")


if __name__ == "__main__":
    main()
