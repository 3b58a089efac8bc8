"""Views of lists that people keep: named, few, and nobody else's business."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON, person

from crisis.errors import InvalidInputError, NotFoundError
from crisis.store import Store
from crisis.types import Person
from crisis.workflows import keep_view

LIST = "incidents.ended"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "crisis.db") as made:
        yield made


@pytest.fixture
def ana(store: Store) -> Person:
    with store.transaction():
        return store.people.add(person("Ana"), NOON)


def test_a_view_is_kept_under_its_name_and_kept_again_replaces_it(
    store: Store, ana: Person
) -> None:
    keep_view.keep(store, "  Offene \n hier ", LIST, "stand=offen", ana, NOON)
    keep_view.keep(store, "Offene hier", LIST, "stand=new", ana, NOON)
    assert [(v.name, v.query) for v in store.lists.views(ana.id, LIST)] == [
        ("Offene hier", "stand=new")
    ]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_needs_a_fitting_name(store: Store, ana: Person, name: str) -> None:
    with pytest.raises(InvalidInputError):
        keep_view.keep(store, name, LIST, "stand=offen", ana, NOON)


def test_there_are_only_so_many_and_so_long(store: Store, ana: Person) -> None:
    for n in range(20):
        keep_view.keep(store, f"Nr. {n}", LIST, "", ana, NOON)
    keep_view.keep(store, "Nr. 3", LIST, "wer=1", ana, NOON)  # one of these anew is no further one
    with pytest.raises(InvalidInputError):
        keep_view.keep(store, "Eine zu viel", LIST, "", ana, NOON)
    with pytest.raises(InvalidInputError):
        keep_view.keep(store, "Nr. 3", LIST, "x" * 2001, ana, NOON)


def test_nobody_drops_the_view_of_another(store: Store, ana: Person) -> None:
    with store.transaction():
        ben = store.people.add(person("Ben", email="ben@musterstadt.example"), NOON)
    keep_view.keep(store, "Meine", LIST, "", ana, NOON)
    (kept,) = store.lists.views(ana.id, LIST)
    with pytest.raises(NotFoundError):
        keep_view.drop(store, kept.id, ben)
    keep_view.drop(store, kept.id, ana)
    with pytest.raises(NotFoundError):
        keep_view.drop(store, kept.id, ana)


def test_what_somebody_likes_to_look_at_is_not_in_the_log(store: Store, ana: Person) -> None:
    keep_view.keep(store, "Meine", LIST, "", ana, NOON)
    assert store.audit.page() == []
