"""How well ``crisis.matching`` ranks and how well it stays silent, beside BM25 in the same run.

    python benchmarks/matching_quality.py FOLDER

Needs the extra ``bench`` (bm25s). Prints a Markdown table. Nothing measured here was trained on:
the dev and devtest splits, every German post, and the other half of the everyday posts.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from matching_data import Row, Truth, folder, half, rows, rumours, truth

from crisis.matching import Index
from crisis.types import Band

Ranking = list[list[tuple[str, float]]]  # per post: claims with scores, best first
Ranker = Callable[[Sequence[Row]], Ranking]
TOP = 10
SMALL = 300


@dataclass(frozen=True)
class Task:
    """A catalogue, posts that belong to it, and everyday posts that do not."""

    name: str
    lang: str
    claims: list[Row]
    posts: list[Row]
    fits: Truth
    everyday: list[Row]


def tasks(data: Path) -> list[Task]:
    """Read what is measured."""
    matching = data / "matching"
    english = rows(matching / "en/claims.jsonl")
    german = rows(matching / "de/claims.jsonl") + rows(matching / "de/claims_distractors.jsonl")
    everyday = {lang: half(rows(data / f"background/{lang}.jsonl"), 1) for lang in ("en", "de")}
    return [
        Task(
            f"{lang} {split}",
            lang,
            claims,
            rows(matching / lang / f"posts_{split}.jsonl"),
            truth(matching / lang / f"qrels_{split}.tsv"),
            everyday[lang],
        )
        for lang, split, claims in (
            ("en", "dev", english),
            ("en", "devtest", english),
            ("de", "dev", german),
        )
    ]


def bm25(claims: Sequence[Row], lang: str) -> Ranker:
    """Return BM25 over title and text, stemmed, without the language's stop words."""
    stemmer = Stemmer.Stemmer({"en": "english", "de": "german"}[lang])

    def tokens(texts: list[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(texts, stopwords=lang, stemmer=stemmer, show_progress=False)

    retriever = bm25s.BM25()
    texts = [f"{c.get('title', '')} {c['text']}" for c in claims]
    retriever.index(tokens(texts), show_progress=False)

    def rank(posts: Sequence[Row]) -> Ranking:
        found, scores = retriever.retrieve(
            tokens([p["text"] for p in posts]), k=TOP, show_progress=False
        )
        return [
            [(claims[i]["id"], float(s)) for i, s in zip(ids, line, strict=True)]
            for ids, line in zip(found, scores, strict=True)
        ]

    return rank


def crisis(claims: Sequence[Row], lang: str) -> Ranker:
    """Return the matching of this program."""
    index = Index.build(rumours(claims))

    def rank(posts: Sequence[Row]) -> Ranking:
        texts, langs = [p["text"] for p in posts], [lang] * len(posts)
        found = index.match(texts, langs, top=TOP, explained=False)
        return [[(m.rumour_id, m.score) for m in matches] for matches in found]

    return rank


def average_precision(ranking: Ranking, posts: Sequence[Row], fits: Truth) -> float:
    """Return MAP@5."""
    values = []
    for post, ranked in zip(posts, ranking, strict=True):
        right, hits, total = fits.get(post["id"], set()), 0, 0.0
        for place, (claim, _) in enumerate(ranked[:5], 1):
            if claim in right:
                hits += 1
                total += hits / place
        values.append(total / min(5, len(right)) if right else 0.0)
    return float(np.mean(values))


def first_right(ranking: Ranking, posts: Sequence[Row], fits: Truth) -> list[float]:
    """Return for each post the score of its first candidate if that is right, else -inf."""
    return [
        ranked[0][1] if ranked and ranked[0][0] in fits.get(post["id"], set()) else -np.inf
        for post, ranked in zip(posts, ranking, strict=True)
    ]


def recall_at(scores: list[float], alarms: Ranking, one_in: int) -> float:
    """Return the share of posts whose right rumour comes first and above the everyday posts.

    The threshold lets one in ``one_in`` everyday posts pass.
    """
    ranked = sorted((a[0][1] for a in alarms if a), reverse=True)
    ranked += [-np.inf] * (len(alarms) - len(ranked))
    threshold = ranked[len(alarms) // one_in]
    return float(np.mean([score > threshold for score in scores]))


def interval(scores: list[float], alarms: Ranking, one_in: int) -> str:
    """Return a 95 % interval of ``recall_at``, by drawing the posts again 500 times."""
    draw = random.Random(1)
    values = sorted(
        recall_at(draw.choices(scores, k=len(scores)), alarms, one_in) for _ in range(500)
    )
    return f"{values[12]:.2f}–{values[487]:.2f}"


def report(task: Task, name: str, build: Callable[[Sequence[Row], str], Ranker]) -> None:
    """Print one line of the table."""
    rank = build(task.claims, task.lang)
    ranking = rank(task.posts)
    first = first_right(ranking, task.posts, task.fits)
    started = time.perf_counter()
    alarms = rank(task.everyday)
    speed = len(task.everyday) / (time.perf_counter() - started)
    right = float(np.mean([score > -np.inf for score in first]))
    silent = " | ".join(f"{recall_at(first, alarms, n):.3f}" for n in (100, 1_000))
    print(
        f"| {task.name} | {name} | {average_precision(ranking, task.posts, task.fits):.3f} "
        f"| {right:.3f} | {silent} | {interval(first, alarms, 1_000)} | {speed:,.0f} |",
        flush=True,
    )


def bands(task: Task) -> None:
    """Print what the shipped thresholds do against a catalogue of a few hundred claims."""
    chosen = random.Random(7)
    right = sorted({c for found in task.fits.values() for c in found})
    ids = {*right[:SMALL], *(c["id"] for c in chosen.sample(task.claims, SMALL))}
    small = [c for c in task.claims if c["id"] in ids]
    index = Index.build(rumours(small))
    texts = [p["text"] for p in task.everyday]
    started = time.perf_counter()
    alarms = index.match(texts, [task.lang] * len(texts), top=1, banded=True)
    speed = len(texts) / (time.perf_counter() - started)
    raised = sum(m[0].band is Band.RAISE for m in alarms if m)
    shown = sum(bool(m) for m in alarms)
    found = index.match(
        [p["text"] for p in task.posts], [task.lang] * len(task.posts), top=1, banded=True
    )
    good = [
        m[0]
        for p, m in zip(task.posts, found, strict=True)
        if m and m[0].rumour_id in task.fits.get(p["id"], set())
    ]
    print(
        f"| {task.name}, {len(small)} claims | {raised} of {len(texts)} | {shown} of {len(texts)} "
        f"| {sum(m.band is Band.RAISE for m in good) / len(task.posts):.3f} "
        f"| {len(good) / len(task.posts):.3f} | {speed:,.0f} |",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    measured = tasks(folder(sys.argv[1:]))
    print("| data | who | MAP@5 | P@1 | recall at 1 in 100 | at 1 in 1,000 | 95 % | posts/s |")
    print("|---|---|---|---|---|---|---|---|")
    for task in measured:
        report(task, "bm25s", bm25)
        report(task, "crisis", crisis)
    print(
        "\n| bands | raised, everyday | shown, everyday | raised, right | shown, right | posts/s |"
    )
    print("|---|---|---|---|---|---|")
    for task in measured:
        bands(task)


if __name__ == "__main__":
    main()
