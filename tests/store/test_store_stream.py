"""The posts of an incident as a stream: groups, filters, verdicts on many and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOON, incident, match, person, post, rumour, sighting, source
from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.incidents.stream import EVERY, OPEN, Counted, Wanted
from crisis.store import Store, schema_posts
from crisis.types import Role, Sighting, Stance, Verdict


@pytest.fixture
def wave(store: Store) -> Store:
    """An incident of one rumour, with nobody's post in it yet."""
    with store.transaction():
        for number in (1, 2):
            store.sources.add(source(url=f"http://feed.example/{number}"))
        store.rumours.put(rumour(), NOON)
        store.people.add(person("Ana", Role.DUTY), NOON)
        store.people.add(person("Ben", Role.DUTY), NOON)
        store.incidents.open(incident())
    return store


def joins(store: Store, text: str = "Das Wasser", *, kin: int = 0, **more: Any) -> Sighting:
    """One post more in the incident."""
    stance = more.pop("stance", Stance.SPREADS)
    with store.transaction():
        number = store.stream.newest(1) + 1
        made = post(key=f"k{number}", text=text, **more)
        store.posts.put([(made, f"f{number}")], NOON)
        (claimed,) = store.posts.claim(1, "test", NOON)
        store.posts.done(claimed, "test", keep=True)
        found = sighting(
            post=claimed, match=match(stance=stance), incident_id=1, found=claimed.published or NOON
        )
        kept = store.sightings.put(found)
        if kin:
            store.sightings.join(kept.id, kin, [])
        return store.sightings.get(kept.id)


def says(store: Store, verdict: Verdict | None, *ids: int, by: int = 1, later: int = 0) -> Any:
    with store.transaction():
        return store.judgements.give(1, ids, verdict, by, NOON + timedelta(minutes=later))


def test_a_post_stands_alone_until_somebody_says_more(wave: Store) -> None:
    kept = joins(wave)
    assert kept.kin == kept.id
    [group] = wave.stream.groups(1, Wanted())
    assert (group.kin, group.newest, group.size, group.verdicts) == (kept.id, kept.id, 1, ("",))


def test_groups_come_newest_first_and_page_by_page(wave: Store) -> None:
    first = joins(wave)
    others = [joins(wave) for _ in range(4)]
    again = joins(wave, kin=first.id)
    groups = wave.stream.groups(1, Wanted(), limit=3)
    assert [group.newest for group in groups] == [again.id, others[3].id, others[2].id]
    assert groups[0].size == 2
    rest = wave.stream.groups(1, Wanted(), before=groups[-1].newest)
    assert [group.newest for group in rest] == [others[1].id, others[0].id]
    assert wave.stream.count(1, Wanted()) == Counted(posts=6, texts=6, groups=5)
    assert wave.stream.ids(1, Wanted(), kin=first.id) == [again.id, first.id]
    assert wave.stream.ids(1, Wanted(), before=3) == [2, 1]


def test_posts_are_found_by_what_they_have_in_common(wave: Store) -> None:
    joins(wave, lang="tr", place="Nordstadt")
    joins(wave, source_id=2, stance=Stance.ASKS)
    joins(wave, place="Südstadt")
    says(wave, Verdict.FITS, 3)
    for wanted, ids in (
        (Wanted(lang="tr"), [1]),
        (Wanted(source_id=2), [2]),
        (Wanted(place="Südstadt"), [3]),
        (Wanted(stance="asks"), [2]),
        (Wanted(verdict=OPEN), [2, 1]),
        (Wanted(verdict="fits"), [3]),
        (Wanted(verdict="fits", place="Nordstadt"), []),
        (Wanted(), [3, 2, 1]),
    ):
        assert wave.stream.ids(1, wanted) == ids, wanted
    facets = {(f.source_id, f.lang, f.place, f.stance, f.verdict) for f in wave.stream.facets(1)}
    assert (1, "de", "Südstadt", "spreads", "fits") in facets
    assert len(facets) == 3


def test_what_was_seen_before_is_left_out_unless_asked_for(wave: Store) -> None:
    joins(wave)
    joins(wave)
    says(wave, Verdict.SEEN_BEFORE, 1)
    assert wave.stream.ids(1, Wanted()) == [2]
    assert wave.stream.ids(1, Wanted(verdict=EVERY)) == [2, 1]
    assert wave.stream.ids(1, Wanted(verdict="seen_before")) == [1]


def test_what_was_seen_before_counts_for_nothing(wave: Store) -> None:
    joins(wave)
    joins(wave)
    says(wave, Verdict.SEEN_BEFORE, 1)
    assert wave.incidents.spread(1, NOON).posts == 1
    assert sum(posts for *_, posts in wave.stream.moments(1)) == 1
    assert [one.id for one in wave.sightings.since(NOON, "") if one.verdict] == [1]
    assert wave.sightings.judged_since(NOON, "", ()) == []
    assert wave.lessons.due("", limit=9) == []


def test_when_posts_were_written(wave: Store) -> None:
    for minute in (0, 0, 3):
        joins(wave, published=NOON + timedelta(minutes=minute), place="Nordstadt")
    assert wave.stream.moments(1) == [
        (NOON, 1, "Nordstadt", 2),
        (NOON + timedelta(minutes=3), 1, "Nordstadt", 1),
    ]


def test_many_verdicts_are_undone_at_once(wave: Store) -> None:
    ids = [joins(wave).id for _ in range(4)]
    says(wave, Verdict.FITS, ids[0])
    both = says(wave, Verdict.DOES_NOT_FIT, *ids, later=1)
    assert both.posts == 4
    assert {wave.sightings.get(i).verdict for i in ids} == {Verdict.DOES_NOT_FIT}
    with wave.transaction():
        assert wave.judgements.undo(both, NOON) == 4
        assert wave.judgements.undo(both, NOON) == 0
    assert [wave.sightings.get(i).verdict for i in ids] == [Verdict.FITS, None, None, None]
    assert wave.sightings.get(ids[0]).verdict_by == 1


