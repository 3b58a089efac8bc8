"""Thresholds on the desk: proposed, looked at, switched on, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, match, person, post, source
from hypothesis import given
from hypothesis import strategies as st
from people import TownHall
from town import Town

from crisis.errors import ConflictError, InvalidInputError, NotAllowedError
from crisis.matching import Bands, shipped_model
from crisis.matching.budgets import Budget
from crisis.matching.histogram import NOTHING, bin_of
from crisis.matching.replaying import changes, differing
from crisis.store import Store
from crisis.types import Band, Role, Scored, Sighting, Stance, Verdict
from crisis.workflows import tune
from crisis.workflows.learn import in_use

OWN = Bands.of(shipped_model(), 1)
MODEL = shipped_model().version


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    store = Store(tmp_path / "crisis.db")
    made = Town(store)
    with store.transaction():
        store.sources.add(source())
    yield made
    store.close()


def fill(town: Town, days: int = 14, counts: dict[int, int] | None = None) -> None:
    """So many days on which 300 posts came, a few of them near the thresholds."""
    with town.store.transaction():
        for number in range(days):
            day = town.now.date() - timedelta(days=number)
            found = counts or {bin_of(0.95): 2, bin_of(0.6): 3, bin_of(0.3): 20}
            town.store.scores.add(day, MODEL, {NOTHING: 300, **found})
            town.store.scores.add(day, MODEL, {bin_of(0.9): 1}, may_raise=False)


def see(town: Town, score: float, verdict: Verdict | None = None, **more: object) -> Sighting:
    """A post with this score was kept, and somebody said this of it."""
    store = town.store
    with store.transaction():
        number = len(store.sightings.since(NOON - timedelta(days=900), MODEL)) + 1
        made = post(key=f"k{number}", text=f"Wasser {number}", seen=town.now)
        store.posts.put([(made, f"f{number}")], town.now)
        (kept,) = store.posts.claim(1, "test", town.now)
        store.posts.done(kept, "test", keep=True)
        found = match(score=score, band=Band.SUGGEST, model=MODEL)
        seen = store.sightings.put(
            replace(Sighting(post=kept, match=found, found=town.now), **more)
        )
        if verdict:
            store.sightings.judge(seen.id, verdict, town.ana.id, town.now)
    return seen


def test_at_first_the_models_own_thresholds_hold(town: Town) -> None:
    held = tune.standing(town.house)
    assert (held.bands, held.own, held.use, held.model) == (OWN, OWN, None, MODEL)
    assert tune.usual_budget(town.house) == Budget()


def test_what_the_settings_file_says_goes_before_the_model(town: Town) -> None:
    terms = replace(town.house.terms, raise_at=0.9)
    assert tune.bands(town.store, shipped_model(), 1, terms) == Bands(0.9, OWN.suggest_at)
    low = replace(town.house.terms, raise_at=0.1, suggest_at=None)
    assert tune.bands(town.store, shipped_model(), 1, low) == Bands(0.1, 0.1)


def test_what_was_switched_on_here_goes_before_the_file_and_is_written_down(town: Town) -> None:
    budget = Budget(false_alarms_per_week=1, suggestions_per_day=0)
    held = tune.switch_on(town.house, Bands(0.9, 0.4), town.chloe, town.now, budget=budget, seen=0)
    assert held.bands.raise_at == pytest.approx(0.9, abs=1e-4)
    assert held.use is not None and held.use.by == town.chloe.id
    terms = replace(town.house.terms, raise_at=0.99)
    assert tune.bands(town.store, shipped_model(), 1, terms) == held.bands
    assert tune.usual_budget(town.house) == budget
    (entry,) = town.store.audit.of_object("thresholds")
    assert entry.action == "thresholds.used"
    assert entry.after == {"raise_at": 0.9, "suggest_at": 0.4}


def test_thresholds_never_fall_with_the_catalogue_also_when_set_here(town: Town) -> None:
    tune.switch_on(town.house, Bands(0.9, 0.4), None, town.now)
    model, terms = in_use(town.store).model, town.house.terms
    small, large = (tune.bands(town.store, model, n, terms) for n in (20, 3_000))
    assert large.suggest_at >= small.suggest_at


def test_going_back_leads_step_by_step_to_nobodys(town: Town) -> None:
    house = town.house
    budget = Budget(false_alarms_per_week=3)
    first = tune.switch_on(house, Bands(0.9, 0.4), town.chloe, town.now, budget=budget)
    tune.switch_on(house, Bands(0.95, 0.5), town.chloe, town.now)
    assert tune.back(house, town.chloe, town.now).bands == first.bands
    assert tune.usual_budget(house) == budget
    assert tune.back(house, town.chloe, town.now).bands == OWN
    with pytest.raises(ConflictError, match="earlier thresholds"):
        tune.back(house, town.chloe, town.now)
    assert [u.raising is None for u in town.store.thresholds.uses()] == [True, False, False, False]


def test_who_looked_at_something_else_is_told(town: Town) -> None:
    tune.switch_on(town.house, Bands(0.9, 0.4), town.chloe, town.now, seen=0)
    with pytest.raises(ConflictError, match="meanwhile"):
        tune.switch_on(town.house, Bands(0.8, 0.4), town.chloe, town.now, seen=0)


def test_only_those_who_may_tune_do(town: Town) -> None:
    for who in (town.ana, town.ben):
        with pytest.raises(NotAllowedError):
            tune.switch_on(town.house, Bands(0.9, 0.4), who, town.now)
        with pytest.raises(NotAllowedError):
            tune.back(town.house, who, town.now)
    tune.switch_on(town.house, Bands(0.9, 0.4), _admin(town), town.now)


def _admin(town: Town):  # type: ignore[no-untyped-def]
    with town.store.transaction():
        return town.store.people.add(person("Vera", Role.ADMIN), town.now)


def test_a_proposal_needs_posts_and_verdicts(town: Town) -> None:
    assert tune.propose(town.house, Budget(), town.now).bands == OWN
    fill(town)
    budget = Budget(false_alarms_per_week=1, suggestions_per_day=6)
    few = tune.propose(town.house, budget, town.now)
    assert few.bands.raise_at == OWN.raise_at
    assert few.bands.suggest_at != OWN.suggest_at
    for _ in range(25):
        see(town, 0.95, Verdict.DOES_NOT_FIT)
    many = tune.propose(town.house, budget, town.now)
    assert many.bands.raise_at > OWN.raise_at


def test_last_month_is_counted_under_both_thresholds(town: Town) -> None:
    fill(town)
    with town.store.transaction():
        town.store.scores.add(town.now.date(), "älter", {5: 7})
    sure = see(town, 0.97, Verdict.FITS)
    rather = see(town, 0.8, Verdict.DOES_NOT_FIT)
    found = tune.replay(town.house, Bands(0.9, 0.5), town.now, days=10)
    assert len(found.days) == 10
    before, after = found.total()
    assert (before.raised, after.raised) == (20, 20)
    assert after.suggested == 40 <= before.suggested
    assert found.judged_otherwise == 7
    assert found.kept == 2
    assert [c.scored.id for c in found.changes] == [rather.id]
    assert found.changes[0].after is Band.SUGGEST
    assert sure.id not in [c.scored.id for c in found.changes]
    assert found.false_alarms == (None, None)


@pytest.mark.parametrize("days", [0, 366])
def test_a_span_that_cannot_be_looked_back_on_is_refused(town: Town, days: int) -> None:
    with pytest.raises(InvalidInputError):
        tune.replay(town.house, OWN, town.now, days=days)


def test_every_process_judges_by_new_thresholds_at_once(tmp_path: Path) -> None:
    hall = TownHall(tmp_path)
    before = hall.house.index().bands  # type: ignore[attr-defined]
    tune.switch_on(hall.house, Bands(0.99, 0.5), None, hall.now)
    after = hall.house.index().bands  # type: ignore[attr-defined]
    assert before == OWN
    assert after.raise_at == pytest.approx(0.99, abs=1e-4)
    hall.close()


def test_a_file_that_lifts_only_suggesting_lifts_raising_along(town: Town) -> None:
    terms = replace(town.house.terms, suggest_at=0.9)
    assert tune.bands(town.store, shipped_model(), 1, terms) == Bands(0.9, 0.9)


def test_what_people_said_is_counted_by_band(town: Town) -> None:
    see(town, 0.5, Verdict.FITS)
    see(town, 0.5, Verdict.CORRECTS)
    see(town, 0.5)
    found = tune.verdicts(town.house, town.now)[Band.SUGGEST]
    assert (found.fits, found.does_not_fit, found.corrects, found.all) == (1, 0, 1, 2)


@given(
    st.lists(st.sampled_from([0.0, 0.19, 0.2, 0.34, 0.5, 0.51, 0.77, 0.9, 1.0]), max_size=8),
    *[st.sampled_from([0.1, 0.2, 0.34, 0.5, 0.77, 0.9, 1.0])] * 4,
)
def test_outside_the_spans_that_are_read_no_post_changes_its_band(
    scores: list[float], a: float, b: float, c: float, d: float
) -> None:
    before, after = Bands(max(a, b), min(a, b)), Bands(max(c, d), min(c, d))
    spans = differing(before, after)
    made = [Scored(0, "wasser", score, Stance.SPREADS, frozenset(), None) for score in scores]
    read = [one for one in made if any(low <= one.score < high for low, high in spans)]
    assert changes(read, before, after) == changes(made, before, after)
