"""What verdicts bring: a desk played with public posts, half of which teach and half of which measure.

Called as ``python -m benchmarks.learning FOLDER``. The judge is always right here; a real desk is not, and
sees fewer rumours at a time. Nothing of this enters the shipped model.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks import matching_data
from crisis.matching import Index, shipped_model
from crisis.matching.adapt import judged, table
from crisis.matching.comparing import compare
from crisis.matching.histogram import bin_of_match
from crisis.matching.trial import learn
from crisis.matching.verdicts import Judged, basis, numbers_of
from crisis.types import Lesson, Rumour, Verdict

SHOWN_FROM = 0.05  # score from which the played desk is asked about a post
EVERYDAY = 6_000
DRAWS = 5  # orders in which the posts come
TAUGHT = (60, 120, 240)
WAVE = 60  # verdicts a week
MONDAY = date(2026, 1, 5)


class Asked(NamedTuple):
    """A post the desk is asked about, and what it says."""

    text: str
    rumour_id: str
    fits: bool


def main() -> None:
    """Print, for each language and number of verdicts, the shipped and the learned model."""
    folder = matching_data.folder(sys.argv[1:])
    print("| data | verdicts | taken | log-loss before | after | recall before | after |")
    print("|---|---|---|---|---|---|---|")
    for lang in ("de", "en"):
        asked, everyday, rumours = desk(folder, lang)
        said = lessons(asked, rumours, lang)
        for count in TAUGHT:
            results = list(played(said, everyday, len(rumours), count))
            if results:
                taken = sum(one[0] for one in results)
                means = [sum(one[1][i] for one in results) / len(results) for i in range(4)]
                figures = " | ".join(f"{mean:.3f}" for mean in means)
                print(f"| {lang} dev | {count} | {taken} of {len(results)} | {figures} |")


def desk(folder: Path, lang: str) -> tuple[list[Asked], dict[int, int], tuple[Rumour, ...]]:
    """Return what a desk is asked, how everyday posts scored, and its catalogue."""
    matching = folder / "matching" / lang
    names = ["claims.jsonl"] + (["claims_distractors.jsonl"] if lang == "de" else [])
    claims = [row for name in names for row in matching_data.rows(matching / name)]
    right = matching_data.truth(matching / "qrels_dev.tsv")
    wanted = {claim for found in right.values() for claim in found}
    chance = random.Random(1)
    others = [claim for claim in claims if claim["id"] not in wanted]
    kept = [claim for claim in claims if claim["id"] in wanted]
    kept += chance.sample(others, min(len(kept), len(others)))
    rumours = matching_data.rumours({**claim, "lang": lang} for claim in kept)
    index = Index.build(rumours)
    posts = matching_data.rows(matching / "posts_dev.jsonl")
    background = matching_data.half(matching_data.rows(folder / "background" / f"{lang}.jsonl"), 1)
    posts += [{**row, "id": ""} for row in background[:EVERYDAY]]
    found = index.match([post["text"] for post in posts], [lang] * len(posts), top=1)
    asked: list[Asked] = []
    counts: dict[int, int] = {}
    for post, matches in zip(posts, found, strict=True):
        place = bin_of_match(matches[0] if matches else None)
        counts[place] = counts.get(place, 0) + 1
        if matches and matches[0].score >= SHOWN_FROM:
            rumour = matches[0].rumour_id
            asked.append(Asked(post["text"], rumour, rumour in right.get(post["id"], ())))
    return asked, counts, rumours


def lessons(asked: Sequence[Asked], rumours: Sequence[Rumour], lang: str) -> list[Lesson]:
    """Return what would be kept of the verdicts."""
    model = shipped_model()
    numbers = numbers_of([Judged(one.text, lang, one.rumour_id) for one in asked], rumours, model)
    return [
        Lesson(
            sighting_id=None,
            rumour_id=one.rumour_id,
            verdict=Verdict.FITS if one.fits else Verdict.DOES_NOT_FIT,
            week=MONDAY,
            model=model.version,
            basis=basis(model),
            own=found.own,
            rival=found.rival,
        )
        for one, found in zip(asked, numbers, strict=True)
        if found is not None
    ]


def played(
    said: Sequence[Lesson], everyday: dict[int, int], rumours: int, count: int
) -> Iterator[tuple[bool, tuple[float, float, float, float]]]:
    """Yield for each order whether the model is taken, and its figures on what it has not seen."""
    model = shipped_model()
    for draw in range(DRAWS):
        order = list(said)
        random.Random(draw).shuffle(order)
        dated = [
            replace(one, id=number + 1, week=MONDAY + timedelta(weeks=number // WAVE))
            for number, one in enumerate(order)
        ]
        taught, unseen = dated[:count], dated[max(count, len(dated) // 2) :]
        found = learn(
            model, model, taught, seen=0, everyday=[everyday], counted_from=MONDAY, rumours=rumours
        )
        if found.model is None:
            continue
        rows = table(unseen, model)
        figures = compare(
            judged(model, rows), judged(found.model, rows), rows.fits, rows.weight, rows.waves
        )
        yield found.better, (*figures.loss, *figures.recall)


if __name__ == "__main__":
    main()
