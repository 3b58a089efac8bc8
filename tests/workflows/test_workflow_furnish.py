"""Furnishing an empty desk: everything fits together, nothing else is touched, and never twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from people import TownHall

from crisis.cli import main
from crisis.demo.plan import SIZES, Size
from crisis.errors import ConflictError
from crisis.lists import Wish
from crisis.matching import shipped_model
from crisis.types import AlertState, Scored, Verdict
from crisis.workflows import furnish

SIZE = Size(posts=300, incidents=20, rumours=50, open=3, waiting=9)


def test_an_empty_desk_is_filled_and_everything_on_it_can_be_opened(
    tmp_path: Path,
) -> None:
    hall = TownHall(tmp_path)
    told: list[tuple[int, int]] = []
    made = furnish.furnish(hall.house, SIZE, hall.now, heard=lambda a, b: told.append((a, b)))
    hall.chloe.signs_in()
    hall.vera.signs_in()
    assert (made.rumours, made.incidents, made.posts) == (50, 20, 300)
    assert hall.store.audit.verify() is None
    assert hall.store.sightings.count_suggestions() == 9
    assert hall.store.alerts.count(AlertState.PENDING) == 0
    open_ones = hall.store.incidents.all_open()
    assert len(open_ones) == 3
    lines = hall.store.lists.incidents(Wish(sort="beitraege", down=True)).rows
    for line in (*lines[:3], *lines[-2:]):
        assert hall.chloe.opens(f"/vorfaelle/{line.incident.id}").status_code == 200
    for line in hall.store.lists.responses(Wish(sort="neu")).rows[:3]:
        assert hall.chloe.opens(f"/antworten/{line.response.id}").status_code == 200
    for path in ("/", "/vorschlaege/", "/geruechte/", "/suche/?q=stimmt", "/protokoll/"):
        assert hall.chloe.opens(path).status_code == 200, path
    assert told == [(20, 20)]
    hall.close()


def test_the_rota_is_filled_with_who_really_works_here_and_an_own_one_stays(
    tmp_path: Path,
) -> None:
    hall = TownHall(tmp_path)
    hall.vera.signs_in()
    furnish.furnish(hall.house, SIZE, hall.now)
    first, behind = hall.store.oncall.layers()
    people = {person.id: person for person in hall.store.people.all()}
    assert {people[one].active for one in (*first.people, *behind.people)} == {True}
    assert (first.level, behind.level) == (1, 2) and first.people[0] != behind.people[0]
    page = hall.vera.opens("/dienstplan/").text
    assert "rota-day--gap" not in page and people[first.people[0]].name in page
    assert hall.store.alerts.count(AlertState.PENDING) == 0
    hall.close()


def test_a_desk_with_work_of_its_own_is_left_alone(tmp_path: Path) -> None:
    hall = TownHall(tmp_path)
    hall.rumour_spreads()
    before = len(hall.store.rumours.all(retired=True))
    with pytest.raises(ConflictError):
        furnish.furnish(hall.house, SIZE, hall.now)
    assert len(hall.store.rumours.all(retired=True)) == before
    hall.close()


def test_nobody_of_the_town_is_ever_written_to_or_asked(tmp_path: Path) -> None:
    hall = TownHall(tmp_path)
    ours = {person.id for person in hall.store.people.all()}
    known = hall.store.sources.all()
    furnish.furnish(hall.house, SIZE, hall.now)
    assert not any(p.active for p in hall.store.people.all() if p.id not in ours)
    assert all(s in known for s in hall.store.sources.all() if s.active)
    hall.close()


def test_posts_are_counted_without_reading_them(tmp_path: Path) -> None:
    hall = TownHall(tmp_path)
    furnish.furnish(hall.house, SIZE, hall.now)
    sightings, model = hall.store.sightings, shipped_model().version
    for days in (2, 400, 900):
        since = hall.now - timedelta(days=days)
        assert sightings.count_since(since, model) == len(sightings.since(since, model))
        judged = [
            one
            for one in sightings.since(since, model)
            if one.verdict not in (None, Verdict.SEEN_BEFORE)
        ]
        read = Counter((one.match.band, one.verdict) for one in judged)
        assert sightings.judged_since(since, model, {"numbers", "short"}) == [
            Scored(
                one.id,
                one.match.rumour_id,
                one.match.score,
                one.match.stance,
                frozenset(reason.code for reason in one.match.reasons) & {"numbers", "short"},
                one.verdict,
            )
            for one in judged
        ]
        assert sightings.scored_within(since, model, [(0.0, 1.1)], ()) == [
            Scored(o.id, o.match.rumour_id, o.match.score, o.match.stance, frozenset(), o.verdict)
            for o in sorted(sightings.since(since, model), key=lambda one: one.id)
        ]
        said = sightings.said_since(since, model)
        assert {key: n for key, n in said.items() if key[1] is not Verdict.SEEN_BEFORE} == read
        assert sightings.count_since(since, "another") == 0
    hall.close()


def test_a_crash_half_way_leaves_the_desk_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = TownHall(tmp_path)

    def heard(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    size = Size(posts=400, incidents=120, rumours=150, open=1, waiting=1)
    with pytest.raises(KeyboardInterrupt):
        furnish.furnish(hall.house, size, hall.now, heard=heard)
    assert not hall.store.incidents.any()
    assert len(hall.store.rumours.all()) == 1
    hall.close()


def test_the_command_says_what_it_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_LANG", "en")
    monkeypatch.setenv("CRISIS_INSTANCE", str(tmp_path / "instance"))
    said = CliRunner().invoke(main, ["demo"])
    assert said.exit_code == 0, said.output
    assert f"{SIZES['small'].incidents} incidents, {SIZES['small'].posts} posts" in said.stdout
    again = CliRunner().invoke(main, ["demo"])
    assert again.exit_code == 1
    assert "already" in again.stderr
