"""Official warnings beside what is going on: said plainly, linked, and never "none" where nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import source
from people import TownHall

from crisis.types import Bulletin, Gravity, OfficialWarning, Source, SourceKind

STORM = OfficialWarning(
    key="dwd.1.MUL",
    event="Sturmböen",
    lang="de",
    sender="Deutscher Wetterdienst",
    gravity=Gravity.MODERATE,
    url="https://warnung.example/1",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path)
    made.everybody_signs_in()
    yield made
    made.close()


def follows(desk: TownHall, *warnings: OfficialWarning, **more: object) -> Source:
    """The town hall follows its district's warnings; these hold."""
    store = desk.store
    fresh = {"last_success": desk.now, **more}
    url = f"https://warnung.bund.de/api31/dashboard/0916{len(store.sources.all())}0000000.json"
    with store.transaction():
        kept = store.sources.add(source(url=url, kind=SourceKind.NINA, name="NINA", **fresh))
        store.warnings.put(Bulletin(warnings=warnings, whole=True), kept.id, desk.now)
    return kept


def test_without_a_source_of_warnings_nothing_is_said_of_them(desk: TownHall) -> None:
    assert "Amtliche Warnungen" not in desk.ana.opens("/").text


def test_a_warning_stands_on_the_board_and_beside_an_open_incident(desk: TownHall) -> None:
    until = desk.now + timedelta(hours=3)
    follows(desk, replace(STORM, expires=until))
    incident = desk.rumour_spreads()
    for path in ("/", f"/vorfaelle/{incident.id}", f"/vorfaelle/{incident.id}/teil/wissen"):
        page = desk.ana.opens(path).text
        for said in (
            "Amtliche Warnungen",
            "Sturmböen",
            "Deutscher Wetterdienst",
            "mittel",
            "gilt bis",
        ):
            assert said in page, path
        assert 'href="https://warnung.example/1" rel="noopener noreferrer"' in page
    desk.chloe.ends(incident, "verwerfen", "Nichts dran.")
    assert "Sturmböen" not in desk.ana.opens(f"/vorfaelle/{incident.id}").text


def test_the_incident_says_so_when_a_warning_comes_or_ends(desk: TownHall) -> None:
    kept = follows(desk)
    part = f"/vorfaelle/{desk.rumour_spreads().id}/teil/wissen"
    tag = desk.ana.opens(part).headers["ETag"]
    assert desk.ana.opens(part, headers={"If-None-Match": tag}).status_code == 304
    with desk.store.transaction():
        desk.store.warnings.put(Bulletin(warnings=(STORM,), whole=True), kept.id, desk.now)
    assert desk.ana.opens(part, headers={"If-None-Match": tag}).status_code == 200


def test_none_is_said_only_where_every_source_was_read_lately(desk: TownHall) -> None:
    kept = follows(desk)
    assert "Keine aktiv." in desk.ana.opens("/").text
    for trouble in (
        {"failures": 1},
        {"last_success": None},
        {"last_success": desk.now - timedelta(hours=2)},
        {"active": False, "ended": desk.now},
    ):
        with desk.store.transaction():
            desk.store.sources.update(replace(kept, **trouble))  # type: ignore[arg-type]
        page = desk.ana.opens("/").text
        assert "Unbekannt, ob gerade gewarnt wird." in page
        assert "Keine aktiv." not in page


def test_what_was_last_known_is_shown_with_its_doubt(desk: TownHall) -> None:
    follows(desk, STORM, failures=2)
    page = desk.ana.opens("/").text
    assert "Unbekannt" in page
    assert "Sturmböen" in page


def test_the_same_warning_by_two_ways_stands_there_once(desk: TownHall) -> None:
    follows(desk, STORM)
    follows(desk, replace(STORM, key="1"))
    assert desk.ana.opens("/").text.count("Sturmböen") == 1


def test_the_gravest_stands_first_and_many_are_counted(desk: TownHall) -> None:
    many = [replace(STORM, key=f"k{number}", event=f"Böen {number}") for number in range(8)]
    follows(desk, *many, replace(STORM, key="x", event="Orkan", gravity=Gravity.EXTREME))
    page = desk.ana.opens("/").text
    assert page.index("Orkan") < page.index("Böen")
    assert "und 3 weitere" in page


def test_hostile_words_of_a_warning_stay_words(desk: TownHall) -> None:
    follows(desk, replace(STORM, event="<script>alert(1)</script>", sender="<b>x</b>"))
    page = desk.ana.opens("/").text
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;x" in page


def test_warnings_alone_watch_nothing(desk: TownHall) -> None:
    with desk.store.transaction():
        desk.store.sources.remove(desk.source.id)
    follows(desk)
    assert "Noch keine Quelle" in desk.ana.opens("/").text


def test_a_source_of_warnings_explains_itself(desk: TownHall) -> None:
    kept = follows(desk, STORM, last_new_post=desk.now - timedelta(days=90))
    page = desk.vera.opens(f"/quellen/{kept.id}").text
    assert "„unbekannt“, nicht „keine“" in page
    assert "Still gilt sie nach" not in page
    listed = desk.vera.opens("/quellen/").text
    assert "Amtliche Warnungen von NINA" in listed
    assert "Ob gewarnt wird, steht auf der Lage" in listed, "no warning for months is no silence"


def test_a_wrong_area_is_said_at_the_field_and_kept_in_it(desk: TownHall) -> None:
    form = {"art": "cap", "url": "https://w.example/a.zip", "gebiet": "Nordstadt"}
    page = desk.vera.presses("/quellen/neu", form)
    assert page.status_code == 422
    assert "Kreis- oder Gemeindeschlüssel" in page.text
    assert 'value="Nordstadt"' in page.text


def test_the_wall_says_the_gravest_or_that_nobody_knows(desk: TownHall) -> None:
    kept = follows(desk)
    assert "Keine amtliche Warnung" in desk.ana.opens("/lage/wand").text
    with desk.store.transaction():
        desk.store.sources.update(replace(kept, failures=1))
    assert "Amtliche Warnungen unbekannt" in desk.ana.opens("/lage/wand").text
    with desk.store.transaction():
        desk.store.warnings.put(Bulletin(warnings=(STORM,), whole=True), kept.id, desk.now)
    assert "Amtlich: Sturmböen" in desk.ana.opens("/lage/wand").text
