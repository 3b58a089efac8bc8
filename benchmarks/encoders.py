"""What a sentence encoder brings on the sets: ``python benchmarks/encoders.py DATA auto [FOLDER ...]``.

DATA holds the data (see README.md); then the encoders to compare, "none" for words alone, "auto" for
the one that set-up installs, or folders with models (sentence-transformers or ONNX). For each: MAP@5
and P@1 by its cosine alone and with the scorer, recall at 1 false alarm in 1,000 everyday posts, posts
a second on one core, memory. Encoding 14,000 claims takes minutes: ``--everyday N`` takes fewer posts.
Nothing measured here was trained on. Set OMP_NUM_THREADS=1 for the speed of one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matching_data import rumours
from matching_quality import TOP, Task, tasks

from crisis.matching import Index
from crisis.matching.evaluation import Ranking, Scores, mean, recall, score
from crisis.matching.heard import Heard
from crisis.matching.index import phrasings_of
from crisis.wiring import encoder as open_encoder


class Timed(Heard):
    """Remembers what was encoded, so that cosine and scorer pay once, and how long it took."""

    seconds = 0.0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return the vectors of ``texts``."""
        started = time.process_time()
        found = super().encode(texts)
        self.seconds += time.process_time() - started
        return found


def by_cosine(task: Task, encoder: Timed) -> list[Ranking]:
    """Rank the claims by the best cosine of their phrasings."""
    phrasings = phrasings_of(rumours(task.claims))
    claims = encoder.encode([phrasing.text for phrasing in phrasings])
    found: list[Ranking] = []
    for line in encoder.encode([post["text"] for post in task.posts]) @ claims.T:
        best: dict[str, float] = {}
        for row in np.argsort(-line)[: 3 * TOP]:
            best.setdefault(task.claims[phrasings[row].rumour]["id"], float(line[row]))
        found.append(list(best.items()))
    return found


def by_scorer(index: Index, texts: list[str], lang: str, top: int = TOP) -> list[Ranking]:
    """Rank as the program does."""
    found = index.match(texts, [lang] * len(texts), top=top, explained=False)
    return [[(match.rumour_id, match.score) for match in matches] for matches in found]


def scored(task: Task, found: list[Ranking]) -> Scores:
    """Score the rankings of a task's posts."""
    return score(
        {post["id"]: ranked for post, ranked in zip(task.posts, found, strict=True)}, task.fits
    )


def said(scores: Scores) -> str:
    """Return MAP@5 and P@1."""
    return f"{mean(scores.average_precision).value:.3f} / {mean(scores.first).value:.3f}"


def memory() -> int:
    """Megabytes this process takes now."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def measure(name: str, measured: list[Task], everyday: int) -> None:
    """Print one line a task."""
    before = memory()
    opened = open_encoder(name)
    if opened is None and name != "none":
        print(f"| {name} | not installed |")
        return
    heard = Timed(opened) if opened else None
    grown = memory() - before
    for task in measured:
        plain = said(scored(task, by_cosine(task, heard))) if heard else "–"
        index = Index.build(rumours(task.claims), encoder=heard)
        scores = scored(task, by_scorer(index, [post["text"] for post in task.posts], task.lang))
        texts = [post["text"] for post in task.everyday[:everyday]]
        alarms = [r[0][1] if r else -np.inf for r in by_scorer(index, texts, task.lang, 1)]
        silent = recall(scores.sure, alarms, 1_000)
        cells = [
            heard.name if heard else "words alone",
            task.name,
            plain,
            said(scores),
            f"{silent.value:.2f}" if silent else "–",
            f"{len(heard) / heard.seconds:.0f}" if heard else "–",
            f"{grown}" if heard else "–",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("encoders", nargs="+", metavar="auto|none|MODEL_FOLDER")
    parser.add_argument("--everyday", type=int, default=14_000)
    asked = parser.parse_args()
    measured = [task for task in tasks(asked.data) if task.name != "en dev"]
    print(
        "| encoder | set | MAP@5 / P@1 cosine | with the scorer | recall at 1 in 1,000 | texts/s | MB |"
    )
    print("|---|---|---|---|---|---|---|")
    for name in asked.encoders:
        measure(name, measured, asked.everyday)


if __name__ == "__main__":
    main()
