"""Planning maintenance, one's own quiet hours, and whose address works: the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from people import TownHall

from crisis.types import AlertKind
from crisis.workflows import escalate, out_of_reach

PAGE = "/einstellungen/wartung/"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(
        tmp_path, CRISIS_MAIL_HOST="mail.x.example", CRISIS_MAIL_SENDER="lage@x.example"
    )
    made.vera.signs_in()
    made.ana.signs_in()
    yield made
    made.close()


def test_vera_plans_maintenance_and_the_board_says_so(hall: TownHall) -> None:
    form = {"von": "2026-11-23T13:00", "bis": "2026-11-23T15:00", "grund": "Umzug des Mailservers"}
    assert hall.vera.presses(PAGE, form).status_code == 302
    incident = hall.rumour_spreads(1)
    assert hall.store.alerts.of_incident(incident.id) == []
    board = hall.ana.opens("/").text
    assert "Wartung bis" in board
    assert "Ein Vorfall wird erst danach gemeldet" in board
    page = hall.vera.opens(PAGE).text
    assert "Umzug des Mailservers" in page
    assert "Ein Vorfall wartet." in page
    actions = [entry.action for entry in hall.store.audit.page()]
    assert "maintenance.planned" in actions


def test_ended_early_what_was_held_back_is_told(hall: TownHall) -> None:
    form = {"von": "2026-11-23T13:00", "bis": "2026-11-23T15:00", "grund": "Umzug"}
    hall.vera.presses(PAGE, form)
    incident = hall.rumour_spreads(1)
    (window,) = hall.store.mails.windows(hall.now)
    assert hall.vera.presses(f"{PAGE}{window.id}/beenden").status_code == 302
    escalate.escalate(hall.house, hall.now)
    (mail,) = hall.store.alerts.of_incident(incident.id)
    assert mail.kind is AlertKind.RAISED
    assert hall.vera.presses(f"{PAGE}{window.id}/beenden").status_code == 409
    assert "vorzeitig beendet" in hall.vera.opens(PAGE).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"grund": " "}, "in einem Satz, warum"),
        ({"bis": "2026-11-23T12:00"}, "Ende muss nach dem Anfang"),
        ({"bis": "2026-11-25T13:00"}, "24 Stunden"),
        ({"von": "morgen"}, "Tag und Uhrzeit"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_lost(
    hall: TownHall, changes: dict[str, str], said: str
) -> None:
    form = {"von": "2026-11-23T13:00", "bis": "2026-11-23T15:00", "grund": "Umzug"} | changes
    answer = hall.vera.presses(PAGE, form)
    assert answer.status_code == 422
    assert said in answer.text
    assert hall.store.mails.windows(hall.now) == []


def test_ana_may_not_hold_back_alerts(hall: TownHall) -> None:
    form = {"von": "2026-11-23T13:00", "bis": "2026-11-23T15:00", "grund": "Ruhe"}
    assert hall.ana.presses(PAGE, form).status_code == 403


def test_ana_sets_her_quiet_hours_and_takes_them_back(hall: TownHall) -> None:
    assert hall.ana.presses("/ich/ruhezeit", {"von": "22:00", "bis": "06:00"}).status_code == 302
    assert 'value="22:00"' in hall.ana.opens("/ich/ruhezeit").text
    assert hall.ana.presses("/ich/ruhezeit", {"von": "22:00", "bis": ""}).status_code == 422
    assert hall.ana.person is not None
    incident = hall.rumour_spreads(1)
    night = hall.now.replace(hour=22)  # 23:00 in Berlin
    assert out_of_reach.of(hall.house, incident, night) == {hall.ana.person.id}
    assert out_of_reach.of(hall.house, incident, hall.now) == set()
    assert hall.ana.presses("/ich/ruhezeit", {"von": "", "bis": ""}).status_code == 302
    assert hall.store.mails.quiet() == {}
    assert hall.store.audit.page()[0].action == "person.quiet"


def test_whoever_presses_the_button_of_a_test_mail_counts_as_reachable_again(
    hall: TownHall,
) -> None:
    assert hall.ana.person is not None
    address = hall.ana.person.email
    with hall.store.transaction():
        hall.store.mails.fail(
            address, "Postfach gibt es nicht (550).", "No mailbox (550).", hall.now
        )
    page = hall.vera.opens("/einstellungen/probemail").text
    assert "nicht erreichbar" in page
    assert "Postfach gibt es nicht (550)." in page
    hall.vera.presses("/einstellungen/probemail", {"an": address})
    (mail,) = hall.store.alerts.tests(limit=1)
    link = mail.text.split("/mail-bestaetigen/")[1].split()[0]
    assert hall.dev.opens(f"/mail-bestaetigen/{link}").status_code == 200
    assert not hall.store.mails.address(address).reachable, "looking is not pressing"
    assert hall.dev.client.post(f"/mail-bestaetigen/{link}").status_code == 303
    known = hall.store.mails.address(address)
    assert (known.reachable, known.confirmed_at) == (True, hall.now)
    assert "nicht erreichbar" not in hall.vera.opens("/einstellungen/probemail").text