def test_undo_leaves_what_others_have_said_since(wave: Store) -> None:
    ids = [joins(wave).id for _ in range(2)]
    mine = says(wave, Verdict.FITS, *ids)
    says(wave, Verdict.CORRECTS, ids[1], by=2, later=1)
    with wave.transaction():
        assert wave.judgements.undo(mine, NOON) == 1
    assert [wave.sightings.get(i).verdict for i in ids] == [None, Verdict.CORRECTS]


def test_a_verdict_taken_back_is_undone_too(wave: Store) -> None:
    kept = joins(wave)
    says(wave, Verdict.FITS, kept.id)
    back = says(wave, None, kept.id, later=1)
    assert wave.sightings.get(kept.id).verdict_by is None
    with wave.transaction():
        assert wave.judgements.undo(back, NOON) == 1
    assert wave.sightings.get(kept.id).verdict is Verdict.FITS


def test_everybody_undoes_their_own(wave: Store) -> None:
    ids = [joins(wave).id for _ in range(2)]
    before = wave.judgements.stamp(1)
    mine = says(wave, Verdict.FITS, ids[0])
    theirs = says(wave, Verdict.FITS, ids[1], by=2)
    assert wave.judgements.stamp(1) != before
    assert wave.judgements.latest(1, 1, since=NOON) == mine
    assert wave.judgements.latest(1, 2, since=NOON) == theirs
    assert wave.judgements.latest(1, 1, since=NOON + timedelta(seconds=1)) is None
    with wave.transaction():
        wave.judgements.undo(mine, NOON)
    assert wave.judgements.latest(1, 1, since=NOON) is None
    with pytest.raises(NotFoundError):
        wave.judgements.get(99)


def test_posts_that_share_a_hash_are_candidates(wave: Store) -> None:
    first, second = joins(wave, "eins"), joins(wave, "zwei")
    with wave.transaction():
        wave.sightings.join(first.id, first.id, [11, 12, 12])
        wave.sightings.join(second.id, second.id, [12, 13])
    assert wave.sightings.leaders([11, 99]) == [(first.id, "eins")]
    assert wave.sightings.leaders([12]) == [(first.id, "eins"), (second.id, "zwei")]
    with wave.transaction():
        wave.sightings.join(second.id, first.id, [12])
    assert wave.sightings.leaders([12, 13]) == [(first.id, "eins")]
    assert wave.sightings.get(second.id).kin == first.id


def test_a_post_edited_away_leaves_the_lead_to_the_next(wave: Store) -> None:
    ids = [joins(wave).id for _ in range(3)]
    with wave.transaction():
        wave.sightings.join(ids[0], ids[0], [11])
        wave.sightings.join(ids[1], ids[0], [11])
        wave.sightings.join(ids[2], ids[0], [11])
        wave.sightings.join(ids[0], ids[0], [11])  # again, unchanged
    assert {wave.sightings.get(i).kin for i in ids} == {ids[0]}
    with wave.transaction():
        wave.sightings.join(ids[0], ids[0], [77])
    assert [wave.sightings.get(i).kin for i in ids] == [ids[0], ids[1], ids[1]]
    assert wave.sightings.leaders([11])[0][0] == ids[1]
    assert wave.sightings.leaders([77])[0][0] == ids[0]


def test_what_is_forgotten_leaves_no_trace_of_its_words(wave: Store) -> None:
    kept = joins(wave)
    judgement = says(wave, Verdict.FITS, kept.id)
    with wave.transaction():
        wave.sightings.join(kept.id, kept.id, [11])
        ended = replace(wave.incidents.get(1), ended_at=NOON)
        wave.incidents.update(ended)
        wave.incidents.forget(NOON + timedelta(days=1))
    assert wave.sightings.leaders([11]) == []
    assert wave.stream.groups(1, Wanted(verdict=EVERY)) == []
    assert wave.stream.newest(1) == 0
    assert wave.sightings.several([kept.id]) == []
    with pytest.raises(NotFoundError):
        wave.judgements.get(judgement.id)


def test_old_posts_come_along_each_in_a_group_of_its_own() -> None:
    db = Database(memory=True)
    db.execute("create table incidents (id integer primary key)")
    db.execute("create table people (id integer primary key)")
    db.execute("create table posts (id integer primary key, text text)")
    db.execute(
        "create table sightings (id integer primary key, incident_id integer, verdict text,"
        " stance text, verdict_by integer, verdict_at text)"
    )
    for _ in range(3):
        db.execute("insert into sightings (incident_id, stance) values (1, 'spreads')")
    schema_posts.stream(db)
    db.execute("insert into sightings (incident_id, stance) values (1, 'spreads')")
    assert [row["kin"] for row in db.query("select kin from sightings order by id")] == [1, 2, 3, 4]


def test_numbers_kept_of_an_incident_are_right_after_many_verdicts_and_their_undoing(
    wave: Store,
) -> None:
    ids = [joins(wave).id for _ in range(5)]

    def kept() -> tuple[int, int]:
        row = next(wave._db.query("select fits, does_not_fit from incident_counts"))
        return row["fits"], row["does_not_fit"]

    said = says(wave, Verdict.FITS, *ids)
    assert kept() == (5, 0)
    with wave.transaction():
        wave.judgements.undo(said, NOON)
    assert kept() == (0, 0)
    with wave.transaction():
        wave.sightings.judge(ids[0], Verdict.DOES_NOT_FIT, 1, NOON)
    assert kept() == (0, 1)
