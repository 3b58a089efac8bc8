"""How fast ``crisis match`` is, beside bm25s and rapidfuzz in the same run; growth, memory, start.

    python benchmarks/matching_speed.py FOLDER

Needs the extra ``bench`` (bm25s). Prints Markdown tables; takes a few minutes. All times are those of
the processor, so that other work on the machine counts little. What ``crisis match`` takes a post is the
difference of a run over all posts and one over a few, divided by the posts between.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import bm25s
import numpy as np
import Stemmer
from matching_data import Row, folder, rows, rumours
from rapidfuzz import process

from crisis.matching import Index
from crisis.types import Rumour

ONE_CORE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
FEW = 10
LARGE = 100_000
BM25_POSTS = 4_000
FUZZY_POSTS = 8


class Run(NamedTuple):
    """What a child process took."""

    seconds: float  # of the processor
    megabytes: float  # at most resident


def crisis_match(catalogue: Path, posts: Path, *more: str) -> Run:
    """Run ``crisis match`` to its end."""
    command = [sys.executable, "-m", "crisis", "match", "--rumours", str(catalogue)]
    child = subprocess.Popen(
        [*command, "--posts", str(posts), *more],
        stdout=subprocess.DEVNULL,
        env=os.environ | dict.fromkeys(ONE_CORE, "1"),
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit("crisis match failed")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def rate(catalogue: Path, all_posts: Path, few: Path, count: int) -> tuple[float, Run, Run]:
    """Return posts a second after the start, the run over all posts, and the start alone."""
    start, whole = crisis_match(catalogue, few), crisis_match(catalogue, all_posts)
    return (count - FEW) / (whole.seconds - start.seconds), whole, start


def written(path: Path, lines: Sequence[Row]) -> Path:
    """Write JSON lines."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def enlarged(claims: Sequence[Row], size: int) -> Iterator[Row]:
    """Yield claims, then copies of them in which four words of ten come from other claims."""
    draw = random.Random(5)
    pool = [word for claim in claims for word in claim["text"].split()]
    for number in range(size):
        claim = claims[number % len(claims)]
        if number < len(claims):
            yield claim
            continue
        mixed = {
            field: " ".join(
                draw.choice(pool) if draw.random() < 0.4 else word
                for word in claim.get(field, "").split()
            )
            for field in ("text", "title")
        }
        yield {"id": f"{claim['id']}-{number}", **mixed}


def bm25(claims: Sequence[Row], posts: Sequence[str]) -> float:
    """Return posts a second of a top-10 retrieval, tokenising included."""
    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: Sequence[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, show_progress=False)

    retriever = bm25s.BM25()
    retriever.index(
        tokens([f"{c.get('title', '')} {c['text']}" for c in claims]), show_progress=False
    )
    return per_second(
        lambda: retriever.retrieve(tokens(posts), k=10, show_progress=False), len(posts)
    )


def fuzzy(claims: Sequence[Row], posts: Sequence[str]) -> float:
    """Return posts a second of rapidfuzz's ``process.extract``, ten best."""
    texts = [claim["text"] for claim in claims]
    return per_second(lambda: [process.extract(p, texts, limit=10) for p in posts], len(posts))


def per_second(work: Callable[[], object], count: int) -> float:
    """Return how many of ``count`` things are done in a second of the processor."""
    started = time.process_time()
    work()
    return count / (time.process_time() - started)


def alone(index: Index, posts: Sequence[str], **how: bool | int) -> tuple[float, float]:
    """Return the middle and the 99th of a hundred times (ms) for one post asked alone."""
    took = []
    for post in posts:
        started = time.process_time()
        index.match([post], **how)  # type: ignore[arg-type]
        took.append(time.process_time() - started)
    middle, high = np.percentile(took, [50, 99]) * 1_000
    return float(middle), float(high)


