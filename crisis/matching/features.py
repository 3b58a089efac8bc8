"""What can be said of a post and one phrasing of a rumour, as numbers. Judges nothing: see ``scorer``.

``pair`` looks at the two alone; ``with_rivals`` adds how the phrasing stands among the post's other
candidates. The order of ``NAMES`` is the order of the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from crisis.matching.reading import Reading, neighbours

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RARE = 8.0  # weight from which a term counts as a name or another very rare word
_WINDOW = 30  # terms of a long post looked at together
_OFTEN = 20  # places of one term that are looked at
_WHOLE = 0.4  # share of its phrasing from which a sentence may stand for the rumour
_ABOUT = 0.8  # share of the best candidate's likeness from which another one is about as like
_FULL = 16.0  # weight of two rare words: from there on a sentence has said something

PAIR = (
    "words",
    "letters",
    "covered",
    "post_covered",
    "shared_weight",
    "shared_terms",
    "strongest",
    "second",
    "third",
    "neighbours",
    "window",
    "rare_covered",
    "rare_missing",
    "fuzzy_set",
    "fuzzy_part",
    "numbers_agree",
    "numbers_differ",
    "numbers_missing",
    "same_language",
    "post_length",
    "rumour_length",
    "letters_covered",
    "parts",
    "parts_covered",
    "sentence",
    "sentence_covered",
    "claim_covered",
    "everyday",
    "other_cause",
    "kin_covered",
    "kin_weight",
    "soft_covered",
)
RIVALS = ("lead", "lead_letters", "first", "place", "rivals", "lead_soft", "crowd", "catalogue")
NAMES = PAIR + RIVALS
MEANING = ("meaning", "meaning_lead", "meaning_place", "meaning_words")
"""What needs an encoder (``meaning``); stands after ``NAMES`` where there is one."""
ALL = NAMES + MEANING


def pair(post: Reading, phrasing: Reading) -> list[float]:
    """Return the numbers of ``PAIR``; most lie between 0 and 1."""
    weights = phrasing.weights
    shared = [(w, t) for t, w in weights.items() if t in post.weights]
    shared.sort(reverse=True)
    alone = [w for w, t in shared if t not in phrasing.parts or t not in post.parts]
    top = [*alone[:3], 0.0, 0.0, 0.0]
    shared_mass = sum(w for w, _ in shared)
    mine, theirs = phrasing.vector, post.vector
    dot = sum([mine[t] * theirs[t] for _, t in shared])
    rare = [t for t, w in weights.items() if w >= _RARE]
    rare_hit = sum(t in post.weights for t in rare)
    agree = len(phrasing.numbers & post.numbers)
    # Most groups of letters are not shared: looking which are is the costliest loop here.
    written = post.letters
    groups = [gram for gram in phrasing.letters if gram in written]
    letters, hit = _alike(written, phrasing.letters, groups)
    letters_covered = hit / phrasing.letters_mass
    parts, hit = _alike(post.grams, phrasing.grams, groups)
    parts_covered = hit / phrasing.grams_mass
    return [
        dot / (post.norm * phrasing.norm),
        letters / (post.letters_norm * phrasing.letters_norm),
        shared_mass / phrasing.mass,
        min(1.0, shared_mass / post.mass),
        math.log1p(shared_mass) / 4,
        math.log1p(len(alone)) / 3,
        top[0] / 10,
        top[1] / 10,
        top[2] / 10,
        _neighbours(post, phrasing),
        _window(post, [t for _, t in shared], weights) / phrasing.mass,
        rare_hit / (len(rare) or 1),
        math.log1p(len(rare) - rare_hit) / 2,
        fuzz.token_set_ratio(post.joined, phrasing.joined) / 100,
        fuzz.partial_ratio(post.joined, phrasing.joined) / 100,
        float(agree > 0),
        float(bool(phrasing.numbers) and bool(post.numbers) and not agree),
        float(bool(phrasing.numbers) and not post.numbers),
        float(post.lang == phrasing.lang),
        math.log1p(len(post.terms)) / 5,
        math.log1p(len(phrasing.terms)) / 3,
        letters_covered,
        parts / (post.grams_norm * phrasing.grams_norm),
        parts_covered,
        *_sentences(post, phrasing),
        _other_cause(post, phrasing),
        *_kin(post, phrasing, shared_mass),
    ]


def with_rivals(
    pairs: NDArray[np.float64], rumours: Sequence[int], catalogue: int
) -> NDArray[np.float64]:
    """Return the rows of ``pairs`` (one post's candidates) with the numbers of ``RIVALS`` added.

    ``rumours`` says to which rumour each row belongs: phrasings of one rumour are no rivals.
    ``catalogue`` is how many rumours there are: more of them find more chance likenesses.
    """
    import numpy as np

    base = (pairs[:, 0] + pairs[:, 1] + pairs[:, PAIR.index("parts")]).tolist()
    letters = pairs[:, PAIR.index("parts_covered")].tolist()
    soft = pairs[:, PAIR.index("soft_covered")].tolist()
    best = _best_by(rumours, base)
    ranked = sorted(best.values(), reverse=True)
    crowd = math.log1p(sum(value >= _ABOUT * ranked[0] for value in ranked)) / 4
    size = math.log1p(catalogue) / 10
    rivals = zip(
        _rivals(rumours, base), _rivals(rumours, letters), _rivals(rumours, soft), strict=True
    )
    added = []
    for row, (rival, rival_letters, rival_soft) in enumerate(rivals):
        place = ranked.index(best[rumours[row]])
        added.append(
            (
                base[row] - rival,
                letters[row] - rival_letters,
                float(place == 0),
                1 / (1 + place),
                rival / (base[row] + 1e-6) if base[row] > rival else 1.0,
                soft[row] - rival_soft,
                crowd,
                size,
            )
        )
    return np.hstack([pairs, np.array(added)])


def _best_by(rumours: Sequence[int], values: Sequence[float]) -> dict[int, float]:
    """Return rumour -> the highest value of its rows, 0 at least."""
    best: dict[int, float] = {}
    for rumour, value in zip(rumours, values, strict=True):
        best[rumour] = max(best.get(rumour, 0.0), value)
    return best


def _rivals(rumours: Sequence[int], values: Sequence[float]) -> list[float]:
    """Return for each row the highest value of another rumour's rows, 0 without any."""
    best = _best_by(rumours, values)
    first, second = (*sorted(best, key=lambda one: -best[one])[:2], None, None)[:2]
    highest = best[first] if first is not None else 0.0
    next_best = best[second] if second is not None else 0.0
    return [next_best if rumour == first else highest for rumour in rumours]


def says_all(post: Reading, phrasing: Reading) -> bool:
    """Say whether the post is one sentence of the phrasing, no word more: "Dam burst!" as a title.

    Two words at least; filler words and endings do not count. Too short to score high, yet complete.
    """
    said = frozenset(post.content)
    return len(said) > 1 and any(
        said == frozenset(post.content_of(sentence)) for sentence, _ in phrasing.sentences
    )


def _neighbours(post: Reading, phrasing: Reading) -> float:
    """Return the share (0 to 1) of the phrasing's pairs of neighbours that the post has, too."""
    both = neighbours(post.content, phrasing.weights)
    if both:
        both &= neighbours(phrasing.content, post.weights)
    # Of everyday posts hardly one has any: all pairs of a phrasing are counted only now.
    return len(both) / len(neighbours(phrasing.content)) if both else 0.0


def _alike(
    post: dict[str, float], phrasing: dict[str, float], shared: Sequence[str]
) -> tuple[float, float]:
    """Return the product of two sparse vectors, and the phrasing's sum, over what they share."""
    mine = [phrasing[gram] for gram in shared]
    return sum(map(mul, mine, [post[gram] for gram in shared])), sum(mine)


def _sentences(post: Reading, phrasing: Reading) -> tuple[float, float, float, float]:
    """Return how well one sentence of the post says one sentence of the phrasing.

    The best cosine of two; the best share of the phrasing's sentence that one of the post, and that
    the whole post covers. Shares count in full only where two rare words are covered: posts wrap a
    rumour into appeals and hearsay, and a title of two words is easily covered. A sentence that is
    only a small part of its phrasing ("Sirens are going off! ...") is not the rumour.

    Last, whether the post's sentence most alike names everyday occasions that the phrasing does not
    (0, one: 0.5, more: 1): in a long post the others may speak of anything.
    """
    alike = covered = said = 0.0
    closest: dict[str, float] = {}
    weights = post.weights
    for wanted, wanted_norm in phrasing.sentences:
        mass = sum(wanted.values())
        whole = mass >= _WHOLE * phrasing.mass
        met = [(t, w) for t, w in wanted.items() if t in weights]
        anywhere = sum(w for _, w in met)
        if whole:
            said = max(said, anywhere / mass * min(1.0, anywhere / _FULL))
        for given, given_norm in post.sentences:
            dot = hit = 0.0
            for term, weight in met:
                other = given.get(term)
                if other is not None:
                    dot += weight * other
                    hit += weight
            if dot > alike * wanted_norm * given_norm:
                alike = dot / (wanted_norm * given_norm)
                closest = given
            if whole:
                covered = max(covered, hit / mass * min(1.0, hit / _FULL))
    harmless = (post.occasions & closest.keys()) - phrasing.weights.keys()
    return alike, _rather_all(covered), _rather_all(said), min(1.0, len(harmless) / 2)


def _other_cause(post: Reading, phrasing: Reading) -> float:
    """Return 1 where both name a cause and the two have nothing in common, else 0."""
    if not post.causes or not phrasing.causes or post.causes & phrasing.weights.keys():
        return 0.0
    groups = {group for group, terms in phrasing.kin.items() if phrasing.causes.intersection(terms)}
    akin = any(
        group in groups and post.causes.intersection(terms) for group, terms in post.kin.items()
    )
    return 0.0 if akin else 1.0


def _kin(post: Reading, phrasing: Reading, shared_mass: float) -> tuple[float, float, float]:
    """Return what kin words (``thesaurus``) add: terms of the phrasing that the post says otherwise.

    Their share of the phrasing, their weight, and the share covered by the same or by kin words.
    """
    weights, theirs = post.weights, post.kin
    otherwise = {
        term
        for group, terms in phrasing.kin.items()
        if group in theirs
        for term in terms
        if term not in weights
    }
    mass = sum(phrasing.weights[term] for term in sorted(otherwise))
    covered = mass / phrasing.mass
    return covered, math.log1p(mass) / 4, shared_mass / phrasing.mass + covered


def _rather_all(share: float) -> float:
    """Let half of a sentence count nothing: "dam" and "reservoir" alone do not say that it burst."""
    return max(0.0, 2 * share - 1) ** 2


def _window(post: Reading, shared: list[str], weights: dict[str, float]) -> float:
    """Return the most weight of ``shared`` terms found within ``_WINDOW`` terms of the post."""
    if len(post.terms) <= _WINDOW:
        return sum(weights[t] for t in shared)
    wanted = dict.fromkeys(shared, _OFTEN)
    places = []
    for place, term in enumerate(post.terms):
        left = wanted.get(term)
        if left:
            wanted[term] = left - 1
            places.append((place, term))
    best = 0.0
    for i, (start, _) in enumerate(places):
        seen = {t for place, t in places[i : i + _WINDOW] if place < start + _WINDOW}
        # Sorted: the order of a set changes from run to run, and with it the last digit of a sum.
        best = max(best, sum(weights[t] for t in sorted(seen)))
    return best
