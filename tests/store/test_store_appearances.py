"""Places of posts in databases from before there were any."""

from __future__ import annotations

from dataclasses import replace

from builders import NOON, incident, match, person, post, rumour, sighting, source

from crisis.incidents.stream import Counted, Wanted
from crisis.matching import same
from crisis.store import Store
from crisis.types import Verdict


def test_an_older_database_gets_its_places_and_keeps_what_was_said(store: Store) -> None:
    with store.transaction():
        store.sources.add(source())
        store.rumours.put(rumour(), NOON)
        store.incidents.open(incident())
        for key in "abc":
            store.posts.put([(post(key=key, author="@x", url="https://a.de/1"), key)], NOON)
            (kept,) = store.posts.claim(1, "test", NOON)
            if key == "c":
                break  # it waits to be triaged
            store.posts.done(kept, "test", keep=True)
            found = store.sightings.put(sighting(post=kept, match=match(), incident_id=1))
        store.judgements.give(
            1, [found.id], Verdict.DOES_NOT_FIT, store.people.add(person("Ana"), NOON).id, NOON
        )
        for trigger in ("post_found", "post_elsewhere", "post_reworded"):
            store._db.execute(f"drop trigger {trigger}")
        store._db.execute("drop table appearances")
        store._db.execute("drop table wordings")
        store._db.execute("drop table looks")
        store._db.execute("delete from _sqlite_migrations where name = 'appearances'")
    before = store.sightings.of_incident(1)
    with Store(store.path) as again:
        after = again.sightings.of_incident(1)
        assert [replace(s, verdict_at=None) for s in after] == [
            replace(s, verdict_at=None) for s in before
        ]
        places = again.appearances.of_posts([1, 2, 3])
        assert {number: [place.key for place in found] for number, found in places.items()} == {
            1: ["a"],
            2: ["b"],
        }
        assert again.stream.count(1, Wanted()) == Counted(posts=2, texts=2, groups=2)
        assert again.incidents.spread(1, NOON).posts == 1
        marks = same.marks(post().text, "https://a.de/1", "wasser spreads 0 ")
        assert [number for number, _incident in again.appearances.twins(marks, "wasser")] == [1]
