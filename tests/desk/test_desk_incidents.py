"""One incident: what stands there, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace

from builders import NOON, rumour
from people import TownHall

from crisis.types import Fact, IncidentState, RumourStatus, Severity, Stance


def page(hall: TownHall, number: int = 1) -> str:
    return hall.ana.opens(f"/vorfaelle/{number}").text


def test_posts_stand_there_with_marked_words_and_reasons(desk: TownHall) -> None:
    desk.rumour_spreads(2)
    text = page(desk)
    assert "das <mark>Trinkwasser</mark> in Nordstadt" in text
    assert "Wichtige Wörter des Gerüchts kommen vor: „Trinkwasser“, „vergiftet“." in text
    assert "93 % sicher" in text
    assert "2 Beiträge aus einer Quelle" in text
    assert 'rel="noopener noreferrer' in text


def test_hostile_posts_are_shown_and_do_nothing(desk: TownHall) -> None:
    desk.sees(
        '<script>alert(1)</script> <img src=x onerror=alert(2)> Trinkwasser "&lt;',
        author="<b>böse</b>",
        url="javascript:alert(3)",
    )
    text = page(desk)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<img src=x" not in text
    assert "<b>böse" not in text
    assert "javascript:" not in text


def test_facts_stand_beside_the_posts(desk: TownHall) -> None:
    facts = (
        Fact(text="Es ist sauber.", source="Labor", url="https://labor.example", date=NOON.date()),
        Fact(text="Noch ein Fakt.", url="javascript:alert(1)", source="Eimer"),
    )
    with desk.store.transaction():
        desk.store.rumours.put(replace(rumour(), facts=facts, status=RumourStatus.FALSE), NOON)
    desk.rumour_spreads(1)
    text = page(desk)
    assert "Das Gerücht ist falsch." in text
    assert "Es ist sauber." in text
    assert 'href="https://labor.example"' in text
    assert "javascript:" not in text


def test_no_such_incident(desk: TownHall) -> None:
    answer = desk.ana.opens("/vorfaelle/99")
    assert answer.status_code == 404
    assert "Nicht gefunden" in answer.text


def test_ana_takes_an_incident(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    assert desk.ana.acknowledges(spreading).location.endswith(f"/vorfaelle/{spreading.id}")
    kept = desk.store.incidents.get(spreading.id)
    assert desk.ana.person is not None
    assert (kept.state, kept.assignee) == (IncidentState.ACKNOWLEDGED, desk.ana.person.id)
    assert "Ana kümmert sich." in page(desk)


def test_two_who_take_it_at_once_do_not_harm_each_other(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    desk.ana.acknowledges(spreading)
    assert desk.ana.acknowledges(spreading).status_code == 302
    assert desk.chloe.acknowledges(spreading).status_code == 409


def test_an_incident_is_given_to_somebody_and_back(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    assert desk.chloe.person is not None
    desk.ana.assigns(spreading, desk.chloe.person)
    assert desk.store.incidents.get(spreading.id).assignee == desk.chloe.person.id
    assert "An Chloe zugeteilt." in page(desk)
    desk.ana.assigns(spreading, None)
    assert desk.store.incidents.get(spreading.id).assignee is None
    assert "Niemandem mehr zugeteilt." in page(desk)


def test_notes_stand_in_the_timeline_as_they_were_typed(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    desk.ana.notes(spreading, "Labor angerufen <b>dringend</b>\nRückruf um eins")
    text = page(desk)
    assert "Labor angerufen &lt;b&gt;dringend&lt;/b&gt;\nRückruf um eins" in text


def test_an_empty_note_is_refused_in_plain_words(desk: TownHall) -> None:
    answer = desk.ana.notes(desk.rumour_spreads(1), "   ")
    assert answer.status_code == 422
    assert "Bitte schreiben Sie" in answer.text


def test_severity_is_changed_by_a_person(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    path = f"/vorfaelle/{spreading.id}/dringlichkeit"
    desk.ana.presses(path, {"dringlichkeit": "4"})
    assert desk.store.incidents.get(spreading.id).severity is Severity.URGENT
    assert "auf „dringend“ gesetzt" in page(desk)
    assert desk.ana.presses(path, {"dringlichkeit": "9"}).status_code == 422
    assert desk.ana.presses(path, {"dringlichkeit": "viel"}).status_code == 422


def test_an_incident_is_dismissed_with_a_reason_and_opened_again(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    assert desk.ana.ends(spreading, "verwerfen", " ").status_code == 422
    desk.ana.ends(spreading, "verwerfen", "Andere Stadt")
    assert desk.store.incidents.get(spreading.id).state is IncidentState.DISMISSED
    text = page(desk)
    assert "Andere Stadt" in text
    assert "Nächster Schritt" not in text
    desk.ana.ends(spreading, "wieder-oeffnen", "Doch unsere Stadt")
    assert desk.store.incidents.get(spreading.id).state is IncidentState.NEW
    assert "2. Welle" in page(desk)


def test_an_incident_is_closed_with_what_was_learned(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    assert desk.ana.ends(spreading, "abschliessen", "Zu früh").status_code == 409
    desk.ana.acknowledges(spreading)
    desk.ana.ends(spreading, "abschliessen", "Labor früher fragen")
    assert desk.store.incidents.get(spreading.id).state is IncidentState.CLOSED
    assert "Labor früher fragen" in desk.ana.opens("/vorfaelle/").text


def test_questions_are_told_from_claims(desk: TownHall) -> None:
    desk.sees("Stimmt das mit dem Trinkwasser?", stance=Stance.ASKS)
    assert "fragt nach" in page(desk)


def test_who_only_writes_may_look_but_not_handle(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    text = desk.ben.opens(f"/vorfaelle/{spreading.id}").text
    assert "Übernehmen</span>" not in text
    assert "Vorfälle bearbeiten Personen mit" in text
    assert desk.ben.acknowledges(spreading).status_code == 403
    assert desk.store.incidents.get(spreading.id).state is IncidentState.NEW


def test_without_an_approved_playbook_the_page_says_what_to_do(desk: TownHall) -> None:
    desk.rumour_spreads(1)
    assert "Keine freigegebene Vorlage passt" in page(desk)
    desk.chloe_approves()
    text = page(desk)
    assert "passt am besten" in text
    assert "Für genau dieses Gerücht geschrieben." in text


def test_response_times_stand_there(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    desk.later(minutes=12)
    desk.ana.acknowledges(spreading)
    text = page(desk)
    assert "nach 12 Minuten" in text
    assert "noch nicht" in text


def test_mails_sent_stand_in_the_timeline(desk: TownHall) -> None:
    from crisis.workflows import deliver

    desk.rumour_spreads(1)
    deliver.deliver(desk.house, "test", desk.now)
    text = page(desk)
    assert "Mail an Ana verschickt: neuer Vorfall." in text


def test_a_rumour_that_is_gone_breaks_nothing(desk: TownHall) -> None:
    desk.rumour_spreads(1)
    text = desk.ana.opens("/vorfaelle/?seite=1").text
    assert "Trinkwasser vergiftet" in text


def test_no_incident_yet(desk: TownHall) -> None:
    assert "Noch kein Vorfall" in desk.ana.opens("/vorfaelle/").text


def test_a_long_course_shows_the_newest_steps_and_every_note_first(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    desk.ana.notes(incident, "Ganz am Anfang notiert")
    sighting = desk.store.sightings.of_incident(incident.id, limit=1)[0]
    for turn in range(70):
        desk.ana.judges(incident, sighting, ("fits", "does_not_fit")[turn % 2])
    path = f"/vorfaelle/{incident.id}"
    short, whole = desk.ana.opens(path).text, desk.ana.opens(f"{path}?alles=").text
    assert "ältere Schritte zeigen" in short
    assert "ältere Schritte zeigen" not in whole
    assert "Ganz am Anfang notiert" in short
    assert 70 < whole.count("story__line ") > short.count("story__line ") > 59
