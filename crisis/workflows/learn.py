"""From verdicts to the model that judges: note -> learn -> compare -> keep -> use.

Learning is slow and happens outside transactions; a claim in the database keeps two from doing it at
once. A new model is always kept on file, and taken into use only where it is surely better. What a
model is made of is said in ``matching.adapt``, when one is better in ``matching.comparing``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crisis import audit
from crisis.errors import ConflictError, CrisisError, ModelError, NotFoundError
from crisis.interfaces import House, Store
from crisis.matching import learned, trial
from crisis.matching.adapt import LEAST
from crisis.matching.scorer import Model
from crisis.rights import Act, require
from crisis.types import LearnedModel, ModelUse, Person
from crisis.workflows.judge import shipped
from crisis.workflows.note import note

SHIPPED = "shipped"
"""Stands for the model that comes with the program, whatever its version."""

NOTE_EVERY = timedelta(
    hours=12
)  # often enough that retention, a day at least, overtakes no verdict
AT_NIGHT = range(2, 5)  # hours of the authority's day
NEWEST = 5_000  # lessons learned from: bounds time and memory
EVERYDAY = timedelta(days=28)  # how far back everyday posts count for the thresholds
LEASE = timedelta(hours=1)

_CLAIM = "learning.claim"  # who is learning and until when
_TRIED = "learning.tried"
_NOTED = "learning.noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """The model that judges now. ``problem``: why it is not the one that was chosen."""

    model: Model
    version: str  # "shipped" or of a learned one
    problem: CrisisError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of learning. ``version`` is "" where nothing was kept; ``figures`` as in the model's card."""

    fits: int
    others: int
    version: str = ""
    better: bool = False
    taken: bool = False
    figures: Mapping[str, object] = field(default_factory=dict)

    @property
    def enough(self) -> bool:
        """Whether there were verdicts enough to learn from."""
        return min(self.fits, self.others) >= LEAST


# --- which model judges ----------------------------------------------------------------------


def in_use(store: Store) -> InUse:
    """The model that was chosen, or the shipped one and why the chosen one cannot be used."""
    base = shipped(store)
    use = store.models.in_use()
    if use is None or use.version == SHIPPED:
        return InUse(model=base, version=SHIPPED)
    try:
        text, sha256 = store.models.file(use.version)
        model = learned.read(text, sha256, base)
    except (ModelError, NotFoundError) as problem:
        return InUse(model=base, version=SHIPPED, problem=problem)
    return InUse(model=model, version=use.version)


def problem(store: Store) -> CrisisError | None:
    """Why the chosen model does not judge, if so. Cheap where nobody chose one."""
    chosen = store.models.in_use()
    return None if chosen is None or chosen.version == SHIPPED else in_use(store).problem


def models(house: House) -> list[LearnedModel]:
    """Every model learned here, newest first."""
    return house.store.models.all()


def use(house: House, version: str, by: Person | None, now: datetime) -> InUse:
    """Let this model judge from now on: a learned one, or "shipped".

    Raises NotFoundError, ModelError for one that cannot be used, ConflictError where it judges already.
    """
    require(by, Act.TUNE)
    store = house.store
    with store.transaction():
        if version != SHIPPED:
            learned.read(*store.models.file(version), shipped(store))
        _take(store, version, by, now)
        return in_use(store)


def back(house: House, by: Person | None, now: datetime) -> InUse:
    """Let the model judge that did so before; step by step back to the shipped one."""
    require(by, Act.TUNE)
    store = house.store
    with store.transaction():
        current = store.models.in_use()
        if current is None or (current.version == SHIPPED and current.before is None):
            raise ConflictError(
                "Es gibt kein früheres Modell: Es urteilt schon das mitgelieferte.",
                "There is no earlier model: the shipped one judges already.",
            )
        before = store.models.use_of(current.before) if current.before else None
        goal = before.version if before else SHIPPED
        store.models.use(
            ModelUse(
                version=goal,
                since=now,
                by=by.id if by else None,
                before=before.before if before else None,
            )
        )
        _log(store, by, now, "model.back", goal, before={"version": current.version})
        return in_use(store)


def _take(store: Store, version: str, by: Person | None, now: datetime) -> None:
    current = store.models.in_use()
    held = current.version if current else SHIPPED
    if held == version:
        raise ConflictError(
            f"Das Modell „{version}“ urteilt schon.", f"The model “{version}” judges already."
        )
    store.models.use(
        ModelUse(
            version=version,
            since=now,
            by=by.id if by else None,
            before=current.id if current else None,
        )
    )
    _log(store, by, now, "model.used", version, before={"version": held})