def throughput(claims: list[Row], posts: list[Row], place: Path) -> None:
    """Print posts a second beside the others."""
    catalogue = written(place / "claims.jsonl", claims)
    all_posts, few = (
        written(place / "posts.jsonl", posts),
        written(place / "few.jsonl", posts[:FEW]),
    )
    ours, whole, start = rate(catalogue, all_posts, few, len(posts))
    texts = [post["text"] for post in posts]
    theirs, slow = bm25(claims, texts[:BM25_POSTS]), fuzzy(claims, texts[:FUZZY_POSTS])
    print(
        f"| {len(claims):,} claims, {len(posts):,} everyday posts | posts/s | `crisis match` is |"
    )
    print("|---|---|---|")
    print(f"| `crisis match`, JSON lines to JSON lines | {ours:,.0f} | |")
    print(f"| bm25s, top 10, tokenising included | {theirs:,.0f} | {ours / theirs:.1f} × |")
    print(f"| rapidfuzz `process.extract`, top 10 | {slow:.1f} | {ours / slow:,.0f} × |")
    print(f"\nStart {start.seconds:.1f} s, at most {whole.megabytes:.0f} MB.\n", flush=True)


def growth(claims: list[Row], posts: list[Row], place: Path) -> None:
    """Print the cost of a post, memory and start for catalogues of several sizes."""
    print("| rumours | µs a post | × of 1,000 | memory, MB | start, s | from the cache, s |")
    print("|---|---|---|---|---|---|")
    all_posts, few = place / "posts.jsonl", place / "few.jsonl"
    base = 0.0
    chosen = random.Random(5).sample(claims, 1_000)
    for size in (1_000, 10_000, LARGE):
        some = chosen if size == 1_000 else list(enlarged(claims, size))
        catalogue = written(place / f"{size}.jsonl", some)
        speed, whole, start = rate(catalogue, all_posts, few, len(posts))
        base = base or 1e6 / speed
        cache = str(place / f"{size}.index")
        crisis_match(catalogue, few, "--cache", cache)
        again = crisis_match(catalogue, few, "--cache", cache)
        print(
            f"| {size:,} | {1e6 / speed:.0f} | {1e6 / speed / base:.1f} | {whole.megabytes:.0f} "
            f"| {start.seconds:.1f} | {again.seconds:.1f} |",
            flush=True,
        )


def changes(claims: list[Row], asked: Sequence[str], posts: Sequence[str]) -> None:
    """Print how soon a new rumour counts, and how long one post takes alone."""
    index = Index.build(rumours(claims))
    new = Rumour(id="new", text="The dam above Exampleville has burst.", lang="en")
    index.match(list(asked[:20]))
    started = time.process_time()
    larger = index.with_rumour(new)
    found = larger.match(["They say the dam above Exampleville has burst!"], ["en"])[0]
    took = time.process_time() - started
    if found[0].rumour_id != "new":
        sys.exit("the new rumour was not found")
    print(f"\nA rumour added to {len(claims):,}: found after {took:.2f} s.\n")
    print("| one post alone | middle, ms | 99 of 100 within, ms |")
    print("|---|---|---|")
    for name, texts in (("everyday", posts), ("about a claim", asked)):
        for how, options in (("banded", {"banded": True}), ("top 10", {"top": 10})):
            middle, high = alone(index, texts, **options)
            print(f"| {name}, {how} | {middle:.1f} | {high:.1f} |", flush=True)


def main() -> None:
    """Measure and print."""
    data = folder(sys.argv[1:])
    claims = rows(data / "matching/en/claims.jsonl")
    posts = rows(data / "background/en.jsonl")
    asked = [post["text"] for post in rows(data / "matching/en/posts_dev.jsonl")]
    with tempfile.TemporaryDirectory() as place:
        throughput(claims, posts, Path(place))
        growth(claims, posts, Path(place))
    changes(claims, asked, [post["text"] for post in posts[:1_000]])


if __name__ == "__main__":
    main()
