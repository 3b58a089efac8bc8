"""What people do on an incident beside answering, on its pages, by those who may."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from builders import rumour
from people import TownHall, Visitor

from crisis.types import Advice, Incident, IncidentState, Severity, Verdict


def page(hall: TownHall, who: Visitor, incident: Incident) -> str:
    return who.opens(f"/vorfaelle/{incident.id}").text


def press(who: Visitor, incident: Incident, what: str, **form: str) -> int:
    return who.presses(f"/vorfaelle/{incident.id}/{what}", form).status_code


def second_rumour(hall: TownHall, ident: str = "bahn") -> None:
    with hall.store.transaction():
        hall.store.rumours.put(
            replace(rumour(), id=ident, text="Der Bahnhof ist gesperrt.", title="Bahnhof"), hall.now
        )


@pytest.fixture
def incident(desk: TownHall) -> Incident:
    return desk.rumour_spreads(3)


# --- how bad would it be ---------------------------------------------------------------------


def test_four_answers_bring_a_suggestion_and_change_nothing(
    desk: TownHall, incident: Incident
) -> None:
    before = desk.store.incidents.get(incident.id)
    text = desk.ana.opens(
        f"/vorfaelle/{incident.id}/einschaetzung?harm=3&people=2&speed=2&credible=2&pruefen=1"
    ).text
    assert "Vorschlag: jetzt auf allen Kanälen antworten" in text
    assert "Es geht um Leib und Leben." in text
    assert desk.store.incidents.get(incident.id) == before


def test_three_answers_are_not_enough(desk: TownHall, incident: Incident) -> None:
    text = desk.ana.opens(f"/vorfaelle/{incident.id}/einschaetzung?harm=3&people=2&pruefen=1").text
    assert "alle vier Fragen" in text


def test_ana_may_decide_otherwise_and_the_next_step_follows(
    desk: TownHall, incident: Incident
) -> None:
    desk.ana.acknowledges(incident)
    answers = {"harm": "0", "people": "0", "speed": "0", "credible": "0"}
    said = press(
        desk.ana, incident, "einschaetzung", **answers, entscheidung="0", dringlichkeit="1"
    )
    assert said == 302
    kept = desk.store.handling.assessment(incident.id, 1)
    assert kept is not None
    assert kept.decided is Advice.NONE
    assert desk.store.incidents.get(incident.id).severity is Severity.LOW
    assert "Bewusst keine Antwort" in page(desk, desk.ana, incident)
    assert "Bewusst keine Antwort" in desk.ana.opens("/").text


@pytest.mark.parametrize("wrong", [{"harm": "7"}, {"entscheidung": "9"}, {"dringlichkeit": "0"}])
def test_answers_that_are_not_there_are_refused(
    desk: TownHall, incident: Incident, wrong: dict[str, str]
) -> None:
    form = {"harm": "1", "people": "1", "speed": "1", "credible": "1"}
    form |= {"entscheidung": "1", "dringlichkeit": "1"} | wrong
    assert press(desk.ana, incident, "einschaetzung", **form) == 422


# --- checks ----------------------------------------------------------------------------------


def test_a_step_is_ticked_with_a_name_and_unticked_again(
    desk: TownHall, incident: Incident
) -> None:
    press(desk.ana, incident, "pruefen", schritt="asked", bemerkung="Stadtwerke, 14:10")
    text = page(desk, desk.chloe, incident)
    assert "Stadtwerke, 14:10" in text
    assert "1 von 5" in text
    press(desk.chloe, incident, "pruefen", schritt="asked", tun="weg")
    assert "0 von 5" in page(desk, desk.ana, incident)


def test_a_step_that_is_not_there_is_not_found(desk: TownHall, incident: Incident) -> None:
    assert press(desk.ana, incident, "pruefen", schritt="zaubern") == 404


# --- hand-over and mentions ------------------------------------------------------------------


def test_chloe_gets_the_incident_with_what_she_should_know(
    desk: TownHall, incident: Incident
) -> None:
    assert desk.chloe.person is not None
    press(desk.ana, incident, "uebergeben", person=str(desk.chloe.person.id), text="Labor ruft an.")
    assert desk.store.incidents.get(incident.id).assignee == desk.chloe.person.id
    assert "ist Ihnen übergeben" in desk.chloe.opens("/").text
    assert "Labor ruft an." in page(desk, desk.chloe, incident)
    assert press(desk.ana, incident, "uebergabe") == 409
    assert press(desk.chloe, incident, "uebergabe") == 302
    assert press(desk.chloe, incident, "uebergabe") == 409
    assert "ist Ihnen übergeben" not in desk.chloe.opens("/").text


def test_nobody_hands_over_to_themselves_or_without_a_word(
    desk: TownHall, incident: Incident
) -> None:
    assert desk.ana.person is not None
    assert desk.chloe.person is not None
    own, other = str(desk.ana.person.id), str(desk.chloe.person.id)
    assert press(desk.ana, incident, "uebergeben", person=own, text="x") == 422
    assert press(desk.ana, incident, "uebergeben", person=other, text=" ") == 422


def test_who_is_named_in_a_note_is_told_until_they_have_read_it(
    desk: TownHall, incident: Incident
) -> None:
    desk.ana.notes(incident, "@Chloe bitte beim Labor nachfragen")
    assert "Eine Notiz nennt Sie" in desk.chloe.opens("/").text
    assert "Eine Notiz nennt Sie" not in desk.ana.opens("/").text
    press(desk.chloe, incident, "gelesen")
    assert "Eine Notiz nennt Sie" not in desk.chloe.opens("/").text


def test_one_s_own_note_can_be_changed_for_five_minutes(desk: TownHall, incident: Incident) -> None:
    desk.ana.notes(incident, "Labr angerufen")
    (note,) = desk.store.incidents.notes(incident.id)
    address = f"notizen/{note.id}"
    assert "Labr angerufen" in desk.ana.opens(f"/vorfaelle/{incident.id}/{address}").text
    assert press(desk.chloe, incident, address, text="Gefälscht") == 403
    assert press(desk.ana, incident, address, text="Labor angerufen") == 302
    text = page(desk, desk.ana, incident)
    assert "Labor angerufen" in text
    assert "Notiz, geändert:" in text
    desk.later(minutes=6)
    assert press(desk.ana, incident, address, text="Zu spät") == 403
    assert press(desk.ana, incident, address, tun="zurueck") == 403


def test_a_note_that_was_taken_back_is_gone(desk: TownHall, incident: Incident) -> None:
    desk.ana.notes(incident, "Name einer Bürgerin")
    (note,) = desk.store.incidents.notes(incident.id)
    press(desk.ana, incident, f"notizen/{note.id}", tun="zurueck")
    text = page(desk, desk.ana, incident)
    assert "Name einer Bürgerin" not in text
    assert "Notiz, zurückgenommen." in text
    assert desk.store.audit.verify() is None


# --- files -----------------------------------------------------------------------------------


def upload(who: Visitor, incident: Incident, name: str, content: bytes) -> int:
    return who.presses(
        f"/vorfaelle/{incident.id}/dateien/",
        {"datei": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    ).status_code


def test_a_file_is_kept_and_comes_back_as_it_was_but_never_runs(
    desk: TownHall, incident: Incident
) -> None:
    assert upload(desk.ana, incident, "Befund Müller.pdf", b"%PDF-1.7 ok") == 302
    (kept,) = desk.store.attachments.of_incident(incident.id)
    with desk.ben.opens(f"/vorfaelle/{incident.id}/dateien/{kept.id}") as answer:
        assert answer.data == b"%PDF-1.7 ok"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "Befund%20M%C3%BCller.pdf" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Security-Policy"].endswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_deleted_after_a_question_only(desk: TownHall, incident: Incident) -> None:
    upload(desk.ana, incident, "a.txt", b"Notiz")
    (kept,) = desk.store.attachments.of_incident(incident.id)
    address = f"/vorfaelle/{incident.id}/dateien/{kept.id}/loeschen"
    assert "Endgültig löschen" in desk.ana.opens(address).text
    assert desk.store.attachments.of_incident(incident.id)
    desk.ana.presses(address)
    assert desk.store.attachments.of_incident(incident.id) == []
    assert desk.ana.opens(f"/vorfaelle/{incident.id}/dateien/{kept.id}").status_code == 404


def test_a_dangerous_file_is_refused_and_nothing_is_kept(
    desk: TownHall, incident: Incident
) -> None:
    assert upload(desk.ana, incident, "a.pdf", b"MZ\x90 programm") == 422
    assert upload(desk.ben, incident, "a.pdf", b"%PDF-1") == 403
    assert desk.store.attachments.of_incident(incident.id) == []


# --- closing ---------------------------------------------------------------------------------


def test_what_was_learned_stands_at_the_top_when_the_rumour_comes_back(
    desk: TownHall, incident: Incident
) -> None:
    desk.ana.acknowledges(incident)
    press(
        desk.ana, incident, "abschliessen", grund="Ruhig", ende="faded", gelernt="Früher anrufen."
    )
    assert desk.store.incidents.get(incident.id).state is IncidentState.CLOSED
    desk.ana.ends(incident, "wieder-oeffnen", "Geht wieder los")
    assert "Früher anrufen." in page(desk, desk.ana, incident)


def test_an_ending_that_is_not_there_is_refused(desk: TownHall, incident: Incident) -> None:
    desk.ana.acknowledges(incident)
    assert press(desk.ana, incident, "abschliessen", grund="x", ende="explodiert") == 422
    assert desk.store.incidents.get(incident.id).state is IncidentState.ACKNOWLEDGED


# --- merging and parting ---------------------------------------------------------------------


def other(desk: TownHall, incident: Incident) -> Incident:
    """A second open incident, of another rumour."""
    second_rumour(desk)
    sightings = desk.store.sightings.of_incident(incident.id, limit=1)
    press(desk.ana, incident, "abspalten", auswahl=str(sightings[0].id), geruecht="bahn")
    return next(i for i in desk.store.incidents.all_open() if i.rumour_id == "bahn")


def test_posts_go_to_another_rumour_and_open_its_incident(
    desk: TownHall, incident: Incident
) -> None:
    second_rumour(desk)
    first = desk.store.sightings.of_incident(incident.id, limit=1)[0]
    assert "Der Bahnhof ist gesperrt." in desk.ana.opens(f"/vorfaelle/{incident.id}/abspalten").text
    press(desk.ana, incident, "abspalten", auswahl=str(first.id), geruecht="bahn")
    opened = next(i for i in desk.store.incidents.all_open() if i.rumour_id == "bahn")
    assert opened.posts == 1
    assert desk.store.incidents.get(incident.id).posts == 2
    assert desk.store.sightings.get(first.id).verdict is Verdict.DOES_NOT_FIT
    assert desk.store.audit.verify() is None


@pytest.mark.parametrize("form", [{}, {"geruecht": "bahn"}, {"geruecht": "wasser", "auswahl": "1"}])
def test_a_split_that_makes_no_sense_changes_nothing(
    desk: TownHall, incident: Incident, form: dict[str, str]
) -> None:
    second_rumour(desk)
    assert press(desk.ana, incident, "abspalten", **form) == 422
    assert desk.store.incidents.count_open() == 1


def test_two_incidents_become_one_and_part_again(desk: TownHall, incident: Incident) -> None:
    second = other(desk, incident)
    desk.ana.acknowledges(second)
    assert "Zusammenführen" in desk.ana.opens(f"/vorfaelle/{second.id}/zusammenfuehren").text
    assert press(desk.ana, second, "zusammenfuehren", **{"in": str(incident.id)}) == 302
    assert desk.store.incidents.get(second.id).state is IncidentState.CLOSED
    assert desk.store.sightings.count_of_incident(second.id) == 0
    assert f"Hier geht auch Vorfall {second.id} weiter" in page(desk, desk.ana, incident)
    assert f"Geht weiter in Vorfall {incident.id}" in page(desk, desk.ana, second)
    # What comes now for its rumour joins the other.
    latest = desk.store.incidents.latest("bahn", drill=False)
    assert latest is not None
    assert latest.id == incident.id
    assert press(desk.ana, second, "trennen") == 302
    back = desk.store.incidents.get(second.id)
    assert back.state is IncidentState.ACKNOWLEDGED
    assert back.assignee == second.assignee or back.acknowledged_at is not None
    assert desk.store.sightings.count_of_incident(second.id) == 1
    assert press(desk.ana, second, "trennen") == 404
    assert desk.store.audit.verify() is None


@pytest.mark.parametrize("into", ["", "0", "999"])
def test_a_merge_into_nothing_changes_nothing(
    desk: TownHall, incident: Incident, into: str
) -> None:
    assert press(desk.ana, incident, "zusammenfuehren", **{"in": into}) in (404, 422)
    assert press(desk.ana, incident, "zusammenfuehren", **{"in": str(incident.id)}) == 422
    assert desk.store.incidents.get(incident.id).state is IncidentState.NEW


def test_an_exercise_and_reality_stay_apart(desk: TownHall, incident: Incident) -> None:
    drill = desk.rumour_spreads(1, drill=True)
    assert press(desk.ana, drill, "zusammenfuehren", **{"in": str(incident.id)}) == 409
    assert press(desk.ana, incident, "zusammenfuehren", **{"in": str(drill.id)}) == 409


def test_a_merge_with_an_incident_that_ended_is_refused(desk: TownHall, incident: Incident) -> None:
    second = other(desk, incident)
    desk.ana.ends(incident, "verwerfen", "Nichts für uns")
    assert press(desk.ana, second, "zusammenfuehren", **{"in": str(incident.id)}) == 409


def test_an_ended_incident_takes_no_checks_and_no_hand_over(
    desk: TownHall, incident: Incident
) -> None:
    desk.ana.ends(incident, "verwerfen", "Nichts für uns")
    assert press(desk.ana, incident, "pruefen", schritt="asked") == 409
    assert desk.chloe.person is not None
    person = str(desk.chloe.person.id)
    assert press(desk.ana, incident, "uebergeben", person=person, text="x") == 409


def test_related_incidents_are_named_with_why(desk: TownHall, incident: Incident) -> None:
    other(desk, incident)
    assert "gemeinsame Beiträge" in page(desk, desk.ana, incident)


def test_an_exercise_leaves_nothing_of_it_behind(desk: TownHall) -> None:
    drill = desk.rumour_spreads(2, drill=True)
    press(desk.ana, drill, "pruefen", schritt="asked")
    desk.ana.notes(drill, "@Chloe schau mal")
    upload(desk.ana, drill, "a.txt", b"Notiz")
    with desk.store.transaction():
        desk.store.drills.remove_everything()
    assert desk.store.handling.checks(drill.id, 1) == {}
    assert desk.store.attachments.of_incident(drill.id) == []
    assert desk.chloe.person is not None
    assert desk.store.handling.mentions(desk.chloe.person.id) == []
