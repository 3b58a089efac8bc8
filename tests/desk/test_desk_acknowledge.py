"""The page behind an alert mail: looking changes nothing, the button works once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from people import POST, TownHall
from werkzeug.test import TestResponse

from crisis.types import AlertState, IncidentState, Person, Role
from crisis.workflows import escalate, handle


def path(hall: TownHall, incident_id: int, person: Person | None) -> str:
    assert person is not None
    address = hall.house.links.acknowledge(incident_id, person.id, hall.now)
    return "/a/" + address.rpartition("/")[2]


def dump(hall: TownHall) -> list[str]:
    import sqlite3

    with sqlite3.connect(hall.store.path) as connection:
        return list(connection.iterdump())


def seal_of(text: str) -> str:
    found = re.search(r'name="siegel" value="([^"]+)"', text)
    assert found
    return found[1]


def eve_joins(hall: TownHall) -> Person:
    """A second person on duty."""
    with hall.store.transaction():
        return hall.store.people.add(
            Person(name="Eve", email="eve@x.example", roles=frozenset({Role.DUTY})), hall.now
        )


def test_looking_ten_times_changes_nothing(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    hall.dev.opens(address)
    before = dump(hall)
    for _ in range(10):
        assert hall.dev.client.get(address).status_code == 200
        assert hall.dev.client.head(address).status_code == 200
    assert dump(hall) == before


def test_the_page_says_what_it_is_about(hall: TownHall) -> None:
    incident = hall.rumour_spreads(4)
    page = hall.dev.opens(path(hall, incident.id, hall.ana.person))
    assert "Das Trinkwasser ist vergiftet." in page.text
    assert "4 Beiträge bisher" in page.text
    assert "Ja, ich übernehme" in page.text


def test_a_forwarded_link_shows_no_post_and_no_name(hall: TownHall) -> None:
    incident = hall.rumour_spreads(4)
    eve_joins(hall)
    escalate.escalate(hall.house, hall.later(minutes=15))
    page = hall.dev.opens(path(hall, incident.id, hall.ana.person)).text
    assert POST.split("!")[0] not in page
    assert "Außer Ihnen wurde eine Person gerufen" in page
    for person in hall.store.people.all():
        assert person.name not in page
        assert person.email not in page


def test_the_page_is_kept_nowhere(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    answer = hall.dev.opens(path(hall, incident.id, hall.ana.person))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers


def test_the_button_takes_the_incident_without_a_session(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    seal = seal_of(hall.dev.opens(address).text)
    client = hall.app.test_client(use_cookies=False)
    answer = client.post(address, data={"siegel": seal})
    assert (answer.status_code, answer.location) == (303, address)
    taken = hall.store.incidents.get(incident.id)
    assert hall.ana.person is not None
    assert (taken.state, taken.assignee) == (IncidentState.ACKNOWLEDGED, hall.ana.person.id)
    assert "Sie haben den Vorfall" in client.get(address).text
    entry = hall.store.audit.of_incident(incident.id)[-1]
    assert entry.action == "incident.acknowledged"
    assert entry.after["via"] == "mail"


def test_pressing_again_leaves_it_as_it_is(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    seal = seal_of(hall.dev.opens(address).text)
    hall.dev.client.post(address, data={"siegel": seal})
    before = dump(hall)
    answer = hall.dev.client.post(address, data={"siegel": seal}, follow_redirects=True)
    assert answer.status_code == 200
    assert "Sie haben den Vorfall" in answer.text
    assert dump(hall) == before


def test_who_comes_second_reads_who_has_it(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    seal = seal_of(hall.dev.opens(address).text)
    assert hall.chloe.person is not None
    with hall.store.transaction():
        hall.store.people.update(replace(hall.chloe.person, name="Chloe Berger"))
    handle.acknowledge(hall.store, incident.id, hall.chloe.person, hall.now)
    answer = hall.dev.client.post(address, data={"siegel": seal})
    assert answer.status_code == 409
    assert "Chloe hat den Vorfall" in answer.text
    assert "Berger" not in answer.text
    assert hall.dev.opens(address).status_code == 200


def test_a_used_link_does_not_take_a_new_wave(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    seal = seal_of(hall.dev.opens(address).text)
    hall.dev.client.post(address, data={"siegel": seal})
    assert hall.ana.person is not None
    handle.dismiss(hall.store, incident.id, "Irrtum", hall.ana.person, hall.now)
    assert "schon beendet" in hall.dev.opens(address).text
    handle.reopen(hall.store, incident.id, "Doch nicht", hall.ana.person, hall.now)
    page = hall.dev.opens(address)
    assert page.status_code == 410
    assert "schon benutzt" in page.text
    assert hall.dev.client.post(address, data={"siegel": seal}).status_code == 409
    assert hall.store.incidents.get(incident.id).state is IncidentState.NEW


def test_a_form_of_another_page_does_nothing(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    other = seal_of(hall.dev.opens(path(hall, incident.id, hall.chloe.person)).text)
    before = dump(hall)
    for seal in ("", "unsinn", other):
        assert hall.dev.client.post(address, data={"siegel": seal}).status_code == 400
    assert dump(hall) == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_is_explained(hall: TownHall, method: str) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    for forged in (address[:-3], address[:-1] + "!", "/a/unsinn"):
        answer = getattr(hall.dev.client, method)(forged)
        assert answer.status_code == 400
        assert "nicht vollständig" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_expired_link_is_explained(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    hall.later(days=30)
    answer = hall.dev.opens(address)
    assert answer.status_code == 410
    assert "abgelaufen" in answer.text


def test_the_link_of_a_removed_incident_is_explained(hall: TownHall) -> None:
    answer = hall.dev.opens(path(hall, 4711, hall.ana.person))
    assert answer.status_code == 410
    assert "gibt es nicht mehr" in answer.text


def test_who_left_takes_nothing(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    assert hall.ana.person is not None
    with hall.store.transaction():
        hall.store.people.update(replace(hall.ana.person, active=False))
    assert hall.dev.opens(path(hall, incident.id, hall.ana.person)).status_code == 410


def test_who_only_reads_along_sees_no_button(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ben.person)
    page = hall.dev.opens(address)
    assert page.status_code == 200
    assert "Ja, ich übernehme" not in page.text
    answer = hall.dev.client.post(address, data={"siegel": seal_of(page.text)})
    assert answer.status_code == 403
    assert hall.store.incidents.get(incident.id).state is IncidentState.NEW
    entry = hall.store.audit.of_incident(incident.id)[-1]
    assert (entry.action, entry.after["standing"]) == ("incident.link_refused", "reader")


def test_the_page_speaks_the_persons_language(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    with hall.store.transaction():
        eve = hall.store.people.add(
            Person(name="Eve", email="eve@x.example", roles=frozenset({Role.DUTY}), lang="en"),
            hall.now,
        )
    assert '<html lang="en">' in hall.dev.opens(path(hall, incident.id, eve)).text


def test_an_exercise_is_marked(hall: TownHall) -> None:
    incident = hall.rumour_spreads(drill=True)
    assert "ÜBUNG" in hall.dev.opens(path(hall, incident.id, hall.ana.person)).text


def pressed(hall: TownHall, incident_id: int, person: Person | None, **form: str) -> TestResponse:
    """Opens the link of this person and presses one of its buttons."""
    address = path(hall, incident_id, person)
    seal = seal_of(hall.dev.opens(address).text)
    return hall.dev.client.post(address, data={"siegel": seal} | form)


def test_who_cannot_passes_it_on_and_the_next_is_called_at_once(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    eve = eve_joins(hall)
    answer = pressed(hall, incident.id, hall.ana.person, tat="weiter")
    assert answer.status_code == 303
    called = [alert.person_id for alert in hall.store.alerts.of_incident(incident.id)]
    assert hall.ana.person is not None
    assert called == [hall.ana.person.id, eve.id]
    assert hall.store.alerts.of_incident(incident.id)[0].state is AlertState.CANCELLED
    page = hall.dev.opens(path(hall, incident.id, hall.ana.person)).text
    assert "Die nächste Person wird gefragt" in page
    assert "Ja, ich übernehme" in page, "it may work out after all"
    assert "Ich kann nicht" not in page
    assert "incident.passed_on" in [e.action for e in hall.store.audit.of_incident(incident.id)]
    before = dump(hall)
    address = path(hall, incident.id, hall.ana.person)
    hall.dev.client.post(address, data={"siegel": seal_of(page), "tat": "weiter"})
    assert dump(hall) == before, "said twice, it changes nothing"


def test_who_is_the_only_one_is_called_again_although_they_cannot(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    pressed(hall, incident.id, hall.ana.person, tat="weiter")
    escalate.escalate(hall.house, hall.later(minutes=15))
    waiting = [a for a in hall.store.alerts.of_incident(incident.id) if a.state == "pending"]
    assert waiting, "somebody urgent must not go without anybody being asked"


def test_not_relevant_needs_a_reason_and_ends_it(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    without = pressed(hall, incident.id, hall.ana.person, tat="nichts", grund="  ")
    assert without.status_code == 422
    assert "Bitte schreiben Sie in einem Satz" in without.text
    assert hall.store.incidents.get(incident.id).state is IncidentState.NEW
    done = pressed(hall, incident.id, hall.ana.person, tat="nichts", grund="Alter Witz.")
    assert done.status_code == 303
    ended = hall.store.incidents.get(incident.id)
    assert (ended.state, ended.end_reason) == (IncidentState.DISMISSED, "Alter Witz.")
    entry = hall.store.audit.of_incident(incident.id)[-1]
    assert (entry.action, entry.after["via"]) == ("incident.dismissed", "mail")
    assert all(a.state == "cancelled" for a in hall.store.alerts.of_incident(incident.id))


def test_a_link_pressed_in_vain_stands_in_the_log(hall: TownHall) -> None:
    incident = hall.rumour_spreads()
    address = path(hall, incident.id, hall.ana.person)
    seal = seal_of(hall.dev.opens(address).text)
    assert hall.chloe.person is not None
    handle.acknowledge(hall.store, incident.id, hall.chloe.person, hall.now)
    assert hall.dev.client.post(address, data={"siegel": seal, "tat": "nichts"}).status_code == 409
    entry = hall.store.audit.of_incident(incident.id)[-1]
    assert (entry.action, entry.after["standing"]) == ("incident.link_refused", "taken")
