"""From which scores on is raised and suggested: propose -> look at last month -> switch on -> go back.

What is switched on is kept as a distance from the model's own thresholds, so that it still means the
same when another model judges or the catalogue grows. What the rule is says ``matching.budgets``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crisis import audit
from crisis.errors import ConflictError, InvalidInputError
from crisis.interfaces import House, Store, Terms
from crisis.matching.bands import Bands
from crisis.matching.budgets import (
    Budget,
    Day,
    Proposal,
    Ruling,
    expected_false_alarms,
    thresholds,
)
from crisis.matching.histogram import TELLING, may_raise_with
from crisis.matching.replaying import Change, Tally, changes, differing, tally
from crisis.matching.scorer import Model
from crisis.rights import Act, require
from crisis.types import Band, Person, ThresholdUse, Verdict
from crisis.workflows import learn

COUNTED = timedelta(days=28)  # posts that proposals are made from
JUDGED = timedelta(days=180)  # verdicts that proposals are made from
LONGEST = 365  # days that can be looked back on


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The thresholds that hold now. ``use`` is None where nobody ever set any on this desk."""

    bands: Bands
    own: Bands  # of the model, for a catalogue of this size
    model: str  # its version
    use: ThresholdUse | None


class Ground(NamedTuple):
    """The thresholds that hold, and what people said of posts that the model in use scored."""

    held: Standing
    rulings: Sequence[Ruling]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What thresholds would have done: each day before and after, and the kept posts that change."""

    before: Bands
    after: Bands
    model: str
    days: Sequence[tuple[date, Tally, Tally]]  # oldest first; days without posts are missing
    changes: Sequence[Change]
    kept: int  # posts looked at one by one
    judged_otherwise: int  # posts of these days that another model scored: not counted here
    false_alarms: tuple[float | None, float | None]  # posts a week, before and after; None: unknown

    def total(self) -> tuple[Tally, Tally]:
        """All days together, before and after."""
        return (
            _sum(before for _day, before, _after in self.days),
            _sum(after for _day, _before, after in self.days),
        )


def _sum(tallies: Iterable[Tally]) -> Tally:
    listed = list(tallies)
    return Tally(sum(one.raised for one in listed), sum(one.suggested for one in listed))


# --- what holds --------------------------------------------------------------------------------


def bands(store: Store, model: Model, rumours: int, terms: Terms) -> Bands:
    """The thresholds for this model and a catalogue of so many entries.

    What was switched on here goes before the settings file, the file before the model.
    """
    return _bands(Bands.of(model, rumours), store.thresholds.in_use(), terms)


def _bands(own: Bands, use: ThresholdUse | None, terms: Terms) -> Bands:
    if use is not None and use.raising is not None and use.suggesting is not None:
        return own.moved(use.raising, use.suggesting)
    raise_at = own.raise_at if terms.raise_at is None else terms.raise_at
    suggest_at = own.suggest_at if terms.suggest_at is None else terms.suggest_at
    if terms.raise_at is None:
        raise_at = max(raise_at, suggest_at)
    if terms.suggest_at is None:
        suggest_at = min(raise_at, suggest_at)
    return Bands(raise_at, suggest_at)


def standing(house: House) -> Standing:
    """What holds now, without building an index."""
    store = house.store
    model = learn.in_use(store).model
    use = store.thresholds.in_use()
    own = Bands.of(model, store.rumours.count())
    return Standing(bands=_bands(own, use, house.terms), own=own, model=model.version, use=use)


def usual_budget(house: House) -> Budget:
    """What the town can bear: as said when thresholds were last switched on, else in the settings."""
    use, terms = house.store.thresholds.in_use(), house.terms
    if use is not None and use.false_alarms_per_week is not None:
        return Budget(
            false_alarms_per_week=use.false_alarms_per_week,
            suggestions_per_day=use.suggestions_per_day or 0.0,
        )
    return Budget(
        false_alarms_per_week=terms.false_alarms_per_week,
        suggestions_per_day=terms.suggestions_per_day,
    )


# --- what would be -----------------------------------------------------------------------------


def ground(house: House, now: datetime) -> Ground:
    """What proposals and looks back start from; whoever asks for both reads it once."""
    held = standing(house)
    return Ground(held, _rulings(house, held.model, now))


def propose(
    house: House, budget: Budget, now: datetime, *, known: Ground | None = None
) -> Proposal:
    """Thresholds that keep this budget, as far as posts and verdicts say."""
    held, rulings = known or ground(house, now)
    days = _days(house.store, house.terms.today(now - COUNTED), held.model)
    return thresholds(list(days.values()), rulings, budget, own=held.own, now=held.bands)


def replay(
    house: House, after: Bands, now: datetime, *, days: int = 30, known: Ground | None = None
) -> Replay:
    """What these thresholds would have done in the last ``days`` days, beside those in use.

    Raises InvalidInputError for a span that cannot be looked back on.
    """
    if not 1 <= days <= LONGEST:
        raise InvalidInputError(
            f"Bitte wählen Sie 1 bis {LONGEST} Tage.", f"Please choose 1 to {LONGEST} days."
        )
    store = house.store
    held, rulings = known or ground(house, now)
    first = house.terms.today(now - timedelta(days=days - 1))
    counted = _days(store, first, held.model)
    since = now - timedelta(days=days)
    count = store.sightings.count_since(since, held.model)
    # Only what scores between the old and the new thresholds can change; the others are counted.
    spans = differing(held.bands, after)
    kept = store.sightings.scored_within(since, held.model, spans, TELLING)
    others = store.scores.models(first)
    return Replay(
        before=held.bands,
        after=after,
        model=held.model,
        days=[
            (day, tally(counts, held.bands), tally(counts, after))
            for day, counts in sorted(counted.items())
        ],
        changes=changes(kept, held.bands, after),
        kept=count,
        judged_otherwise=sum(n for version, n in others.items() if version != held.model),
        false_alarms=(
            expected_false_alarms(list(counted.values()), rulings, held.bands),
            expected_false_alarms(list(counted.values()), rulings, after),
        ),
    )


def _days(store: Store, first: date, model: str) -> Mapping[date, Day]:
    raising = store.scores.since(first, model, may_raise=True)
    others = store.scores.since(first, model, may_raise=False)
    return {
        day: Day(raising.get(day, {}), others.get(day, {})) for day in sorted({*raising, *others})
    }


def _rulings(house: House, model: str, now: datetime) -> list[Ruling]:
    return [
        Ruling(one.score, one.verdict is Verdict.FITS)
        for one in house.store.sightings.judged_since(now - JUDGED, model, TELLING)
        if may_raise_with(one.stance, one.codes)
    ]


# --- what shall be -----------------------------------------------------------------------------


def switch_on(
    house: House,
    wanted: Bands,
    by: Person | None,
    now: datetime,
    *,
    budget: Budget | None = None,
    seen: int | None = None,
) -> Standing:
    """Let these thresholds hold from now on, in every process.

    ``seen``: the use (0 for none) that held when somebody looked; ConflictError where another does by
    now. InvalidInputError for thresholds that hold already.
    """
    require(by, Act.TUNE)
    store = house.store
    with store.transaction():
        held = standing(house)
        current = held.use.id if held.use else 0
        if seen is not None and seen != current:
            raise ConflictError(
                "Jemand anderes hat inzwischen Schwellen eingeschaltet. Bitte sehen Sie noch einmal"
                " nach.",
                "Somebody else has switched on thresholds meanwhile. Please look again.",
            )
        raising, suggesting = held.own.distance(wanted)
        _keep(house, held, raising, suggesting, by, now, "thresholds.used", budget, current or None)
        return standing(house)


def back(house: House, by: Person | None, now: datetime) -> Standing:
    """Let the thresholds hold that did so before; step by step back to nobody's."""
    require(by, Act.TUNE)
    store = house.store
    with store.transaction():
        held = standing(house)
        if held.use is None or (held.use.raising is None and held.use.before is None):
            raise ConflictError(
                "Es gibt keine früheren Schwellen: Hier hat noch niemand andere eingeschaltet.",
                "There are no earlier thresholds: nobody has switched on others here.",
            )
        before = store.thresholds.use_of(held.use.before) if held.use.before else None
        budget = None
        if before and before.false_alarms_per_week is not None:
            budget = Budget(
                false_alarms_per_week=before.false_alarms_per_week,
                suggestions_per_day=before.suggestions_per_day or 0.0,
            )
        _keep(
            house,
            held,
            before.raising if before else None,
            before.suggesting if before else None,
            by,
            now,
            "thresholds.back",
            budget,
            before.before if before else None,
        )
        return standing(house)


