"""Learning on the real store: from people's verdicts to the model that judges, and back again."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import NOON, match, post, rumour, sighting, source
from desk_verdicts import lessons
from town import Town

from crisis.errors import ConflictError, ModelError, NotAllowedError, NotFoundError
from crisis.matching import comparing, learned, shipped_model
from crisis.store import Store
from crisis.types import Lesson, Verdict
from crisis.workflows import learn, note, tidy

SPAWN = multiprocessing.get_context("spawn")
FITS = (
    "Leute, das Trinkwasser ist vergiftet!",
    "trinkwasser vergiftet, bitte teilen",
    "Das Trinkwasser in der Stadt soll vergiftet sein",
)
OTHERS = ("Das Trinkwasser wird teurer", "Trinkwasser aus dem Hahn schmeckt mir nicht")


def says(town: Town, *texts: str, verdict: Verdict | None, drill: bool = False) -> list[int]:
    """Ana said this of posts with these texts; the sightings' numbers."""
    store, found = town.store, []
    with store.transaction():
        if not store.sources.all():
            store.sources.add(source())
        for text in texts:
            key = f"k{len(store.sightings.suggestions(limit=9_999))}{text}{drill}"
            store.posts.put([(post(key=key, text=text, drill=drill), key)], town.now)
            [one] = store.posts.claim(1, "m", town.now)
            store.posts.done(one, "m", keep=True)
            kept = store.sightings.put(sighting(post=one, match=match(model="3"), found=town.now))
            store.sightings.judge(kept.id, verdict, town.ana.id, town.now)
            found.append(kept.id)
    return found


def taught(town: Town, said: list[Lesson]) -> None:
    """The desk has kept these lessons, long enough ago that their posts are gone."""
    with town.store.transaction():
        for lesson in said:
            town.store.lessons.put(lesson)


@pytest.fixture
def schooled(town: Town) -> Town:
    """A desk whose verdicts differ from what the shipped model thinks."""
    taught(town, lessons(150, tilt=6.0))
    return town


def fresh_use(town: Town) -> str:
    return learn.in_use(town.store).version


class TestNumbers:
    def test_what_people_said_becomes_numbers_without_a_word_of_a_post(self, town: Town) -> None:
        says(town, *FITS, verdict=Verdict.FITS)
        says(town, *OTHERS, verdict=Verdict.DOES_NOT_FIT)
        assert learn.note(town.house) == 5
        kept = town.store.lessons.all()
        assert [one.verdict for one in kept].count(Verdict.FITS) == 3
        assert kept[0].own["covered"] > 0
        assert kept[0].week.weekday() == 0
        rows = json.dumps([dict(row) for row in town.store._db.query("select * from lessons")])
        assert not any(word in rows.casefold() for word in ("trinkwasser", "teilen", "author"))

    def test_noting_twice_changes_nothing_and_a_changed_word_is_noticed(self, town: Town) -> None:
        [number] = says(town, FITS[0], verdict=Verdict.FITS)
        assert [learn.note(town.house) for _ in range(2)] == [1, 0]
        town.store.sightings.judge(number, Verdict.DOES_NOT_FIT, town.ana.id, town.now)
        assert learn.note(town.house) == 1
        assert [one.verdict for one in town.store.lessons.all()] == [Verdict.DOES_NOT_FIT]
        town.store.sightings.judge(number, None, town.ana.id, town.now)
        learn.note(town.house)
        assert town.store.lessons.all() == []

    def test_exercises_and_posts_nobody_judged_teach_nothing(self, town: Town) -> None:
        says(town, FITS[0], verdict=Verdict.FITS, drill=True)
        says(town, FITS[1], verdict=None)
        assert learn.note(town.house) == 0

    def test_many_verdicts_are_noted_in_turns(self, town: Town) -> None:
        says(town, *(f"{n} {FITS[0]}" for n in range(5)), verdict=Verdict.FITS)
        assert learn.note(town.house, limit=3) == 3
        assert learn.note(town.house) == 2

    def test_a_post_that_no_longer_comes_near_is_noted_once_and_teaches_nothing(
        self, town: Town
    ) -> None:
        says(town, "Guten Morgen", verdict=Verdict.DOES_NOT_FIT)
        assert [learn.note(town.house) for _ in range(2)] == [1, 0]
        assert town.store.lessons.all() == []

    def test_a_retired_rumour_still_teaches(self, town: Town) -> None:
        says(town, FITS[0], verdict=Verdict.FITS)
        town.store.rumours.put(rumour(retired=True), town.now)
        learn.note(town.house)
        assert len(town.store.lessons.all()) == 1


