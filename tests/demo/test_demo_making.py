"""The made-up town: as large as was asked for, the same each time, and true to the rules of the house."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOON, person, source

from crisis.demo import phrases
from crisis.demo.making import Town
from crisis.demo.plan import SIZES, Ids, Size, Story, World
from crisis.playbooks.parse import read
from crisis.types import (
    OPEN_STATES,
    Approval,
    Band,
    IncidentState,
    ResponseState,
    Stance,
    Verdict,
)

SIZE = Size(posts=900, incidents=60, rumours=200, open=8, waiting=25)


def world() -> World:
    people = [replace(person(name), id=n) for n, name in enumerate(phrases.PEOPLE, 1)]
    approval = Approval(id=4, name="beispiel", sha256="x", person_id=2, at=NOON)
    sources = [replace(source(), id=n) for n in (1, 2, 3)]
    return World(NOON, people, sources, approval, "3", Ids(posts=11, sightings=21, incidents=5))


def made(seed: int = 1) -> tuple[Town, list[Story]]:
    town = Town(SIZE, world(), seed=seed)
    return town, list(town.stories(town.claims()))


def test_there_is_as_much_as_was_asked_for() -> None:
    town = Town(SIZE, world())
    claims = town.claims()
    stories = list(town.stories(claims))
    assert len({claim.rumour.id for claim in claims}) == 200
    assert len({claim.rumour.text for claim in claims}) == 200
    assert sum(story.incident is not None for story in stories) == 60
    assert sum(len(story.sightings) for story in stories) == 900
    assert len(stories[-1].sightings) == 25
    assert sum(s.incident.state in OPEN_STATES for s in stories if s.incident) == 8


def test_the_same_seed_makes_the_same_town_and_another_one_another() -> None:
    assert made()[1] == made()[1]
    assert made(1)[1] != made(2)[1]


def test_one_rumour_has_one_open_incident_at_most() -> None:
    _town, stories = made()
    running = [s.incident.rumour_id for s in stories if s.incident and not s.incident.ended_at]
    assert len(running) == len(set(running))


def test_numbers_begin_where_the_desk_has_room_and_are_used_once() -> None:
    _town, stories = made()
    posts = [s.post.id for story in stories for s in story.sightings]
    assert sorted(posts) == list(range(11, 911))
    assert min(s.incident.id for s in stories if s.incident) == 5
    responses = [r.id for story in stories for r in story.responses]
    assert len(responses) == len(set(responses))
    slugs = [r.slug for story in stories for r in story.responses if r.slug]
    assert len(slugs) == len(set(slugs))


def test_nothing_happens_in_the_future_or_out_of_order() -> None:
    _town, stories = made()
    for story in stories:
        for entry in story.entries:
            assert entry.at <= NOON
        assert [e.at for e in story.entries] == sorted(e.at for e in story.entries)
        one = story.incident
        if one is None:
            continue
        steps = [one.opened, one.acknowledged_at, one.corrected_at, one.ended_at]
        reached = [step for step in steps if step is not None]
        assert reached == sorted(reached)
        assert reached[-1] <= NOON


def test_states_and_what_came_of_them_agree() -> None:
    _town, stories = made()
    for story in stories:
        one = story.incident
        if one is None:
            assert {s.match.band for s in story.sightings} == {Band.SUGGEST}
            continue
        assert (one.ended_at is not None) == (one.state not in OPEN_STATES)
        assert bool(one.end_reason) == (one.ended_at is not None)
        released = [r for r in story.responses if r.state is ResponseState.RELEASED]
        assert bool(released) == (one.corrected_at is not None)
        for answer in released:
            assert answer.released_by != answer.written_by
        counted = [
            s
            for s in story.sightings
            if s.verdict is Verdict.FITS
            or (s.verdict is None and s.match.stance is not Stance.CORRECTS)
        ]
        assert one.posts == len(counted)
        if one.state is IncidentState.NEW:
            assert one.assignee is None


def test_marks_stand_on_the_word_that_was_meant() -> None:
    _town, stories = made()
    words = {word for topic in phrases.TOPICS for word, _text in topic.claims}
    for story in stories:
        for seen in story.sightings:
            for start, end in seen.match.marks:
                assert seen.post.text[start:end] in words


def test_posts_that_say_the_same_are_kin_of_the_first() -> None:
    _town, stories = made()
    for story in stories[:-1]:
        first: dict[str, int] = {}
        for seen in story.sightings:
            assert seen.kin == first.setdefault(seen.post.text, seen.id)


@pytest.mark.parametrize("size", SIZES.values())
def test_there_are_enough_different_rumours_for_every_size(size: Size) -> None:
    every = sum(len(t.claims) for t in phrases.TOPICS) * len(phrases.PLACES) * len(phrases.TIMES)
    assert size.rumours <= every


def test_the_example_playbook_can_be_read() -> None:
    assert read("beispiel", phrases.PLAYBOOK).playbook is not None
