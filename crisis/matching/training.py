"""Teach the scorer: pairs of posts and rumours in, a model out.

scikit-learn's logistic regression learns how to put a post's candidates in order; a second one,
whose weights keep the signs common sense gives them, learns whether the first is a match at all.
Fixed seeds: the same material gives the same model. Reads and writes no file (``crisis train``
does), and what the scores are good for is set in ``calibration``.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crisis.matching.calibration import as_json, calibrated
from crisis.matching.features import ALL, NAMES
from crisis.matching.heard import Heard
from crisis.matching.hinting import hinted
from crisis.matching.lens import Encoder, Sight
from crisis.matching.material import SEED, Material
from crisis.matching.pairs import (
    Pairs,
    Said,
    candidate_pairs,
    half,
    one_left_out,
    small_catalogues,
)
from crisis.matching.scorer import LIMIT, Model, Threshold, leads, read_model
from crisis.matching.sight import learn_sight
from crisis.types import Rumour

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "3"
VERSION_MEANT = "3m"
CATALOGUE = 300  # rumours of a middling catalogue
# More of these may only speak against a match. Lengths are among them: what people post about
# rumours in the data is long, but a short post that says the same is no less of a match.
AGAINST = frozenset(
    [
        "rare_missing",
        "numbers_differ",
        "numbers_missing",
        "rivals",
        "post_length",
        "rumour_length",
        "crowd",
        "catalogue",
        "everyday",
        "other_cause",
    ]
)
# These say whether a post carries a rumour at all, not which one; the order does without.
_JUDGED_ONLY = ("crowd", "catalogue", "everyday", "other_cause")
# At the least, in log-odds, that counts where one sentence of a post says one of the rumour in full.
# Public posts say more than that and cannot teach it; of everyday posts about 1 in 800 do so half-way
# by chance against 14,000 claims, and none against a town's own rumours.
SAID_IN_FULL = 4.0
RIDGE = 1e-5
NEGATIVES = 15  # wrong candidates a right one is compared with, per post
_JUDGING = {"fr": 1.0, "pl": 1.0}  # what further languages teach judgement, see ``lessons``
_OTHERS_JUDGING = 0.3
_TOWN = 8.0  # how much a post about a town's own rumour teaches, beside a public one
_TOWN_ORDER = 0.2  # the same for the order: there the public posts know better
# What other languages teach of the order, beside English; with meaning more: it is the same in all.
_OTHERS_ORDER, _OTHERS_ORDER_MEANT = 0.3, 1.0


@dataclass(frozen=True)
class Lesson:
    """Pairs to learn from: their weight for the order and for the judgement (0: not used)."""

    pairs: Pairs
    order: float
    judge: float


def lessons(material: Material, sight: Sight | None = None) -> Iterator[Lesson]:
    """Yield what is learned from, one part after the other.

    All languages teach the order, and judgement: English most, of the others French and Polish (long
    posts, full catalogues; the more the others count, the better German is judged and the worse
    English). Judgement is taught by our own rumours of towns, too, and by everyday posts against
    large and small catalogues.
    """
    english = material.english
    yield Lesson(candidate_pairs(english.rumours, english.posts, english.fits, 50, sight), 1.0, 2.0)
    for few, hand in small_catalogues(english.rumours, english.posts, english.fits, SEED):
        yield Lesson(candidate_pairs(few, hand, english.fits, 20, sight), 1.0, 0.3)
    yield from _headlines_as_posts(english.rumours, material.measured, sight)
    yield from _town_lessons(material, sight)
    yield from _silence(material, sight)
    multi = material.multi
    for lang in sorted({r.lang for r in multi.rumours}):
        own = [r for r in multi.rumours if r.lang == lang]
        theirs = [p for p in multi.posts if p.lang == lang]
        if theirs:
            judge = _JUDGING.get(lang, _OTHERS_JUDGING)
            order = _OTHERS_ORDER if sight is None else _OTHERS_ORDER_MEANT
            yield Lesson(candidate_pairs(own, theirs, multi.fits, 20, sight), order, judge)


def fit(learned: Sequence[Lesson], names: Sequence[str] = NAMES) -> Model:
    """Fit both regressions; the thresholds are left open (``calibration`` sets them).

    ``names``: the features the model shall use, of those the lessons have.
    """
    import numpy as np

    columns = [ALL.index(name) for name in names]
    plain = np.vstack([_chosen(lesson.pairs, columns) for lesson in learned])
    means, scales = plain.mean(axis=0), plain.std(axis=0)
    # Most features reach 1. A rare one must not be cut off at LIMIT before it gets there.
    scales = np.maximum(scales, 1 / LIMIT)
    model = Model(
        version=VERSION,
        features=tuple(names),
        means=tuple(means),
        scales=tuple(scales),
        order=tuple(_order(learned, scales, columns)),
        judge=(),
        intercept=0.0,
        bands=(Threshold(1, 1.0, 1.0, 0.0),),
    )
    wide, fits, weight = [], [], []
    for lesson in learned:
        if lesson.judge and len(lesson.pairs.fits):
            part, right = _best_of_each(model, lesson.pairs, columns)
            wide.append(part)
            fits.append(right)
            weight.append(np.full(len(right), lesson.judge))
    stacked = np.vstack(wide)
    means = np.append(means, stacked[:, -2:].mean(axis=0))
    scales = np.append(scales, np.maximum(stacked[:, -2:].std(axis=0), 1e-9))
    standard = np.clip((stacked - means) / scales, -LIMIT, LIMIT)
    weights, intercept = signed_regression(
        standard,
        np.concatenate(fits),
        np.concatenate(weight),
        [*map(sign, names), 1, 1],
        {
            at: SAID_IN_FULL * float(scales[at])
            for at, name in enumerate(names)
            if name == "sentence_covered"
        },
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
    rows: NDArray[np.float64],
    fits: NDArray[np.bool_],
    weight: NDArray[np.float64],
    signs: Sequence[int],
    least: Mapping[int, float] | None = None,
) -> tuple[NDArray[np.float64], float]:
    """Fit a logistic regression whose weights keep the given signs; return weights and intercept.

    ``least`` gives some columns a smallest weight.

    Features that go together would otherwise get weights against common sense, and a post that
    repeats a rumour word for word might score lower than one that does not. scikit-learn's cannot
    bind signs.
    """
    import numpy as np
    from scipy.optimize import minimize

    target = np.where(fits, 1.0, -1.0)
    share = weight / weight.sum()

    def loss(free: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = target * (rows @ free[:-1] + free[-1])
        wrong = share * target / (1 + np.exp(margin))
        value = float((share * np.logaddexp(0, -margin)).sum() + RIDGE * (free[:-1] @ free[:-1]))
        slope = np.append(-(rows.T @ wrong) + 2 * RIDGE * free[:-1], -wrong.sum())
        return value, slope

    lowest = least or {}
    bounds = [
        (lowest.get(i, 0.0) if s > 0 else None, 0.0 if s < 0 else None) for i, s in enumerate(signs)
    ]
    found = minimize(
        loss,
        np.zeros(rows.shape[1] + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[*bounds, (None, None)],
        options={"maxiter": 3_000, "ftol": 1e-13, "gtol": 1e-9},
    )
    return found.x[:-1], float(found.x[-1])


def _town_lessons(material: Material, sight: Sight | None) -> Iterator[Lesson]:
    for rest, posts, fits in one_left_out(material.catalogue):
        pairs = candidate_pairs(rest, posts, fits, 20, sight)
        yield Lesson(pairs, _TOWN_ORDER, _TOWN)
    town = material.town
    whole = [*material.catalogue, *town.rumours]
    for rumours in (town.rumours, whole):
        pairs = candidate_pairs(rumours, town.posts, town.fits, 20, sight)
        yield Lesson(pairs, _TOWN_ORDER, _TOWN / 2)


def _silence(material: Material, sight: Sight | None) -> Iterator[Lesson]:
    """Everyday posts carry none of all these rumours, of catalogues large, middling and small."""
    chosen = random.Random(SEED)  # noqa: S311 - draws that repeat, no secret
    whole = [*material.catalogue, *material.town.rumours]
    for lang, rumours in (("en", material.english.rumours), ("de", material.headlines)):
        everyday = half(material.everyday[lang], 0)
        yield Lesson(candidate_pairs(rumours, everyday[:8_000], {}, 5, sight), 0.0, 10.0)
        few = chosen.sample(list(rumours), min(CATALOGUE, len(rumours)))
        yield Lesson(candidate_pairs(few, everyday[8_000:], {}, 5, sight), 0.0, 3.0)
        yield Lesson(candidate_pairs(whole, everyday, {}, 5, sight), 0.0, 3.0)


def _headlines_as_posts(
    rumours: Sequence[Rumour], measured: frozenset[str], sight: Sight | None
) -> Iterator[Lesson]:
    """Let titles of claims stand for short posts that say what the claim says."""
    titled = [r for r in rumours if r.title and r.id not in measured]
    draw = random.Random(SEED + 2)  # noqa: S311 - draws that repeat, no secret
    chosen = draw.sample(titled, min(1_500, len(titled)))
    for start in range(0, len(chosen), CATALOGUE):
        some = chosen[start : start + CATALOGUE]
        bare = [replace(r, title="", lang="en") for r in some]
        posts = [Said(r.id, r.title, "en") for r in some]
        fits = {r.id: frozenset({r.id}) for r in some}
        yield Lesson(candidate_pairs(bare, posts, fits, 20, sight), 0.0, 0.3)


def _order(
    learned: Sequence[Lesson], scales: NDArray[np.float64], columns: Sequence[int]
) -> NDArray[np.float64]:
    """Learn weights by which a right candidate comes before the wrong ones of its post."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    steps, weight = [], []
    for lesson in learned:
        features = _chosen(lesson.pairs, columns)
        for start, end in lesson.pairs.spans() if lesson.order else ():
            fits = lesson.pairs.fits[start:end]
            part = features[start:end]
            right, wrong = part[fits], part[~fits][:NEGATIVES]
            if len(right) and len(wrong):
                ahead = (right[:, None] - wrong[None]).reshape(-1, part.shape[1])
                steps.append(ahead)
                weight.append(np.full(len(ahead), 10 * lesson.order / len(ahead)))
    stacked, weights = np.vstack(steps) / scales, np.concatenate(weight)
    stacked[:, [at for at, column in enumerate(columns) if ALL[column] in _JUDGED_ONLY]] = 0.0
    learner = LogisticRegression(C=0.3, max_iter=2_000, fit_intercept=False, random_state=SEED)
    learner.fit(
        np.vstack([stacked, -stacked]),
        np.repeat([True, False], len(stacked)),
        sample_weight=np.concatenate([weights, weights]),
    )
    return np.asarray(learner.coef_[0])


