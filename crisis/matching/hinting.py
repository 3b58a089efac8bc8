"""Learn the hint of a model: which posts that pass the screen are worth judging (``hint``).

Learned from what the model itself shows, on posts that teach it anyway; loses next to none of those.
Knows no truth: whether a match is right is the business of ``training``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crisis.matching.hint import Hint
from crisis.matching.index import Index
from crisis.matching.material import SEED, Material
from crisis.matching.pairs import Said, half, one_left_out
from crisis.matching.scorer import Model
from crisis.types import Rumour

LOST = 0.002
"""Share of the posts the model would show that the hint may reject; of a town's rumours none."""

EVERYDAY = 5_000  # posts of a language and a catalogue that teach silence
SMALL = (20, 300)  # rumours of small catalogues


def hinted(model: Model, material: Material) -> Model:
    """Return the model with its hint; without one where it shows all of these posts, or none."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows: list[list[float]] = []
    shown: list[bool] = []
    town: list[bool] = []
    for rumours, posts, ours in _occasions(material):
        index = Index.build(rumours, model=replace(model, hint=None))
        texts, langs = [p.text for p in posts], [p.lang for p in posts]
        found = index.hints_of(texts, langs)
        asked = sorted(found)
        matches = index.match(
            [texts[i] for i in asked], [langs[i] for i in asked], top=1, explained=False
        )
        for number, match in zip(asked, matches, strict=True):
            rows.append(found[number])
            shown.append(bool(match) and match[0].score >= index.bands.suggest_at)
            town.append(ours)
    if all(shown) or not any(shown):  # nothing to tell apart: every post is judged
        return replace(model, hint=None)
    table, wanted = np.array(rows), np.array(shown)
    means, scales = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-6)
    learner = LogisticRegression(C=1.0, max_iter=5_000, tol=1e-8, class_weight="balanced")
    learner.fit((table - means) / scales, wanted)
    weights = np.round(learner.coef_[0] / scales, 4)
    values = table @ weights
    bar = float(np.quantile(values[wanted], LOST))
    ours_shown = values[wanted & np.array(town)]
    if len(ours_shown):
        bar = min(bar, float(ours_shown.min()))
    return replace(model, hint=Hint(tuple(map(float, weights)), round(1e-3 - bar, 4)))


def _occasions(
    material: Material,
) -> Iterator[tuple[Sequence[Rumour], Sequence[Said], bool]]:
    """Yield catalogues with posts to read against them, and whether they are a town's own."""
    chosen = random.Random(SEED)  # noqa: S311 - draws that repeat, no secret
    everyday = {lang: half(said, 0)[:EVERYDAY] for lang, said in material.everyday.items()}
    english, multi = material.english, material.multi
    yield english.rumours, [*english.posts, *everyday["en"]], False
    yield material.headlines, everyday["de"], False
    for size in SMALL:
        fitting = [p for p in english.posts if p.id in english.fits]
        some = chosen.sample(fitting, min(size, len(fitting)))
        wanted = {r for p in some for r in english.fits[p.id]}
        rumours = [r for r in english.rumours if r.id in wanted]
        yield rumours, [*some, *everyday["en"]], False
    for lang in ("fr", "pl"):
        own = [r for r in multi.rumours if r.lang == lang]
        if own:
            yield own, [p for p in multi.posts if p.lang == lang], False
    whole = [*material.catalogue, *material.town.rumours]
    yield whole, [*material.town.posts, *everyday["de"]], True
    for rest, posts, _ in one_left_out(material.catalogue):
        yield rest, posts, True
