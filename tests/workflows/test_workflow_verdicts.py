"""What people say of posts: one or many, written down, and taken back; and who says the same as whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import match, post
from hypothesis import given
from hypothesis import strategies as st
from town import Town

from crisis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from crisis.types import Band, Sighting, Stance, Verdict
from crisis.workflows import note, place, tell, verdicts
from crisis.workflows.verdicts import ranges

POST = "Leute, das Trinkwasser in Nordstadt ist vergiftet! Bitte teilen, bevor es gelöscht wird!!"


@given(st.sets(st.integers(min_value=1, max_value=60)))
def test_ranges_say_exactly_the_numbers(numbers: set[int]) -> None:
    read = set[int]()
    for part in filter(None, ranges(sorted(numbers)).split(",")):
        first, _dash, last = part.partition("-")
        read.update(range(int(first), int(last or first) + 1))
    assert read == numbers


@pytest.fixture
def town(town: Town) -> Town:
    from builders import source

    with town.store.transaction():
        town.store.sources.add(source())
    return town


def arrives(
    town: Town,
    text: str,
    *,
    key: str = "",
    stance: Stance = Stance.SPREADS,
    band: Band = Band.RAISE,
    edited: bool = False,
) -> Sighting:
    """One post, put into its place as triage would."""
    store = town.store
    with store.transaction():
        key = key or text
        store.posts.put([(post(key=key, text=text, edited=edited), text)], town.now)
        (kept,) = store.posts.claim(1, "test", town.now)
        store.posts.done(kept, "test", keep=True)
        found = Sighting(post=kept, match=match(stance=stance, band=band), found=town.now)
        place.place(town.house, found, tell.drawer(town.house), town.now)
    return store.sightings.of_post(kept.id)[0]


def test_posts_that_say_the_same_are_one_group(town: Town) -> None:
    first = arrives(town, POST)
    copy = arrives(town, f"RT @mia: {POST} https://kurz.example/1")
    other = arrives(town, POST.replace("Nordstadt", "Südstadt"))
    asks = arrives(town, POST + "!", stance=Stance.ASKS)
    assert [one.kin for one in (first, copy, other, asks)] == [
        first.id,
        first.id,
        other.id,
        asks.id,
    ]


def test_a_suggestion_is_grouped_as_well(town: Town) -> None:
    maybe = arrives(town, POST, band=Band.SUGGEST)
    assert arrives(town, POST + " 😱").kin == maybe.id


def test_an_edited_post_leaves_its_group_and_the_group_stays(town: Town) -> None:
    first = arrives(town, POST, key="a")
    copies = [arrives(town, f"{POST} {sign}", key=sign) for sign in "😱🚱"]
    edited = arrives(town, "Entwarnung: Mit dem Wasser ist alles in Ordnung", key="a", edited=True)
    assert edited.id == first.id == edited.kin
    assert {town.store.sightings.get(one.id).kin for one in copies} == {copies[0].id}
    assert arrives(town, POST + " 💧", key="d").kin == copies[0].id


def test_the_same_post_twice_changes_no_group(town: Town) -> None:
    first = arrives(town, POST, key="a")
    arrives(town, POST + " 😱", key="b")
    again = arrives(town, POST + " ", key="a", edited=True)
    assert again.kin == first.id
    assert town.store.sightings.get(2).kin == first.id


def test_one_word_for_many_is_one_line_in_the_log(town: Town) -> None:
    ids = [arrives(town, f"{POST} {n}").id for n in range(4)]
    verdicts.judge(town.store, ids[0], Verdict.FITS, town.ana, town.now)
    town.later(minutes=1)
    kept = verdicts.judge_all(
        town.store, 1, [*ids, ids[0]], Verdict.DOES_NOT_FIT, town.ana, town.now
    )
    assert kept.posts == 4
    assert {town.store.sightings.get(i).verdict for i in ids} == {Verdict.DOES_NOT_FIT}
    entry = town.store.audit.of_incident(1)[-1]
    assert entry.action == "sighting.judged_many"
    assert entry.after == {"verdict": "does_not_fit", "posts": 4, "sightings": "1-4"}
    assert entry.before == {"verdicts": {"": 3, "fits": 1}}
    assert town.store.incidents.spread(1, town.now).posts == 0


def test_undo_goes_back_step_by_step(town: Town) -> None:
    ids = [arrives(town, f"{POST} {n}").id for n in range(3)]
    verdicts.judge(town.store, ids[0], Verdict.FITS, town.ana, town.now)
    town.later(minutes=1)
    verdicts.judge_all(town.store, 1, ids, Verdict.SEEN_BEFORE, town.ana, town.now)
    last, restored = verdicts.undo(town.store, 1, town.ana, town.now)
    assert (last.verdict, restored) == (Verdict.SEEN_BEFORE, 3)
    assert town.store.sightings.get(ids[0]).verdict is Verdict.FITS
    assert verdicts.undo(town.store, 1, town.ana, town.now)[1] == 1
    assert town.store.sightings.get(ids[0]).verdict is None
    assert town.store.audit.of_incident(1)[-1].action == "sighting.undone"
    with pytest.raises(ConflictError):
        verdicts.undo(town.store, 1, town.ana, town.now)
    assert town.store.audit.verify() is None


def test_nobody_undoes_the_word_of_another_or_of_last_week(town: Town) -> None:
    number = arrives(town, POST).id
    verdicts.judge(town.store, number, Verdict.FITS, town.ana, town.now)
    with pytest.raises(ConflictError):
        verdicts.undo(town.store, 1, town.chloe, town.now)
    town.later(days=2)
    with pytest.raises(ConflictError):
        verdicts.undo(town.store, 1, town.ana, town.now)


def test_all_or_none(town: Town) -> None:
    number = arrives(town, POST).id
    for ids in ([], range(1, verdicts.MOST_AT_ONCE + 5)):
        with pytest.raises(InvalidInputError):
            verdicts.judge_all(town.store, 1, ids, Verdict.FITS, town.ana, town.now)
    with pytest.raises(NotFoundError):
        verdicts.judge_all(town.store, 1, [number, 99], Verdict.FITS, town.ana, town.now)
    with pytest.raises(NotFoundError):
        verdicts.judge_all(town.store, 2, [number], Verdict.FITS, town.ana, town.now)
    assert town.store.sightings.get(number).verdict is None


def test_a_stranger_says_nothing_and_takes_nothing_back(town: Town) -> None:
    number = arrives(town, POST).id
    for act in (
        lambda: verdicts.judge(town.store, number, Verdict.FITS, town.dev, town.now),
        lambda: verdicts.judge_all(town.store, 1, [number], Verdict.FITS, town.dev, town.now),
        lambda: verdicts.undo(town.store, 1, town.dev, town.now),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert town.store.judgements.latest(1, town.dev.id, since=town.now - timedelta(1)) is None


def test_nothing_is_learned_of_what_was_seen_before(town: Town) -> None:
    number = arrives(town, POST).id
    verdicts.judge(town.store, number, Verdict.FITS, town.ana, town.now)
    assert len(town.store.lessons.due("x", limit=9)) == 1
    verdicts.judge(town.store, number, Verdict.SEEN_BEFORE, town.ana, town.now)
    assert town.store.lessons.due("x", limit=9) == []
    assert note.note(town.house) == 0