class TestLearning:
    def test_a_better_model_is_kept_and_judges_from_then_on(self, schooled: Town) -> None:
        outcome = learn.learn(schooled.house, schooled.now)
        version = f"{shipped_model().version}+desk.1"
        assert (outcome.version, outcome.better, outcome.taken) == (version, True, True)
        assert learn.in_use(schooled.store).model.version == version
        [kept] = learn.models(schooled.house)
        assert kept.figures["fits"] + kept.figures["others"] == 150  # type: ignore[operator]
        assert [e.action for e in schooled.store.audit.page(limit=2)] == [
            "model.used",
            "model.learned",
        ]

    def test_a_model_that_is_not_better_is_kept_on_file_only(self, town: Town, monkeypatch) -> None:
        monkeypatch.setattr(comparing, "SURE", 1.1)  # nothing is as sure as that
        taught(town, lessons(80))
        outcome = learn.learn(town.house, town.now)
        assert (outcome.better, outcome.taken, fresh_use(town)) == (False, False, "shipped")
        [kept] = learn.models(town.house)
        assert kept.version == outcome.version
        assert not kept.better

    def test_trying_out_keeps_nothing(self, schooled: Town) -> None:
        outcome = learn.learn(schooled.house, schooled.now, dry_run=True)
        assert outcome.better
        assert (outcome.version, outcome.taken) == ("", False)
        assert (learn.models(schooled.house), fresh_use(schooled)) == ([], "shipped")

    def test_few_verdicts_are_said_to_be_few(self, town: Town) -> None:
        taught(town, lessons(10))
        outcome = learn.learn(town.house, town.now)
        assert not outcome.enough
        assert outcome.fits + outcome.others == 10
        assert learn.models(town.house) == []

    def test_the_same_verdicts_again_bring_no_further_change(self, schooled: Town) -> None:
        learn.learn(schooled.house, schooled.now)
        again = learn.learn(schooled.house, schooled.later(days=7))
        assert (again.better, again.version) == (False, f"{shipped_model().version}+desk.2")
        assert fresh_use(schooled) == f"{shipped_model().version}+desk.1"

    def test_a_persons_choice_made_meanwhile_stands(self, schooled: Town, monkeypatch) -> None:
        learn.learn(schooled.house, schooled.now)
        learn.back(schooled.house, schooled.chloe, schooled.now)
        real = learn._tried

        def meanwhile(house, now):
            result = real(house, now)
            learn.use(house, f"{shipped_model().version}+desk.1", schooled.chloe, now)
            return result

        monkeypatch.setattr(learn, "_tried", meanwhile)
        outcome = learn.learn(schooled.house, schooled.later(days=7))
        assert (outcome.better, outcome.taken) == (True, False)

    def test_while_one_learns_another_is_sent_away(self, schooled: Town) -> None:
        claim = learn._claimed(schooled.house, schooled.now)
        with pytest.raises(ConflictError):
            learn.learn(schooled.house, schooled.later(minutes=30))
        assert claim
        assert learn.learn(schooled.house, schooled.later(hours=1)).taken

    def test_whoever_took_too_long_keeps_nothing(self, schooled: Town, monkeypatch) -> None:
        real = learn._tried

        def slow(house, now):
            result = real(house, now)
            learn._claimed(house, now + timedelta(hours=2))
            return result

        monkeypatch.setattr(learn, "_tried", slow)
        with pytest.raises(ConflictError):
            learn.learn(schooled.house, schooled.now)
        assert learn.models(schooled.house) == []

    def test_a_crash_while_learning_leaves_the_claim_free(
        self, schooled: Town, monkeypatch
    ) -> None:
        def breaks(*_):
            raise RuntimeError("boom")

        monkeypatch.setattr(learn, "_tried", breaks)
        with pytest.raises(RuntimeError):
            learn.learn(schooled.house, schooled.now)
        monkeypatch.undo()
        assert learn.learn(schooled.house, schooled.now).taken

    def test_a_stranger_may_neither_learn_nor_choose(self, schooled: Town) -> None:
        house, now = schooled.house, schooled.now
        for somebody in (schooled.dev, schooled.ana):
            with pytest.raises(NotAllowedError):
                learn.learn(house, now, by=somebody)
            with pytest.raises(NotAllowedError):
                learn.use(house, "shipped", somebody, now)
            with pytest.raises(NotAllowedError):
                learn.back(house, somebody, now)


