"""Posts that may carry a rumour, decided one by one."""

from __future__ import annotations

import pytest
from people import TownHall

from crisis.types import Band, Verdict


@pytest.fixture
def perhaps(desk: TownHall) -> TownHall:
    desk.sees("Trinkwasser riecht komisch", band=Band.SUGGEST)
    return desk


def test_a_suggestion_stands_there_with_its_rumour(perhaps: TownHall) -> None:
    page = perhaps.ana.opens("/vorschlaege/").text
    assert "Das Trinkwasser ist vergiftet." in page
    assert "<mark>Trinkwasser</mark> riecht komisch" in page
    assert "autofocus" in page


def test_what_fits_opens_an_incident(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "fits"})
    assert perhaps.store.incidents.count_open() == 1
    page = perhaps.ana.opens("/vorschlaege/").text
    assert "gehört jetzt zu Vorfall 1" in page
    assert "Nichts zu entscheiden" in page


@pytest.mark.parametrize("said", ["does_not_fit", "corrects"])
def test_what_does_not_fit_is_gone_from_here(perhaps: TownHall, said: str) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": said})
    assert perhaps.store.incidents.count_open() == 0
    assert perhaps.store.sightings.get(waiting.id).verdict is Verdict(said)
    assert perhaps.store.sightings.count_suggestions() == 0


def test_another_word_is_refused(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    answer = perhaps.ana.presses(f"/vorschlaege/{waiting.id}", {"urteil": "vielleicht"})
    assert answer.status_code == 422


def test_who_only_writes_may_look_but_not_decide(perhaps: TownHall) -> None:
    (waiting,) = perhaps.store.sightings.suggestions()
    assert "Passt nicht" not in perhaps.ben.opens("/vorschlaege/").text
    answer = perhaps.ben.presses(f"/vorschlaege/{waiting.id}", {"urteil": "fits"})
    assert answer.status_code == 403
    assert perhaps.store.incidents.count_open() == 0
