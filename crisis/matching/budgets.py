"""From which scores on to raise and to suggest, so that what a town can bear is kept.

The town says how many false alarms a week and how many suggestions a day it can bear. How many posts
would pass a threshold is known from the posts that really came (``histogram``), how many of those would
be false from what people said of them. Proposes only: a person switches on (``workflows.tune``), and
short posts, corrections and rumours past their date raise at no score (``bands``).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from crisis.errors import InvalidInputError
from crisis.matching.bands import Bands
from crisis.matching.calibration import RAISE_FROM
from crisis.matching.histogram import HIGHEST, LOWEST, NOTHING, bin_of, score_of

ENOUGH_DAYS = 7
"""Days with posts below which the counts say too little: a week has its rhythm."""

ENOUGH_POSTS = 1_000
"""Posts below which they say too little."""

ENOUGH_RULINGS = 20
"""Verdicts near the threshold and above it that are needed to say how many posts there do not fit."""

NEAR = 10
"""Bins (one of log-odds) below the model's threshold whose verdicts still count as near."""

NEW_GROUND = 10
"""Verdicts needed below the model's own threshold before it may sink there; half of them must fit."""

STEP = 10
"""Bins (one of log-odds) a threshold moves at most at a time: look what it does, then move on."""

SUGGEST_FROM = 0.05
"""No score below this is suggested, however many suggestions a town can bear."""

_NEVER = HIGHEST + 1  # the place no post reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a town can bear. Counted in posts: several posts of one rumour are one alarm at most."""

    false_alarms_per_week: float = 2.0
    suggestions_per_day: float = 20.0

    def __post_init__(self) -> None:
        """Refuse what is no number of things."""
        for number in (self.false_alarms_per_week, self.suggestions_per_day):
            if not (math.isfinite(number) and 0 <= number <= 100_000):
                raise InvalidInputError(
                    "Bitte geben Sie Zahlen zwischen 0 und 100.000 an.",
                    "Please give numbers between 0 and 100,000.",
                )


@dataclass(frozen=True, slots=True)
class Day:
    """A day's posts by bin of their best score: those that may raise, those suggested at most."""

    raising: Mapping[int, int] = field(default_factory=dict)
    others: Mapping[int, int] = field(default_factory=dict)

    @property
    def posts(self) -> int:
        """All posts of the day."""
        return sum(self.raising.values()) + sum(self.others.values())


class Ruling(NamedTuple):
    """What a person said of a post that may raise: its score (0 to 1) and whether it fits."""

    score: float
    fits: bool


