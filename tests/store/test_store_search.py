"""The search over everything: what is kept is found, what is forgotten is gone, from the file as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOON, incident, person, playbook, post, rumour, sighting, source
from sqlite_utils import Database

from crisis.store import Store
from crisis.store.driver import connect
from crisis.store.schema import migrations
from crisis.types import Note, PlaybookVersion, Post


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "crisis.db") as made:
        yield made


def filled(store: Store) -> Post:
    """One of everything; the post that carries the rumour."""
    with store.transaction():
        store.rumours.put(rumour(), NOON)
        where = store.sources.add(source(name="Forum Nordstadt"))
        ana = store.people.add(person("Ana Äpfel", email="ana@musterstadt.example"), NOON)
        opened = store.incidents.open(incident())
        note = Note(incident_id=opened.id, person_id=ana.id, text="Labor rief zurück", written=NOON)
        store.incidents.add_note(note)
        made = playbook()
        version = PlaybookVersion(name=made.name, sha256=made.sha256, seen=NOON)
        store.playbooks.record(version, made.text)
        text = "In der Königstraße ist das Wasser vergiftet"
        store.posts.put([(post(source_id=where.id, key="a", text=text), "f")], NOON)
        store.posts.put([(post(source_id=where.id, key="b", text="Königin gesucht"), "g")], NOON)
        kept, other = store.posts.claim(2, "test", NOON)
        store.posts.done(kept, "test", keep=True)
        store.posts.done(other, "test", keep=False)
        store.sightings.put(sighting(post=kept, incident_id=opened.id))
    return kept


def refs(store: Store, kind: str, words: str) -> list[str]:
    return [hit.ref for hit in store.search.find(kind, words, limit=10)]


def test_everything_is_found_by_its_words(store: Store) -> None:
    kept = filled(store)
    assert refs(store, "rumour", "trinkwasser") == ["wasser"]
    assert refs(store, "incident", "labor") == ["1"]
    assert refs(store, "incident", "vergiftet") == ["1"]  # by its rumour's name
    assert refs(store, "source", "nordstadt") == ["1"]
    assert refs(store, "person", "apfel") == ["1"]
    assert refs(store, "playbook", "rohrbruch") == ["trinkwasser"]
    assert refs(store, "post", "KONIGSTRASSE wasser") == [str(kept.id)]
    assert refs(store, "post", "Königstraße") == [str(kept.id)]


def test_kinds_do_not_mix_and_their_names_are_no_words(store: Store) -> None:
    filled(store)
    assert refs(store, "source", "wasser") == []
    assert refs(store, "post", "kpost") == []


def test_nothing_typed_breaks_it(store: Store) -> None:
    filled(store)
    for words in ("", '"', "* AND (", "kind:x", "NEAR(a b)", "a" * 500, "\u202e<b>"):
        store.search.find("post", words, limit=5)
        assert store.search.count("post", words) == 0


def test_a_post_that_carries_no_rumour_is_not_kept_in_the_index(store: Store) -> None:
    filled(store)
    assert refs(store, "post", "gesucht") == []


def test_what_is_forgotten_is_gone_from_the_index_and_from_the_file(
    store: Store, tmp_path: Path
) -> None:
    kept = filled(store)
    db = Database(connect(tmp_path / "crisis.db"))
    db.execute("pragma secure_delete = on").fetchall()
    db.execute("pragma foreign_keys = on")
    db.execute("delete from sightings")
    db.execute("delete from posts where id = ?", [kept.id])
    assert refs(store, "post", "königstraße") == []
    db.execute("insert into found_fts(found_fts) values ('integrity-check')")
    db.execute("pragma wal_checkpoint(truncate)").fetchall()
    db.close()
    store.close()
    content = (tmp_path / "crisis.db").read_bytes()
    assert "königstra".encode() not in content
    assert b"konigstra" not in content


def test_changes_are_followed(store: Store) -> None:
    filled(store)
    with store.transaction():
        store.rumours.put(replace(rumour(), title="Neuer Name", text="Etwas Anderes"), NOON)
    assert refs(store, "rumour", "neuer name") == ["wasser"]
    assert refs(store, "incident", "neuer name") == ["1"]
    assert refs(store, "incident", "labor") == ["1"]  # its notes stay
    with store.transaction():
        store.sources.update(replace(store.sources.get(1), name="Umbenannt"))
    assert refs(store, "source", "umbenannt") == ["1"]
    assert refs(store, "source", "nordstadt") == []
    with store.transaction():
        for hit in store.search.find("person", "apfel", limit=1):
            store.people.update(replace(store.people.get(int(hit.ref)), name="Ana Birne"))
    assert refs(store, "person", "apfel") == []


def test_counting_ends_somewhere(store: Store) -> None:
    filled(store)
    assert store.search.count("rumour", "trinkw") == 1


def test_a_database_from_before_the_search_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "crisis.db"
    with Store(path) as store:
        filled(store)
        db = store._db
        for (name,) in db.execute(
            "select name from sqlite_master where type = 'trigger' and name like 'fi%nd%'"
        ).fetchall():
            db.execute(f"drop trigger {name}")
        for table in ("found_fts", "found", "views"):
            db.execute(f"drop table {table}")
        db.execute("drop view found_words")
        for index in ("incidents_opened", "incidents_updated", "audit_actor", "audit_action"):
            db.execute(f"drop index {index}")
        db.execute("drop index alerts_person")
        db.execute("drop index responses_state")
        db.execute("delete from _sqlite_migrations where name in ('search', 'lists')")
        assert migrations.pending(db)
    with Store(path) as store:
        assert refs(store, "post", "königstraße") == ["1"]
        assert refs(store, "incident", "labor") == ["1"]
        assert refs(store, "playbook", "rohrbruch") == ["trinkwasser"]
        with store.transaction():
            store.people.add(person("Zoe", email="zoe@musterstadt.example"), NOON)
        assert refs(store, "person", "zoe") == ["2"]
