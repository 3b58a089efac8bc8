"""Numbers that stay when posts are forgotten, and figures in a few queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import NOON, incident, match, person, post, rumour, sighting, source

from crisis import audit
from crisis.figures.courses import Course, Happening, waves
from crisis.store import Store
from crisis.types import (
    Band,
    Incident,
    IncidentState,
    Person,
    Role,
    Sighting,
    Stance,
    Verdict,
)

DAY = timedelta(days=1)


@pytest.fixture
def town(store: Store) -> Store:
    with store.transaction():
        for name in ("a", "b"):
            store.sources.add(source(url=f"http://{name}.example/", name=name))
        store.rumours.put(rumour(topics=("wasser", "netz")), NOON)
        store.rumours.put(rumour(id="schule"), NOON)
        store.people.add(person("Ana", Role.DUTY), NOON)
    return store


def seen(
    store: Store,
    made: Incident | None,
    minutes: float,
    *,
    stance: Stance = Stance.SPREADS,
    band: Band = Band.RAISE,
    source_id: int = 1,
    drill: bool = False,
) -> Sighting:
    """A post written so many minutes after noon, and found at once."""
    at = NOON + timedelta(minutes=minutes)
    key = f"k{minutes}-{source_id}"
    with store.transaction():
        one = post(source_id=source_id, key=key, published=at, seen=at, drill=drill)
        store.posts.put([(one, key)], at)
        (kept,) = store.posts.claim(1, "t", at)
        store.posts.done(kept, "t", keep=True)
        found = match(stance=stance, band=band)
        return store.sightings.put(
            sighting(post=kept, match=found, incident_id=made.id if made else None, found=at)
        )


def opened(store: Store, **changes: object) -> Incident:
    with store.transaction():
        return store.incidents.open(incident(**changes))


def only(store: Store) -> Course:
    (course,) = store.figures.courses(NOON - DAY, NOON + DAY)
    return course


def judged(store: Store, one: Sighting, verdict: Verdict | None) -> None:
    with store.transaction():
        store.sightings.judge(one.id, verdict, 1, NOON)


def test_the_earliest_post_and_its_source_are_known_without_looking_at_posts(town: Store) -> None:
    made = opened(town)
    seen(town, made, 3)
    seen(town, made, -7, source_id=2)
    seen(town, made, -9, stance=Stance.CORRECTS)  # does not spread it
    course = only(town)
    assert course.first_post == NOON - timedelta(minutes=7)
    assert course.source_id == 2
    assert course.topics == ("wasser", "netz")


def test_verdicts_change_what_counts_and_may_be_taken_back(town: Store) -> None:
    made = opened(town)
    early, late = seen(town, made, -5), seen(town, made, -1)
    judged(town, early, Verdict.DOES_NOT_FIT)
    judged(town, late, Verdict.FITS)
    course = only(town)
    assert course.first_post == NOON - timedelta(minutes=1)
    assert (course.fits, course.does_not_fit, course.corrects) == (1, 1, 0)
    judged(town, early, None)
    course = only(town)
    assert course.first_post == NOON - timedelta(minutes=5)
    assert (course.fits, course.does_not_fit) == (1, 0)


def test_a_suggestion_that_was_taken_up_is_no_raised_post(town: Store) -> None:
    made = opened(town)
    one = seen(town, None, -5, band=Band.SUGGEST)
    judged(town, one, Verdict.FITS)
    with town.transaction():
        town.sightings.move(one.id, made.id)
    course = only(town)
    assert course.first_post == NOON - timedelta(minutes=5)
    assert course.fits == 0


def test_a_post_that_moves_to_another_incident_takes_its_numbers_along(town: Store) -> None:
    made, other = opened(town), opened(town, rumour_id="schule")
    one, stays = seen(town, made, -5), seen(town, made, -2)
    judged(town, one, Verdict.FITS)
    with town.transaction():
        town.sightings.move(one.id, other.id)
    first, second = town.figures.courses(NOON - DAY, NOON + DAY)
    assert (first.first_post, first.fits) == (stays.found, 0)
    assert (second.first_post, second.fits) == (one.found, 1)
    with town.transaction():
        town.sightings.move(stays.id, None)
    assert town.figures.courses(NOON - DAY, NOON + DAY)[0].first_post is None


def test_numbers_stay_when_the_posts_are_forgotten(town: Store) -> None:
    made = opened(town, state=IncidentState.CLOSED, ended_at=NOON)
    judged(town, seen(town, made, -5), Verdict.FITS)
    before = only(town)
    with town.transaction():
        assert town.incidents.forget(NOON + DAY) == 1
    assert town.sightings.of_incident(made.id) == []
    assert only(town) == before


def test_when_an_exercise_goes_its_numbers_go(town: Store) -> None:
    made = opened(town, drill=True)
    seen(town, made, -1, drill=True)
    assert town.figures.courses(NOON - DAY, NOON + DAY) == []
    assert len(town.figures.courses(NOON - DAY, NOON + DAY, drill=True)) == 1
    with town.transaction():
        town.drills.remove_everything()
    assert town.figures.courses(NOON - DAY, NOON + DAY, drill=True) == []


def test_an_older_database_gets_its_numbers(town: Store, tmp_path: Path) -> None:
    made = opened(town)
    judged(town, seen(town, made, -5), Verdict.FITS)
    expected = only(town)
    path = town.path
    with town.transaction():
        for trigger in ("sighting_joined", "sighting_changed"):
            town._db.execute(f"drop trigger {trigger}")
        for index in ("suggested", "idx_audit_action", "idx_audit_at"):
            town._db.execute(f"drop index {index}")
        town._db.execute("drop table incident_counts")
        town._db.execute("delete from _sqlite_migrations where name like 'counts%'")
    with Store(path) as again:
        (course,) = again.figures.courses(NOON - DAY, NOON + DAY)
    assert course == expected


def test_waves_are_told_by_the_audit_log(town: Store) -> None:
    made = opened(town, state=IncidentState.ACKNOWLEDGED, wave=2)
    told = [
        (1, "alert.sent"),
        (2, "incident.acknowledged"),
        (9, "incident.closed"),
        (60, "incident.reopened"),
        (61, "alert.sent"),
    ]
    with town.transaction():
        for minutes, action in told:
            at = NOON + timedelta(minutes=minutes)
            town.audit.append(audit.of_incident(at, None, action, made))
        again = replace(made, acknowledged_at=NOON + timedelta(minutes=65))
        town.incidents.update(again)
    first, second = waves(only(town))
    assert first.alerted == NOON + timedelta(minutes=1)
    assert first.ended == NOON + timedelta(minutes=9)
    assert second.begun == NOON + timedelta(minutes=60)
    assert second.alerted == NOON + timedelta(minutes=61)
    assert second.acknowledged == NOON + timedelta(minutes=65)
    assert Happening.REOPENED in {what for what, _at in only(town).events}


def test_suggestions_are_counted_by_what_became_of_them(town: Store) -> None:
    for minutes, verdict in ((1, Verdict.FITS), (2, Verdict.DOES_NOT_FIT), (3, None)):
        one = seen(town, None, minutes, band=Band.SUGGEST)
        judged(town, one, verdict)
    seen(town, None, 4, band=Band.SUGGEST, drill=True)
    found = town.figures.suggested(NOON - DAY, NOON + DAY)
    assert (found.found, found.fits, found.does_not_fit, found.waiting) == (3, 1, 1, 1)
    assert town.figures.suggested(NOON - DAY, NOON + DAY, drill=True).found == 4
    assert town.figures.suggested(NOON + DAY, NOON + 2 * DAY).found == 0


def did(town: Store, at: datetime, actor: Person | None, *, drill: bool = False) -> None:
    with town.transaction():
        town.audit.append(audit.entry(at, actor, "incident.noted", "incident:1", drill=drill))


def test_what_people_do_is_counted_by_the_hour_their_clock_shows(town: Store) -> None:
    ana = Person(id=7, name="Ana", email="ana@example.org")
    did(town, NOON, ana)
    did(town, NOON + timedelta(minutes=59), ana)
    did(town, NOON, None)  # the program itself
    did(town, NOON, ana, drill=True)
    did(town, NOON - timedelta(days=2), ana)
    two_on, back = timedelta(hours=2), timedelta(hours=-13)
    assert town.figures.acts(NOON - DAY, NOON + DAY, two_on) == {14: 2}
    assert town.figures.acts(NOON - DAY, NOON + DAY, back) == {23: 2}
    assert town.figures.acts(NOON - DAY, NOON + DAY, two_on, drill=True) == {14: 3}
    assert town.figures.acts(NOON - 3 * DAY, NOON, two_on) == {14: 1}
    assert town.figures.acts(NOON + DAY, NOON + 2 * DAY, two_on) == {}