def _log(
    store: Store,
    by: Person | None,
    now: datetime,
    action: str,
    version: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    store.audit.append(audit.entry(now, by, action, f"model:{version}", before=before, after=after))


# --- learn -> compare -> keep ----------------------------------------------------------------


def learn(
    house: House, now: datetime, *, by: Person | None = None, dry_run: bool = False
) -> Outcome:
    """Learn from all verdicts, compare with the model in use, keep the result, take the better one.

    ``dry_run`` keeps no model and changes nothing about which judges. Raises ConflictError where
    somebody else is learning just now.
    """
    require(by, Act.TUNE)
    if dry_run:
        note(house)
        return _tried(house, now)[0]
    claim = _claimed(house, now)
    try:
        note(house)
        outcome, attempt = _tried(house, now)
        return _kept(house, claim, outcome, attempt, by, now) if attempt else outcome
    finally:
        with house.store.transaction():
            if house.store.facts.get(_CLAIM) == claim:
                house.store.facts.set(_CLAIM, "")


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A model that was learned, and what it was compared with."""

    trial: trial.Trial
    used: ModelUse | None
    lessons: int
    up_to: int


def _tried(house: House, now: datetime) -> tuple[Outcome, _Attempt | None]:
    store, base = house.store, shipped(house.store)
    use, current = store.models.in_use(), in_use(store)
    lessons = store.lessons.all()[-NEWEST:]
    seen = 0 if current.version == SHIPPED else store.models.get(current.version).up_to
    scores = store.scores.since(house.terms.today(now - EVERYDAY), current.model.version)
    found = trial.learn(
        base,
        current.model,
        lessons,
        seen=seen,
        everyday=list(scores.values()),
        counted_from=min(scores, default=house.terms.today(now)),
        rumours=store.rumours.count(),
    )
    if found.model is None:
        return Outcome(fits=found.fits, others=found.others), None
    outcome = Outcome(
        fits=found.fits, others=found.others, better=found.better, figures=found.figures
    )
    return outcome, _Attempt(found, use, len(lessons), max(one.id for one in lessons))


def _kept(
    house: House,
    claim: str,
    outcome: Outcome,
    attempt: _Attempt,
    by: Person | None,
    now: datetime,
) -> Outcome:
    store, base = house.store, shipped(house.store)
    assert attempt.trial.model is not None  # noqa: S101 - otherwise there is no attempt
    with store.transaction():
        if store.facts.get(_CLAIM) != claim:
            raise _busy()  # we took longer than our lease, and somebody else began
        version = f"{base.version}+desk.{_next(store)}"
        card = {
            "made": now.date().isoformat(),
            "figures": outcome.figures,
            "limits": learned.LIMITS,
        }
        text = learned.write(attempt.trial.model, version, card)
        model = LearnedModel(
            version=version,
            parent=base.version,
            made=now,
            made_by=by.id if by else None,
            text=text,
            sha256=learned.digest(text),
            figures=outcome.figures,
            better=outcome.better,
            lessons=attempt.lessons,
            up_to=attempt.up_to,
        )
        store.models.add(model)
        _log(
            store,
            by,
            now,
            "model.learned",
            version,
            after={"better": model.better, "sha256": model.sha256, "lessons": model.lessons},
        )
        # Somebody may have chosen another model meanwhile: a person's choice stands.
        taken = model.better and store.models.in_use() == attempt.used
        if taken:
            _take(store, version, by, now)
    return Outcome(
        fits=outcome.fits,
        others=outcome.others,
        version=version,
        better=outcome.better,
        taken=taken,
        figures=outcome.figures,
    )


def _next(store: Store) -> int:
    numbers = [model.version.rpartition("+desk.")[2] for model in store.models.all()]
    return 1 + max((int(number) for number in numbers if number.isdecimal()), default=0)


def _claimed(house: House, now: datetime) -> str:
    """Take the right to learn; ConflictError while somebody else has it."""
    store = house.store
    with store.transaction():
        until = store.facts.get(_CLAIM).partition(" ")[0]
        if until and now < datetime.fromisoformat(until):
            raise _busy()
        claim = f"{(now + LEASE).isoformat()} {secrets.token_hex(4)}"
        store.facts.set(_CLAIM, claim)
        # Before, not after: what fails is tried again after the interval, not at every step.
        store.facts.set(_TRIED, now.isoformat())
    return claim


def _busy() -> ConflictError:
    return ConflictError(
        "Es wird gerade schon gelernt. Bitte in ein paar Minuten noch einmal.",
        "Learning is under way already. Please try again in a few minutes.",
    )


# --- by itself -------------------------------------------------------------------------------


def by_itself(house: House, now: datetime) -> Outcome | None:
    """What the monitor does now and then: keep numbers twice a day, and learn at night when it is time."""
    if house.terms.learn_every is None:
        return None
    if _turn(house.store, _NOTED, NOTE_EVERY, now):
        note(house)
    if not _due(house, now):
        return None
    try:
        return learn(house, now)
    except ConflictError:
        return None  # somebody is at it


def _turn(store: Store, fact: str, every: timedelta, now: datetime) -> bool:
    """Whether it is time for something again; if so, the next time counts from now."""
    with store.transaction():
        last = store.facts.get(fact)
        if last and now - datetime.fromisoformat(last) < every:
            return False
        store.facts.set(fact, now.isoformat())
        return True


def _due(house: House, now: datetime) -> bool:
    store, every = house.store, house.terms.learn_every
    assert every is not None  # noqa: S101 - asked before
    tried = store.facts.get(_TRIED)
    if not tried:
        with store.transaction():
            store.facts.set(_TRIED, now.isoformat())  # the first attempt: one interval from here
        return False
    waited = now - datetime.fromisoformat(tried)
    # A monitor that runs by day only learns a day late.
    night = now.astimezone(house.terms.timezone).hour in AT_NIGHT
    if waited < every or not (night or waited >= every + timedelta(days=1)):
        return False
    kept = store.models.all()
    newest = max((model.up_to for model in kept), default=0)
    return store.lessons.count(after=newest) >= house.terms.learn_at_least
