"""Finn may write drafts of playbooks and answers and hand them in, and nothing else: every page is tried."""

from __future__ import annotations

import pytest
from builders import PLAYBOOK, playbook
from people import TownHall, Visitor
from test_desk_rights import call, routes

from crisis.desk import security
from crisis.playbooks.parse import sha256
from crisis.rights import RIGHTS, Act
from crisis.types import IncidentState, ResponseState, Role

# All that Finn may press, beside what does nothing but write playbooks. Whatever else is added to the
# desk is closed to him until it is entered here.
PRESSES = {
    "auth.sign_out",
    "me.language",
    "me.set_quiet",  # his own quiet hours, and he is never on call
    "live.present",
    "views.keep",
    "views.drop",
    "work.read",
    "bench.compare",  # keeps nothing
    "playbooks.save",
    "reviews.hand_in",
    "reviews.take_back",
    "responses.draft",
    "responses.fill",
    "responses.preview",
    "responses.submit",
    "responses.take_back",
    "responses.discard",
    "responses.correct",
    "answer_review.reword",
}
NEVER = (
    *(Act.APPROVE, Act.RELEASE, Act.RELEASE_ALONE, Act.SPREAD, Act.HANDLE, Act.ANSWER_ALARM),
    *(Act.CHANGE_SETTINGS, Act.MANAGE_PEOPLE, Act.MANAGE_SOURCES, Act.MANAGE_SUBSCRIBERS),
    *(Act.WRITE_RUMOURS, Act.REPLACE_APPROVED, Act.TUNE, Act.EXERCISE, Act.READ_AUDIT),
    *(Act.PLAN_DUTY, Act.OWN_DUTY),
)


@pytest.fixture
def finn(desk: TownHall) -> Visitor:
    with desk.store.transaction():
        made = Visitor(desk, desk._joins("Finn", Role.DRAFTER))
    made.signs_in()
    return made


def test_the_role_gives_two_rights_and_no_other() -> None:
    assert {act for act in Act if Role.DRAFTER in RIGHTS[act]} == {Act.ANSWER, Act.WRITE_PLAYBOOKS}
    assert set(NEVER) == set(Act) - {Act.ANSWER, Act.WRITE_PLAYBOOKS}


def test_every_page_and_button_is_open_or_closed_as_the_list_says(
    desk: TownHall, finn: Visitor
) -> None:
    for endpoint, method, address in routes(desk):
        if security.is_open(endpoint) or endpoint == "auth.sign_out":
            continue
        right = security.RIGHTS[endpoint]
        allowed = (
            endpoint in PRESSES or right is security.WRITE_PLAYBOOKS
            if method == "POST"
            else Role.DRAFTER in right
        )
        assert (call(finn, method, address) == 403) != allowed, (endpoint, method)


def test_finn_writes_a_playbook_and_hands_it_in_but_does_not_approve_it(
    desk: TownHall, finn: Visitor
) -> None:
    text = PLAYBOOK.replace("um 9 Uhr", "um 10 Uhr")
    form = {"name": "trinkwasser", "text": text, "sha256": sha256(PLAYBOOK)}
    assert finn.presses("/playbooks/speichern", form).status_code == 302
    form = {"sha256": sha256(text)}
    assert finn.presses("/playbooks/einreichen/trinkwasser", form).status_code == 302
    page = finn.opens("/playbooks/ansehen/trinkwasser").text
    assert "Text freigeben" not in page
    assert finn.presses("/playbooks/freigeben/trinkwasser", form).status_code == 403
    assert desk.chloe.presses("/playbooks/freigeben/trinkwasser", form).status_code == 302


def test_finn_takes_no_playbook_out_of_use(desk: TownHall, finn: Visitor) -> None:
    desk.chloe_approves()
    text = PLAYBOOK.replace("um 9 Uhr", "um 10 Uhr")
    form = {"name": "trinkwasser", "text": text, "sha256": sha256(PLAYBOOK)}
    answer = finn.presses("/playbooks/speichern", form)
    assert answer.status_code == 422
    assert "unter einem anderen Namen" in answer.text
    assert "um 10 Uhr" in answer.text, "what he wrote is still in the field"
    assert (desk.playbooks / "trinkwasser.md").read_text("utf-8") == PLAYBOOK
    form = {"name": "trinkwasser-neu", "text": text, "sha256": ""}
    assert finn.presses("/playbooks/speichern", form).status_code == 302
    form = {"name": "trinkwasser", "text": text, "sha256": sha256(PLAYBOOK)}
    assert desk.ben.presses("/playbooks/speichern", form).status_code == 302


def test_finn_writes_an_answer_and_hands_it_over(desk: TownHall, finn: Visitor) -> None:
    desk.chloe_approves()
    incident = desk.rumour_spreads()
    assert finn.drafts(incident).status_code == 302
    (made,) = desk.store.responses.of_incident(incident.id)
    finn.fills(made, submit=True, naechste_info="heute um 18 Uhr")
    made = desk.store.responses.get(made.id)
    assert made.state is ResponseState.SUBMITTED
    assert "Freigeben und veröffentlichen" not in finn.opens(f"/antworten/{made.id}").text
    assert finn.releases(made).status_code == 403
    assert desk.chloe.releases(made).status_code == 302


def test_a_draft_of_finns_silences_no_alarm(desk: TownHall, finn: Visitor) -> None:
    desk.chloe_approves()
    incident = desk.rumour_spreads()
    finn.drafts(incident)
    after = desk.store.incidents.get(incident.id)
    assert (after.state, after.assignee) == (IncidentState.NEW, None)
    (made,) = desk.store.responses.of_incident(incident.id)
    book = playbook()
    form = {"playbook": book.name, "sha256": book.sha256, "gesehen": str(made.id)}
    desk.ana.presses(f"/vorfaelle/{incident.id}/antworten", form)
    after = desk.store.incidents.get(incident.id)
    assert desk.ana.person is not None
    assert (after.state, after.assignee) == (IncidentState.ANSWERING, desk.ana.person.id)


def test_the_administration_finds_the_role_and_the_sentence_for_it(desk: TownHall) -> None:
    page = desk.vera.opens("/personen/einladen").text
    assert 'value="drafter"' in page
    assert "Nur Entwürfe von Vorlagen und Antworten schreiben" in page
