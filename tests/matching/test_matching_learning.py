"""Learning from verdicts: better where there is something to learn, the same where there is not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from desk_verdicts import centred, lessons
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.errors import ModelError
from crisis.matching import Bands, Index, learned, shipped_model, trial
from crisis.matching.adapt import fit, forward, judged, table
from crisis.matching.comparing import BUDGETS, SURE, compare
from crisis.matching.histogram import NOTHING, bin_of, score_of
from crisis.matching.rebanding import FEW, everyday_posts, rebanded
from crisis.matching.training import sign
from crisis.matching.verdicts import Judged, basis, numbers_of
from crisis.types import Lesson, Rumour, Verdict

SHIPPED = shipped_model()


def attempt(said: list[Lesson], **more) -> trial.Trial:
    given = {"seen": 0, "everyday": [], "counted_from": date(2026, 9, 7), "rumours": 20}
    shipped, used = more.pop("shipped", SHIPPED), more.pop("used", SHIPPED)
    return trial.learn(shipped, used, said, **{**given, **more})


class TestFitting:
    def test_a_desk_that_judges_otherwise_is_followed(self) -> None:
        taught, unseen = lessons(300, tilt=3.0), table(lessons(300, tilt=3.0, seed=2), SHIPPED)
        model = fit(SHIPPED, table(taught, SHIPPED))
        found = compare(
            judged(SHIPPED, unseen), judged(model, unseen), unseen.fits, unseen.weight, unseen.waves
        )
        assert found.loss[1] < found.loss[0]
        assert found.gain[0] > 0

    def test_without_verdicts_the_model_stays_as_it_is(self) -> None:
        assert fit(SHIPPED, table([], SHIPPED)) == SHIPPED

    def test_the_same_verdicts_give_the_same_model(self) -> None:
        said = lessons(80)
        assert attempt(said) == attempt(said)

    @settings(max_examples=10, deadline=None)
    @given(st.integers(0, 1000), st.floats(-4, 4), st.floats(-4, 4))
    def test_no_weight_changes_sides_whatever_is_said(
        self, seed: int, offset: float, tilt: float
    ) -> None:
        model = fit(SHIPPED, table(lessons(60, offset=offset, tilt=tilt, seed=seed), SHIPPED))
        for name, weight, before in zip(SHIPPED.features, model.judge, SHIPPED.judge, strict=False):
            assert np.isfinite(weight)
            assert sign(name) * weight >= min(0.0, sign(name) * before) - 1e-9, name

    def test_the_order_of_candidates_is_not_touched(self) -> None:
        model = fit(SHIPPED, table(lessons(100), SHIPPED))
        assert (model.order, model.means, model.scales) == (
            SHIPPED.order,
            SHIPPED.means,
            SHIPPED.scales,
        )

    def test_a_table_says_what_the_model_itself_says(self) -> None:
        rows = table(lessons(20), SHIPPED)
        assert judged(SHIPPED, rows) == pytest.approx(rows.odds)
        said = Judged("Das Trinkwasser ist vergiftet, sagt man", "de", "wasser")
        [found] = numbers_of([said], TestNumbers.RUMOURS, SHIPPED)
        assert found is not None
        [one] = lessons(1)
        rows = table([replace(one, own=found.own, rival=found.rival)], SHIPPED)
        index = Index.build(TestNumbers.RUMOURS)
        [[match]] = index.match([said.text], ["de"], top=1)
        assert rows.odds[0] == pytest.approx(logit(match.score), abs=0.05)

    def test_copies_of_a_post_count_once(self) -> None:
        [one] = lessons(1)
        rows = table([replace(one, id=n) for n in range(1, 6)], SHIPPED)
        assert rows.weight.sum() == pytest.approx(1)
        assert rows.count(fits=bool(rows.fits[0])) == 1

    def test_a_correction_is_about_the_rumour(self) -> None:
        [one] = lessons(1)
        assert table([replace(one, verdict=Verdict.CORRECTS)], SHIPPED).fits.tolist() == [True]

    def test_numbers_the_model_does_not_know_are_left_out(self) -> None:
        [one, other] = lessons(2)
        older = replace(one, own={"words": 0.5})
        alone = replace(other, rival={})
        assert table([older, alone], SHIPPED).ids.tolist() == [other.id]

    def test_held_back_rows_are_judged_by_what_came_before_them(self) -> None:
        rows = table(lessons(50), SHIPPED)
        assert [odds is None for odds in forward(SHIPPED, rows)] == [True] * 10 + [False] * 40
        assert [odds is None for odds in forward(SHIPPED, rows, since=30)] == [True] * 30 + (
            [False] * 20
        )
        assert forward(SHIPPED, table([], SHIPPED)) == []


class TestTrial:
    def test_a_desk_that_judges_otherwise_gets_a_better_model(self) -> None:
        found = attempt(lessons(400, tilt=4.0, offset=1.0))
        assert found.better
        loss = found.figures["loss"]
        assert isinstance(loss, list)
        assert loss[1] < loss[0]

    def test_where_there_is_nothing_to_learn_nothing_replaces_the_model(self) -> None:
        for seed in range(3):
            found = attempt(lessons(150, seed=seed), shipped=centred(), used=centred())
            assert found.model is not None
            assert not found.better

    def test_few_verdicts_teach_nothing(self) -> None:
        found = attempt(lessons(25))
        assert (found.model, found.better) == (None, False)
        assert found.fits + found.others == 25

    def test_verdicts_the_model_in_use_has_learned_from_do_not_judge_it(self) -> None:
        said = lessons(300, tilt=4.0)
        first = attempt(said[:200])
        assert first.model is not None
        again = attempt(said[:200], used=first.model, seen=200)
        assert not again.better
        assert (again.figures["held_fits"], again.figures["held_others"]) == (0, 0)
        later = attempt(said, used=first.model, seen=200)
        assert later.figures["held_fits"] + later.figures["held_others"] == 100  # type: ignore[operator]

    def test_a_better_model_lets_no_more_of_what_does_not_fit_pass(self) -> None:
        found = attempt(lessons(400, tilt=3.0, offset=2.0))
        before, after = found.figures["shown_others"]  # type: ignore[misc]
        assert after <= before * 1.2 + 2


class TestComparing:
    def test_a_model_is_not_better_than_itself(self) -> None:
        odds = np.linspace(-3, 3, 60)
        fits = np.arange(60) % 3 > 0
        found = compare(odds, odds, fits, np.ones(60), ["w"] * 60)
        assert not found.better
        assert found.loss[0] == found.loss[1]
        assert found.recall[0] == found.recall[1]

    def test_less_loss_with_less_recall_is_not_better(self) -> None:
        fits = np.array([True] * 40 + [False] * 40)
        before = np.where(fits, 0.2, 0.1)  # all in the right order, but hardly sure
        after = np.where(fits, 2.0, -4.0)
        after[-9:] = 2.1  # a few false alarms above all others
        found = compare(before, after, fits, np.ones(80), [str(n % 9) for n in range(80)])
        assert found.loss[1] < found.loss[0]
        assert found.recall == (1.0, 0.0)
        assert found.sure > SURE
        assert not found.better

    @pytest.mark.parametrize(("false_alarms", "share"), [(0, 1.0), (1, 1.0), (6, 0.75), (21, 0.0)])
    def test_recall_is_the_mean_over_the_budgets(self, false_alarms: int, share: float) -> None:
        fits = np.array([True] * 10 + [False] * 100)
        odds = np.concatenate([np.full(10, 1.0), np.full(100, 0.0)])
        odds[10 : 10 + false_alarms] = 2.0
        found = compare(odds, odds, fits, np.ones(110), ["w"] * 110)
        assert found.recall[0] == pytest.approx(share)
        assert len(BUDGETS) == 20

    def test_nothing_held_back_says_nothing(self) -> None:
        none = np.zeros(0)
        found = compare(none, none, none.astype(bool), none, [])
        assert (found.better, found.sure, found.recall) == (False, 0.0, (0.0, 0.0))

    def test_one_kind_alone_says_nothing(self) -> None:
        odds, fits = np.zeros(30), np.zeros(30, dtype=bool)
        assert not compare(odds, odds - 5, fits, np.ones(30), ["w"] * 30).better


class TestThresholds:
    def test_where_everything_moves_alike_thresholds_move_along(self) -> None:
        everyday = {NOTHING: 5_000, **{place: 60 - place for place in range(-60, 60)}}
        before = np.linspace(-3, 3, 50)
        model = rebanded(SHIPPED, SHIPPED, 20, everyday, before, before + 1)
        old, new = Bands.of(SHIPPED, 20), Bands.of(model, 20)
        assert logit(new.suggest_at) == pytest.approx(logit(old.suggest_at) + 1, abs=0.3)
        assert new.raise_at > old.raise_at

    def test_where_nothing_moves_thresholds_hardly_do(self) -> None:
        everyday = {bin_of(score_of(place)): 30 for place in range(-60, 40)}
        before = np.linspace(-3, 3, 50)
        old, new = (
            Bands.of(SHIPPED, 20),
            Bands.of(rebanded(SHIPPED, SHIPPED, 20, everyday, before, before), 20),
        )
        assert new.raise_at == pytest.approx(old.raise_at, abs=0.03)
        assert new.suggest_at == pytest.approx(old.suggest_at, abs=0.03)

    def test_raising_never_begins_below_what_is_allowed(self) -> None:
        before = np.linspace(-3, 3, 50)
        model = rebanded(SHIPPED, SHIPPED, 20, {bin_of(0.1): FEW}, before, before - 3)
        for band in model.bands:
            assert band.raise_at >= 0.75
            assert band.suggest_at <= band.raise_at

    def test_without_counts_and_verdicts_they_stay(self) -> None:
        none = np.zeros(0)
        assert rebanded(SHIPPED, SHIPPED, 20, {}, none, none) == SHIPPED

    def test_posts_that_fit_are_not_everyday(self) -> None:
        assert everyday_posts([{3: 2, 5: 1}, {3: 1}], [0.35, 9.95]) == {3: 2, 5: 1, 99: 0}

    def test_extreme_thresholds_stay_where_they_are(self) -> None:
        bands = tuple(replace(b, raise_at=1.0, suggest_at=0.0) for b in SHIPPED.bands)
        odd = replace(SHIPPED, bands=bands)
        model = rebanded(odd, odd, 20, {}, np.array([0.0]), np.array([0.0]))
        assert [(b.raise_at > 0.99, b.suggest_at < 0.01) for b in model.bands] == [
            (True, True)
        ] * len(bands)


class TestFile:
    def test_a_learned_model_is_read_as_it_was_written(self) -> None:
        model = fit(SHIPPED, table(lessons(60), SHIPPED))
        text = learned.write(model, "9+desk.1", {"made": "2026-11-23"})
        read = learned.read(text, learned.digest(text), SHIPPED)
        assert read.version == "9+desk.1"
        assert read.judge == pytest.approx(model.judge, abs=1e-6)
        assert json.loads(text)["parent"] == SHIPPED.version
        assert json.loads(text)["card"] == {"made": "2026-11-23"}

    def test_a_changed_number_is_noticed(self) -> None:
        text = learned.write(SHIPPED, "9+desk.1", {})
        with pytest.raises(ModelError, match="damaged"):
            learned.read(text.replace('"floor": ', '"floor": 1', 1), learned.digest(text), SHIPPED)

    def test_a_model_of_another_program_version_is_refused(self) -> None:
        text = learned.write(SHIPPED, "9+desk.1", {})
        for other in (
            replace(SHIPPED, version="99"),
            replace(SHIPPED, features=SHIPPED.features[1:]),
        ):
            with pytest.raises(ModelError, match="learns a new one"):
                learned.read(text, learned.digest(text), other)

    def test_an_older_format_is_refused(self) -> None:
        raw = json.loads(learned.write(SHIPPED, "9+desk.1", {}))
        text = json.dumps({**raw, "format": 0})
        with pytest.raises(ModelError, match="format"):
            learned.read(text, learned.digest(text), SHIPPED)


class TestNumbers:
    RUMOURS = (
        Rumour(id="wasser", text="Das Trinkwasser ist vergiftet.", lang="de"),
        Rumour(id="damm", text="Der Staudamm ist gebrochen.", lang="de"),
    )

    def test_a_post_becomes_numbers_of_its_pair_and_its_rival(self) -> None:
        said = Judged("Das Trinkwasser ist vergiftet, der Staudamm undicht!", "de", "wasser")
        [found] = numbers_of([said], self.RUMOURS, SHIPPED)
        assert found is not None
        assert found.own["covered"] > found.rival["covered"] > 0
        assert all(isinstance(value, float) for value in found.own.values())

    def test_without_a_rival_there_are_no_numbers_of_one(self) -> None:
        [found] = numbers_of(
            [Judged("Das Trinkwasser ist vergiftet", "de", "wasser")], self.RUMOURS, SHIPPED
        )
        assert found is not None
        assert found.rival == {}

    def test_a_post_that_does_not_come_near_has_none(self) -> None:
        assert numbers_of([Judged("Guten Morgen", "de", "wasser")], self.RUMOURS, SHIPPED) == [None]
        assert numbers_of(
            [Judged("Der Staudamm brach", "de", "wasser")], self.RUMOURS, SHIPPED
        ) == [None]
        assert numbers_of([Judged("Guten Morgen", "de", "wasser")], [], SHIPPED) == [None]

    def test_a_post_adopted_as_a_phrasing_is_not_compared_with_itself(self) -> None:
        text = "Bei uns kommt Gift aus der Leitung, Trinkwasser verseucht"
        plain = numbers_of([Judged(text, "de", "wasser")], self.RUMOURS, SHIPPED)
        adopted = replace(self.RUMOURS[0], variants=(text + "!", "Gift im Hahn"))
        [found] = numbers_of([Judged(text, "de", "wasser")], [adopted, self.RUMOURS[1]], SHIPPED)
        assert plain[0] is not None
        assert found is not None
        assert found.own["covered"] == pytest.approx(plain[0].own["covered"], abs=0.15)
        assert found.own["sentence_covered"] < 1

    def test_what_numbers_were_made_with_changes_with_the_model(self) -> None:
        assert basis(SHIPPED) != basis(replace(SHIPPED, version="99"))


def logit(score: float) -> float:
    return float(np.log(score / (1 - score)))
