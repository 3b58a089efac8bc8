"""People and shifts on the desk."""

from __future__ import annotations

import re
from datetime import timedelta

from people import TownHall

from crisis.types import Person, Role, Shift

EVE = {"name": "Eve Neu", "email": "eve@musterstadt.example", "roles": ["duty", "author"]}


def person(of: Person | None) -> Person:
    assert of is not None
    return of


def shift(desk: TownHall, start: str, end: str, who: Person | None = None) -> dict[str, str]:
    chosen = who or person(desk.ana.person)
    return {"person": str(chosen.id), "start": start, "end": end}


def test_an_invited_person_sets_a_password_with_the_link_shown_once(desk: TownHall) -> None:
    page = desk.vera.presses("/personen/einladen", EVE)
    assert page.status_code == 200
    found = re.search(r"http://[^<]*(/einladung/[\w-]+)", page.text)
    assert found
    eve = desk.store.people.by_email("eve@musterstadt.example")
    assert eve is not None
    assert eve.roles == {Role.DUTY, Role.AUTHOR}
    assert "eingeladen" in desk.vera.opens("/personen/").text
    assert found[1] not in desk.vera.opens(f"/personen/{eve.id}").text
    assert "Einladung annehmen" in desk.dev.opens(found[1]).text
    (mail,) = desk.store.alerts.recent()
    assert found[1] in mail.text
    assert mail.to == eve.email


def test_the_invitation_in_the_outbox_does_not_tell_its_link(desk: TownHall) -> None:
    desk.vera.presses("/personen/einladen", EVE)
    (mail,) = desk.store.alerts.recent()
    assert "/einladung/…" in desk.vera.opens(f"/postausgang/{mail.id}").text
    assert desk.chloe.opens(f"/postausgang/{mail.id}").status_code == 403


def test_what_is_missing_is_said_beside_the_field(desk: TownHall) -> None:
    page = desk.vera.presses("/personen/einladen", {"name": " ", "email": "keine"})
    assert page.status_code == 422
    for text in ("einen Namen ein", "eine E-Mail-Adresse ein", "mindestens eine Rolle"):
        assert text in page.text


def test_an_address_belongs_to_one_person(desk: TownHall) -> None:
    page = desk.vera.presses("/personen/einladen", EVE | {"email": "ana@musterstadt.example"})
    assert page.status_code == 422
    assert "gehört schon jemand anderem" in page.text


def test_roles_are_changed(desk: TownHall) -> None:
    ana = person(desk.ana.person)
    page = desk.vera.opens(f"/personen/{ana.id}")
    assert 'value="duty" checked' in page.text
    form = {"name": "Ana B.", "email": ana.email, "roles": ["approver"], "lang": "en"}
    assert desk.vera.presses(f"/personen/{ana.id}", form).status_code == 302
    kept = desk.store.people.get(ana.id)
    assert (kept.name, kept.roles, kept.lang) == ("Ana B.", frozenset({Role.APPROVER}), "en")
    assert desk.store.audit.of_object(f"person:{ana.id}")[-1].action == "person.changed"


def test_the_last_administrator_stays(desk: TownHall) -> None:
    vera = person(desk.vera.person)
    form = {"name": "Vera", "email": vera.email, "roles": ["duty"]}
    page = desk.vera.presses(f"/personen/{vera.id}", form)
    assert page.status_code == 422
    assert "letzte Person" in page.text
    assert desk.vera.presses(f"/personen/{vera.id}/aktiv", {"aktiv": "nein"}).status_code == 409


def test_who_left_cannot_go_on_and_may_come_back(desk: TownHall) -> None:
    ana = person(desk.ana.person)
    desk.vera.presses(f"/personen/{ana.id}/aktiv", {"aktiv": "nein"})
    assert desk.ana.opens("/").status_code == 302
    assert "ausgeschieden" in desk.vera.opens("/personen/").text
    desk.vera.presses(f"/personen/{ana.id}/aktiv", {"aktiv": "ja"})
    assert desk.store.people.get(ana.id).active


def test_a_new_link_is_made_for_a_forgotten_password(desk: TownHall) -> None:
    page = desk.vera.presses(f"/personen/{person(desk.ana.person).id}/link")
    assert "/einladung/" in page.text


def test_shifts_are_entered_in_the_rota_and_the_page_of_people_leads_there(desk: TownHall) -> None:
    page = desk.vera.opens("/personen/").text
    assert 'href="/dienstplan/"' in page and "Noch keine Bereitschaft eingeteilt" in page
    desk.vera.presses(
        "/dienstplan/tag/2026-11-24", shift(desk, "2026-11-24T08:00", "2026-11-24T20:00")
    )
    (kept,) = desk.store.people.shifts(desk.now)
    assert kept.start.isoformat() == "2026-11-24T07:00:00+00:00"
    assert "2 Zeiten nicht besetzt" in desk.ben.opens("/personen/").text
    assert desk.vera.presses("/personen/bereitschaft", {}).status_code == 404


def test_an_hour_that_does_not_exist_is_refused(desk: TownHall) -> None:
    form = shift(desk, "2027-03-28T02:30", "2027-03-28T20:00")
    page = desk.vera.presses("/dienstplan/tag/2027-03-28", form)
    assert page.status_code == 422
    assert "gibt es 02:30 Uhr nicht" in page.text
    assert 'value="2027-03-28T20:00"' in page.text


def test_a_shift_ends_after_it_begins_and_is_to_come(desk: TownHall) -> None:
    for start, end in (
        ("2026-11-24T20:00", "2026-11-24T08:00"),
        ("2026-11-20T08:00", "2026-11-20T20:00"),
        ("", ""),
    ):
        page = desk.vera.presses("/dienstplan/tag/2026-11-24", shift(desk, start, end))
        assert page.status_code == 422
    assert desk.store.people.shifts(desk.now) == []


def test_a_rota_without_holes_is_praised(desk: TownHall) -> None:
    with desk.store.transaction():
        desk.store.people.add_shift(
            Shift(
                person_id=person(desk.ana.person).id,
                start=desk.now - timedelta(days=1),
                end=desk.now + timedelta(days=20),
            )
        )
    assert "lückenlos besetzt" in desk.ana.opens("/personen/").text


def test_colleagues_see_the_rota_and_change_nothing(desk: TownHall) -> None:
    page = desk.ana.opens("/personen/").text
    assert "Vera" in page
    assert "Person einladen" not in page
    assert desk.ana.opens("/personen/einladen").status_code == 403
    form = shift(desk, "2026-11-24T08:00", "2026-11-24T20:00")
    assert desk.ana.presses("/dienstplan/tag/2026-11-24", form).status_code == 403
    assert desk.dev.opens("/personen/").status_code == 302
