"""Lessons and learned models in the database: what stays, what goes, and what a damaged row does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import NOON, incident, match, person, post, rumour, sighting, source

from crisis.errors import ConflictError, NotFoundError
from crisis.store import Store
from crisis.types import IncidentState, LearnedModel, Lesson, ModelUse, Role, Verdict

LESSON = Lesson(
    sighting_id=1,
    rumour_id="wasser",
    verdict=Verdict.FITS,
    week=date(2026, 11, 23),
    model="3",
    basis="3/abc",
    own={"words": 0.5},
    rival={"words": 0.25},
)
MODEL = LearnedModel(
    version="3+desk.1",
    parent="3",
    made=NOON,
    made_by=None,
    text="{}",
    sha256="0",
    figures={"fits": 20},
    better=True,
    lessons=40,
    up_to=40,
)


@pytest.fixture
def full(store: Store) -> Store:
    """Two posts in an incident, one of them of an exercise, and Ana to judge them."""
    with store.transaction():
        store.sources.add(source())
        store.rumours.put(rumour(), NOON)
        ana = store.people.add(person("Ana", Role.DUTY), NOON)
        store.posts.put([(post(), "f1"), (post(key="k2", drill=True), "f2")], NOON)
        posts = store.posts.claim(5, "m", NOON)
        opened = store.incidents.open(incident())
        for one in posts:
            store.posts.done(one, "m", keep=True)
            kept = store.sightings.put(
                sighting(post=one, match=match(model="3"), incident_id=opened.id)
            )
            store.sightings.judge(kept.id, Verdict.FITS, ana.id, NOON)
    return store


def test_a_verdict_is_due_until_its_numbers_are_kept(full: Store) -> None:
    assert full.lessons.due("3/abc", limit=10) == [1]  # the exercise teaches nothing
    full.lessons.put(LESSON)
    assert full.lessons.due("3/abc", limit=10) == []
    assert full.lessons.due("4/abc", limit=10) == [1]
    full.sightings.judge(1, Verdict.CORRECTS, 1, NOON)
    assert full.lessons.due("3/abc", limit=10) == [1]


def test_numbers_outlive_the_post(full: Store) -> None:
    full.lessons.put(LESSON)
    ended = replace(full.incidents.get(1), state=IncidentState.CLOSED, ended_at=NOON)
    full.incidents.update(ended)
    assert full.incidents.forget(NOON + timedelta(days=1)) == 2
    assert full.lessons.all() == [replace(LESSON, id=1, sighting_id=None)]
    assert full.lessons.drop_taken_back() == 0


def test_a_lesson_brought_up_to_date_keeps_its_number(full: Store) -> None:
    full.lessons.put(LESSON)
    full.lessons.put(replace(LESSON, verdict=Verdict.DOES_NOT_FIT, own={"words": 0.1}))
    [kept] = full.lessons.all()
    assert (kept.id, kept.verdict, kept.own) == (1, Verdict.DOES_NOT_FIT, {"words": 0.1})


def test_a_verdict_taken_back_takes_its_lesson_along(full: Store) -> None:
    full.lessons.put(LESSON)
    full.sightings.judge(1, None, 1, NOON)
    assert full.lessons.drop_taken_back() == 1
    assert full.lessons.count() == 0


def test_a_lesson_without_numbers_is_not_counted(full: Store) -> None:
    full.lessons.put(replace(LESSON, own={}, rival={}))
    assert (full.lessons.all(), full.lessons.count()) == ([], 0)
    full.lessons.put(LESSON)
    assert (full.lessons.count(), full.lessons.count(after=1)) == (1, 0)


def test_a_model_comes_back_as_it_went_and_its_version_is_given_once(store: Store) -> None:
    store.models.add(MODEL)
    assert store.models.get("3+desk.1") == MODEL
    assert store.models.file("3+desk.1") == ("{}", "0")
    with pytest.raises(ConflictError):
        store.models.add(MODEL)
    for ask in (store.models.get, store.models.file):
        with pytest.raises(NotFoundError, match="models list"):
            ask("7")


def test_models_and_uses_are_listed_newest_first(store: Store) -> None:
    assert store.models.in_use() is None
    store.models.add(MODEL)
    store.models.add(replace(MODEL, version="3+desk.2"))
    first = store.models.use(ModelUse(version="3+desk.1", since=NOON, by=None, before=None))
    second = store.models.use(ModelUse(version="3+desk.2", since=NOON, by=None, before=first.id))
    assert [model.version for model in store.models.all()] == ["3+desk.2", "3+desk.1"]
    assert store.models.in_use() == second
    assert store.models.use_of(first.id) == first
    assert store.models.uses() == [second, first]


@pytest.mark.parametrize("figures", ["{", "3", ""])
def test_damaged_figures_do_not_hide_the_other_models(store: Store, figures: str) -> None:
    store.models.add(MODEL)
    store._db.execute("update models set figures = ?", [figures])
    assert store.models.get("3+desk.1").figures == {}
