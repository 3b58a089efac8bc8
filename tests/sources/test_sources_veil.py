"""Names of authors are kept veiled: one person is recognised, nobody is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOON, post, source
from hypothesis import given
from hypothesis import strategies as st

from crisis import wiring
from crisis.settings import load
from crisis.sources.veil import veiled
from crisis.store import Store

KEY = b"a key of this installation"


@given(st.text(), st.binary(min_size=16))
def test_a_veiled_name_is_always_of_one_shape_and_the_same_for_the_same_name(
    name: str, key: bytes
) -> None:
    kept = veiled(name, key)
    assert kept == veiled(f" {name} ", key)
    assert kept == "" or (len(kept) == 10 and kept[0] == "@" and kept[-1] == "…")


def test_the_key_and_the_name_count_and_capitals_do_not() -> None:
    assert veiled("Mia", KEY) == veiled("MIA", KEY)
    assert veiled("Mia", KEY) != veiled("Ole", KEY)
    assert veiled("Mia", KEY) != veiled("Mia", b"another key of somebody else")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return wiring.open_store(load(tmp_path, {}))


def test_no_name_reaches_the_database_and_exercises_keep_their_invented_ones(store: Store) -> None:
    with store.transaction():
        kept = store.sources.add(source())
        rows = [
            post(source_id=kept.id, key="1", author="Erika Mustermann"),
            post(source_id=kept.id, key="2", author="erika mustermann"),
            post(source_id=kept.id, key="3", author=""),
            post(source_id=kept.id, key="4", author="Mia", drill=True),
        ]
        store.posts.put([(one, one.key) for one in rows], NOON)
    authors = [one.author for one in store.posts.claim(9, "x", NOON)]
    assert authors[0] == authors[1]
    assert authors[2:] == ["", "Mia"]
    path = store.path
    store.close()
    for file in path.parent.glob(path.name + "*"):
        assert b"Mustermann" not in file.read_bytes()
        assert b"mustermann" not in file.read_bytes()


def test_names_kept_before_are_veiled_later_and_once(store: Store) -> None:
    with store.transaction():
        kept = store.sources.add(source())
        store.bulk.posts([replace(post(source_id=kept.id, author="Erika Mustermann"), id=7)])
        assert store.posts.veil_names() == 1
        assert store.posts.veil_names() == 0
    (row,) = store._db.query("select author from posts")
    assert row["author"].startswith("@")
    store.close()
