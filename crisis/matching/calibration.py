"""From which scores on a model raises and suggests: set so that everyday posts stay silent.

Learns no weights (``training``); what the bands mean is said in ``bands``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace

from crisis.matching.hint import HINTS
from crisis.matching.index import Index
from crisis.matching.lens import Encoder, as_fields
from crisis.matching.material import SEED, Material
from crisis.matching.pairs import Said, half
from crisis.matching.scorer import FORMAT, Model, Threshold, read_model
from crisis.types import Rumour

RAISE_BUDGET = 1 / 5_000
SUGGEST_BUDGET = 1 / 500
RAISE_FROM = 0.75
"""No score below this raises: posts about a rumour's subject that say something else often reach .7."""
# Rumours in a catalogue, how often one is drawn, languages, and the screen's floor
# (``Screen.promising``): low enough to keep nearly all posts that reach a band (see
# ``docs/internals/figures.md``); smaller catalogues can afford less.
SIZES = (
    (20, 6, ("de", "en"), 1.5),
    (300, 2, ("de", "en"), 2.0),
    (3_000, 1, ("en",), 3.0),
)


def calibrated(model: Model, material: Material, encoder: Encoder | None = None) -> Model:
    """Return the model with the scores that keep the two budgets, for catalogues of several sizes.

    Of German and English, and of public claims and a town's own rumours, the higher score counts.
    Small catalogues are drawn several times, since one of them may be luckier than the next. They
    get lower thresholds for suggestions only: raising must be right.
    """
    bands: list[Threshold] = []
    for size, draws, langs, floor in SIZES:
        found = []
        for lang in langs:
            everyday = half(material.everyday[lang], 0)
            claims = material.headlines if lang == "de" else material.english.rumours
            found.append(_scores(model, claims, size, draws, everyday, lang, encoder))
            if not bands:
                found.append(_scores(model, material.catalogue, 10_000, 1, everyday, lang, encoder))
        raising = max(scores[int(posts * RAISE_BUDGET)] for scores, posts in found)
        suggesting = max(scores[int(posts * SUGGEST_BUDGET)] for scores, posts in found)
        if bands:  # a larger catalogue is never easier
            raising = max(raising, bands[-1].raise_at)
            suggesting = max(suggesting, bands[-1].suggest_at)
        bands.append(Threshold(size, round(raising, 6), round(suggesting, 6), floor))
    highest = max(RAISE_FROM, bands[-1].raise_at)
    return replace(model, bands=tuple(replace(band, raise_at=highest) for band in bands))


def _scores(
    model: Model,
    rumours: Sequence[Rumour],
    size: int,
    draws: int,
    posts: Sequence[Said],
    lang: str,
    encoder: Encoder | None,
) -> tuple[list[float], int]:
    """Return the best scores of everyday posts, falling, and how many posts were asked."""
    chosen = random.Random(SEED + size)  # noqa: S311 - draws that repeat, no secret
    scores = [0.0]
    for _ in range(draws):
        catalogue = rumours if size >= len(rumours) else chosen.sample(list(rumours), size)
        found = Index.build(catalogue, model=model, encoder=encoder).match(
            [p.text for p in posts], [lang] * len(posts), top=1, explained=False
        )
        scores += [m[0].score if m else 0.0 for m in found]
    return sorted(scores, reverse=True), draws * len(posts)


def as_json(model: Model) -> str:
    """Return the text of the model's file; it has been read back once, so it is known to load."""
    raw: dict[str, object] = {
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
    if model.hint is not None:
        weights = dict(zip(HINTS, model.hint.weights, strict=True))
        raw["hint"] = {"weights": weights, "intercept": model.hint.intercept}
    if model.lens is not None:
        raw["lens"] = as_fields(model.lens)
    text = json.dumps(raw, indent=1) + "\n"
    read_model(text)
    return text
