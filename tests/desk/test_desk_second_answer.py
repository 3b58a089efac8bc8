"""A second answer to the same rumour warns, with a link and a clear choice; two people see each other."""

from __future__ import annotations

import re

import pytest
from builders import incident as another
from builders import playbook
from people import TownHall, Visitor
from werkzeug.test import TestResponse

from crisis.errors import SecondAnswerError
from crisis.types import Incident, ResponseState
from crisis.workflows import handle, respond


@pytest.fixture
def incident(desk: TownHall) -> Incident:
    desk.chloe_approves()
    return desk.rumour_spreads()


def begins(visitor: Visitor, incident: Incident, *seen: int) -> TestResponse:
    made = playbook()
    form = {"playbook": made.name, "sha256": made.sha256, "gesehen": [str(n) for n in seen]}
    return visitor.presses(f"/vorfaelle/{incident.id}/antworten", form)


def test_the_first_one_is_just_begun(desk: TownHall, incident: Incident) -> None:
    assert begins(desk.ana, incident).status_code == 302


def test_a_draft_of_somebody_else_warns_and_leads_there(desk: TownHall, incident: Incident) -> None:
    begins(desk.ana, incident)
    (first,) = desk.store.responses.of_incident(incident.id)
    answer = begins(desk.ben, incident)
    assert answer.status_code == 409
    assert "Es gibt schon eine Antwort" in answer.text
    assert f'href="/antworten/{first.id}"' in answer.text
    assert "von Ana" in answer.text
    assert len(desk.store.responses.of_incident(incident.id)) == 1
    numbers = [int(n) for n in re.findall(r'name="gesehen" value="(\d+)"', answer.text)]
    assert numbers == [first.id]
    assert begins(desk.ben, incident, *numbers).status_code == 302
    # Both now see that they are two.
    both = desk.store.responses.of_incident(incident.id)
    for visitor, one in ((desk.ana, both[0]), (desk.ben, both[1])):
        page = visitor.opens(f"/antworten/{one.id}").text
        assert "Zum selben Gerücht gibt es noch eine Antwort" in page
    entry = desk.store.audit.of_object(f"response:{both[1].id}")[0]
    assert entry.after["beside"] == [first.id]


def test_one_that_is_public_is_to_be_corrected_not_doubled(
    desk: TownHall, incident: Incident
) -> None:
    first = desk.released(incident)
    answer = begins(desk.ana, incident)
    assert answer.status_code == 409
    assert f"/antworten/{first.id}/berichtigen" in answer.text


def test_another_incident_of_the_same_rumour_counts_too(desk: TownHall, incident: Incident) -> None:
    first = desk.released(incident)
    assert desk.ana.person is not None
    handle.close(desk.store, incident.id, "Ruhig", desk.ana.person, desk.now)
    with desk.store.transaction():
        later = desk.store.incidents.open(another(opened=desk.now, updated=desk.now))
    assert later.id != incident.id
    page = desk.ana.opens(f"/vorfaelle/{later.id}").text
    assert "Antwort zum selben Gerücht:" in page
    answer = begins(desk.ana, later)
    assert answer.status_code == 409
    assert f"/vorfaelle/{incident.id}" in answer.text
    found = desk.store.responses.of_rumour(incident.rumour_id, drill=False)
    assert [one.id for one in found] == [first.id]
    assert desk.store.responses.of_rumour(incident.rumour_id, drill=True) == []
    assert desk.store.responses.of_rumour("anderes", drill=False) == []


def test_who_was_faster_in_between_is_named_too(desk: TownHall, incident: Incident) -> None:
    begins(desk.ana, incident)
    (first,) = desk.store.responses.of_incident(incident.id)
    begins(desk.chloe, incident, first.id)
    answer = begins(desk.ben, incident, first.id)  # has seen the first one only
    assert answer.status_code == 409
    assert len(re.findall(r'name="gesehen"', answer.text)) == 2


def test_the_check_is_made_where_the_answer_is_kept(desk: TownHall, incident: Incident) -> None:
    desk.draft(incident)
    assert desk.ben.person is not None
    with pytest.raises(SecondAnswerError):
        respond.draft(
            desk.store,
            incident.id,
            playbook(),
            desk.ben.person,
            desk.now,
            today=desk.now.date(),
            seen_others=(),
        )


def test_one_laid_away_warns_nobody(desk: TownHall, incident: Incident) -> None:
    begins(desk.ana, incident)
    (first,) = desk.store.responses.of_incident(incident.id)
    desk.ana.presses(f"/antworten/{first.id}/weglegen")
    assert desk.store.responses.get(first.id).state is ResponseState.DISCARDED
    assert begins(desk.ben, incident).status_code == 302


def test_nonsense_in_the_form_counts_as_nothing_seen(desk: TownHall, incident: Incident) -> None:
    begins(desk.ana, incident)
    made = playbook()
    form = {"playbook": made.name, "sha256": made.sha256, "gesehen": ["x", "-1", ""]}
    answer = desk.ben.presses(f"/vorfaelle/{incident.id}/antworten", form)
    assert answer.status_code == 409


def test_two_on_the_same_answer_see_each_other(desk: TownHall, incident: Incident) -> None:
    begins(desk.ana, incident)
    (first,) = desk.store.responses.of_incident(incident.id)
    place = f"incident:{first.incident_id}"
    page = desk.ana.opens(f"/antworten/{first.id}").text
    assert f'data-here="{place}"' in page
    assert 'data-doing="answer"' in page
    desk.ana.presses("/hier", {"ort": place, "tut": "answer"})
    assert desk.store.live.here(place, desk.now, but=0) == [("Ana", "answer")]