class Sentence(NamedTuple):
    """One step of the explanation."""

    de: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Thresholds, and why these. ``false_alarms_per_week`` is None where verdicts are too few to say."""

    bands: Bands
    because: tuple[Sentence, ...]
    false_alarms_per_week: float | None
    suggestions_per_day: float


def thresholds(
    days: Sequence[Day], rulings: Sequence[Ruling], budget: Budget, *, own: Bands, now: Bands
) -> Proposal:
    """Return the lowest thresholds that keep ``budget``, one bounded step from ``now`` at most.

    ``days``: days on which posts came, all scored by the model in use. ``rulings``: verdicts on posts it
    scored. ``own``: the model's own thresholds, proposed where there is too little to go by. A larger
    budget never gives a higher threshold for suggestions and raising alike.
    """
    counts = _Counts.of(days)
    said = sorted(rulings)
    known = len(days) >= ENOUGH_DAYS and counts.posts >= ENOUGH_POSTS
    if not known:
        return Proposal(
            bands=own,
            because=(_too_few_posts(len(days), counts.posts),),
            false_alarms_per_week=None,
            suggestions_per_day=counts.suggested(own),
        )
    raise_at, why_raise = _raise_at(counts, said, budget.false_alarms_per_week, own, now)
    suggest_at, why_suggest = _suggest_at(
        counts, budget.suggestions_per_day, raise_at, own=own, now=now
    )
    bands = Bands(raise_at, suggest_at)
    return Proposal(
        bands=bands,
        because=(why_raise, why_suggest),
        false_alarms_per_week=expected_false_alarms(days, said, bands),
        suggestions_per_day=counts.suggested(bands),
    )


def expected_false_alarms(
    days: Sequence[Day], rulings: Sequence[Ruling], bands: Bands
) -> float | None:
    """Posts a week that would raise and not fit; None where too few verdicts lie there to say."""
    said = sorted(rulings)
    place = bin_of(bands.raise_at)
    if len(_from(said, place - NEAR)) < ENOUGH_RULINGS or not days:
        return None
    return _Counts.of(days).false_alarms(said)[place]


@dataclass(frozen=True)
class _Counts:
    """Posts from each bin upwards, a day."""

    days: int
    posts: int
    raising: Mapping[int, float]  # bin -> posts a day from there on that may raise
    all: Mapping[int, float]

    @classmethod
    def of(cls, days: Sequence[Day]) -> _Counts:
        raising = _above([day.raising for day in days])
        others = _above([day.others for day in days])
        return cls(
            days=len(days),
            posts=sum(day.posts for day in days),
            raising=raising,
            all={place: raising[place] + others[place] for place in raising},
        )

    def suggested(self, bands: Bands) -> float:
        """Suggestions a day under these thresholds."""
        return self.all[bin_of(bands.suggest_at)] - self.raising[bin_of(bands.raise_at)]

    def false_alarms(self, said: Sequence[Ruling]) -> dict[int, float]:
        """Posts a week that raise and do not fit, by the bin of the threshold; never rises upwards."""
        expected, highest = {_NEVER: 0.0}, 0.0
        wrong = list(accumulate((not one.fits for one in reversed(said)), initial=0))
        for place in range(HIGHEST, LOWEST - 1, -1):
            # Where few were asked, what people said of the surest posts stands for these.
            asked = min(len(said), max(ENOUGH_RULINGS, len(_from(said, place))))
            highest = max(highest, 7 * self.raising[place] * wrong[asked] / max(1, asked))
            expected[place] = highest
        return expected


def _above(days: Iterable[Mapping[int, int]]) -> dict[int, float]:
    """Posts a day from each bin on, for every bin and the one above the last."""
    listed = list(days)
    total = 0
    found = {_NEVER: 0.0}
    for place in range(HIGHEST, NOTHING - 1, -1):
        total += sum(day.get(place, 0) for day in listed)
        found[place] = total / max(1, len(listed))
    return found


def _from(said: Sequence[Ruling], place: int) -> Sequence[Ruling]:
    """Those in this bin and above; ``said`` is sorted."""
    return said[bisect_left(said, place, key=lambda one: bin_of(one.score)) :]


def _raise_at(
    counts: _Counts, said: Sequence[Ruling], budget: float, own: Bands, now: Bands
) -> tuple[float, Sentence]:
    model = bin_of(own.raise_at)
    near = _from(said, model - NEAR)
    if len(near) < ENOUGH_RULINGS:
        return own.raise_at, _too_few_rulings(len(near))
    expected = counts.false_alarms(said)
    floor = _first(RAISE_FROM)
    ground = [p for p in range(floor, _NEVER + 1) if p >= model or _agreed(said, p, model)]
    wanted = next((place for place in ground if expected[place] <= budget), _NEVER)
    place = _bounded(wanted, bin_of(now.raise_at), floor)
    if place not in ground:  # a step that ends between: the next one up on which people agree
        place = next(p for p in ground if p > place)
    score = _score(place, now.raise_at, RAISE_FROM)
    return score, _of_raising(near, expected[bin_of(score)], budget, place != wanted)


def _agreed(said: Sequence[Ruling], place: int, model: int) -> bool:
    """Whether people found enough posts between here and the model's threshold to fit."""
    there = [one for one in _from(said, place) if bin_of(one.score) < model]
    return len(there) >= NEW_GROUND and 2 * sum(one.fits for one in there) >= len(there)