def _keep(
    house: House,
    held: Standing,
    raising: float | None,
    suggesting: float | None,
    by: Person | None,
    now: datetime,
    action: str,
    budget: Budget | None,
    before: int | None,
) -> None:
    store = house.store
    use = store.thresholds.use(
        ThresholdUse(
            raising=raising,
            suggesting=suggesting,
            false_alarms_per_week=budget.false_alarms_per_week if budget else None,
            suggestions_per_day=budget.suggestions_per_day if budget else None,
            since=now,
            by=by.id if by else None,
            before=before,
        )
    )
    after = _bands(held.own, use, house.terms)
    store.audit.append(
        audit.entry(now, by, action, "thresholds", before=_shown(held.bands), after=_shown(after))
    )


def _shown(of: Bands) -> dict[str, object]:
    return {"raise_at": round(of.raise_at, 4), "suggest_at": round(of.suggest_at, 4)}


# --- what was ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What people said of posts of one band."""

    fits: int
    does_not_fit: int
    corrects: int

    @property
    def all(self) -> int:
        """Verdicts."""
        return self.fits + self.does_not_fit + self.corrects


def verdicts(house: House, now: datetime, *, days: int = 30) -> Mapping[Band, Said]:
    """What people said of posts of the last ``days`` days that the model in use showed, by band."""
    model = standing(house).model
    counts = Counter(house.store.sightings.said_since(now - timedelta(days=days), model))
    return {
        band: Said(
            fits=counts[band, Verdict.FITS],
            does_not_fit=counts[band, Verdict.DOES_NOT_FIT],
            corrects=counts[band, Verdict.CORRECTS],
        )
        for band in (Band.RAISE, Band.SUGGEST)
    }