def _best_of_each(
    model: Model, pairs: Pairs, columns: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the first candidate of each post, with its ranking value and lead, and if it fits."""
    import numpy as np

    values = model.ranking(pairs.features)
    nothing = model.nothing()
    chosen, added = [], []
    for start, end in pairs.spans():
        owners = [zlib.crc32(r.encode()) for r in pairs.rumours[start:end]]
        ahead = leads(values[start:end], owners, nothing)
        first = int(values[start:end].argmax())
        chosen.append(start + first)
        added.append((values[start + first], ahead[first]))
    return np.hstack([_chosen(pairs, columns)[chosen], np.array(added)]), pairs.fits[chosen]


def _chosen(pairs: Pairs, columns: Sequence[int]) -> NDArray[np.float64]:
    """Return the columns a model uses, laid out in rows: sums in another order end in other digits."""
    import numpy as np

    return np.ascontiguousarray(pairs.features[:, columns])


Progress = Callable[[str, str], None]
"""Told, in German and English, what is being done."""


def train(
    material: Material,
    tell: Progress = lambda de, en: None,
    encoder: Encoder | None = None,
    parts: Sequence[Encoder] = (),
) -> Model:
    """Return a model learned from ``material``, with thresholds. Takes minutes; ``tell`` hears how far.

    With an ``encoder`` it learns what likeness of meaning is worth, and needs that encoder ever after.
    ``parts``: see ``sight.learn_sight``.
    """
    lens, sight = None, None
    if encoder is not None:
        tell("Texte werden auf ihren Sinn gelesen", "Reading texts for their meaning")
        encoder, parts = Heard(encoder), [Heard(part) for part in parts]
        lens, sight, material = learn_sight(encoder, material, parts)
    learned = []
    for lesson in lessons(material, sight):
        learned.append(lesson)
        tell(
            f"{len(learned)} Lektionen, {sum(len(x.pairs.fits) for x in learned)} Paare",
            f"{len(learned)} lessons, {sum(len(x.pairs.fits) for x in learned)} pairs",
        )
    tell("Gewichte werden gelernt", "Learning the weights")
    model = replace(fit(learned, NAMES if lens is None else ALL), lens=lens)
    if encoder is not None:
        model = replace(model, version=VERSION_MEANT)
    tell("Schwellen werden gesetzt", "Setting the thresholds")
    model = calibrated(model, material, encoder)
    if encoder is not None:
        return model
    tell("Was nicht beurteilt werden muss", "What need not be judged")
    # As its file will say it: the hint is learned from the very model that will judge.
    return hinted(read_model(as_json(model)), material)