def _learns(path: str, results) -> None:
    with Store(Path(path)) as store:
        try:
            results.put(learn.learn(Town(store, joined=True).house, NOON).version)
        except ConflictError:
            results.put("busy")


def test_two_processes_at_once_make_one_model(schooled: Town) -> None:
    results = SPAWN.Queue()
    path = str(schooled.store.path)
    processes = [SPAWN.Process(target=_learns, args=(path, results)) for _ in range(2)]
    for process in processes:
        process.start()
    found = sorted(results.get(timeout=120) for _ in processes)
    for process in processes:
        process.join()
    assert found == [f"{shipped_model().version}+desk.1", "busy"]
    assert len(learn.models(schooled.house)) == 1


class TestChoosing:
    @pytest.fixture
    def chosen(self, schooled: Town) -> Town:
        learn.learn(schooled.house, schooled.now)
        learn.learn(schooled.house, schooled.later(days=7))
        return schooled

    def name(self, number: int) -> str:
        return f"{shipped_model().version}+desk.{number}"

    def test_back_leads_step_by_step_to_the_shipped_model(self, chosen: Town) -> None:
        house, now = chosen.house, chosen.now
        learn.use(house, self.name(2), chosen.chloe, now)
        assert learn.back(house, chosen.chloe, now).version == self.name(1)
        assert learn.back(house, None, now).version == "shipped"
        with pytest.raises(ConflictError):
            learn.back(house, None, now)
        assert [e.action for e in chosen.store.audit.page(limit=3)] == [
            "model.back",
            "model.back",
            "model.used",
        ]

    def test_back_after_choosing_the_shipped_one_is_the_learned_one_again(
        self, chosen: Town
    ) -> None:
        learn.use(chosen.house, "shipped", None, chosen.now)
        assert learn.back(chosen.house, None, chosen.now).version == self.name(1)

    def test_choosing_what_judges_already_or_is_not_there_is_refused(self, chosen: Town) -> None:
        with pytest.raises(ConflictError):
            learn.use(chosen.house, self.name(1), None, chosen.now)
        with pytest.raises(NotFoundError):
            learn.use(chosen.house, self.name(9), None, chosen.now)

    @pytest.mark.parametrize("damage", ["", "{", "null", "[]"])
    def test_a_damaged_model_falls_back_to_the_shipped_one(self, chosen: Town, damage: str) -> None:
        chosen.store._db.execute("update models set text = ?", [damage])
        found = learn.in_use(chosen.store)
        assert (found.version, found.model) == ("shipped", shipped_model())
        assert isinstance(found.problem, ModelError)
        with pytest.raises(ModelError):
            learn.use(chosen.house, self.name(2), None, chosen.now)

    def test_a_model_whose_row_is_gone_falls_back_too(self, chosen: Town) -> None:
        chosen.store._db.execute("delete from models")
        assert isinstance(learn.in_use(chosen.store).problem, NotFoundError)

    @pytest.mark.parametrize(
        "changes", [{"format": 0}, {"parent": "1"}, {"features": ["words", "unheard of"]}]
    )
    def test_a_model_of_another_program_version_falls_back(self, chosen: Town, changes) -> None:
        text, _ = chosen.store.models.file(self.name(1))
        other = json.dumps({**json.loads(text), **changes})
        chosen.store._db.execute(
            "update models set text = ?, sha256 = ?", [other, learned.digest(other)]
        )
        found = learn.in_use(chosen.store)
        assert found.model == shipped_model()
        assert isinstance(found.problem, ModelError)
        # Then learning compares with what really judges, and replaces it.
        assert learn.learn(chosen.house, chosen.later(days=7)).taken
        assert learn.in_use(chosen.store).version == self.name(3)


