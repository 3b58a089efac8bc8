"""How well are claims told from the rest? Against TF-IDF with logistic regression, in the same run.

    python -m benchmarks.claims FOLDER [MATCHING]

FOLDER holds ``train.jsonl`` and ``test.jsonl`` (lines ``{"text","fact_claiming"}``). MATCHING is a folder as
for ``python -m benchmarks``: how many of its posts, which all carry a claim, would be silenced as opinions?
"""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

from crisis.encoders.packaged import untaught
from crisis.matching.claims import Kind, is_pure_opinion, kind_of

DRAWS = 1_000
SPLITS = ("en/posts_train", "en/posts_dev", "en/posts_devtest", "de/posts_dev")
CASES = Path(__file__).parents[1] / "tests/data/claims.toml"


def rows(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def interval(truth: Sequence[int], said: Sequence[int]) -> str:
    """Macro-F1 with its 95 % interval: the texts drawn again ``DRAWS`` times."""
    right, given = np.array(truth), np.array(said)
    draw = np.random.default_rng(20261123)
    scores = []
    for _ in range(DRAWS):
        some = draw.integers(0, len(right), len(right))
        scores.append(f1_score(right[some], given[some], average="macro"))
    low, high = np.quantile(scores, [0.025, 0.975])
    return f"{f1_score(right, given, average='macro'):.3f} ({low:.3f} to {high:.3f})"


def public(folder: Path) -> None:
    """Print the figures on the test file."""
    train, test = rows(folder / "train.jsonl"), rows(folder / "test.jsonl")
    truth = [row["fact_claiming"] for row in test]
    for name, terms in (
        ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
        (
            "characters",
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3),
        ),
    ):
        plain = make_pipeline(
            terms, LogisticRegression(C=4, class_weight="balanced", max_iter=1_000)
        )
        plain.fit([row["text"] for row in train], [row["fact_claiming"] for row in train])
        said = plain.predict([row["text"] for row in test])
        print(f"TF-IDF of {name} + LR, macro-F1:", interval(truth, said))
    start = time.perf_counter()
    found = [kind_of(row["text"], "de").probabilities[Kind.CLAIM] for row in test]
    speed = len(test) / (time.perf_counter() - start)
    print("crisis, macro-F1:", interval(truth, [int(p >= 0.5) for p in found]))
    print(f"crisis, texts/s: {speed:,.0f}")
    encoder = untaught()
    if encoder:
        start = time.perf_counter()
        vectors = [encoder.encode([row["text"]])[0].tolist() for row in test]
        found = [
            kind_of(row["text"], "de", None, vector).probabilities[Kind.CLAIM]
            for row, vector in zip(test, vectors, strict=True)
        ]
        speed = len(test) / (time.perf_counter() - start)
        print("crisis with the encoder, macro-F1:", interval(truth, [int(p >= 0.5) for p in found]))
        print(f"crisis with the encoder, texts/s: {speed:,.0f}")


def own() -> None:
    """Print what becomes of our own cases, by language and kind."""
    for case in tomllib.loads(CASES.read_text("utf-8"))["cases"]:
        texts, lang = case["texts"], case["lang"]
        right = sum(kind_of(text, lang).kind == case["kind"] for text in texts)
        silenced = sum(is_pure_opinion(text, lang) for text in texts)
        print(f"{lang} {case['kind']}: right {right} of {len(texts)}, silenced {silenced}")


def carrying(folder: Path) -> None:
    """Print how many posts that carry a claim would be silenced."""
    for split in SPLITS:
        posts = rows(folder / f"{split}.jsonl")
        silenced = sum(is_pure_opinion(post["text"], split[:2]) for post in posts)
        print(f"{split}: silenced {silenced} of {len(posts)}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    public(Path(sys.argv[1]))
    own()
    if len(sys.argv) > 2:
        carrying(Path(sys.argv[2]))
