"""Absences, swaps, learners and the duty calendar on the desk."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from builders import NOON
from people import TownHall, Visitor

from crisis.types import Layer, SwapState

DAY = NOON.date().isoformat()
PAGE = "/dienstplan/personen"


def opens(who: Visitor, path: str = PAGE) -> str:
    answer = who.opens(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def presses(who: Visitor, path: str, form: dict[str, object], *, code: int = 302) -> str:
    answer = who.presses(path, form)
    assert answer.status_code == code, answer.get_data(as_text=True)[-1500:]
    return answer.get_data(as_text=True)


@pytest.fixture
def rota(desk: TownHall) -> TownHall:
    """Ana is on call this week, Chloé the next."""
    assert desk.ana.person is not None and desk.chloe.person is not None
    people = (desk.ana.person.id, desk.chloe.person.id)
    with desk.store.transaction():
        desk.store.oncall.put_layer(Layer(name="Woche", people=people, begins=date(2026, 11, 23)))
    return desk


def test_ana_asks_chloe_says_yes_and_the_rota_changes(rota: TownHall) -> None:
    assert rota.chloe.person is not None
    form = {
        "an": rota.chloe.person.id,
        "level": "1",
        "start": f"{DAY}T20:00",
        "end": f"{DAY}T23:00",
        "back_start": "2026-12-01T20:00",
        "back_end": "2026-12-01T23:00",
        "note": "Elternabend",
    }
    presses(rota.ana, "/dienstplan/tausch", form)
    [swap] = rota.store.oncall.swaps(NOON)
    assert "Elternabend" in opens(rota.chloe) and "Ablehnen" in opens(rota.chloe)
    assert "Ablehnen" not in opens(rota.ana)
    presses(rota.ana, f"/dienstplan/tausch/{swap.id}", {"antwort": "ja"}, code=403)
    presses(rota.chloe, f"/dienstplan/tausch/{swap.id}", {"antwort": "ja"})
    assert rota.store.oncall.swap(swap.id).state is SwapState.ACCEPTED
    assert "statt Ana" in opens(rota.ana, "/dienstplan/")


def test_what_is_not_hers_cannot_be_offered(rota: TownHall) -> None:
    assert rota.ana.person is not None
    form = {"an": rota.ana.person.id, "level": "1", "start": f"{DAY}T20:00", "end": f"{DAY}T23:00"}
    assert "durchgehend" in presses(rota.chloe, "/dienstplan/tausch", form, code=422)


def test_an_absence_is_entered_seen_and_struck(rota: TownHall) -> None:
    form = {"start": f"{DAY}T18:00", "end": f"{DAY}T22:00"}
    presses(rota.ana, "/dienstplan/abwesend", form)
    assert "statt Ana" in opens(rota.ana, "/dienstplan/")
    [absence] = rota.store.oncall.absences(NOON)
    presses(rota.chloe, f"/dienstplan/abwesend/{absence.id}/streichen", {}, code=403)
    presses(rota.ana, f"/dienstplan/abwesend/{absence.id}/streichen", {})
    assert rota.store.oncall.absences(NOON) == []
    assert "Zeitpunkt" in presses(
        rota.ana, "/dienstplan/abwesend", {"start": "", "end": ""}, code=422
    )


def test_a_calendar_is_entered_and_taken_out(rota: TownHall) -> None:
    presses(rota.ana, "/dienstplan/abwesend/kalender", {"url": "webcal://kalender.example/a.ics"})
    [calendar] = rota.store.oncall.calendars()
    assert calendar.url == "https://kalender.example/a.ics"
    assert "noch nicht gelesen" in opens(rota.ana) and "noch nicht gelesen" not in opens(rota.chloe)
    presses(rota.ana, f"/dienstplan/abwesend/kalender/{calendar.id}/entfernen", {})
    presses(rota.ana, "/dienstplan/abwesend/kalender", {"url": "file:///etc/passwd"}, code=422)
    assert rota.store.oncall.calendars() == []


def test_who_plans_lets_somebody_learn(rota: TownHall) -> None:
    assert rota.ana.person is not None and rota.ben.person is not None
    form = {
        "wer": rota.ben.person.id,
        "mit": rota.ana.person.id,
        "start": f"{DAY}T12:00",
        "end": "2026-11-30T12:00",
    }
    presses(rota.ana, "/dienstplan/mitlernen", form, code=403)
    presses(rota.vera, "/dienstplan/mitlernen", form)
    assert "lernt bei Ana" in opens(rota.ana)
    [one] = rota.store.oncall.shadowings(NOON)
    presses(rota.vera, f"/dienstplan/mitlernen/{one.id}/beenden", {})


def test_the_secret_address_shows_ones_own_shifts_until_it_is_taken_back(rota: TownHall) -> None:
    page = presses(rota.ana, "/dienstplan/mein-kalender", {}, code=200)
    found = re.search(r"/dienstplan/kalender/[\w-]+\.ics", page)
    assert found is not None
    stranger = rota.dev.opens(found.group())
    assert stranger.status_code == 200 and stranger.mimetype == "text/calendar"
    body = stranger.get_data(as_text=True)
    assert "Bereitschaft: Ana" in body and "Chloe" not in body
    assert found.group() not in opens(rota.ana)
    presses(rota.ana, "/dienstplan/mein-kalender/zuruecknehmen", {})
    assert rota.dev.opens(found.group()).status_code == 404
    assert rota.dev.opens("/dienstplan/kalender/geraten.ics").status_code == 404


def test_nothing_happens_when_an_offer_is_opened(rota: TownHall) -> None:
    before = rota.store.oncall.swaps(NOON)
    for _try in range(3):
        opens(rota.chloe)
    assert rota.store.oncall.swaps(NOON - timedelta(days=1)) == before