class TestByItself:
    def night(self, town: Town) -> datetime:
        town.now = town.now.replace(hour=2, minute=0) + timedelta(days=1)  # 3 o'clock in Berlin
        return town.now

    def test_the_monitor_learns_at_night_once_an_interval(self, schooled: Town) -> None:
        house = schooled.house
        assert learn.by_itself(house, schooled.now) is None  # the interval begins
        for _ in range(6):
            assert learn.by_itself(house, self.night(schooled)) is None
        schooled.later(days=1)
        assert learn.by_itself(house, schooled.now.replace(hour=12)) is None
        outcome = learn.by_itself(house, self.night(schooled))
        assert outcome is not None
        assert outcome.taken
        assert learn.by_itself(house, schooled.later(minutes=1)) is None

    def test_a_monitor_that_runs_by_day_only_learns_a_day_late(self, schooled: Town) -> None:
        learn.by_itself(schooled.house, schooled.now)
        assert learn.by_itself(schooled.house, schooled.later(days=7, hours=1)) is None
        assert learn.by_itself(schooled.house, schooled.later(days=1)) is not None

    def test_it_waits_for_enough_new_verdicts(self, schooled: Town) -> None:
        learn.by_itself(schooled.house, schooled.now)
        schooled.later(days=8)
        assert learn.by_itself(schooled.house, schooled.now) is not None
        schooled.later(days=8)
        assert learn.by_itself(schooled.house, schooled.now) is None
        taught(schooled, lessons(50, seed=9))
        assert learn.by_itself(schooled.house, schooled.later(hours=1)) is not None

    def test_where_learning_is_off_nothing_is_kept_of_verdicts(self, town: Town) -> None:
        says(town, FITS[0], verdict=Verdict.FITS)
        off = replace(town.house, terms=replace(town.house.terms, learn_every=None))
        assert learn.by_itself(off, town.later(days=30)) is None
        assert town.store.lessons.count() == 0

    def test_numbers_are_kept_before_retention_takes_the_posts(self, town: Town) -> None:
        says(town, FITS[0], verdict=Verdict.FITS)
        learn.by_itself(town.house, town.now)
        assert town.store.lessons.count() == 1
        says(town, FITS[1], verdict=Verdict.FITS)
        learn.by_itself(town.house, town.later(hours=11))
        assert town.store.lessons.count() == 1
        learn.by_itself(town.house, town.later(hours=1))
        assert town.store.lessons.count() == 2

    def test_two_monitors_never_learn_twice(self, schooled: Town) -> None:
        learn.by_itself(schooled.house, schooled.now)
        schooled.later(days=8)
        learn._claimed(schooled.house, schooled.now)  # the other one is at it
        schooled.store.facts.set("learning.tried", (schooled.now - timedelta(days=8)).isoformat())
        assert learn.by_itself(schooled.house, schooled.now) is None
        assert learn.models(schooled.house) == []


def test_suggestions_nobody_took_up_are_forgotten_and_what_was_said_of_them_is_not(
    town: Town,
) -> None:
    says(town, OTHERS[0], verdict=Verdict.DOES_NOT_FIT)
    says(town, OTHERS[1], verdict=None)
    learn.by_itself(town.house, town.now)
    assert tidy.tidy(town.house, town.later(days=89))["posts"] == 0
    assert tidy.tidy(town.house, town.later(days=2))["posts"] == 2
    assert OTHERS[0] not in town.store.path.read_bytes().decode("latin-1")
    assert len(town.store.lessons.all()) == 1


def test_old_counts_of_scores_are_forgotten(town: Town) -> None:
    day = town.house.terms.today(town.now)
    town.store.scores.add(day - timedelta(days=500), "3", {1: 1})
    town.store.scores.add(day, "3", {1: 1})
    tidy.tidy(town.house, town.now)
    assert list(town.store.scores.since(day - timedelta(days=900), "3")) == [day]


def test_a_post_that_retention_takes_meanwhile_is_passed_over(town: Town, monkeypatch) -> None:
    says(town, *FITS[:2], verdict=Verdict.FITS)
    real = note.numbers_of

    def meanwhile(*asked):
        town.store._db.execute("delete from sightings where id = 1")
        return real(*asked)

    monkeypatch.setattr(note, "numbers_of", meanwhile)
    learn.note(town.house)
    assert len(town.store.lessons.all()) == 1
    monkeypatch.setattr(type(town.store.lessons), "due", lambda *_, **__: [1])
    assert learn.note(town.house) == 0
