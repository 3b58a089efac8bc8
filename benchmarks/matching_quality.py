"""How well ``crisis.matching`` ranks and how well it stays silent, beside BM25 in the same run.

    python benchmarks/matching_quality.py FOLDER

Needs the extra ``bench`` (bm25s). Prints Markdown tables. Nothing measured here was trained on: the dev and
devtest splits, the rewritten posts of en-edits, every German post, and the other half of the everyday
posts. Ends with the greatest loss by rewriting, matcher by matcher.
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
from crisis.matching.evaluation import ONE_IN, Estimate, Ranking, Scores, mean, recall, score
from crisis.types import Band

Ranker = Callable[[Sequence[Row], int], list[Ranking]]  # posts, how many claims of each
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

    def rank(posts: Sequence[Row], depth: int) -> list[Ranking]:
        found, scores = retriever.retrieve(
            tokens([p["text"] for p in posts]), k=depth, show_progress=False
        )
        return [
            [(claims[i]["id"], float(s)) for i, s in zip(ids, line, strict=True)]
            for ids, line in zip(found, scores, strict=True)
        ]

    return rank


def crisis(claims: Sequence[Row], lang: str) -> Ranker:
    """Return the matching of this program."""
    index = Index.build(rumours(claims))

    def rank(posts: Sequence[Row], depth: int) -> list[Ranking]:
        texts, langs = [p["text"] for p in posts], [lang] * len(posts)
        found = index.match(texts, langs, top=depth, explained=False)
        return [[(m.rumour_id, m.score) for m in matches] for matches in found]

    return rank


def judged(rank: Ranker, posts: Sequence[Row], fits: Truth) -> Scores:
    """Rank the posts and score the rankings."""
    found = rank(posts, TOP)
    return score({p["id"]: r for p, r in zip(posts, found, strict=True)}, fits)


def said(estimate: Estimate | None) -> str:
    """Return a figure with its 95 % interval."""
    if estimate is None:
        return "–"
    return f"{estimate.value:.3f} ({estimate.low:.2f}–{estimate.high:.2f})"


def report(task: Task, name: str, rank: Ranker) -> None:
    """Print one line of the table."""
    found = judged(rank, task.posts, task.fits)
    started = time.process_time()
    alarms = [r[0][1] if r else -np.inf for r in rank(task.everyday, 1)]
    speed = len(task.everyday) / (time.process_time() - started)
    silent = " | ".join(said(recall(found.sure, alarms, n)) for n in ONE_IN)
    print(
        f"| {task.name} | {name} | {said(mean(found.average_precision))} | {said(mean(found.first))} "
        f"| {silent} | {speed:,.0f} |",
        flush=True,
    )


def robustness(data: Path, rankers: dict[str, Ranker], whole: Task) -> None:
    """Print MAP@5 of rewritten posts and how far it lies below that of the posts as they were."""
    plain = {
        who: mean(judged(rank, whole.posts, whole.fits).average_precision).value
        for who, rank in rankers.items()
    }
    worst = dict.fromkeys(rankers, 0.0)
    print("\n| rewritten | " + " | ".join(f"{who} MAP@5 | below" for who in rankers) + " |")
    print("|---|" + "---|---|" * len(rankers))
    for path in sorted((data / "matching/en-edits").glob("posts_*.jsonl")):
        split = path.stem.removeprefix("posts_")
        posts, fits = rows(path), truth(path.with_name(f"qrels_{split}.tsv"))
        cells = []
        for who, rank in rankers.items():
            value = mean(judged(rank, posts, fits).average_precision).value
            worst[who] = max(worst[who], plain[who] - value)
            cells.append(f"{value:.3f} | {plain[who] - value:+.3f}")
        print(f"| {split} | " + " | ".join(cells) + " |", flush=True)
    print("| worst | " + " | ".join(f" | {worst[who]:+.3f}" for who in rankers) + " |")


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
    data = folder(sys.argv[1:])
    measured = tasks(data)
    heads = " | ".join(f"recall at 1 in {n:,}" for n in ONE_IN)
    print(f"| data | who | MAP@5 | P@1 | {heads} | posts/s |")
    print("|---|---|---|---|---|---|---|---|")
    made: dict[int, dict[str, Ranker]] = {}
    for task in measured:
        rankers = made.setdefault(
            id(task.claims),
            {"bm25s": bm25(task.claims, task.lang), "crisis": crisis(task.claims, task.lang)},
        )
        for who, rank in rankers.items():
            report(task, who, rank)
    english = measured[1]
    robustness(data, made[id(english.claims)], english)
    print(
        "\n| bands | raised, everyday | shown, everyday | raised, right | shown, right | posts/s |"
    )
    print("|---|---|---|---|---|---|")
    for task in measured:
        bands(task)


if __name__ == "__main__":
    main()