def _suggest_at(
    counts: _Counts, budget: float, raise_at: float, *, own: Bands, now: Bands
) -> tuple[float, Sentence]:
    top = bin_of(raise_at)
    raised = counts.raising[top]
    floor = _first(SUGGEST_FROM)
    # Where even the highest threshold lets more pass, posts that may not raise are the reason.
    wanted = next((p for p in range(floor, top) if counts.all[p] - raised <= budget), top)
    place = min(top, _bounded(wanted, bin_of(min(now.suggest_at, raise_at)), floor))
    score = min(raise_at, _score(place, now.suggest_at, SUGGEST_FROM))
    return score, _of_suggesting(
        counts.all[bin_of(score)] - raised, budget, place != wanted, counts.days
    )


def _bounded(wanted: int, now: int, floor: int) -> int:
    return max(floor, now - STEP, min(now + STEP, wanted))


def _first(score: float) -> int:
    """The first bin that lies above a score whole."""
    place = bin_of(score)
    return place if score_of(place) >= score else place + 1


def _score(place: int, now: float, lowest: float) -> float:
    """The threshold that lets this bin pass; the one in use where it already does."""
    if bin_of(now) == place and now >= lowest:
        return now
    if place > HIGHEST:
        return 1.0
    return max(lowest, math.ceil(score_of(place) * 10_000) / 10_000)  # up: it stays in its bin


# --- why ---------------------------------------------------------------------------------------


def _too_few_posts(days: int, posts: int) -> Sentence:
    return Sentence(
        f"Das Modell in Gebrauch hat erst an {days} Tagen Beiträge gesehen, zusammen {posts}; nötig"
        f" sind {ENOUGH_DAYS} Tage und {ENOUGH_POSTS} Beiträge. Solange gelten die Schwellen des"
        " Modells.",
        f"So far the model in use has seen {posts:,} posts on {days} days; {ENOUGH_DAYS} days and"
        f" {ENOUGH_POSTS:,} posts are needed. Until then the model's own thresholds hold.",
    )


def _too_few_rulings(near: int) -> Sentence:
    return Sentence(
        f"Melden: Erst {near} von {ENOUGH_RULINGS} nötigen Urteilen über Beiträge um die Schwelle."
        " Solange gilt die des Modells.",
        f"Raising: only {near} of {ENOUGH_RULINGS} verdicts needed on posts near the threshold."
        " Until then the model's own holds.",
    )


def _of_raising(near: Sequence[Ruling], expected: float, budget: float, short: bool) -> Sentence:
    wrong = sum(not one.fits for one in near)
    de = (
        f"Melden: Von {len(near)} geurteilten Beiträgen um die Schwelle passten {wrong} nicht. Zu"
        f" erwarten sind höchstens {_de(expected)} falsche Meldungen in der Woche, verkraftbar"
        f" {_de(budget)}."
    )
    en = (
        f"Raising: of {len(near)} judged posts near the threshold {wrong} did not fit. At most"
        f" {_en(expected)} false posts a week are to be expected, {_en(budget)} are bearable."
    )
    return Sentence(de + _MORE[0] * short, en + _MORE[1] * short)


def _of_suggesting(expected: float, budget: float, short: bool, days: int) -> Sentence:
    de = (
        f"Vorschlagen: Nach den Beiträgen von {days} Tagen sind {_de(expected)} Vorschläge am Tag"
        f" zu erwarten, verkraftbar {_de(budget)}."
    )
    en = (
        f"Suggesting: by the posts of {days} days, {_en(expected)} suggestions a day are to be"
        f" expected, {_en(budget)} are bearable."
    )
    return Sentence(de + _MORE[0] * short, en + _MORE[1] * short)


_MORE = Sentence(
    " Weiter als einen Schritt (oder bis an die feste Grenze) geht es nicht auf einmal: Sehen Sie"
    " nach einer Woche noch einmal nach.",
    " It moves no farther than one step (or the fixed limit) at a time: look again in a week.",
)


def _en(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _de(number: float) -> str:
    return _en(number).replace(".", ",")
